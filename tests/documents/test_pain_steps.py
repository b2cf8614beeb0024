"""The plan sheet in the order in which pain relief is given, with the clock and the budget beside the blocks."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from paper import EXAMPLES, HARD, Text, body, example, faults, on_sheet, plain, printed

from planner import words
from planner.documents import alternatives, budget, clock, documents, glance, text
from planner.documents.labels import MISUSE_WORDS, PLACE_TITLES
from planner.documents.numbering import lines_at, numbered

each_example = pytest.mark.parametrize("letter", EXAMPLES)
each_case = pytest.mark.parametrize("letter", [*EXAMPLES, *HARD])
with_operation = pytest.mark.parametrize("letter", [letter for letter in EXAMPLES if letter != "i"])

# The steps on paper, first to last.
STEPS = ("backbone", "regional", "adjunct", "opioids", "non_drug", "not_started")
SECTIONS = (
    "conflicts", "moud", "non_opioid", "regional", "anticoagulant", "local_anesthetic", "toxicity_card", "opioids", "monitoring",
    "discharge", "aftercare", "team",
)  # fmt: skip


def sheet(letter: str) -> Text:
    return body(printed("clinician", letter))


def from_step_1(letter: str) -> str:
    """Return the text of the sheet from the base on: the glance at the top names the same medicines."""
    return str(sheet(letter)).partition(plain(PLACE_TITLES["backbone"]))[2]


# --- order -----------------------------------------------------------------------------------------------------------


@each_example
def test_base_blocks_additions_rescue_comfort_and_what_is_not_started_stand_in_this_order(letter: str) -> None:
    places = [str(sheet(letter)).find(plain(PLACE_TITLES[name])) for name in STEPS]
    assert -1 not in places
    assert places == sorted(places)


@with_operation
def test_the_local_anesthetic_budget_stands_between_blocks_and_what_is_added(letter: str) -> None:
    found = str(sheet(letter))
    step_2, step_3 = found.find(plain(PLACE_TITLES["regional"])), found.find(plain(PLACE_TITLES["adjunct"]))
    title = plain("Local anesthetic" + (" The most of one drug" if letter not in "fg" else ""))
    assert step_2 < found.find(title, step_2) < step_3


def test_the_clock_stands_between_blocks_and_local_anesthetic() -> None:
    found = from_step_1("clot")
    places = [
        found.find(plain(title)) for title in (PLACE_TITLES["regional"], "Clock of neuraxial", "The most of one drug")
    ]
    assert -1 not in places
    assert places == sorted(places)


@each_case
def test_a_medicine_stands_at_the_step_of_its_catalog_entry(letter: str) -> None:
    _, plan = example(letter)
    for place in ("backbone", "adjunct", "non_drug", "not_started"):
        assert {line["step"] for line in lines_at(place, plan)} <= {place}
    told = [line for place in PLACE_TITLES for line in lines_at(place, plan)]
    assert len(told) == sum(len(plan[name]) for name in SECTIONS)


@pytest.mark.parametrize("letter", ["b", "e"])
def test_the_misuse_tier_stands_beside_a_medicine_that_has_one(letter: str) -> None:
    _, plan = example(letter)
    tiers = {line["misuse"] for line in plan["non_opioid"]} & set(MISUSE_WORDS)
    assert tiers
    for tier in tiers:
        assert plain(MISUSE_WORDS[tier]) in sheet(letter)


def test_what_is_said_of_several_blocks_is_printed_once() -> None:
    _, plan = example("hip")
    said = [line["say"] for line in glance.for_paper(plan)["regional"] if line["id"].startswith("block-")]
    repeated = {say for say in said if said.count(say) > 1}
    assert repeated
    for say in repeated:
        assert str(sheet("hip")).count(plain(say)) == 1


# --- medicines that stand in for another ----------------------------------------------------------------------------


def nsaids(plan: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines of the NSAID that leads, and those of the others."""
    others = [line for line in glance.for_paper(plan)["non_opioid"] if line["instead_of"]]
    leader = others[0]["instead_of"]
    return [line for line in glance.for_paper(plan)["non_opioid"] if line["subject_label"] == leader], others


