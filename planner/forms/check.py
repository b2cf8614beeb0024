"""What is wrong with what was typed: on one step, or with the whole Case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from planner.case import Case, read_case
from planner.catalog import Catalog
from planner.forms import asks
from planner.forms.questions import Question, list_groups, questions
from planner.forms.steps import STEPS, Step
from planner.forms.typed import FIND, NONE, OTHER, TAKES, Typed, answers, first, has_answer, rows
from planner.inputs import shown
from planner.problems import Problem, Refused


def step_problems(typed: Typed, step: Step, catalog: Catalog, now: datetime, time_zone: str) -> list[Problem]:
    """Return what keeps a step from going on: values that cannot be read, and contradictions among known answers.

    A dose before an operation whose day is not typed yet cannot be judged here; the review does it.
    """
    problems = [problem for problem in _contradictions(typed) if step.holds(problem.path)]
    given = answers(typed, time_zone)
    mine = {name: value for name, value in given.items() if step.holds(name)}
    unreadable = _unreadable(mine, catalog, now)
    if unreadable:
        return problems + unreadable
    whole = dict(mine)
    for other in STEPS:
        part = {name: value for name, value in given.items() if other.holds(name)}
        if other is not step and not _unreadable(part, catalog, now):
            whole |= part
    awaits_operation = given.get("kind") != "standing" and not first(typed, "surgery.at")
    return problems + [
        problem
        for problem in _refusals(whole, catalog, now)
        if step.holds(problem.path) and not (awaits_operation and problem.path.endswith("last_dose_at"))
    ]


def all_problems(typed: Typed, catalog: Catalog, now: datetime, time_zone: str) -> list[Problem]:
    """Return everything that keeps the answers from becoming a Case."""
    return [*_contradictions(typed), *_refusals(answers(typed, time_zone), catalog, now)]


def _unreadable(given: dict[str, Any], catalog: Catalog, now: datetime) -> list[Problem]:
    """Return the fields whose value cannot be read at all."""
    try:
        Case.model_validate(given)
    except ValidationError:
        return _refusals(given, catalog, now)
    return []


def _refusals(given: dict[str, Any], catalog: Catalog, now: datetime) -> list[Problem]:
    try:
        read_case(given, catalog, now)
    except Refused as refused:
        return [_in_words(problem, given, catalog) for problem in refused.problems]
    return []


def _in_words(problem: Problem, given: dict[str, Any], catalog: Catalog) -> Problem:
    """Return a problem as the form says it: the kinds of an operation by their labels."""
    surgery = given.get("surgery", {})
    if problem.path != "surgery.variant" or surgery["variant"] in catalog.variant_labels(surgery.get("procedure", "")):
        return problem
    operation, left = surgery.get("procedure", ""), surgery["variant"]
    offered = [f"“{label}”" for label in asks.variant_choices("", operation, catalog).values()]
    return Problem(
        problem.path,
        f"“{asks.variant_label(left, operation, catalog)}” is no kind of this operation.",
        f"Choose {' or '.join(filter(None, (', '.join(offered[:-1]), offered[-1])))}.",
    )


def _contradictions(typed: Typed) -> Iterable[Problem]:
    """Say where "none" was chosen and something was filled in all the same, so that neither is lost silently."""
    searched = first(typed, "surgery.procedure" + FIND)
    if searched:
        yield Problem(
            "surgery.procedure" + FIND,
            f"“{shown(searched)}” is typed, and no operation is chosen for it.",
            "Choose one of the matches, use the text as typed, or clear it.",
        )
    for question in questions(Case, ""):
        if first(typed, question.name + NONE) and _filled(question, typed):
            yield Problem(
                question.name, "“None” is ticked, and something is entered too.", "Untick “none”, or clear the rest."
            )
    for name in list_groups():
        row_filled = any(has_answer(typed, f"{name}.{index}.") for index in range(rows(typed, name)))
        if not row_filled:
            continue
        if name == "moud" and first(typed, TAKES) != "yes":
            yield Problem(TAKES, "A medicine is filled in below.", "Choose “Takes medication”, or remove the medicine.")
        elif name != "moud" and first(typed, name + NONE):
            yield Problem(
                name + NONE, "“None” is ticked, and a medicine is filled in.", "Untick “none”, or remove the medicine."
            )


def _filled(question: Question, typed: Typed) -> bool:
    return any(value.strip() for value in typed.get(question.name, [])) or bool(first(typed, question.name + OTHER))
