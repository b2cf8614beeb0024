"""A plan that an older program saved is still shown and printed."""

from __future__ import annotations

from typing import Any

from conftest import EXAMPLES, NOW
from flask import Flask
from visitor import Visitor

from planner.casefile import read_answers
from planner.plan import as_data
from planner.planning import plan_for
from planner.store import Draft


def test_a_plan_from_before_the_team_had_names_is_shown_and_printed(app: Flask, visitor: Visitor) -> None:
    case, plan = plan_for(read_answers(next(EXAMPLES.glob("a-*.yaml"))), NOW)
    old_case, old_plan = case.model_dump(mode="json"), _without_later_fields(as_data(plan))
    for name in ("team", "going_home"):
        del old_case[name]
    store = app.extensions["throughline"].store
    listing: dict[str, Any] = {"person": "", "kind": "scheduled", "medicines": [], "complete": True, "unknown": 0}
    draft = store.draft(store.new_draft({}, "review", NOW))
    assert isinstance(draft, Draft)
    plan_id = store.save_plan(draft, old_case, old_plan, listing, None, NOW)

    page = visitor.get(f"/plans/{plan_id}")
    assert page.status == 200
    assert "Perioperative pain plan" in page.text
    paper = app.test_client().get(f"/plans/{plan_id}/case.yaml")
    assert paper.status_code == 200


def _without_later_fields(plan: dict[str, Any]) -> dict[str, Any]:
    def line(found: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in found.items() if name != "contact"}
        return {**kept, "also": [line(reason) for reason in found["also"]]}

    return {
        name: [line(one) for one in value]
        if isinstance(value, list) and value and "subject_label" in value[0]
        else value
        for name, value in plan.items()
        if name not in ("open_roles", "final")
    }