@pytest.mark.parametrize("letter", ["a", "b", "c", "e"])
def test_each_alternative_stands_in_the_paragraph_of_its_leader_with_its_dose(letter: str) -> None:
    _, plan = example(letter)
    leading, others = nsaids(plan)
    found = from_step_1(letter)
    beside = found.partition(plain(alternatives.NEVER_BESIDE))[2].partition("(NSAIDs).")[0]
    led = [found.find(plain(on_sheet(line["say"]))) for line in leading if line["phase"] != "home"]
    assert 0 <= min(led) < found.find(plain(alternatives.NEVER_BESIDE))
    days = alternatives.same_days(others)
    assert plain(days) in beside
    for line in others:
        assert plain(alternatives.in_words(line, days)) in beside or not line["dose"], line["id"]


@pytest.mark.parametrize("letter", ["a", "b", "c", "e"])
def test_an_alternative_is_never_recommended_beside_its_leader(letter: str) -> None:
    _, plan = example(letter)
    _, others = nsaids(plan)
    for line in others:
        assert line["verdict"] in ("consider", "ask")
        assert plain(f"RECOMMEND {on_sheet(line['say'])}") not in sheet(letter)


def test_an_alternative_says_name_dose_rhythm_and_the_most_in_a_day() -> None:
    _, plan = example("a")
    others = nsaids(plan)[1]
    naproxen = next(line for line in others if line["subject"] == "naproxen")
    said = alternatives.in_words(naproxen, alternatives.same_days([naproxen])).replace("\u00a0", " ")
    assert said == "naproxen 500 mg every 12 hours (at most 1,000 mg a day)"


def test_a_limit_of_days_that_only_some_share_stands_with_each_of_them() -> None:
    _, plan = example("a")
    one, two = (line for line in nsaids(plan)[1] if line["subject"] in ("naproxen", "ketorolac"))
    two = {**two, "dose": {**two["dose"], "days_at_most": 3, "last_day": "2026-12-10"}}
    days = alternatives.same_days([one, two])
    assert days == ""
    assert "3 days at most, last on Thu 10 Dec 2026" in alternatives.in_words(two, days).replace("\u00a0", " ")


def test_an_alternative_keeps_the_condition_it_hangs_on() -> None:
    _, plan = example("a")
    ways = {alternatives.condition_of(line) for line in nsaids(plan)[1] if line["subject"] == "ketorolac"}
    assert ways == {"by vein, only when tablets cannot be taken"}


def test_two_ways_of_one_medicine_are_never_told_as_one() -> None:
    _, plan = example("b")
    by_mouth, by_vein = (
        next(shown.number for shown in numbered(glance.for_paper(plan)) if shown.line["subject"] == subject)
        for subject in ("ibuprofen", "ibuprofen_iv")
    )
    together = re.findall(r"\(([\d,]+)\)", from_step_1("b"))
    assert not any({str(by_mouth), str(by_vein)} <= set(numbers.split(",")) for numbers in together)


def test_an_alternative_without_its_leader_still_stands_on_the_sheet() -> None:
    case, plan = example("b")
    leading, others = nsaids(plan)
    names = {line["id"] for line in leading}
    plan["non_opioid"] = [line for line in plan["non_opioid"] if line["id"] not in names]
    found = body(documents.make("clinician", case, plan))
    for line in others:
        if line["dose"] and line["phase"] != "home":
            assert plain(on_sheet(line["say"])) in found


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_clock_has_last_dose_needle_restart_and_catheter_of_each_medicine() -> None:
    case, plan = example("clot")
    (row,) = clock.clock(case, numbered(glance.for_paper(plan)))
    dates = {name: at for line in plan["anticoagulant"] for name, at in line["dates"].items()}
    assert row.last_dose.moments[0][1] == dates["agent.last_dose"]
    assert row.needle.moments == (("from", dates["agent.needle_from"]),) or row.needle.stop
    assert row.restart.moments == (("from", dates["agent.restart_from"]),)
    assert row.catheter.moments == (
        ("out by", dates["agent.catheter_out_by"]),
        ("pulled from", dates["agent.catheter_out_from"]),
    )


