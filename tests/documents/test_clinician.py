"""The clinician's paper: everything the plan holds is on it, the first pages stand alone, identity is on each page."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from paper import EXAMPLES, all_lines, body, example, faults, pages, plain, printed, tool

from planner import words
from planner.documents import documents, glance
from planner.documents.html import moment, style
from planner.documents.labels import DECISION_SUPPORT, PART_2, VERDICT_WORDS

each_example = pytest.mark.parametrize("letter", EXAMPLES)


def pages_to_signature(letter: str) -> int:
    found = pages(printed("clinician", letter))
    return next(number for number, text in enumerate(found, 1) if "Reviewed by (name, role)" in text)


@pytest.mark.parametrize("letter", ["a", "d", "e", "i"])
def test_usual_case_takes_three_pages_to_the_signature(letter: str) -> None:
    assert pages_to_signature(letter) <= 3


@each_example
def test_even_a_hard_case_takes_four_pages_to_the_signature(letter: str) -> None:
    assert pages_to_signature(letter) <= 4


@each_example
def test_letter_paper(letter: str) -> None:
    assert "612 x 792 pts (letter)" in tool("pdfinfo", printed("clinician", letter))


@each_example
def test_identity_version_and_warnings_stand_on_each_page(letter: str) -> None:
    case, plan = example(letter)
    found = pages(printed("clinician", letter))
    patient = case["patient"]
    for number, text in enumerate(found, 1):
        assert patient["name"] in text
        assert (
            plain(words.day(glance.date.fromisoformat(patient["birth_date"])))
            if patient["birth_date"]
            else "born NOT GIVEN"
        ) in text
        assert f"MRN {patient['mrn'] or 'NOT GIVEN'}" in text
        assert f"Page {number} of {len(found)}" in text
        assert DECISION_SUPPORT in text
        assert PART_2 in text
        assert "† confirm locally" in text
        assert f"Made {plain(moment(plan['made_at']))}" in text
        assert plan["knowledge"]["version"] in text
        assert plan["knowledge"]["hash"][:12] in text


@each_example
def test_decision_dose_and_headline_stand_on_the_first_page(letter: str) -> None:
    _, plan = example(letter)
    first = pages(printed("clinician", letter))[0]
    for medicine in plan["summary"]["medicines"]:
        assert plain(medicine["label"]) in first
        assert plain(medicine["dose"]) in first
        assert VERDICT_WORDS[medicine["decision"]] in first
        assert plain(glance.for_paper(plan)["moud"][0]["say"])[:40] in body(printed("clinician", letter))
    for sentence in plan["summary"]["never"]:
        assert plain(sentence) in body(printed("clinician", letter))


@each_example
def test_incomplete_plan_says_so_on_top_with_its_reasons(letter: str) -> None:
    _, plan = example(letter)
    first = pages(printed("clinician", letter))[0]
    assert ("INCOMPLETE Settle this before the plan is used" in first) == (not plan["complete"])
    for reason in glance.for_paper(plan)["incomplete_because"]:
        assert plain(reason) in first


@each_example
def test_no_line_is_lost(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    missing = [line["id"] for line in all_lines(glance.for_paper(plan)) if plain(line["say"]) not in text]
    assert missing == []


@each_example
def test_each_line_has_its_reason_its_rule_and_the_place_in_its_sources(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    for line in all_lines(glance.for_paper(plan)):
        assert plain(line["because"]) in text
        assert line["condition"] == "in every plan of this kind" or plain(line["condition"]) in text
        for cited in line["sources"]:
            assert plain(cited["where"]) in text
            assert plain(cited["citation"]) in text


@each_example
def test_each_step_and_each_open_question_is_printed(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    short = glance.for_paper(plan)
    for step in (*short["timeline"], *(step for line in all_lines(short) for step in line["steps"])):
        assert plain(step["what"]) in text
    for ask in short["unknown"]:
        assert plain(ask["question"]) in text


@each_example
def test_each_cell_of_each_table_is_printed(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    for line in all_lines(glance.for_paper(plan)):
        for row in line["table"]["rows"] if line["table"] else ():
            for cell in row:
                assert plain(cell) in text


@each_example
def test_unverified_lines_carry_the_mark(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    for line in all_lines(glance.for_paper(plan)):
        after = text.rsplit(plain(line["say"]), 1)[1]
        cites = re.search(r"\[\d+(,\d+)*\](?P<mark>†)?", after)
        assert cites is not None
        assert bool(cites["mark"]) == (line["evidence"] == "unverified"), line["id"]


@each_example
def test_no_number_is_parted_from_its_unit(letter: str) -> None:
    rows = tool("pdftotext", printed("clinician", letter), "-raw", "-enc", "UTF-8").splitlines()
    parted = [
        (row, following)
        for row, following in pairwise(rows)
        if re.search(r"\d$", row) and re.match(r"(mg|mcg|mL|kg|ms|hours?|days?|weeks?|minutes?|%)\b", following)
    ]
    assert parted == []


@each_example
def test_passes_pdf_ua(letter: str) -> None:
    assert faults(printed("clinician", letter)) == []


def test_names_that_are_not_given_are_loud() -> None:
    first = pages(printed("clinician", "g"))[0]
    assert "born NOT GIVEN" in first
    assert "MRN NOT GIVEN" in first


def test_an_emergency_is_marked() -> None:
    assert "EMERGENCY Not for time-critical decisions" in pages(printed("clinician", "f"))[0]
    assert "EMERGENCY Not for" not in pages(printed("clinician", "a"))[0]


def test_known_people_are_filled_in_and_the_rest_left_to_write() -> None:
    text = body(printed("clinician", "a"))
    assert "Dr. Lee" in text
    assert "555-0110" in text
    assert "Ana Alvarez" in text


def test_the_documented_choice_to_hold_and_the_notes_are_printed() -> None:
    case, plan = example("a")
    case["health"]["notes"] = "Prefers mornings."
    case["moud"][0]["hold_choice"] = {
        "clinician": "Dr. Reyes", "reason": "Wishes it", "prescriber_contacted": True, "patient_agrees": True,
        "restart_by": "Dr. Lee", "restart_on": "2026-12-10",
    }  # fmt: skip
    text = body(documents.make("clinician", case, plan))
    for said in ("Prefers mornings.", "Dr. Reyes", "Wishes it", "Planned restart date: Thu 10 Dec 2026"):
        assert said in text


def test_nothing_is_told_by_color() -> None:
    for name in ("base.css", "clinician.css", "patient.css"):
        css = re.sub(r"/\*.*?\*/", "", style(name), flags=re.DOTALL)
        for red, green, blue in re.findall(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b", css):
            assert red == green == blue
        for color in re.findall(r"#[0-9a-f]{6}\b", css):
            assert color[1:3] == color[3:5] == color[5:7]
        assert not re.search(r"color:\s*(?!#|gray)[a-z]+;", css)


@each_example
def test_each_verdict_stands_as_a_word(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    for line in all_lines(plan):
        if line["section"] != "team" and line["part"] != "call":
            assert VERDICT_WORDS[line["verdict"]] in text
