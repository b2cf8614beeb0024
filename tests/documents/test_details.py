"""Details and evidence: every line of the plan in full, with everything that it rests on."""

from __future__ import annotations

import pytest
from paper import EXAMPLES, all_lines, body, example, pages, plain, printed

from planner.documents import clinician_pdf, details_pdf, glance
from planner.documents.html import day
from planner.documents.labels import EVIDENCE_LABELS, READ_LABELS, VERDICT_WORDS
from planner.documents.numbering import numbered

each_example = pytest.mark.parametrize("letter", EXAMPLES)


@each_example
def test_no_line_is_lost(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("details", letter))
    missing = [line["id"] for line in all_lines(glance.for_paper(plan)) if plain(line["say"]) not in text]
    assert missing == []


@each_example
def test_each_line_has_one_number(letter: str) -> None:
    _, plan = example(letter)
    found = numbered(plan)
    assert [shown.number for shown in found] == list(range(1, len(found) + 1))
    ids = [id(line) for line in all_lines(plan)]
    assert sorted(id(shown.line) for shown in found) == sorted(ids)


@each_example
def test_each_line_has_its_reason_its_rule_its_facts_and_its_sources(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("details", letter))
    for line in all_lines(glance.for_paper(plan)):
        assert plain(line["because"]) in text
        assert VERDICT_WORDS[line["verdict"]] in text
        assert line["condition"] == "in every plan of this kind" or plain(line["condition"]) in text
        assert plain(f"{EVIDENCE_LABELS[line['evidence']]}. Checked: {day(line['checked_on'])}") in text
        assert plain(f"Line: {line['id']}") in text
        assert plain(line["grade"]) in text
        for lack in line["missing"]:
            assert plain(lack["question"]) in text
        for cited in line["sources"]:
            assert plain(f"[{cited['id']}] {cited['year']}, {cited['where']} ({READ_LABELS[cited['read']]})") in text
            assert plain(f"[{cited['id']}] {cited['citation']}") in text


@each_example
def test_each_step_choice_and_cell_is_printed(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("details", letter))
    for line in all_lines(glance.for_paper(plan)):
        for step in line["steps"]:
            assert plain(step["what"]) in text
        for choice in line["choices"]:
            assert plain(choice.rstrip(".")) in text
        for row in line["table"]["rows"] if line["table"] else ():
            for cell in row:
                assert plain(cell) in text


@each_example
def test_the_sheet_names_lines_by_the_numbers_of_the_details(letter: str) -> None:
    _, plan = example(letter)
    sheet, text = body(printed("clinician", letter)), body(printed("details", letter))
    for shown in numbered(glance.for_paper(plan)):
        if shown.line["verdict"] == "never" and shown.owner is None:
            assert f"{shown.number}{shown.heading}." in text
            start = plain(f"{shown.number} {shown.heading}. NEVER {shown.line['say']}")
            same_label = plain(f"{shown.number} NEVER {shown.line['say']}")
            headline = plain(shown.line["say"])
            told_there = plain(f"{shown.number} {shown.heading}. NEVER As in")
            assert start in sheet or same_label in sheet or headline in sheet or told_there in sheet


def test_every_answer_is_printed() -> None:
    assert "Maria Alvarez" in pages(printed("details", "a"))[0]
    assert "Answers this plan rests on" in body(printed("details", "a"))
    assert "Dr. Lee" in body(printed("details", "a"))


def test_the_public_function_prints_the_details() -> None:
    case, plan = example("i")
    assert details_pdf(case, plan, in_process=True) == printed("details", "i")
    assert clinician_pdf(case, plan, in_process=True) != printed("details", "i")
