"""The plan sheet: three pages that stand alone, identity on each, nothing lost that stops, limits or dates."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from paper import EXAMPLES, HARD, all_lines, body, example, faults, on_sheet, pages, plain, printed, tool

from planner import words
from planner.documents import budget, clinician, documents, glance
from planner.documents.html import moment, style
from planner.documents.labels import DECISION_SUPPORT, PART_2, VERDICT_WORDS
from planner.documents.numbering import numbered
from planner.documents.render import html_to_pdf

each_example = pytest.mark.parametrize("letter", EXAMPLES)
each_hard_case = pytest.mark.parametrize("letter", [*EXAMPLES, *HARD])
each_paper = pytest.mark.parametrize("document", ["clinician", "details"])


@each_example
def test_three_pages_at_most(letter: str) -> None:
    assert len(pages(printed("clinician", letter))) <= 3


@pytest.mark.parametrize("letter", ["a", "hip"])
def test_a_sheet_that_is_set_closer_says_the_same_on_no_more_pages(letter: str) -> None:
    case, plan = example(letter)
    found = [documents.clinician_html(case, plan, room) for room in ("", "close", "closest")]
    assert len({plain(re.sub(r"<[^>]*>", "", page)) for page in found}) == 1
    roomy, close, closest = (len(pages(html_to_pdf(page, "clinician.css") or b"")) for page in found)
    assert roomy >= close >= closest


@each_example
@each_paper
def test_letter_paper(document: str, letter: str) -> None:
    assert "612 x 792 pts (letter)" in tool("pdfinfo", printed(document, letter))


@each_example
@each_paper
def test_identity_version_and_warnings_stand_on_each_page(document: str, letter: str) -> None:
    case, plan = example(letter)
    found = pages(printed(document, letter))
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
        assert document == "details" or "Reasons and sources: Details and evidence, same date" in text


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


@each_hard_case
def test_no_stop_no_decision_and_no_dose_is_lost(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    plan = glance.for_paper(plan)
    of_medicines = {line["subject"] for line in plan["moud"] if line["verdict"] == "never"}
    for line in all_lines(plan):
        told_there = line in plan["opioids"] and line["verdict"] == "never" and line["subject"] in of_medicines
        if line["verdict"] in ("never", "avoid", "stop_and_ask", "hold", "clinician_choice") and not told_there:
            assert plain(on_sheet(line["say"])) in text, line["id"]
        if line["dose"] and not line["instead_of"]:
            assert plain(on_sheet(line["say"])) in text, line["id"]
            assert plain(on_sheet(line["dose"]["words"])) in text, line["id"]
        if line["subject"] == "stop_triggers":
            assert plain(line["say"]) in text
    for medicine in plan["summary"]["medicines"]:
        assert plain(medicine["headline"]) in text


@each_hard_case
def test_each_caution_is_printed_unless_what_it_is_about_is_stopped(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    lines = numbered(glance.for_paper(plan))
    verdicts = {shown.number: shown.line["verdict"] for shown in lines}
    for shown in lines:
        if shown.line["verdict"] == "caution" and not budget.said_above(shown.line):
            stopped = shown.owner is not None and verdicts[shown.owner] in ("never", "avoid")
            assert stopped or plain(on_sheet(shown.line["say"])) in text, shown.line["id"]


def test_who_sets_a_stop_aside_is_sent_to_its_cautions() -> None:
    _, plan = example("clot")
    lines = numbered(glance.for_paper(plan))
    by_number = {shown.number: shown for shown in lines}
    cautions = [
        shown
        for shown in lines
        if shown.owner and shown.line["verdict"] == "caution" and by_number[shown.owner].line["verdict"] == "avoid"
    ]
    assert cautions
    said = re.findall(r"Whoeversetsthisasidereads([\d,]+)", str(body(printed("clinician", "clot"))))
    named = {int(number) for numbers in said for number in numbers.split(",")}
    assert {shown.number for shown in cautions if shown.place not in ("moud", "regional")} <= named


@each_example
def test_what_is_said_of_a_medicine_an_operation_and_its_opioids_is_never_shortened(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    short = glance.for_paper(plan)
    named = {"consider", "recommend"}
    for line in (one for name in ("conflicts", "moud", "regional", "anticoagulant", "opioids") for one in short[name]):
        told_by_days = line["part"] == "call" and line["short"] and line["steps"]
        if line["verdict"] not in {"note", *named} and line["part"] != "disagreement" and not told_by_days:
            told_there = line in short["opioids"] and line["verdict"] == "never"
            # A technique that waits for an answer stands under its rank with the others.
            say = (
                line["subject_label"]
                if line["id"].startswith("regional-") and line["verdict"] == "ask"
                else line["say"]
            )
            assert told_there or line["phase"] == "home" or plain(say) in text, line["id"]


@each_example
def test_each_step_with_its_day_and_each_open_question_is_printed(letter: str) -> None:
    _, plan = example(letter)
    text = body(printed("clinician", letter))
    short = glance.for_paper(plan)
    for step in short["timeline"]:
        assert plain(step["what"]) in text
        assert plain(words.day(glance.date.fromisoformat((step["at"] or step["on"])[:10]))) in text
    for ask in short["unknown"]:
        assert plain(ask["question"]) in text


@each_example
def test_each_section_that_holds_a_line_for_the_sheet_is_on_it(letter: str) -> None:
    case, plan = example(letter)
    text = body(printed("clinician", letter))
    found = clinician.view(case, plan)
    for name, blocks in found["blocks"].items():
        # What to do in toxicity stands under the local anesthetic.
        assert (plain(found["titles"][name]) in text) or not blocks or name == "toxicity_card"


@each_example
def test_unverified_lines_carry_the_mark(letter: str) -> None:
    _, plan = example(letter)
    text = str(body(printed("clinician", letter)))
    checked = 0
    for line in all_lines(glance.for_paper(plan)):
        if line["verdict"] in ("never", "avoid", "caution") and not (line["missing"] or line["table"] or line["steps"]):
            said = [at.end() for at in re.finditer(re.escape(plain(on_sheet(line["say"]))), text)]
            marks = [re.match(r"(\[[^\]]+\])?(†)?", text[end:]) for end in said]
            assert not said or any(mark and bool(mark[2]) == (line["evidence"] == "unverified") for mark in marks), (
                line["id"]
            )
            checked += bool(said)
    assert checked > 10


@pytest.mark.parametrize(
    ("say", "printed_as"),
    [
        ("Call the pain service now. Believe the report.", "Call the pain service now."),
        ("Call now. Do not wait.", "Call now. Do not wait."),
        ("Give it. At most half.", "Give it. At most half."),
        ("Ask Dr. Lee. Then sit down.", "Ask Dr. Lee."),
        ("Watch closely. Within 24\u00a0hours see the person.", "Watch closely. Within 24\u00a0hours see the person."),
    ],
)
def test_a_line_is_shortened_by_whole_sentences_and_never_by_a_limit(say: str, printed_as: str) -> None:
    _, plan = example("a")
    line = next(line for line in plan["monitoring"] if line["verdict"] == "do" and line["subject"] == "oximetry")
    plan["monitoring"] = [{**line, "say": say}]
    for other in ("conflicts", "moud", "non_opioid", "regional", "anticoagulant", "opioids", "discharge", "aftercare"):
        plan[other] = []
    case, _ = example("a")
    (block,) = clinician.view(case, plan)["blocks"]["monitoring"]
    assert block.groups[0].entries[0].say == printed_as


@pytest.mark.parametrize("verdict", sorted(clinician.FIRM))
def test_a_stop_is_never_shortened(verdict: str) -> None:
    case, plan = example("a")
    say = "Call the pain service. Believe the report."
    plan["monitoring"] = [{**plan["monitoring"][1], "verdict": verdict, "say": say}]
    (block,) = clinician.view(case, plan)["blocks"]["monitoring"]
    assert block.groups[0].entries[0].say == say


@each_example
@each_paper
def test_no_number_is_parted_from_its_unit(document: str, letter: str) -> None:
    rows = tool("pdftotext", printed(document, letter), "-raw", "-enc", "UTF-8").splitlines()
    parted = [
        (row, following)
        for row, following in pairwise(rows)
        if re.search(r"\d$", row) and re.match(r"(mg|mcg|mL|kg|ms|hours?|days?|weeks?|minutes?|%)\b", following)
    ]
    assert parted == []


@each_example
@each_paper
def test_passes_pdf_ua(document: str, letter: str) -> None:
    assert faults(printed(document, letter)) == []


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
    text = body(documents.make("details", case, plan))
    for said in ("Prefers mornings.", "Dr. Reyes", "Wishes it", "Planned restart date: Thu 10 Dec 2026"):
        assert said in text


def test_nothing_is_told_by_color() -> None:
    for name in ("base.css", "clinician.css", "details.css", "card.css", "patient.css"):
        css = re.sub(r"/\*.*?\*/", "", style(name), flags=re.DOTALL)
        for red, green, blue in re.findall(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b", css):
            assert red == green == blue
        for color in re.findall(r"#[0-9a-f]{6}\b", css):
            assert color[1:3] == color[3:5] == color[5:7]
        assert not re.search(r"color:\s*(?!#|gray)[a-z]+;", css)


@each_example
def test_each_verdict_but_do_stands_as_a_word(letter: str) -> None:
    case, plan = example(letter)
    text = body(printed("clinician", letter))
    found = clinician.view(case, plan)["blocks"]
    for entry in (e for blocks in found.values() for block in blocks for group in block.groups for e in group.entries):
        assert not entry.say or entry.verdict == "do" or VERDICT_WORDS[entry.verdict] in text
    assert "No word in a box: do it." in text
