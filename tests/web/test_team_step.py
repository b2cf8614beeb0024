"""The team on the form and on the page, and the hospital's list that offers its people again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import NOW, fill_in
from visitor import Visitor, draft_of

from planner.forms.typed import Typed
from planner.store import People

RUIZ = {"role": "surgeon", "name": "Dr. Ruiz", "phone": "555-0170"}


def test_a_person_entered_once_is_offered_in_the_next_plan(visitor: Visitor) -> None:
    visitor.fill(visitor.get("/people"), RUIZ)
    step = visitor.get(draft_of(visitor.start()) + "/team")
    assert '<option value="Dr. Ruiz">555-0170</option>' in step.html


def test_a_name_from_the_list_brings_its_number(visitor: Visitor, people: People) -> None:
    people.add([("surgeon", "Dr. Ruiz", "555-0170")], NOW)
    step = visitor.get(draft_of(visitor.start()) + "/team")
    step = visitor.fill(step, {"team.surgeon.name": "dr. ruiz"}, go="team")
    assert step.values()["team.surgeon.phone"] == ["555-0170"]


def test_a_name_that_is_listed_with_two_numbers_brings_none(visitor: Visitor, people: People) -> None:
    people.add([("surgeon", "Dr. Ruiz", "555-0170"), ("surgeon", "Dr. Ruiz", "555-0171")], NOW)
    step = visitor.get(draft_of(visitor.start()) + "/team")
    step = visitor.fill(step, {"team.surgeon.name": "Dr. Ruiz"}, go="team")
    assert step.values()["team.surgeon.phone"] == [""]


def test_roles_with_one_listed_name_are_filled_in_with_one_press(visitor: Visitor, people: People) -> None:
    people.add(
        [("pain_service", "Pain service", "555-0100"), ("nursing", "4 West", "555-1"), ("nursing", "5 West", "555-2")],
        NOW,
    )
    step = visitor.get(draft_of(visitor.start()) + "/team")
    values = visitor.fill(step, {}, go="fill-people").values()
    assert values["team.pain_service.phone"] == ["555-0100"]
    assert values["team.nursing.name"] == [""]


def test_a_new_name_is_kept_on_the_list_only_when_that_is_asked_for(visitor: Visitor, people: People) -> None:
    step = visitor.get(draft_of(visitor.start()) + "/team")
    typed = {"team.surgeon.name": "Dr. Ruiz", "team.surgeon.phone": "555-0170"}
    visitor.fill(step, typed)
    assert people.all() == []
    visitor.fill(step, {**typed, "keep-people": "yes"})
    visitor.fill(visitor.get(step.path), {**typed, "keep-people": "yes"})
    assert [(one.role, one.name, one.phone) for one in people.all()] == [("surgeon", "Dr. Ruiz", "555-0170")]


def test_a_person_without_a_number_is_refused_and_stays_as_typed(visitor: Visitor) -> None:
    answer = visitor.fill(visitor.get("/people"), {**RUIZ, "phone": ""})
    assert answer.status == 422
    assert "Give a telephone number." in answer.text
    assert 'value="Dr. Ruiz"' in answer.html


def test_names_and_numbers_are_not_readable_in_the_database(instance: Path, people: People) -> None:
    people.add([("surgeon", "Dr. Ruiz", "555-0170")], NOW)
    content = b"".join(path.read_bytes() for path in instance.glob("throughline.db*"))
    assert b"Ruiz" not in content
    assert b"555-0170" not in content


def test_somebody_taken_off_the_list_is_offered_no_more(visitor: Visitor, people: People) -> None:
    people.add([("surgeon", "Dr. Ruiz", "555-0170")], NOW)
    [person] = people.all()
    people.remove(person.id)
    assert "Dr. Ruiz" not in visitor.get("/people").text


def test_the_page_says_who_is_missing_and_the_plan_is_not_final(
    visitor: Visitor, typed: Callable[[str], Typed]
) -> None:
    answers = {**typed("a"), "team.surgeon.name": ["Dr. Ruiz"], "team.surgeon.phone": ["555-0170"]}
    plan = visitor.make_plan(fill_in(visitor, answers))
    assert "Not final: nobody is named for" in plan.text
    assert "Dr. Ruiz" in plan.text
    assert "Needed: name and number" in plan.text


def test_the_step_says_which_roles_the_answers_require_and_why(visitor: Visitor, typed: Callable[[str], Typed]) -> None:
    page = visitor.start()
    while not page.path.endswith("/team"):
        page = visitor.fill(
            page, {name: values for name, values in typed("b").items() if f'name="{name}"' in page.html}
        )
    assert "Required: methadone is taken" in page.text
