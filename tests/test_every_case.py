"""What must hold for every Case that may be given, with the real knowledge base."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from admissible import MAIN_EXAMPLES, WITHOUT_CLOCK_CHANGES, Given, cases
from hypothesis import assume, given, note, reject, settings
from hypothesis import strategies as st

from planner.casefile import moment_for, read_answers
from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge import load
from planner.knowledge.records import MOUD_DECISIONS
from planner.plan import Line, Plan, Step, as_data, to_json
from planner.problems import Refused
from planner.review import EXAMPLES_MADE_AT
from planner.schedule import is_past

STOPS = ("never", "avoid")


def plan_of(case: Given) -> Plan:
    knowledge = load()
    return make_plan(derive(case.case(), knowledge.catalog, case.now), knowledge)


# --- one plan: each rule returns what breaks it ----------------------------------------------------------------------


def every_line(plan: Plan) -> Iterator[Line]:
    for line in plan.lines():
        yield line
        yield from line.also


def texts_of(line: Line) -> list[str]:
    found = [line.say, line.because, line.short, *line.choices, *(line.say_patient or {}).values()]
    found += [text for step in line.steps for text in (step.what, step.what_patient)]
    if line.table:
        found += [line.table.title, *line.table.columns, *(cell for row in line.table.rows for cell in row)]
    return found


def lines_without_source_or_id(plan: Plan) -> list[str]:
    return [
        line.say
        for line in every_line(plan)
        if not line.id or not line.sources or not all(cited.citation for cited in line.sources)
    ]


def missing_facts_that_are_not_asked(plan: Plan) -> list[str]:
    asked = {(fact, ask.question) for ask in plan.unknown for fact in ask.fact.split(", ")}
    return [
        f"{line.id}: {lack.name}"
        for line in every_line(plan)
        for lack in line.missing
        if (lack.name, lack.question) not in asked
    ]


def questions_without_words_or_purpose(plan: Plan) -> list[str]:
    return [ask.fact for ask in plan.unknown if not ask.question.strip() or not ask.needed_for]


def texts_that_say_not_known_without_asking(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        if not line.missing
        for text in texts_of(line)
        if "[not known]" in text
    ]


def placeholders_left_open(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        for text in texts_of(line)
        if re.search(r"\{[a-z_0-9]+\.[a-z_0-9.]+\}", text.replace("{labs.egfr}", ""))
    ]


def steps_in_the_past(plan: Plan) -> list[str]:
    steps: Iterable[Step] = (*plan.timeline, *(step for line in every_line(plan) for step in line.steps))
    steps = (*steps, *(step for medicine in plan.summary.medicines for step in medicine.key_steps))
    return [
        f"{step.line_id}: {moment}"
        for step in steps
        if (moment := step.at or step.on) and is_past(moment, plan.made_at)
    ]


def sentences_with_a_planned_day_that_is_past(plan: Plan) -> list[str]:
    # “Not before” the day of restart stays true once that day has come, so `entry.restart_from` may be past.
    planned = {"surgery.day", "opioid.expected_stop", "entry.hold_from", "entry.restart_expected", "entry.hold_restart"}
    return [
        f"{line.id}: {name} {moment}"
        for line in every_line(plan)
        for name, moment in line.dates.items()
        if name in planned and is_past(moment, plan.made_at)
    ]


def holds_without_a_restart(plan: Plan) -> list[str]:
    restarts = {line.medicine for line in plan.moud if line.part == "restart"}
    return [
        medicine.decision_line
        for medicine in plan.summary.medicines
        if medicine.decision == "hold" and medicine.index not in restarts
    ]


def subjects_both_recommended_and_stopped(plan: Plan) -> list[str]:
    stopped = {(subject, line.medicine) for line in plan.lines() if line.verdict in STOPS for subject in line.subjects}
    recommended = [
        (line.id, subject, line.medicine)
        for line in plan.lines()
        if line.verdict == "recommend"
        for subject in line.subjects
    ]
    return [f"{name}: {subject}" for name, subject, medicine in recommended if (subject, medicine) in stopped]


def naltrexone_among_the_pain_medicines(plan: Plan) -> list[str]:
    return [line.id for line in plan.non_opioid if "naltrexone" in " ".join(line.subjects)]


def buprenorphine_counted_in_mme(plan: Plan) -> list[str]:
    counted = re.compile(r"\d[\d.,]*\s*(?:MME|mg (?:of )?(?:oral )?morphine|morphine milligram)")
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        for text in texts_of(line)
        if "uprenorphine" in text and counted.search(text)
    ]


def medicines_without_one_decision(plan: Plan) -> list[str]:
    decisions = Counter(line.medicine for line in plan.moud if line.part == "decision")
    return [
        str(medicine.index)
        for medicine in plan.summary.medicines
        if decisions[medicine.index] != 1 or medicine.decision not in MOUD_DECISIONS
    ]


def lines_in_a_section_that_is_not_theirs(plan: Plan) -> list[str]:
    sections = (
        "conflicts",
        "moud",
        "non_opioid",
        "regional",
        "anticoagulant",
        "team",
        "monitoring",
        "opioids",
        "discharge",
        "aftercare",
    )
    return [
        f"{line.id}: {line.section} in {section}"
        for section in sections
        for line in getattr(plan, section)
        if line.section != section
    ]


def lines_with_an_id_twice_on_one_subject(plan: Plan) -> list[str]:
    found = Counter((line.id, subject, line.medicine) for line in plan.lines() for subject in line.subjects)
    return [str(key) for key, count in found.items() if count > 1]


RULES: tuple[Callable[[Plan], list[str]], ...] = (
    lines_without_source_or_id,
    missing_facts_that_are_not_asked,
    questions_without_words_or_purpose,
    texts_that_say_not_known_without_asking,
    placeholders_left_open,
    steps_in_the_past,
    sentences_with_a_planned_day_that_is_past,
    holds_without_a_restart,
    subjects_both_recommended_and_stopped,
    naltrexone_among_the_pain_medicines,
    buprenorphine_counted_in_mme,
    medicines_without_one_decision,
    lines_in_a_section_that_is_not_theirs,
    lines_with_an_id_twice_on_one_subject,
)


@settings(max_examples=MAIN_EXAMPLES)
@given(cases())
def test_every_admissible_case_gets_a_plan_that_breaks_no_rule(case: Given) -> None:
    plan = plan_of(case)
    assert {rule.__name__: found for rule in RULES if (found := rule(plan))} == {}


@given(cases(after_surgery=True))
def test_every_admissible_case_after_the_operation_gets_a_plan_that_breaks_no_rule(case: Given) -> None:
    plan = plan_of(case)
    assert {rule.__name__: found for rule in RULES if (found := rule(plan))} == {}


# --- two plans: what must not change, and how ------------------------------------------------------------------------


@given(cases())
def test_the_same_answers_give_the_same_bytes(case: Given) -> None:
    assert to_json(plan_of(case)) == to_json(plan_of(case))


@given(cases())
def test_a_case_written_to_a_file_and_read_again_gives_the_same_bytes(case: Given) -> None:
    again = Given(json.loads(json.dumps(case.case().model_dump(mode="json"))), case.now)
    assert to_json(plan_of(again)) == to_json(plan_of(case))


def without_identity(plan: Plan) -> dict[str, Any]:
    data: dict[str, Any] = as_data(plan)
    data["summary"]["person"] = ""
    return data


@given(cases(), st.sampled_from(["Ana Lee", "<b>Bea</b>", "Zoë O'Brien-王"]), st.sampled_from(["A1", "0007"]))
def test_another_name_and_record_number_change_nothing_but_the_identity(case: Given, name: str, mrn: str) -> None:
    # Only that somebody is named counts, so the name is replaced and not taken away.
    patient = case.answers["patient"]
    assume((patient.get("name") or "").strip())
    renamed = replace(case, answers={**case.answers, "patient": {**patient, "name": name, "mrn": mrn}})
    assert without_identity(plan_of(renamed)) == without_identity(plan_of(case))


def turned_round(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with every list but that of the medicines for addiction in reverse order."""

    def turned(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: turned(item) for name, item in value.items()}
        return list(reversed(value)) if isinstance(value, list) else value

    return {**turned(answers), **({"moud": answers["moud"]} if "moud" in answers else {})}