@pytest.mark.parametrize("letter", ["clot", "hip"])
def test_every_moment_of_the_clock_is_printed_with_day_and_time(letter: str) -> None:
    case, plan = example(letter)
    rows = clock.clock(case, numbered(glance.for_paper(plan)))
    table = from_step_1(letter).partition(plain("Clock of neuraxial"))[2]
    assert rows
    for cell in (cell for row in rows for cell in (row.last_dose, row.needle, row.restart, row.catheter)):
        for word, at in cell.moments:
            when = datetime.fromisoformat(at)
            day = words.day(when.date()).rpartition("\u00a0")[0]
            assert plain(f"{word} {day}, {when:%H:%M}") in table


def test_a_needle_that_is_too_early_is_a_stop_in_the_clock_and_in_a_line() -> None:
    case, plan = example("hip")
    (row,) = clock.clock(case, numbered(glance.for_paper(plan)))
    at = datetime.fromisoformat(row.needle.moments[0][1])
    assert row.needle.moments[0][0] == "never before"
    stop = next(
        line for line in plan["anticoagulant"] if line["verdict"] == "never" and line["subject"].startswith("int")
    )
    assert words.moment(at) in stop["say"]
    assert plain(stop["say"]) in sheet("hip")


def test_a_last_dose_that_is_not_known_is_no_date() -> None:
    case, plan = example("clot")
    case["health"]["anticoagulants"][0]["last_dose_at"] = None
    for line in plan["anticoagulant"]:
        line["dates"] = {}
    assert clock.clock(case, numbered(plan)) == ()


def test_two_years_are_both_printed() -> None:
    case, plan = example("clot")
    for line in plan["anticoagulant"]:
        if "agent.restart_from" in line["dates"]:
            line["dates"]["agent.restart_from"] = "2027-01-01T09:00-05:00"
    found = body(documents.make("clinician", case, plan))
    assert plain("Fri 1 Jan 2027, 09:00") in found
    assert plain("Wed 25 Nov 2026, 20:00") in found


def test_there_is_no_clock_without_a_medicine_against_clotting() -> None:
    assert "Clock of neuraxial" not in sheet("a")


# --- the budget ------------------------------------------------------------------------------------------------------


def row_of(limit: dict[str, Any], how: str, mg: object) -> str:
    name = limit["label"] if "," in limit["label"] else f"{limit['label']}, {how}"
    return f"{name}{' †' if limit['evidence'] == 'unverified' else ''} {words.measured(mg, 'mg')}"


@pytest.mark.parametrize("letter", [*"abcdeh", "clot", "hip", "heavy, part used", "light"])
def test_every_mg_and_ml_of_the_budget_is_printed_as_the_plan_has_it(letter: str) -> None:
    _, plan = example(letter)
    found = sheet(letter)
    assert plan["budget"]["limits"]
    for limit in plan["budget"]["limits"]:
        plain_mg, epinephrine_mg = limit["plain_mg"], limit["epinephrine_mg"]
        kinds = [("plain", plain_mg, "plain_ml"), ("with epinephrine", epinephrine_mg, "epinephrine_ml")]
        if plain_mg == epinephrine_mg:
            kinds = [("either way", plain_mg, "plain_ml")]
        for how, mg, name in kinds:
            if mg is None:
                continue
            volumes = "; ".join(
                f"{words.number(volume['percent'])} %: {words.number(volume[name])}" for volume in limit["volumes"]
            )
            assert plain(f"{row_of(limit, how, mg)} {volumes}") in found, limit["label"]


def test_weight_reduction_what_is_used_and_what_is_left_are_told() -> None:
    _, plan = example("heavy, part used")
    found = sheet("heavy, part used")
    assert plain(plan["budget"]["weight"]) in found
    assert "ideal weight" in plan["budget"]["weight"]
    for use in plan["budget"]["used"]:
        assert plain(f"{use['what']}: {use['mg']} mg ({words.number(use['share'])} %)") in found
    assert plain(f"{words.number(plan['budget']['left'])} % is left.") in found
    assert "What is left of one drug alone" in found


def test_a_reduced_limit_says_why() -> None:
    _, plan = example("hip")
    assert plan["budget"]["reduced"]
    assert plain(plan["budget"]["reduced"]) in sheet("hip")


def test_no_limit_is_printed_while_an_amount_is_not_known() -> None:
    found = sheet("amount not known")
    assert "NO LIMIT COUNTED. Find out: Amount of each local anesthetic given or planned?" in found
    assert "AMOUNT NOT KNOWN." in found
    assert "Bupivacaine, plain" not in found


