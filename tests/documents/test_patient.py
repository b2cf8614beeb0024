"""The patient's sheet: one page, large letters, only what the plan holds, nothing cut."""

from __future__ import annotations

import re
from typing import Any

import pytest
from paper import EXAMPLES, HARD, all_lines, body, example, faults, pages, plain, printed

from planner.documents import documents, patient
from planner.documents.html import style

each_example = pytest.mark.parametrize("letter", EXAMPLES)


def sentences_of(plan: dict[str, Any], *, decided: bool = False) -> set[str]:
    """Return what the plan holds for the patient; ``decided`` leaves out ideas, stand-ins and what waits for an answer."""
    lines = [
        line
        for line in all_lines(plan)
        if not decided
        or not (
            line["instead_of"]
            or line["verdict"] == "ask"
            or (line["verdict"] == "consider" and line["step"] == "adjunct")
        )
    ]
    said = {plain(line["say_patient"]["en"]) for line in lines if line["say_patient"]}
    return said | {plain(step["what_patient"]) for step in plan["timeline"]}


@each_example
def test_one_page(letter: str) -> None:
    assert len(pages(printed("patient", letter))) == 1


@each_example
def test_every_sentence_is_one_that_the_plan_holds(letter: str) -> None:
    _, plan = example(letter)
    held = sentences_of(plan)
    sheet = patient.sheet(plan)
    printed_sentences = [*sheet.emergency, *sheet.help_lines, *(text for _, text in (*sheet.must, *sheet.may))]
    printed_sentences += [text for label, texts in sheet.medicines for text in texts if text != patient.NOTHING_SAID]
    assert {plain(text) for text in printed_sentences} <= held


@each_example
def test_every_dated_step_for_the_patient_is_on_it(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    for step in plan["timeline"]:
        assert plain(step["what_patient"]) in text


@each_example
def test_what_concerns_the_medicines_is_never_left_out(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    for line in plan["moud"]:
        if line["say_patient"]:
            assert plain(line["say_patient"]["en"]) in text


@each_example
def test_naloxone_emergency_and_help_lines_are_never_left_out(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    for sentence in sentences_of(plan):
        if re.search(r"naloxone|(?<!\d)(911|1?800\d{7}|988)(?!\d)", sentence):
            assert sentence in text


@each_example
def test_passes_pdf_ua(letter: str) -> None:
    assert faults(printed("patient", letter)) == []


def test_nothing_is_smaller_than_12_points() -> None:
    sizes = [float(size) for size in re.findall(r"(?:font-size:|font:[^;]*?)\s*([\d.]+)pt", style("patient.css"))]
    assert sizes
    assert min(sizes) >= 12


NSAIDS = ("celecoxib", "ibuprofen", "naproxen", "meloxicam", "diclofenac", "ketorolac")


@pytest.mark.parametrize("letter", [*EXAMPLES, *HARD])
def test_at_most_one_nsaid_is_to_be_taken(letter: str) -> None:
    sheet = patient.sheet(example(letter)[1])
    told = [text for _, text in (*sheet.must, *sheet.may)]
    taken = {name for name in NSAIDS for text in told if re.search(rf"\bTake [\d,.]+ mg of {name}", text)}
    assert len(taken) <= 1


@pytest.mark.parametrize(("letter", "leader"), [("a", "ibuprofen"), ("b", "celecoxib")])
def test_the_nsaid_that_leads_is_told_and_those_in_its_place_are_not(letter: str, leader: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    leading = [line for line in plan["non_opioid"] if line["subject"] == leader and line["say_patient"]]
    instead = {line["subject"].partition("_")[0] for line in plan["non_opioid"] if line["instead_of"]} - {leader}
    assert leading
    assert instead
    for line in leading:
        assert plain(line["say_patient"]["en"]) in text
    for name in instead:
        assert not re.search(rf"Take[\d.,]+mgof{name}", str(text))


def test_the_words_of_a_stand_in_are_not_told_even_when_the_plan_holds_them() -> None:
    _, plan = example("b")
    stand_in = next(line for line in plan["non_opioid"] if line["instead_of"])
    stand_in["say_patient"] = {"en": "Take the other one too.", "es": ""}
    sheet = patient.sheet(plan)
    assert "Take the other one too." not in {text for _, text in (*sheet.must, *sheet.may)}


@each_example
def test_a_medicine_that_is_to_be_taken_is_never_left_out(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    for line in plan["non_opioid"]:
        if (
            line["dose"]
            and line["say_patient"]
            and line["verdict"] in ("recommend", "avoid")
            and not line["instead_of"]
        ):
            assert plain(line["say_patient"]["en"]) in text, line["id"]


@pytest.mark.parametrize("letter", [*EXAMPLES, *HARD])
def test_nothing_is_told_that_waits_for_an_answer_or_is_only_considered(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("patient", letter))
    decided = {
        plain(line["say_patient"]["en"])
        for line in all_lines(plan)
        if line["say_patient"] and line["verdict"] not in ("ask", "consider")
    }
    for line in plan["non_opioid"]:
        idea = line["verdict"] == "consider" and line["step"] != "non_drug"
        if line["say_patient"] and (line["verdict"] == "ask" or idea):
            said = plain(line["say_patient"]["en"])
            assert said in decided or said not in text, line["id"]


def test_title_is_discreet() -> None:
    first = pages(printed("patient", "a"))[0]
    assert first.startswith(plain("My plan for pain and recovery Maria Alvarez"))


def test_people_to_call_are_named() -> None:
    text = body(printed("patient", "a"))
    assert "Dr. Lee, 555-0110" in text
    assert "Ana Alvarez, 555-0134" in text


def test_more_than_fits_is_left_out_whole_and_the_page_stays_one() -> None:
    case, plan = example("a")
    extra = [f"Extra advice number {number}, as long as a sentence for a patient usually is." for number in range(60)]
    template = next(line for line in plan["aftercare"] if line["say_patient"])
    plan["aftercare"] += [{**template, "also": [], "say_patient": {"en": text, "es": ""}} for text in extra]
    pdf = documents.make("patient", case, plan)
    text = body(pdf)
    assert len(pages(pdf)) == 1
    for sentence in extra:
        assert sentence in text or sentence[:24] not in text


def test_what_must_stand_spills_onto_a_second_page_and_then_nothing_is_left_out() -> None:
    case, plan = example("a")
    extra = [
        f"Take note of sentence number {number} about this medicine, which is as important as all others."
        for number in range(60)
    ]
    template = plan["moud"][0]
    plan["moud"] += [{**template, "also": [], "say_patient": {"en": text, "es": ""}} for text in extra]
    pdf = documents.make("patient", case, plan)
    text = body(pdf)
    assert len(pages(pdf)) >= 2
    for sentence in {*extra, *sentences_of(plan, decided=True)}:
        assert sentence in text


def test_unfinished_plan_says_so() -> None:
    assert "This plan is not finished." in body(printed("patient", "b"))
    assert "This plan is not finished." not in body(printed("patient", "a"))


def test_times_are_a_m_and_p_m() -> None:
    assert "7:30 a.m. My surgery." in body(printed("patient", "a"))


@pytest.mark.parametrize("letter", ["a", "e", "i"])
def test_the_helpline_is_told_in_spanish_too(letter: str) -> None:
    found = body(printed("patient", letter))
    assert "Ayuda en español, gratis y a toda hora: 1-800-662-4357." in found
    assert "call 1-800-662-4357" in found
