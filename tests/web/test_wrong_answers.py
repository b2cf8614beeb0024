"""Wrong answers: each is refused with its field, what is wrong and what would be right, and stays as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visitor import Visitor, draft_of

from planner.forms.typed import Typed

WRONG = [
    # step, field, typed, what is wrong, what would be right
    ("person", "patient.birth_date", "1972-02-30", "is not a day in the calendar", "Check the day and the month"),
    ("person", "patient.birth_date", "0001-01-01", "The year 0001 is outside 1900 to 2100", "date of birth"),
    ("person", "patient.birth_date", "03/04/1972", "is not a date", "2026-12-08"),
    ("person", "patient.birth_date", "2031-01-01", "in the future", "Check the year"),
    ("person", "patient.weight_kg", "-81", "-81 is out of range", "25 to 350 kg"),
    ("person", "patient.weight_kg", "7000", "7000 is out of range", "25 to 350 kg"),
    ("person", "patient.weight_kg", "178 lb", "is not a plain number", "without the unit"),
    ("person", "patient.weight_kg", "8,1", "has a comma", "Use a point"),
    ("person", "patient.weight_kg", "NaN", "is not a plain number", "digits only"),
    ("person", "patient.weight_kg", "inf", "is not a plain number", "digits only"),
    ("person", "patient.weight_kg", "9" * 400, "is not a plain number", "digits only"),
    ("person", "patient.name", "x" * 100_000, "100,000 characters", "at most 200"),
    ("person", "patient.name", "Maria \u202e Alvarez", "changes the reading order", "Remove it"),
    ("person", "patient.name", "Maria\x00Alvarez", "cannot be printed", "Remove it"),
    ("operation", "surgery.at", "2026-11-22T07:30", "The operation is in the past", "Give a day from 2026-11-23 on"),
    ("operation", "surgery.at", "2026-12-08", "is not a date with a time", "2026-12-08T07:30"),
    ("operation", "surgery.at", "2036-12-08T07:30", "more than three years away", "Check the year"),
    ("operation", "surgery.time_zone", "Eastern", "is not a time zone", "America/New_York"),
    ("health", "health.labs.egfr", "1e2", "is not a plain number", "digits only"),
    ("health", "health.labs.inr", "Infinity", "is not a plain number", "digits only"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "name", "value", "wrong", "right"), WRONG, ids=[f"{row[1]}={row[2][:14]!r}" for row in WRONG]
)
def test_a_wrong_answer_says_field_fault_and_remedy_and_stays_in_the_field(
    step: str, name: str, value: str, wrong: str, right: str, visitor: Visitor
) -> None:
    draft = draft_of(visitor.start())
    page = visitor.fill(visitor.get(f"{draft}/{step}"), {name: value})
    assert page.status == 422
    message = page.errors[name.replace(".", "-").replace("_", "-")]
    assert wrong in message
    assert right in message
    assert f"#{name.replace('.', '-').replace('_', '-')}" in [link for link, _ in page.links], (
        "the summary links to the field"
    )
    assert page.values()[name] == [value]
    # It was saved as well: coming back another day shows it again, with its fault.
    again = visitor.get(f"{draft}/{step}")
    assert again.values()[name] == [value]
    assert wrong in again.text


def test_everything_else_on_the_step_stays_too_when_one_answer_is_wrong(visitor: Visitor) -> None:
    page = visitor.fill(
        visitor.start(),
        {
            "patient.name": "Maria Alvarez",
            "patient.weight_kg": "eighty",
            "patient.sex": "female",
            "patient.allergies": ["sulfonamide", "latex"],
            "patient.allergies.other": "kiwi\nbanana",
        },
    )
    values = page.values()
    assert values["patient.name"] == ["Maria Alvarez"]
    assert values["patient.weight_kg"] == ["eighty"]
    assert values["patient.sex"] == ["female"]
    assert values["patient.allergies"] == ["sulfonamide", "latex"]
    assert values["patient.allergies.other"] == ["kiwi\nbanana"]


def test_a_last_dose_after_the_operation_is_refused_on_the_review_with_a_link_to_its_field(
    visitor: Visitor, typed: Callable[[str], Typed]
) -> None:
    answers = {**typed("a"), "moud.0.last_dose_at": ["2026-12-09T20:00"]}
    page = visitor.start()
    for _ in range(6):
        sent = {name: values for name, values in answers.items() if f'name="{name}"' in page.html}
        page = visitor.fill(page, sent)
    assert page.path.endswith("/review")
    assert "The last dose is after the operation" in page.text
    assert "Give a moment before 2026-12-08T07:30" in page.text
    target = next(link for link, _ in page.links if link.endswith("medication#moud-0-last-dose-at"))
    assert not any(action.endswith("/plan") for action in page.forms), "no plan is offered"
    step = visitor.get(target)
    assert step.values()["moud.0.last_dose_at"] == ["2026-12-09T20:00"]
    assert "after the operation" in step.errors["moud-0-last-dose-at"]


def test_a_plan_cannot_be_forced_from_wrong_answers(visitor: Visitor) -> None:
    page = visitor.fill(visitor.start(), {"patient.weight_kg": "eighty"}, go="recovery")
    token = page.values()["csrf_token"]
    refused = visitor.post(f"{draft_of(page)}/plan", {"csrf_token": token})
    assert refused.status == 422
    assert "Correct these answers" in refused.text


def test_markup_in_a_name_is_text(visitor: Visitor) -> None:
    name = '<script>alert(1)</script>"><img src=x> {{7*7}}'
    page = visitor.fill(visitor.start(), {"patient.name": name})
    assert name in page.text
    assert "<script>alert" not in page.html
    assert visitor.get(draft_of(page) + "/person").values()["patient.name"] == [name]
    assert name in visitor.get("/").text


def test_a_hundred_thousand_letters_break_no_other_page(visitor: Visitor) -> None:
    page = visitor.fill(visitor.start(), {"patient.name": "x" * 100_000, "health.notes": "y"}, go="review")
    assert "100,000 characters" in page.text
    assert len(page.html) < 50_000
    assert len(visitor.get("/").html) < 50_000


def test_none_and_something_at_once_is_asked_back(visitor: Visitor) -> None:
    page = visitor.fill(visitor.start(), {"patient.allergies.none": "1", "patient.allergies": ["latex"]})
    assert page.status == 422
    assert "Untick “none”, or clear the rest" in page.errors["patient-allergies"]


def test_takes_none_with_a_medicine_filled_in_is_asked_back(visitor: Visitor) -> None:
    draft = draft_of(visitor.start())
    page = visitor.fill(visitor.get(f"{draft}/medication"), {"moud.takes": "no", "moud.0.product": "methadone"})
    assert page.status == 422
    assert "A medicine is filled in below" in page.errors["moud-takes"]
    assert page.values()["moud.0.product"] == ["methadone"]