def test_without_a_weight_no_limit_is_counted() -> None:
    assert "NO LIMIT COUNTED. Find out: Weight, height and sex?" in sheet("no weight")
    assert "Bupivacaine, plain" not in sheet("no weight")


def test_what_was_given_a_day_before_is_listed_and_said_not_to_count() -> None:
    case, plan = example("heavy, part used")
    plan["budget"]["left"] = 100
    assert "0 % of it counts in the 24 hours of surgery, 100 % is left" in body(documents.make("clinician", case, plan))


def test_a_drug_that_is_stopped_has_no_milliliters() -> None:
    _, plan = example("allergy")
    lines = [(shown.number, shown.line) for shown in numbered(plan) if shown.place == "local_anesthetic"]
    found = budget.view(plan["budget"], lines)
    assert found is not None
    assert found.rows
    assert all(row.stop for row in found.rows)
    assert str(sheet("allergy")).count("0NEVERsee") == len(found.rows)


def test_nothing_left_is_loud_and_says_why() -> None:
    _, plan = example("everything")
    assert plan["budget"]["missing"]
    assert f"NOTHING IS LEFT. {plan['budget']['missing']}" in sheet("everything")
    assert "Bupivacaine, plain" not in sheet("everything")


def test_a_limit_that_is_used_up_says_so() -> None:
    case, plan = example("heavy, part used")
    plan["budget"]["left"] = 0
    assert "NOTHING IS LEFT in these 24 hours" in body(documents.make("clinician", case, plan))


def test_the_dose_of_lipid_and_what_not_to_give_in_toxicity_stand_on_the_sheet() -> None:
    _, plan = example("light")
    for line in plan["toxicity_card"]:
        if line["verdict"] == "never" or line["subject"] == "lipid_for_this_person":
            assert plain(line["say"]) in sheet("light")


@pytest.mark.parametrize("letter", HARD)
@pytest.mark.parametrize("document", ["clinician", "details"])
def test_hard_cases_pass_pdf_ua(document: str, letter: str) -> None:
    assert faults(printed(document, letter)) == []


# --- the same as text and in the details -----------------------------------------------------------------------------


@each_case
def test_text_has_the_parts_in_the_same_order(letter: str) -> None:
    _, plan = example(letter)
    found = text.plan_text(plan)
    titles = [f"\n{PLACE_TITLES[name]}\n-" for name in STEPS if any(lines_at(name, plan))]
    places = [found.find(title) for title in titles]
    assert -1 not in places
    assert places == sorted(places)


def test_text_has_the_budget_and_says_of_an_alternative_what_it_stands_in_for() -> None:
    _, plan = example("heavy, part used")
    found = plain(text.plan_text(plan))
    leading, others = nsaids(plan)
    for line in others:
        assert plain(f"In place of {line['instead_of']}, never beside it: {line['say']}") in found
    for limit in plan["budget"]["limits"]:
        for volume in limit["volumes"]:
            if volume["plain_ml"] is not None:
                assert plain(f"{words.number(volume['percent'])} %: {words.number(volume['plain_ml'])}") in found
    assert plain(f"{words.number(plan['budget']['left'])} % is left") in found
    assert leading


def test_text_warns_when_no_limit_was_counted() -> None:
    assert "NO LIMIT COUNTED. Find out: Weight, height and sex?" in text.plan_text(example("no weight")[1])


def test_the_details_have_limits_notes_and_sources_of_each_drug() -> None:
    _, plan = example("heavy, part used")
    found = body(printed("details", "heavy, part used"))
    for limit in glance.for_paper(plan)["budget"]["limits"]:
        assert plain(limit["note"]) in found
        for source in limit["sources"]:
            assert plain(f"[{source['id']}] {source['year']}, {source['where']}") in found


def test_the_details_say_what_is_watched_and_what_stands_in_for_what() -> None:
    _, plan = example("b")
    found = body(printed("details", "b"))
    for line in glance.for_paper(plan)["non_opioid"]:
        assert not line["watch"] or plain(f"Watch: {line['watch']}") in found
        assert not line["instead_of"] or plain(f"In place of {line['instead_of']}, never beside it.") in found
