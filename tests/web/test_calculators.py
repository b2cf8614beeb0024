"""The pages of the scales and calculators: an answer, a slip that stays as typed, and values from a plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visitor import Page, Visitor

from planner.scores import COWS

ALL = (
    "cows",
    "riosord-vha",
    "riosord-commercial",
    "prodigy",
    "sedation",
    "mme",
    "qtc",
    "creatinine-clearance",
    "ideal-weight",
    "local-anesthetic",
)


def test_each_calculator_has_a_page_of_its_own(visitor: Visitor) -> None:
    index = visitor.get("/calculators")
    for name in ALL:
        assert f'href="/calculators/{name}"' in index.html
        page = visitor.get(f"/calculators/{name}")
        assert page.status == 200
        assert "What it is not for" in page.text


def test_cows_adds_up_and_names_the_band(visitor: Visitor) -> None:
    answers = {item.id: "0" for item in COWS.items} | {"pulse": "3", "sweating": "1"}
    page = visitor.fill(visitor.get("/calculators/cows"), answers)
    assert "5 of 48 points: Mild." in page.text


def test_an_item_left_open_is_named_and_the_rest_stays(visitor: Visitor) -> None:
    answers = {item.id: "1" for item in COWS.items if item.id != "tremor"}
    page = visitor.fill(visitor.get("/calculators/cows"), answers)
    assert page.status == 422
    assert "Tremor of the stretched-out hands: Choose an answer." in page.text
    assert page.values()["pulse"] == ["1"]


@pytest.mark.parametrize(
    ("opioid", "amount", "times", "for_oud", "said"),
    [
        ("oxycodone", "5", "3", "no", "22.5 MME a day."),
        ("hydromorphone", "4", "4", "no", "80 MME a day."),
        ("fentanyl_patch", "75", "1", "no", "180 MME a day."),
        ("buprenorphine", "16", "1", "yes", "partial agonist"),
        ("methadone", "90", "1", "yes", "A dose for opioid use disorder has no MME"),
    ],
)
def test_mme_gives_a_number_or_a_reason(
    visitor: Visitor, opioid: str, amount: str, times: str, for_oud: str, said: str
) -> None:
    values = {"opioid": opioid, "amount": amount, "times": times, "for_oud": for_oud}
    assert said in visitor.fill(visitor.get("/calculators/mme"), values).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8,5", "has a comma"),
        ("1e3", "is not a plain number"),
        ("4000", "outside 200 to 800 ms"),
        ("", "Enter a value."),
    ],
)
def test_a_slip_of_the_keyboard_stays_in_its_field_with_what_would_be_right(
    visitor: Visitor, typed: str, said: str
) -> None:
    page = visitor.fill(visitor.get("/calculators/qtc"), {"qt": typed, "rate": "72"})
    assert page.status == 422
    assert said in page.text
    assert page.values()["rate"] == ["72"]
    assert page.values()["qt"] == [typed]


def test_a_plan_fills_in_what_it_knows_and_leaves_the_rest_open(
    visitor: Visitor, saved_plan: Callable[[str], Page]
) -> None:
    plan = saved_plan("b").path.rpartition("/")[2]
    page = visitor.get(f"/calculators/creatinine-clearance?plan={plan}")
    values = page.forms[f"/calculators/creatinine-clearance?plan={plan}"]
    assert (values["age"], values["weight"], values["height"]) == (["46"], ["68"], ["160"])
    assert "From the plan." in page.text
    prodigy = visitor.get(f"/calculators/prodigy?plan={plan}").forms[f"/calculators/prodigy?plan={plan}"]
    assert prodigy["naive"] == ["0"], "methadone is no naivety"
    assert prodigy["moud"] == ["yes"]


def test_local_anesthetic_limits_are_those_of_the_plan(visitor: Visitor) -> None:
    page = visitor.fill(
        visitor.get("/calculators/local-anesthetic"),
        {"sex": "female", "height": "165", "weight": "70", "reduced": "no"},
    )
    assert "Ropivacaine" in page.text
    assert "Counted with 70 kg (actual weight)." in page.text


def test_nothing_typed_stands_in_the_address(visitor: Visitor) -> None:
    page = visitor.fill(visitor.get("/calculators/qtc"), {"qt": "400", "rate": "60"})
    assert "400 ms by Fridericia, 400 ms by Bazett." in page.text
    assert page.path == "/calculators/qtc"


def test_there_is_no_calculator_that_needs_a_licence(visitor: Visitor) -> None:
    for name in ("soapp-r", "moss", "ort"):
        assert visitor.get(f"/calculators/{name}").status == 404


def test_a_part_of_a_question_fills_in_a_yes_and_never_a_no(
    visitor: Visitor, saved_plan: Callable[[str], Page]
) -> None:
    def filled(letter: str) -> dict[str, list[str]]:
        plan = saved_plan(letter).path.rpartition("/")[2]
        return visitor.get(f"/calculators/riosord-vha?plan={plan}").forms[f"/calculators/riosord-vha?plan={plan}"]

    methadone, none = filled("b"), filled("e")
    assert methadone["methadone"] == methadone["long_acting"] == methadone["dependence"] == ["1"]
    assert "lung" not in methadone, "no COPD and no asthma is not the whole of chronic lung disease"
    assert "dependence" not in none, "no medication and no recent use says nothing about a visit"
