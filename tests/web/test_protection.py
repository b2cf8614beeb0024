"""What protects every page: headers, hosts, tokens, sizes, and errors that tell an outsider nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from visitor import BASE, Page, Visitor

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def every_address(app: Flask, plan: Page, draft: str) -> Iterator[tuple[str, str]]:
    """Yield method and address of each route, filled with a plan and a draft that exist."""
    known = {
        "plan_id": plan.path.rpartition("/")[2], "draft_id": draft.rpartition("/")[2], "step_id": "person",
        "kind": "plan", "form": "yaml", "filename": "throughline.css", "person_id": "0" * 32, "calculator_id": "cows",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        adapter = app.url_map.bind("127.0.0.1")
        address = adapter.build(
            rule.endpoint, {name: known[name] for name in rule.arguments}, method=next(iter(rule.methods or ()))
        )
        for method in sorted(rule.methods or ()):
            yield method, address


def test_every_route_answers_with_the_protecting_headers(
    app: Flask, visitor: Visitor, saved_plan: Callable[[str], Page]
) -> None:
    plan, draft = saved_plan("e"), visitor.start().path.removesuffix("/person")
    seen = set()
    for method, address in [
        *every_address(app, plan, draft),
        ("GET", "/nowhere"),
        ("DELETE", "/"),
        ("GET", "/plans/x"),
    ]:
        response = visitor.client.open(address, method=method, base_url=BASE)
        headers = response.headers
        assert headers["Content-Security-Policy"] == POLICY, address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        if not address.startswith("/static/"):
            assert headers["Cache-Control"] == "no-store", address
        seen.add(response.status_code)
    assert {200, 303, 400, 404, 405} <= seen


def test_pages_hold_no_script_and_no_style_of_their_own(visitor: Visitor, saved_plan: Callable[[str], Page]) -> None:
    draft = visitor.start().path.removesuffix("/person")
    steps = [
        f"{draft}/{step}" for step in ("person", "recovery", "medication", "operation", "health", "review", "discard")
    ]
    for address in ("/", "/evidence", "/nowhere", saved_plan("a").path, *steps):
        html = visitor.get(address).html
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count('<script src="/static/')
        assert html.count("<h1") == 1
        title = html.split("<title>")[1].split("</title>")[0]
        heading = html.split("<h1>")[1].split("<")[0].strip()
        assert title.startswith(heading), title


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_computer_is_answered(host: str, visitor: Visitor) -> None:
    assert visitor.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1.evil.test", "localhost@evil.test", "evil.test:8000", "", "a b"]
)
def test_another_host_name_is_refused(host: str, visitor: Visitor) -> None:
    response = visitor.client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert b"evil" not in response.data


def test_forwarded_headers_change_nothing(visitor: Visitor) -> None:
    response = visitor.client.post("/drafts", base_url=BASE, headers={"X-Forwarded-Host": "evil.test"}, data={})
    assert b"evil" not in response.data
    token = visitor.get("/").forms["/drafts"]["csrf_token"][0]
    started = visitor.client.post(
        "/drafts", base_url=BASE, headers={"X-Forwarded-Host": "evil.test"}, data={"csrf_token": token}
    )
    assert started.headers["Location"].startswith("/drafts/")


def test_nothing_is_changed_without_a_token(
    app: Flask, instance: Path, visitor: Visitor, saved_plan: Callable[[str], Page]
) -> None:
    plan, draft = saved_plan("e"), visitor.start().path.removesuffix("/person")
    before = _rows(instance)
    for method, address in every_address(app, plan, draft):
        if method == "POST":
            for data in ({}, {"csrf_token": "forged"}):
                assert visitor.client.post(address, base_url=BASE, data=data).status_code == 400, address
    assert _rows(instance) == before


def test_a_step_of_a_draft_that_is_gone_is_not_found_even_without_a_token(visitor: Visitor) -> None:
    for step in ("person", "review", "nowhere"):
        assert visitor.client.post(f"/drafts/{'0' * 32}/{step}", base_url=BASE).status_code in (400, 404)


def test_looking_changes_nothing(
    app: Flask, instance: Path, visitor: Visitor, saved_plan: Callable[[str], Page]
) -> None:
    plan, draft = saved_plan("e"), visitor.start().path.removesuffix("/person")
    before = _rows(instance)
    for method, address in every_address(app, plan, draft):
        if method in ("GET", "HEAD", "OPTIONS"):
            visitor.client.open(address, method=method, base_url=BASE)
    assert _rows(instance) == before


@pytest.mark.parametrize(
    ("size", "status"), [(1024 * 1024 - 4096, 422), (1024 * 1024 + 1, 413), (50 * 1024 * 1024, 413)]
)
def test_a_page_takes_up_to_one_mebibyte(size: int, status: int, visitor: Visitor) -> None:
    page = visitor.start()
    sent = visitor.fill(page, {"patient.name": "x" * size})
    assert sent.status == status


def test_thousands_of_fields_are_refused_or_ignored_without_a_fault(visitor: Visitor) -> None:
    page = visitor.start()
    sent = visitor.fill(page, {f"moud.{number}.product": "methadone" for number in range(5000)})
    assert sent.status in (200, 400, 413)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(method: str, visitor: Visitor) -> None:
    response = visitor.client.open("/", method=method, base_url=BASE)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_fault_shows_a_reference_and_logs_no_answer(
    app: Flask, visitor: Visitor, saved_plan: Callable[[str], Page], caplog: pytest.LogCaptureFixture
) -> None:
    plan = saved_plan("a")
    surroundings = app.extensions["throughline"]

    def broken(plan_id: str) -> None:
        raise RuntimeError("Maria Alvarez, A1234")

    app.view_functions["plans.show"] = broken
    with caplog.at_level(logging.DEBUG):
        page = visitor.get(plan.path)
    assert page.status == 500
    assert "Something went wrong" in page.text
    assert "Traceback" not in page.text
    assert "Maria" not in page.text
    reference = page.html.split("<code>")[1].split("</code>")[0]
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text
    assert "Maria" not in caplog.text
    assert "A1234" not in caplog.text
    assert surroundings.store.count_plans() == 1


def test_nothing_typed_reaches_the_log_or_an_address(
    visitor: Visitor, saved_plan: Callable[[str], Page], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        plan = saved_plan("a")
        visitor.get("/")
        visitor.press(plan, f"{plan.path}/change")
    for canary in ("Maria", "Alvarez", "A1234", "555-0134"):
        assert canary not in caplog.text
        assert canary.lower() not in plan.path


def test_it_says_that_it_is_alive(visitor: Visitor) -> None:
    assert visitor.client.get("/health/live", base_url=BASE).data == b"alive\n"


def _rows(instance: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(instance / "throughline.db") as raw:
        return {
            table: raw.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
            for table in ("drafts", "plans", "documents")
        }