@given(cases())
def test_the_order_in_which_a_list_was_filled_in_changes_nothing(case: Given) -> None:
    assert to_json(plan_of(replace(case, answers=turned_round(case.answers)))) == to_json(plan_of(case))


def said_about_medicines(plan: Plan) -> dict[str, Any]:
    """Return what the plan says, without the places of the medicines in the list."""
    labels = {
        medicine.index: f"{medicine.label} {medicine.dose} {medicine.headline}" for medicine in plan.summary.medicines
    }
    lines = [
        (
            line.id,
            line.subject,
            line.verdict,
            line.say,
            labels.get(line.medicine if line.medicine is not None else -1, ""),
        )
        for line in plan.lines()
    ]
    asks = [(ask.fact, ask.question, sorted({needed.line_id for needed in ask.needed_for})) for ask in plan.unknown]
    steps = [(step.at, step.on, step.what, step.who) for step in plan.timeline]
    return {"lines": Counter(lines), "asks": sorted(asks), "steps": Counter(steps), "complete": plan.complete}


@given(cases())
def test_the_order_of_the_medicines_changes_the_order_of_their_lines_and_nothing_else(case: Given) -> None:
    medicines = case.answers.get("moud") or []
    assume(len(medicines) > 1)
    swapped = replace(case, answers={**case.answers, "moud": medicines[::-1]})
    assert said_about_medicines(plan_of(swapped)) == said_about_medicines(plan_of(case))


ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PAPER_DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\u00a0(\d{1,2})\u00a0([A-Z][a-z]{2})\u00a0(\d{4})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shifted(value: Any, weeks: int) -> Any:
    """Return answers or a plan with every day moved, those in sentences included."""

    def paper(match: re.Match[str]) -> str:
        from planner.words import day

        return day(date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1])) + timedelta(weeks=weeks))

    if isinstance(value, Mapping):
        # The days on which a record was checked belong to the knowledge base, not to the person.
        return {
            name: item if name in ("checked_on", "check_again", "sources") else shifted(item, weeks)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [shifted(item, weeks) for item in value]
    if isinstance(value, str):
        moved = ISO_DAY.sub(lambda match: (date.fromisoformat(match[0]) + timedelta(weeks=weeks)).isoformat(), value)
        return PAPER_DAY.sub(paper, moved)
    return value


@given(cases(zones=WITHOUT_CLOCK_CHANGES, longest_wait_days=300), st.integers(1, 60))
def test_all_dates_moved_by_whole_weeks_move_all_dates_of_the_plan(case: Given, weeks: int) -> None:
    # Age and whole months of recovery go by the calendar, not by weeks; they are left out.
    answers = {**case.answers, "patient": {**case.answers["patient"], "birth_date": None}}
    answers["recovery"] = {**answers.get("recovery", {}), "since": None}
    before = Given(answers, case.now)
    after = Given(shifted(answers, weeks), case.now + timedelta(weeks=weeks))
    assert json.loads(to_json(plan_of(after))) == shifted(json.loads(to_json(plan_of(before))), weeks)


# --- an answer taken away --------------------------------------------------------------------------------------------

# Not questions of fact: what kind of plan it is, which product, a choice that a clinician documents, a wish. And two whose
# absence has a stated reading: an opioid medicine counts as treatment, and a medicine against clotting counts by itself.
NOT_TAKEN_AWAY = (
    "kind", "moud.product", "moud.hold_choice", "moud.hold_hours", "surgery.time_zone", "surgery.procedure_text", "surgery.regional_refused",
    "patient.language", "moud.indication", "health.anticoagulants.drug",
)  # fmt: skip
# Answers that tell the same thing in several ways. One alone may be taken away only with the others.
TOLD_TOGETHER = (
    ("recovery.status", "recovery.since", "recovery.last_opioid_use"),
    ("opioids.planned", "opioids.home_supply", "opioids.last_dose_at"),
    ("patient.pregnant", "patient.pregnancy_weeks"),
    ("surgery.procedure", "surgery.expected_pain", "surgery.body_region"),
    ("moud.last_dose_at", "moud.last_injection_on"),
    ("moud.dose_mg", "moud.verification"),
)


# A standing plan is for an injury some day: it does not ask when the last dose before it was. An urgent plan does not wait
# for the hour of the operation.
NOT_ASKED_IN = {
    "standing": ("moud.last_dose_at", "moud.last_injection_on"),
    "urgent": ("surgery.at",),
    "emergency": ("surgery.at",),
}


def named(path: tuple[str | int, ...]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the place of every answer that was given."""
    is_list = isinstance(value, list) and value and isinstance(value[0], Mapping)
    if isinstance(value, Mapping) or is_list:
        for step, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from leaves(item, (*path, step))
    elif value is not None and not named(path).startswith(NOT_TAKEN_AWAY):
        yield path


def without(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return the answers with one of them not known; what was not given stays so."""
    if not path:
        return None
    if isinstance(value, Mapping):
        return {**value, path[0]: without(value[path[0]], path[1:])} if value.get(path[0]) is not None else value
    return [without(item, path[1:]) if index == path[0] else item for index, item in enumerate(value)]


def without_all_that_tells_it(answers: Any, path: tuple[str | int, ...]) -> Any:
    group = next((group for group in TOLD_TOGETHER if named(path).startswith(group)), (named(path),))
    entry = [step for step in path if isinstance(step, int)]
    for name in group:
        first, *rest = name.split(".")
        answers = (
            without(answers, (first, *(entry if first == "moud" else ()), *rest))
            if len(group) > 1
            else without(answers, path)
        )
    return answers


def with_one_measure_of_the_kidneys(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without creatinine: of two measures that disagree, one taken away leaves the better one."""
    return dict(without(answers, ("health", "labs", "creatinine_mg_dl")))


def warnings(plan: Plan) -> set[str]:
    """Return the warnings of a plan, but for those that two answers do not fit together, and for dated restarts."""
    return {
        line.id
        for line in every_line(plan)
        if line.verdict in (*STOPS, "caution") and line.section != "conflicts" and line.part != "restart"
    }


def unasked_losses(before: Plan, after: Plan) -> set[str]:
    """Return the warnings that went away although no question about them stands in the plan."""
    if {ask.question for ask in after.unknown} - {ask.question for ask in before.unknown}:
        return set()
    return warnings(before) - warnings(after) - {needed.line_id for ask in after.unknown for needed in ask.needed_for}


EXAMPLES = {path.stem: path for path in sorted((Path(__file__).parent.parent / "examples").glob("*.yaml"))}


@pytest.mark.parametrize("example", EXAMPLES)
def test_any_answer_of_an_example_taken_away_removes_no_warning_without_asking_for_it(example: str) -> None:
    answers = read_answers(EXAMPLES[example])
    whole = Given(answers, moment_for(answers, EXAMPLES_MADE_AT.get(example, "2026-11-23T09:00")))
    before = plan_of(whole)
    lost = {
        named(place): unasked_losses(before, plan_of(replace(whole, answers=without_all_that_tells_it(answers, place))))
        for place in leaves(answers)
        if named(place) != "health.labs.creatinine_mg_dl"
    }
    assert {place: found for place, found in lost.items() if found} == {}


@settings(max_examples=MAIN_EXAMPLES // 5)
@given(cases(), st.data())
def test_an_answer_taken_away_removes_no_warning_without_asking_for_it(case: Given, data: st.DataObject) -> None:
    case = replace(case, answers=with_one_measure_of_the_kidneys(case.answers))
    places = list(leaves(case.answers))
    assume(places)
    place = data.draw(st.sampled_from(places))
    assume(named(place) not in NOT_ASKED_IN.get(case.answers["kind"], ()))
    try:
        after = plan_of(replace(case, answers=without_all_that_tells_it(case.answers, place)))
    except Refused:
        reject()  # a dose planned before surgery, and no surgery any more
    note(f"without {place}")
    assert unasked_losses(plan_of(case), after) == set()
