"""The local anesthetic card: one page, the budget as the plan has it, the steps in order, amounts in large type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paper import EXAMPLES, HARD, Text, body, example, faults, pages, plain, printed, tool

from planner import words
from planner.cli import main
from planner.documents import PrintFailed, documents, glance, local_anesthetic_card_pdf
from planner.documents.html import moment, style
from planner.documents.labels import CONFIRM, DECISION_SUPPORT, PART_2, READ_LABELS

CARD = "local_anesthetic_card"
CASES = (*(letter for letter in EXAMPLES if letter != "i"), *HARD)
each_case = pytest.mark.parametrize("letter", CASES)


def card(letter: str) -> Text:
    return body(printed(CARD, letter))


@each_case
def test_one_letter_page(letter: str) -> None:
    assert len(pages(printed(CARD, letter))) == 1
    assert "612 x 792 pts (letter)" in tool("pdfinfo", printed(CARD, letter))


@each_case
def test_passes_pdf_ua(letter: str) -> None:
    assert faults(printed(CARD, letter)) == []


@each_case
def test_identity_version_page_and_warnings_stand_on_it(letter: str) -> None:
    case, plan = example(letter)
    (found,) = pages(printed(CARD, letter))
    assert case["patient"]["name"] in found
    assert f"MRN {case['patient']['mrn'] or 'NOT GIVEN'}" in found
    assert "Page 1 of 1" in found
    for text in (DECISION_SUPPORT, PART_2, CONFIRM, plan["knowledge"]["version"], plan["knowledge"]["hash"][:12]):
        assert text in found
    assert f"Made {plain(moment(plan['made_at']))}" in found


@each_case
def test_the_steps_stand_in_the_order_of_the_plan_and_each_is_whole(letter: str) -> None:
    _, plan = example(letter)
    found = str(card(letter))
    places = [found.find(plain(line["say"])) for line in glance.for_paper(plan)["toxicity_card"]]
    assert -1 not in places
    assert places == sorted(places)


@each_case
def test_each_step_and_each_rule_names_its_sources_and_is_marked_when_not_traced(letter: str) -> None:
    _, plan = example(letter)
    found = card(letter)
    for line in glance.for_paper(plan)["toxicity_card"]:
        cites = ", ".join(dict.fromkeys(source["id"] for source in line["sources"]))
        said = str(found).partition(plain(line["say"]))[2]
        mark = "†" if line["evidence"] == "unverified" else ""
        assert said.startswith(plain(f"[{cites}]") + mark), line["id"]
        assert mark or not said.startswith(plain(f"[{cites}]†"))
    for line in glance.for_paper(plan)["local_anesthetic"]:
        if line["verdict"] in ("never", "avoid"):
            assert plain(line["say"]) in found


@each_case
def test_each_source_stands_with_its_year_and_how_far_it_was_read(letter: str) -> None:
    _, plan = example(letter)
    found = card(letter)
    for line in plan["toxicity_card"]:
        for source in line["sources"]:
            read = READ_LABELS[source["read"]]
            assert re.search(
                rf"\[{re.escape(plain(source['id']))}\][^\[]*{re.escape(plain(source['year']))}\({re.escape(plain(read))}\)",
                str(found),
            )


@pytest.mark.parametrize("letter", [*"abcdeh", "hip", "heavy, part used", "light"])
def test_every_mg_and_ml_of_the_budget_is_printed_as_the_plan_has_it(letter: str) -> None:
    _, plan = example(letter)
    found = card(letter)
    assert plain(plan["budget"]["weight"]) in found
    for limit in plan["budget"]["limits"]:
        assert plain(limit["note"]) in found
        for mg, name in ((limit["plain_mg"], "plain_ml"), (limit["epinephrine_mg"], "epinephrine_ml")):
            if mg is None or (name == "epinephrine_ml" and mg == limit["plain_mg"]):
                continue
            volumes = ", ".join(
                f"{words.number(volume['percent'])} %: {words.measured(volume[name], 'mL')}"
                for volume in limit["volumes"]
            )
            assert plain(f"{words.measured(mg, 'mg')} {volumes}") in found, limit["label"]


def test_the_lipid_of_a_light_person_is_in_ml_by_weight() -> None:
    page = documents.card_html(*example("light"))
    assert re.findall(r'<b class="amount">([^<]+)</b>', page)[:2] == ["66\u00a0mL", "11\u00a0mL\u00a0a\u00a0minute"]


def test_amounts_are_set_large() -> None:
    page = documents.card_html(*example("heavy, part used"))
    assert re.findall(r'<b class="amount">([^<]+)</b>', page)[:2] == ["100\u00a0mL", "200 to 250\u00a0mL"]
    size = re.search(r"\.amount \{ font-size: ([\d.]+)pt", style("card.css"))
    assert size
    assert float(size[1]) >= 14


def test_a_dose_for_each_kg_is_no_amount_for_the_hand() -> None:
    page = documents.card_html(*example("a"))
    assert not any("/kg" in amount for amount in re.findall(r'<b class="amount">([^<]+)</b>', page))


def test_what_is_used_and_left_is_told() -> None:
    _, plan = example("heavy, part used")
    found = card("heavy, part used")
    for use in plan["budget"]["used"]:
        assert plain(f"{use['what']}: {use['mg']} mg ({words.number(use['share'])} %)") in found
    assert plain(f"{words.number(plan['budget']['left'])} % is left.") in found


def test_without_a_weight_limits_and_lipid_stand_for_each_kg_with_room_to_write() -> None:
    found = card("no weight")
    assert "NO LIMIT COUNTED. Find out: Weight, height and sex?" in found
    for text in (
        "2 mg for each kg, at most 175 mg",
        "7 mg for each kg, at most 500 mg",
        "Under 70 kg: bolus over 2 to 3 minutes 1.5 mL/kg, then 0.25 mL/kg a minute",
        "70 kg or more: bolus over 2 to 3 minutes 100 mL",
        "This person: kg, bolus mL, then mL a minute, at most mL",
    ):
        assert text in found


def test_limits_for_each_kg_come_from_the_knowledge_the_plan_was_made_with_or_stay_empty() -> None:
    case, plan = example("no weight")
    plan["knowledge"]["hash"] = "0" * 64
    found = body(documents.make(CARD, case, plan))
    assert "mg for each kg" not in found
    assert len(pages(documents.make(CARD, case, plan))) == 1


def test_a_drug_that_is_stopped_has_no_amount() -> None:
    assert str(card("allergy")).count(plain("NEVER 0 mg")) == 2 * len(example("allergy")[1]["budget"]["limits"])


@pytest.mark.parametrize("letter", ["amount not known", "everything"])
def test_no_amount_is_offered_when_something_else_than_the_weight_is_missing(letter: str) -> None:
    found = card(letter)
    assert "mg for each kg" not in found
    assert "NO LIMIT COUNTED" in found or "NOTHING IS LEFT" in found


def test_stops_stand_before_cautions() -> None:
    found = str(card("everything")).partition(plain("Local anesthetic toxicity: what"))[0]
    assert found.rfind("NEVERNo") < found.find("CAUTION")


def test_there_is_a_log_to_fill_in_where_there_is_room() -> None:
    assert "Given by whoever injects" in card("b")
    assert "Given by whoever injects" not in card("everything")


def test_same_input_gives_same_bytes() -> None:
    assert documents.make(CARD, *example("hip")) == printed(CARD, "hip")


def test_the_public_function_prints_it_in_the_process_and_here() -> None:
    case, plan = example("no weight")
    assert local_anesthetic_card_pdf(case, plan) == local_anesthetic_card_pdf(case, plan, in_process=True)


def test_a_plan_without_an_operation_has_no_card() -> None:
    with pytest.raises(PrintFailed, match="no operation is ahead"):
        local_anesthetic_card_pdf(*example("i"))


def test_the_command_line_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "card.pdf"
    file = next((Path(__file__).parents[2] / "examples").glob("a-*.yaml"))
    assert main(["plan", str(file), "--now", "2026-11-23T09:00", "--local-anesthetic-card", str(path)]) == 0
    assert path.read_bytes() == printed(CARD, "a")
