"""The form: a clinician types answers step by step, without scripts, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import fill_in
from visitor import Visitor, draft_of

from planner.forms.typed import Typed


def test_a_knee_replacement_is_typed_in_and_becomes_a_plan(visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    review = fill_in(visitor, typed("a"))
    assert "Maria Alvarez" in review.text
    assert "The plan can be made now" in review.text
    plan = visitor.make_plan(review)
    assert plan.path.startswith("/plans/")
    assert "Perioperative pain plan" in plan.text
    assert "Total knee arthroplasty" in plan.text


@pytest.mark.parametrize("letter", "abcdefghi")
def test_every_example_can_be_typed_in(letter: str, visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    plan = visitor.make_plan(fill_in(visitor, typed(letter)))
    assert plan.status == 200
    assert plan.path.startswith("/plans/")


def test_what_is_unknown_is_shown_before_the_plan_is_made(visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    review = fill_in(visitor, typed("b"))
    assert "Still unknown" in review.text
    assert "QTc on an ECG of the last 30 days?" in review.text


def test_a_newcomer_may_leave_everything_unknown_but_the_medication(visitor: Visitor) -> None:
    page = visitor.start()
    for _ in range(6):
        page = visitor.fill(
            page, {"moud.0.product": "unknown", "moud.takes": "yes"} if page.path.endswith("medication") else {}
        )
    plan = visitor.make_plan(page)
    assert "Incomplete" in plan.text
    assert "Name not given" in plan.text


# --- rows ----------------------------------------------------------------------------------------------------------


def test_medicines_are_added_and_removed(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/medication")
    page = visitor.fill(
        page, {"moud.takes": "yes", "moud.0.product": "brixadi_weekly", "moud.0.dose_mg": "24"}, go="add-row"
    )
    assert page.status == 200
    assert not page.errors, "the new row is blank, which is no fault yet"
    page = visitor.fill(page, {"moud.1.product": "naltrexone_oral", "moud.1.dose_mg": "50"}, go="add-row")
    page = visitor.fill(page, {"moud.2.product": "disulfiram"}, go="remove-row-0")
    values = page.values()
    assert values["moud.0.product"] == ["naltrexone_oral"]
    assert values["moud.0.dose_mg"] == ["50"]
    assert values["moud.1.product"] == ["disulfiram"]
    assert "moud.2.product" not in values


def test_a_blank_row_is_dropped_when_another_is_filled(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/medication")
    page = visitor.fill(page, {"moud.takes": "yes", "moud.0.product": "methadone"}, go="add-row")
    page = visitor.fill(page, {})
    assert page.path.endswith("/operation")
    assert "moud.1.product" not in visitor.get(draft_of(page) + "/medication").values()


def test_a_row_that_was_added_and_left_blank_keeps_no_plan_from_being_made(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/medication")
    page = visitor.fill(page, {"moud.takes": "yes", "moud.0.product": "methadone"}, go="add-row")
    review = visitor.get(draft_of(page) + "/review")
    assert "An answer is missing" not in review.text
    assert "Methadone" in visitor.make_plan(review).text


def test_a_medicine_without_its_product_is_asked_for(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/medication")
    page = visitor.fill(page, {"moud.takes": "yes", "moud.0.dose_mg": "16"})
    assert "Choose the product, not only the drug" in page.errors["moud-0-product"]


def test_medicines_against_clotting_are_added_and_counted(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/health")
    page = visitor.fill(page, {}, go="add-row")
    page = visitor.fill(
        page,
        {"health.anticoagulants.0.drug": "apixaban", "health.anticoagulants.0.dose": "5 mg twice daily"},
        go="review",
    )
    assert page.path.endswith("/review")
    assert "apixaban" in page.text


# --- only what applies ---------------------------------------------------------------------------------------------


def test_a_standing_plan_asks_no_operation(visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    page = visitor.start("standing")
    assert "Operation" not in [text for _, text in page.links]
    assert 'value="operation"' not in page.html
    plan = visitor.make_plan(fill_in(visitor, typed("i")))
    assert "Standing pain plan" in plan.text


def test_an_operation_typed_before_stays_in_sight_when_the_plan_becomes_a_standing_one(visitor: Visitor) -> None:
    draft = draft_of(visitor.start())
    page = visitor.fill(visitor.get(f"{draft}/operation"), {"surgery.at": "2026-12-08T07:30"}, go="person")
    page = visitor.fill(page, {"kind": "standing"}, go="operation")
    assert page.path.endswith("/operation")
    assert page.values()["surgery.at"] == ["2026-12-08T07:30"]
    assert "A standing plan has no operation date" in page.text


def test_an_answer_that_no_longer_applies_is_shown_and_kept(visitor: Visitor) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/medication")
    page = visitor.fill(
        page, {"moud.takes": "yes", "moud.0.product": "sublocade", "moud.0.last_injection_on": "2026-11-02"}
    )
    page = visitor.fill(visitor.get(draft_of(page) + "/medication"), {"moud.0.product": "methadone"}, go="medication")
    assert page.values()["moud.0.last_injection_on"] == ["2026-11-02"]
    assert "ask-injection has-answer" in page.html


# --- windows, tokens, buttons --------------------------------------------------------------------------------------


def test_a_form_without_a_valid_token_changes_nothing_and_shows_what_was_typed(visitor: Visitor) -> None:
    page = visitor.start()
    refused = visitor.fill(page, {"csrf_token": "stale", "patient.name": "Maria Alvarez"})
    assert refused.status == 400
    assert "not saved yet" in refused.text
    assert refused.values()["patient.name"] == ["Maria Alvarez"]
    assert visitor.get(page.path).values()["patient.name"] == [""]
    # The page carries a fresh token: pressing the button again saves.
    assert visitor.fill(refused, {}).path.endswith("/recovery")
    assert visitor.get(page.path).values()["patient.name"] == ["Maria Alvarez"]


def test_the_second_of_two_windows_is_told_before_it_overwrites(visitor: Visitor) -> None:
    first = visitor.start()
    second = visitor.get(first.path)
    visitor.fill(first, {"patient.name": "Maria Alvarez"})
    told = visitor.fill(second, {"patient.name": "Mary Alvarez"})
    assert told.status == 409
    assert "changed in another window" in told.text
    assert told.values()["patient.name"] == ["Mary Alvarez"]
    assert visitor.get(first.path).values()["patient.name"] == ["Maria Alvarez"]
    visitor.fill(told, {})
    assert visitor.get(first.path).values()["patient.name"] == ["Mary Alvarez"]


def test_every_way_out_of_a_step_saves_it(visitor: Visitor) -> None:
    page = visitor.start()
    review = visitor.fill(page, {"patient.name": "Maria Alvarez", "patient.weight_kg": "eighty"}, go="review")
    assert review.path.endswith("/review")
    assert "Maria Alvarez" in review.text
    assert "eighty" in review.text
    assert "is not a plain number" in review.text


def test_fields_that_are_not_asked_change_nothing(visitor: Visitor) -> None:
    page = visitor.fill(
        visitor.start(), {"patient.name": "Maria", "replaces": "x", "id": "y", "health.notes": "z", "version": "9"}
    )
    assert visitor.get(draft_of(page) + "/health").values()["health.notes"] == [""]


def test_a_second_click_on_make_the_plan_makes_no_second_plan(visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    review = fill_in(visitor, typed("e"))
    first, second = visitor.make_plan(review), visitor.make_plan(review)
    assert first.path == second.path
    assert visitor.get(draft_of(review)).path == first.path, "the draft has become the plan"


def test_a_draft_is_discarded_only_after_a_question(visitor: Visitor) -> None:
    draft = draft_of(visitor.fill(visitor.start(), {"patient.name": "Maria Alvarez"}))
    asked = visitor.get(f"{draft}/discard")
    assert "Discard this draft?" in asked.text
    assert "Maria Alvarez" in visitor.get("/").text
    visitor.press(asked, f"{draft}/discard")
    assert "Maria Alvarez" not in visitor.get("/").text
    assert visitor.get(draft).status == 404
