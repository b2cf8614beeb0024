"""What the tests of the pages share: an installation of their own, a fixed clock, and the examples as typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from visitor import Page, Visitor
from werkzeug.serving import make_server

from planner.case import Case
from planner.casefile import read_answers
from planner.forms.typed import Typed, typed_from
from planner.store import People
from planner.store.engine import make_engine
from planner.store.setup import init, ready
from planner.web import create_app

# The examples were made for this Monday morning.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    init(folder)
    return folder


@pytest.fixture
def app(instance: Path) -> Flask:
    return create_app({"INSTANCE": instance}, clock=lambda: NOW)


@pytest.fixture
def people(instance: Path) -> Iterator[People]:
    """The hospital's list of the application."""
    engine = make_engine(ready(instance).database_url)
    yield People(engine, ready(instance).keyring)
    engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The application on a free port of this computer; gives its address."""
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()


@pytest.fixture
def typed() -> Callable[[str], Typed]:
    """An example as a clinician types it: field name to what goes into it."""

    def typed_example(letter: str) -> Typed:
        [path] = EXAMPLES.glob(f"{letter}-*.yaml")
        return typed_from(Case.model_validate(read_answers(path)).model_dump(mode="json"))

    return typed_example


@pytest.fixture
def saved_plan(visitor: Visitor, typed: Callable[[str], Typed]) -> Callable[[str], Page]:
    """Type an example through all steps and make its plan; gives the plan's page."""

    def save(letter: str) -> Page:
        return visitor.make_plan(fill_in(visitor, typed(letter)))

    return save


def fill_in(visitor: Visitor, answers: Typed) -> Page:
    """Type answers through all steps as they come; return the review."""
    page = visitor.start(answers["kind"][0])
    while not page.path.endswith("/review"):
        step = page.path
        page = _with_rows(visitor, page, answers)
        sent = {name: values for name, values in answers.items() if name in _fields_of(page) or _row_of(name, page)}
        page = visitor.fill(page, sent)
        assert page.path != step, f"{step} did not go on: {page.errors}"
    return page


def _with_rows(visitor: Visitor, page: Page, answers: Typed) -> Page:
    """Press "add" until the step has as many rows as the answers; choose the operation first, which may have kinds."""
    step = page.path.rpartition("/")[2]
    if step == "operation":
        page = visitor.fill(page, {"surgery.procedure": answers.get("surgery.procedure", [""])}, go="operation")
    groups = {
        "medication": "moud",
        "operation": "surgery.local_anesthetics",
        "health": "health.anticoagulants",
    }
    group = groups.get(step)
    while group and _rows(answers, group) > _rows(page.values(), group):
        row = max(_rows(page.values(), group) - 1, 0)
        filled = {name: values for name, values in answers.items() if name.startswith(f"{group}.{row}.")}
        page = visitor.fill(page, {**filled, "moud.takes": "yes"}, go="add-row")
    return page


def _rows(values: Typed, group: str) -> int:
    found = [
        int(name.removeprefix(f"{group}.").split(".")[0])
        for name in values
        if name.startswith(f"{group}.") and name.split(".")[group.count(".") + 1].isdigit()
    ]
    return max(found, default=-1) + 1


def _fields_of(page: Page) -> set[str]:
    return set(page.values())


def _row_of(name: str, page: Page) -> bool:
    """Whether a box or list that is not ticked yet, and so not in the form as it stands, belongs to this step."""
    return f'name="{name}"' in page.html
