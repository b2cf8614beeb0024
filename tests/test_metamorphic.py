"""Two Cases that differ in one thing, and what must or must not differ between their plans.

I2, I3 and so on are the numbers of the project's list of properties. Each is looked at with a thousand pairs or more on the
build machine (``CI`` in the environment), with some sixty elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from admissible import PAIRS, WITHOUT_CLOCK_CHANGES, Given, cases
from conditions import Atom, Join, Part, parsed
from hypothesis import assume, given, note, reject, settings
from hypothesis import strategies as st
from plan_rules import OPTIONS, STOPS, every_line
from real_plans import CONTINUED, person

from planner import choices
from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.casefile import moment_for, read_answers
from planner.engine import make_plan
from planner.facts import derive
from planner.facts.health import medicine_classes
from planner.knowledge import load
from planner.knowledge.load import Knowledge, Rule
from planner.plan import Line, Plan, as_data
from planner.problems import Refused
from planner.review import EXAMPLES_MADE_AT, cases_in

ROOT = Path(__file__).parent.parent


def plan_of(case: Given) -> Plan:
    knowledge = load()
    return make_plan(derive(case.case(), knowledge.catalog, case.now), knowledge)


def changed(case: Given, group: str, **answers: Any) -> Given:
    """Return the Case with some answers of one group replaced."""
    return replace(case, answers={**case.answers, group: {**case.answers.get(group, {}), **answers}})


# --- I2: name, record number, order of entries -----------------------------------------------------------------------


def without_identity(plan: Plan) -> dict[str, Any]:
    data: dict[str, Any] = as_data(plan)
    data["summary"]["person"] = ""
    return data


@settings(max_examples=PAIRS // 2)
@given(cases(), st.sampled_from(["Ana Lee", "<b>Bea</b>", "Zoë O'Brien-王"]), st.sampled_from(["A1", "0007"]))
def test_another_name_and_record_number_change_nothing_but_the_identity(case: Given, name: str, mrn: str) -> None:
    # Only that somebody is named counts, so the name is replaced and not taken away.
    named_case = changed(case, "patient", name="Somebody")
    assert without_identity(plan_of(changed(case, "patient", name=name, mrn=mrn))) == without_identity(
        plan_of(named_case)
    )


# Their lines are numbered by their place in the list.
NUMBERED = ("moud", "anticoagulants", "local_anesthetics")


def turned_round(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with every list but the numbered ones in reverse order."""

    def turned(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: item if name in NUMBERED else turned(item) for name, item in value.items()}
        return list(reversed(value)) if isinstance(value, list) else value

    return dict(turned(answers))


@settings(max_examples=PAIRS // 2)
@given(cases())
def test_the_order_in_which_a_list_was_filled_in_changes_nothing(case: Given) -> None:
    assert plan_of(replace(case, answers=turned_round(case.answers))) == plan_of(case)


def said_whatever_the_order(plan: Plan) -> dict[str, Any]:
    """Return what the plan says, without the places of medicines in their lists; names that are listed are sorted."""
    labels = {
        medicine.index: f"{medicine.label} {medicine.dose} {medicine.headline}" for medicine in plan.summary.medicines
    }
    lines = [
        (
            line.id,
            line.subject,
            line.verdict,
            tuple(sorted(re.split(r"[ \u00a0,;:.()]+", line.say))),
            labels.get(line.medicine if line.medicine is not None else -1, ""),
            line.subject_label if line.agent is not None else "",
        )
        for line in plan.lines()
    ]
    asks = [
        (ask.fact, tuple(sorted(ask.question.split())), tuple(sorted({needed.line_id for needed in ask.needed_for})))
        for ask in plan.unknown
    ]
    steps = [(step.at, step.on, step.what, step.who) for step in plan.timeline]
    used = [] if plan.budget is None else plan.budget.used
    return {
        "lines": Counter(lines),
        "asks": Counter(asks),
        "steps": Counter(steps),
        "complete": plan.complete,
        "budget": (Counter(used), plan.budget and replace(plan.budget, used=())),
    }


@settings(max_examples=PAIRS // 2)
@given(cases(), st.sampled_from(NUMBERED))
def test_the_order_of_medicines_changes_the_order_of_their_lines_and_nothing_else(case: Given, which: str) -> None:
    group = {"moud": "", "anticoagulants": "health", "local_anesthetics": "surgery"}[which]
    holder = case.answers.get(group, {}) if group else case.answers
    listed = holder.get(which) or []
    assume(len(listed) > 1)
    swapped = (
        changed(case, group, **{which: listed[::-1]})
        if group
        else replace(case, answers={**case.answers, which: listed[::-1]})
    )
    assert said_whatever_the_order(plan_of(swapped)) == said_whatever_the_order(plan_of(case))


# --- I3: all dates moved ---------------------------------------------------------------------------------------------

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PAPER_DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\u00a0(\d{1,2})\u00a0([A-Z][a-z]{2})\u00a0(\d{4})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shifted(value: Any, days: int) -> Any:
    """Return answers or a plan with every day moved, those in sentences included."""

    def paper(match: re.Match[str]) -> str:
        from planner.words import day

        return day(date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1])) + timedelta(days=days))

    if isinstance(value, Mapping):
        # The days on which a record was checked belong to the knowledge base, not to the person.
        return {
            name: item if name in ("checked_on", "check_again", "sources") else shifted(item, days)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [shifted(item, days) for item in value]
    if isinstance(value, str):
        moved = ISO_DAY.sub(lambda match: (date.fromisoformat(match[0]) + timedelta(days=days)).isoformat(), value)
        return PAPER_DAY.sub(paper, moved)
    return value


@settings(max_examples=PAIRS)
@given(cases(zones=WITHOUT_CLOCK_CHANGES, longest_wait_days=300), st.integers(1, 400))
def test_all_dates_moved_by_whole_days_move_all_dates_of_the_plan(case: Given, days: int) -> None:
    # Age, whole months of recovery, weekends and holidays go by the calendar; they are left out.
    answers = {**case.answers, "patient": {**case.answers["patient"], "birth_date": None}}
    answers["recovery"] = {**answers.get("recovery", {}), "since": None}
    answers["going_home"] = {}
    before = Given(answers, case.now)
    after = Given(shifted(answers, days), case.now + timedelta(days=days))
    assert as_data(plan_of(after)) == shifted(as_data(plan_of(before)), days)


# --- I4: the same quantity told in another way -----------------------------------------------------------------------


def told_otherwise(value: Any) -> Any:
    """Return the answers with every number written with a zero behind the point and a blank before it."""
    if isinstance(value, Mapping):
        return {name: told_otherwise(item) for name, item in value.items()}
    if isinstance(value, list):
        return [told_otherwise(item) for item in value]
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        return f" {value}0" if "." in value else f" {value}.0"
    return value


# Texts and telephone numbers may look like numbers; here only questions that ask for one are rewritten.
NUMBERS = {
    "patient": ("weight_kg", "height_cm"),
    "health": ("alcohol_drinks_per_day", "acetaminophen_mg_at_home"),
}


@settings(max_examples=PAIRS // 3)
@given(cases())
def test_a_number_written_in_another_way_is_the_same_number(case: Given) -> None:
    other = case
    for group, names in NUMBERS.items():
        given_here = case.answers.get(group, {})
        other = changed(
            other, group, **{name: told_otherwise(given_here[name]) for name in names if given_here.get(name)}
        )
    labs = case.answers.get("health", {}).get("labs")
    if labs:
        other = changed(other, "health", labs=told_otherwise(labs))
    entries = [
        {**entry, **{name: told_otherwise(entry.get(name)) for name in ("dose_mg", "dose_mcg")}}
        for entry in case.answers.get("moud") or []
    ]
    if entries:
        other = replace(other, answers={**other.answers, "moud": entries})
    assert plan_of(other) == plan_of(case)


LIMITS = sorted(choices.LOCAL_ANESTHETICS)


@settings(max_examples=PAIRS // 3)
@given(cases(), st.sampled_from(LIMITS), st.sampled_from(["0.125", "0.2", "0.25", "0.5", "1", "2"]), st.integers(1, 60))
def test_a_local_anesthetic_in_percent_and_ml_is_the_same_amount_in_mg(
    case: Given, drug: str, percent: str, volume: int
) -> None:
    one = {"drug": drug, "route": "block", "site": "thigh"}
    mg = str(Decimal(percent) * 10 * volume)
    by_volume = changed(case, "surgery", local_anesthetics=[{**one, "percent": percent, "volume_ml": str(volume)}])
    by_amount = changed(case, "surgery", local_anesthetics=[{**one, "mg": mg}])
    assert plan_of(by_volume) == plan_of(by_amount)


SAME_DOSE = (
    ("5 mg twice daily", "5 mg BID", "5 mg every 12 hours", "5mg two times a day", "5.0 mg twice a day"),
    ("40 mg once daily", "40 mg every day", "40 mg at night", "40 mg every 24 hours", "40 mg QD"),
    ("1 mg/kg every 12 hours", "1 mg/kg twice daily", "1 mg per kg BID"),
    ("5000 units three times a day", "5,000 units TID", "5,000 IU every 8 hours", "5000 u every eight hours"),
)


@settings(max_examples=PAIRS // 3)
@given(cases(), st.sampled_from(sorted(load().catalog.antithrombotics)), st.sampled_from(SAME_DOSE), st.data())
def test_a_dose_written_in_another_way_is_the_same_dose(
    case: Given, agent: str, ways: tuple[str, ...], data: st.DataObject
) -> None:
    listed = (case.answers.get("health", {}).get("anticoagulants") or [{}])[0]
    name = load().catalog.antithrombotics[agent].names[0]
    first, other = ways[0], data.draw(st.sampled_from(ways[1:]))
    plans = [
        plan_of(changed(case, "health", anticoagulants=[{**listed, "drug": name, "dose": dose}]))
        for dose in (first, other)
    ]
    assert plans[0] == plans[1]


OWN_STRENGTHS = [
    (product.id, strength, film)
    for product in load().catalog.products.values()
    for strength, film in product.film_strengths.items()
]
# What hangs on the tablets that exist, and says their names, is not the same for two products.
OF_THE_PRODUCT = {"entry.own_strengths", "moud.own_strengths", "entry.product", "entry.can_split", "entry.split", "entry.dose_mg",
                  "entry.strength_fits", "entry.implausible_dose", "moud.products"}  # fmt: skip


def said_about_the_total(plan: Plan) -> set[tuple[str, str]]:
    """Return the lines that do not hang on the strengths of a product."""
    rules = load().by_id
    return {
        (line.id, line.verdict)
        for line in every_line(plan)
        if line.id not in rules or not OF_THE_PRODUCT & {*rules[line.id].shown}
    }


@settings(max_examples=PAIRS // 3)
@given(cases(), st.sampled_from(OWN_STRENGTHS), st.integers(1, 2))
def test_a_product_with_its_own_strengths_gets_the_plan_of_its_film_equivalent(
    case: Given, own: tuple[str, Decimal, Decimal], times: int
) -> None:
    product, strength, film = own
    usual = {"indication": "oud", "times_per_day": str(times), "last_dose_at": _yesterday(case)}
    tablets = {**usual, "product": product, "dose_mg": str(strength * times)}
    films = {**usual, "product": "buprenorphine_naloxone_sl", "dose_mg": str(film * times)}
    told = [replace(case, answers={**case.answers, "moud": [entry]}) for entry in (tablets, films)]
    facts = [derive(one.case(), load().catalog, one.now) for one in told]
    plans = [make_plan(one, load()) for one in facts]
    assert all(plan.summary.medicines[0].decision in CONTINUED for plan in plans)
    # 12.6 mg of Bunavail is continued whole where 18 mg of film is split: its films do not divide the day.
    if facts[0].entries[0].values["entry.can_split"] == facts[1].entries[0].values["entry.can_split"]:
        assert said_about_the_total(plans[0]) == said_about_the_total(plans[1])
        assert plans[0].summary.medicines[0].decision == plans[1].summary.medicines[0].decision


def _yesterday(case: Given) -> str:
    return (case.now - timedelta(days=1)).replace(tzinfo=None).isoformat(timespec="minutes")


@pytest.mark.parametrize("product", sorted(load().catalog.products))
def test_a_dose_in_the_unit_of_another_product_is_refused_and_never_taken_over(product: str) -> None:
    """The program asks for mg or mcg, never both, and for kg only; no pounds are taken, so there is nothing to compare."""
    unit = load().catalog.products[product].unit
    wrong = "dose_mg" if unit.startswith("mcg") else "dose_mcg"
    answers = person({"product": product, wrong: 8, **({"product_name": "x"} if product == "other" else {})})
    now = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
    with pytest.raises(Refused, match=r"moud\.0\.dose_"):
        read_case(answers, load().catalog, now)


# --- I5: an answer taken away --------------------------------------------------------------------------------------------

# Not questions of fact: what kind of plan it is, which product, a choice that a clinician documents, a wish. And some whose
# absence has a stated reading: an opioid medicine counts as treatment, a medicine against clotting counts by itself, one side
# is operated on unless both are said, without a drug level the hours decide, a restart that is not planned is not too early, what
# is not said to start after the operation is taken already, and the label says when an injection is due.
NOT_TAKEN_AWAY = (
    "kind", "moud.product", "moud.hold_choice", "moud.hold_hours", "surgery.time_zone", "surgery.procedure_text", "surgery.regional_refused",
    "patient.language", "moud.indication", "health.anticoagulants.drug", "surgery.both_sides",
    "health.anticoagulants.anti_xa", "health.anticoagulants.level_ng_ml", "health.anticoagulants.restart_at",
    "health.anticoagulants.starts_after_surgery", "moud.next_due_on",
)  # fmt: skip
# Answers that tell the same thing in several ways. One alone may be taken away only with the others.
TOLD_TOGETHER = (
    ("recovery.status", "recovery.since", "recovery.last_opioid_use"),
    ("opioids.planned", "opioids.home_supply", "opioids.last_dose_at"),
    ("patient.pregnant", "patient.pregnancy_weeks"),
    ("surgery.procedure", "surgery.expected_pain", "surgery.body_region"),
    ("moud.last_dose_at", "moud.last_injection_on"),
    ("moud.dose_mg", "moud.verification"),
    ("health.anticoagulants.dose", "health.anticoagulants.dose_class"),
    ("surgery.local_anesthetics.mg", "surgery.local_anesthetics.percent", "surgery.local_anesthetics.volume_ml"),
)


# A standing plan is for an injury some day: it does not ask when the last dose before it was. An urgent plan does not wait
# for the hour of the operation.
NOT_ASKED_IN = {
    "standing": ("moud.last_dose_at", "moud.last_injection_on"),
    "urgent": ("surgery.at",),
    "emergency": ("surgery.at",),
}


# Nothing was taken of a medicine that a known list of medicines does not hold.
NONE_BY_THE_LIST = ("health.acetaminophen_mg_at_home", "health.ketorolac_days_used", "health.suzetrigine_days_used")


def has_a_stated_reading(case: Given, place: tuple[str | int, ...]) -> bool:
    """Whether an answer need not be asked for when it is gone."""
    if named(place) in NONE_BY_THE_LIST and case.answers.get("health", {}).get("medicines") is not None:
        return True
    return named(place) in NOT_ASKED_IN.get(case.answers["kind"], ())


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
    group = next((group for group in TOLD_TOGETHER if named(path).startswith(group)), None)
    if group is None:
        return without(answers, path)
    # Up to the entry of a list the path is the same for all of them.
    entry = [place for place, step in enumerate(path) if isinstance(step, int)]
    same = path[: entry[-1] + 1] if entry else ()
    for name in group:
        answers = without(answers, (*same, *name.split(".")[len(named(same).split(".")) if same else 0 :]))
    return answers


def told_once(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without creatinine: of two measures that disagree, one taken away leaves the better one."""
    return dict(without(answers, ("health", "labs", "creatinine_mg_dl")))


Named = tuple[str, int | None, int | None]


def named_line(line: Line) -> Named:
    """Return what tells a line from the same one about another medicine of the list."""
    return (line.id, line.medicine, line.agent)


def warnings(plan: Plan) -> set[Named]:
    """Return the warnings of a plan, but for those that two answers do not fit together, and for dated restarts."""
    rules = load().by_id
    return {
        named_line(line)
        for line in every_line(plan)
        if line.verdict in (*STOPS, "caution") and line.section != "conflicts" and line.part != "restart"
        # A due day that does not fit the last injection is such a pair too.
        if line.id not in rules or "entry.due_day_doubtful" not in rules[line.id].condition.needs
    }


def questions(plan: Plan) -> set[str]:
    """Return what a plan asks for: its questions, and the lines that say what a medicine against clotting still lacks."""
    rules = load().by_id
    lacking = {
        line.say for line in every_line(plan) if line.id in rules and "agent.lacks" in rules[line.id].placeholders
    }
    return lacking | {ask.question for ask in plan.unknown}


def unasked_losses(before: Plan, after: Plan, place: str) -> set[str]:
    """Return the warnings that went away although no question about them stands in the plan, and no new stop instead.

    Without the kind of an operation only what all its kinds allow is offered; a warning about a drug that is offered no
    longer is then no loss.
    """
    if questions(after) - questions(before):
        return set()
    asked = {needed.line_id for ask in after.unknown for needed in ask.needed_for}
    new, gone = warnings(after) - warnings(before), warnings(before) - warnings(after)
    # What is said about one medicine against clotting is one question: may a needle follow.
    stopped = {
        (line.section, line.agent if line.agent is not None else line.subject)
        for line in every_line(after)
        if named_line(line) in new and line.verdict in STOPS
    }
    return {
        line.id
        for line in every_line(before)
        if named_line(line) in gone
        and line.id not in asked
        and (line.section, line.agent if line.agent is not None else line.subject) not in stopped
        and not (place == "surgery.variant" and line.section == "non_opioid" and line.subject not in offered(after))
    }


EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("*.yaml"))}


@pytest.mark.parametrize("example", EXAMPLES)
def test_any_answer_of_an_example_taken_away_removes_no_warning_without_asking_for_it(example: str) -> None:
    answers = read_answers(EXAMPLES[example])
    whole = Given(answers, moment_for(answers, EXAMPLES_MADE_AT.get(example, "2026-11-23T09:00")))
    before = plan_of(whole)
    lost = {
        named(place): unasked_losses(
            before, plan_of(replace(whole, answers=without_all_that_tells_it(answers, place))), named(place)
        )
        for place in leaves(answers)
        if named(place) != "health.labs.creatinine_mg_dl" and not has_a_stated_reading(whole, place)
    }
    assert {place: found for place, found in lost.items() if found} == {}


@settings(max_examples=PAIRS)
@given(cases(), st.data())
def test_an_answer_taken_away_removes_no_warning_without_asking_for_it(case: Given, data: st.DataObject) -> None:
    case = replace(case, answers=told_once(case.answers))
    places = list(leaves(case.answers))
    assume(places)
    place = data.draw(st.sampled_from(places))
    assume(not has_a_stated_reading(case, place))
    try:
        after = plan_of(replace(case, answers=without_all_that_tells_it(case.answers, place)))
    except Refused:
        reject()  # a dose planned before surgery, and no surgery any more
    note(f"without {place}")
    assert unasked_losses(plan_of(case), after, named(place)) == set()


# --- I6: an allergy or a contraindication more -----------------------------------------------------------------------


def offered(plan: Plan, section: str = "non_opioid") -> set[str]:
    """Return the drugs or techniques that a plan offers or asks about."""
    return {
        subject for line in getattr(plan, section) if line.verdict in (*OPTIONS, "ask") for subject in line.subjects
    }


def reasons_against(part: Part, wanted: bool = True) -> Iterator[str]:
    """Yield the yes-or-no facts that a condition wants answered with yes."""
    if isinstance(part, Atom) and part.sort == "is" and wanted:
        yield part.fact
    elif isinstance(part, Join):
        for one in part.parts:
            yield from reasons_against(one, wanted is not (part.sort == "!"))


@cache
def stopped_by() -> dict[str, set[str]]:
    """Return for each allergy, condition or class of medicines the drugs that some stop names because of it."""
    drugs = load().catalog.drugs
    found: dict[str, set[str]] = {}
    for rule in load().by_id.values():
        if rule.record.section != "non_opioid" or rule.record.verdict not in STOPS:
            continue
        groups = {drugs[subject].heads for subject in rule.record.about if drugs[subject].heads}
        subjects = {*rule.record.about, *(drug.id for drug in drugs.values() if drug.group in groups)}
        for fact in reasons_against(parsed(rule.record.when)):
            if fact.startswith(("allergy.", "condition.", "medicine.")):
                found.setdefault(fact, set()).update(subjects)
    return found


def with_one_more(case: Given, fact: str) -> tuple[Given, Given]:
    """Return the Case with its lists known, without and with one allergy, condition or medicine."""
    kind, name = fact.split(".")
    group, listed = {
        "allergy": ("patient", "allergies"),
        "condition": ("health", "conditions"),
        "medicine": ("health", "medicines"),
    }[kind]
    known = list(case.answers.get(group, {}).get(listed) or [])
    more = load().catalog.medicines[name].names[0] if kind == "medicine" else name
    before = changed(case, group, **{listed: [item for item in known if item != more]})
    return before, changed(case, group, **{listed: [*(item for item in known if item != more), more]})


CLASSES = {"allergy.nsaid": "anti_inflammatory_medicines", "allergy.acetaminophen": "acetaminophen"}


def drugs_of_a_class(name: str) -> set[str]:
    """Return every drug of the class of an allergy: the members of a group, or all forms of one drug."""
    drugs = load().catalog.drugs
    return {
        drug.id
        for drug in drugs.values()
        if drug.id.startswith(name) or (drug.group and drug.group == drugs[name].heads)
    }


def techniques(plan: Plan) -> set[str]:
    return offered(plan, "regional") & load().catalog.blocks.keys()


REASONS = sorted(
    {*stopped_by(), *(f"condition.{name}" for name in choices.CONDITIONS), "allergy.amide_local_anesthetic"}
)


@settings(max_examples=PAIRS)
@given(cases(), st.sampled_from(REASONS))
def test_an_allergy_condition_or_medicine_more_never_adds_what_it_speaks_against(case: Given, fact: str) -> None:
    """No drug that some stop names because of it, no drug of the class that the person reacts to, and no technique."""
    note(fact)
    before, after = (plan_of(one) for one in with_one_more(case, fact))
    assert (offered(after) - offered(before)) & stopped_by().get(fact, set()) == set()
    if fact in CLASSES:
        assert offered(after) & drugs_of_a_class(CLASSES[fact]) == set()
    if fact.startswith(("condition.", "allergy.")):
        assert techniques(after) - techniques(before) == set()


# --- I10: worse kidneys, liver or breathing --------------------------------------------------------------------------


def largest_doses(plan: Plan) -> dict[str, tuple[float, float]]:
    """Return for each drug that is offered its largest single dose and its largest dose in a day."""
    found: dict[str, tuple[float, float]] = {}
    for line in plan.lines():
        if line.dose is None or line.dose.amount is None or line.verdict not in (*OPTIONS, "ask"):
            continue
        amount = float(line.dose.amount)
        record = load().by_id[line.id].record.dose
        rate = record is not None and record.per_hour
        by_rhythm = (
            amount * 24 if rate else amount * (24 / float(line.dose.every_hours)) if line.dose.every_hours else amount
        )
        day = min(by_rhythm, float(line.dose.daily_max)) if line.dose.daily_max is not None else by_rhythm
        for subject in line.subjects:
            key = f"{subject}, {line.dose.unit}{' an hour' if rate else ''}, {line.dose.route}"
            before = found.get(key, (0.0, 0.0))
            found[key] = (max(before[0], amount), max(before[1], day))
    return found


def raised_doses(before: Plan, after: Plan) -> list[str]:
    old, new = largest_doses(before), largest_doses(after)
    return [
        f"{drug}: {old[drug]} to {new[drug]}"
        for drug in old.keys() & new.keys()
        if any(now > then + 1e-9 for then, now in zip(old[drug], new[drug], strict=True))
    ]


def watched(plan: Plan) -> set[str]:
    """Return the lines about monitoring; a line that a stronger one on the same subject replaces counts by its subject."""
    return {subject for line in plan.monitoring for subject in line.subjects}


def is_worse(before: Plan, after: Plan) -> list[str]:
    """Return doses that rose and monitoring that went."""
    return raised_doses(before, after) + sorted(watched(before) - watched(after))


LIVER = tuple(choices.CHILD_PUGH)
CONDITIONS = (
    "osa_treated", "osa_untreated", "copd", "home_oxygen", "pneumonectomy", "asthma", "acute_kidney_injury", "dialysis",
    "kidney_transplant", "acute_hepatitis", "liver_failure", "chronic_liver_disease",
)  # fmt: skip
# Two kidney functions, two classes of cirrhosis, or one condition of lungs, kidneys or liver that is added.
WORSE = st.one_of(
    st.tuples(st.just("kidney"), st.integers(4, 120), st.integers(4, 120)),
    st.tuples(st.just("creatinine too"), st.integers(4, 120), st.integers(4, 120)),
    st.tuples(st.just("liver"), st.sampled_from(LIVER), st.sampled_from(LIVER)),
    st.tuples(st.just("condition"), st.sampled_from(CONDITIONS), st.none()),
)


def better_and_worse(case: Given, way: str, first: Any, second: Any) -> tuple[Given, Given]:
    """Return the Case with better and with worse kidneys, liver or breathing."""
    if way == "condition":
        return with_one_more(case, f"condition.{first}")
    if way == "liver":
        better, worse = sorted((first, second), key=LIVER.index)
        return changed(case, "health", child_pugh=better), changed(case, "health", child_pugh=worse)
    labs = case.answers.get("health", {}).get("labs") or {}

    def with_kidneys(egfr: int) -> Given:
        # Both measures get worse, or the only one does.
        creatinine = f"{90 / egfr:.2f}" if way == "creatinine too" else None
        return changed(case, "health", labs={**labs, "egfr": str(egfr), "creatinine_mg_dl": creatinine})

    return with_kidneys(max(first, second)), with_kidneys(min(first, second))


@settings(max_examples=PAIRS)
@given(cases(), WORSE)
def test_worse_kidneys_liver_or_breathing_never_raise_a_dose_or_take_monitoring_away(
    case: Given, worse: tuple[str, Any, Any]
) -> None:
    before, after = (plan_of(one) for one in better_and_worse(case, *worse))
    assert is_worse(before, after) == []


# --- I11: greater pain -----------------------------------------------------------------------------------------------

PAIN = tuple(choices.EXPECTED_PAIN)


@settings(max_examples=PAIRS)
@given(cases(), st.tuples(st.sampled_from(PAIN), st.sampled_from(PAIN)))
def test_greater_pain_never_takes_an_option_without_opioids_away(case: Given, levels: tuple[str, str]) -> None:
    less, more = sorted(levels, key=PAIN.index)
    before, after = (plan_of(changed(case, "surgery", expected_pain=level)) for level in (less, more))
    assert offered(before) - offered(after) == set()
    assert techniques(before) - techniques(after) == set()


# --- I15: an opioid and a sedative -----------------------------------------------------------------------------------

SEDATIVES = ("benzodiazepine", "gabapentinoid", "muscle_relaxant")


def cautions_about_breathing(plan: Plan) -> list[str]:
    """Return the cautions that name breathing and hang on a sedative that is taken."""
    return [
        line.id
        for line in every_line(plan)
        if line.verdict in (*STOPS, "caution")
        and re.search(r"breath|respirat", f"{line.say} {line.because}")
        and any(
            used.name in ("health.sedative_on_board", *(f"medicine.{name}" for name in SEDATIVES))
            for used in line.facts_used
        )
    ]


@settings(max_examples=PAIRS)
@given(cases(), st.sampled_from(SEDATIVES), st.booleans(), st.data())
def test_an_opioid_and_a_sedative_always_bring_a_caution_about_breathing(
    case: Given, sedative: str, as_opioid_of_the_operation: bool, data: st.DataObject
) -> None:
    typed = data.draw(st.sampled_from(load().catalog.medicines[sedative].names))
    case = changed(case, "health", medicines=[*(case.answers.get("health", {}).get("medicines") or []), typed])
    if as_opioid_of_the_operation:
        case = changed(case, "opioids", planned=True)
    else:
        entry = {"product": data.draw(st.sampled_from(["methadone", "buprenorphine_naloxone_sl", "sublocade"]))}
        case = replace(case, answers={**case.answers, "moud": [entry]})
    assert cautions_about_breathing(plan_of(case)) != []


@pytest.mark.parametrize("sedative", SEDATIVES)
def test_each_name_of_a_sedative_is_seen_as_one(sedative: str) -> None:
    for name in load().catalog.medicines[sedative].names:
        answers = person(health={"medicines": [f"{name.upper()} 1 tablet at night"]})
        case = read_case(answers, load().catalog, datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE)))
        assert medicine_classes(case, load().catalog.medicines)[sedative], name


# --- I16: a rule taken out -------------------------------------------------------------------------------------------


def without_rule(knowledge: Knowledge, name: str) -> Knowledge:
    """Return the knowledge base without one record."""

    def left(rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules if rule.record.id != name)

    return replace(
        knowledge,
        entry_rules={regimen: left(rules) for regimen, rules in knowledge.entry_rules.items()},
        block_rules=left(knowledge.block_rules),
        agent_rules=left(knowledge.agent_rules),
        case_rules=left(knowledge.case_rules),
        outcome_rules=left(knowledge.outcome_rules),
        by_id={key: rule for key, rule in knowledge.by_id.items() if key != name},
    )


def test_each_rule_taken_out_changes_the_plan_of_a_vignette_or_example() -> None:
    knowledge = load()
    printed: dict[str, int] = {}
    asked: dict[str, int] = {}
    told = [
        derive(read_case(answers, knowledge.catalog, now), knowledge.catalog, now)
        for answers, now in cases_in([ROOT / "tests" / "vignettes", ROOT / "examples"])
    ]
    plans = [make_plan(facts, knowledge) for facts in told]
    for place, plan in enumerate(plans):
        for line in every_line(plan):
            printed.setdefault(line.id, place)
        for ask in plan.unknown:
            for needed in ask.needed_for:
                asked.setdefault(needed.line_id, place)
    dead = []
    for name in knowledge.by_id:
        places = [place for place in (printed.get(name), asked.get(name)) if place is not None]
        if not any(_differs(told[place], plans[place], without_rule(knowledge, name)) for place in places):
            dead.append(name)
    assert dead == []


def _differs(facts: Any, plan: Plan, base: Knowledge) -> bool:
    try:
        return make_plan(facts, base) != plan
    except LookupError:
        return True  # a medicine is left without any decision


# --- I18: what no rule reads -----------------------------------------------------------------------------------------

NOTES = ("Green eyes.", "Takes methadone 90 mg and warfarin; allergic to ibuprofen.", "{dose} {labs.egfr}", "")


@settings(max_examples=PAIRS)
@given(cases(), st.sampled_from(NOTES), st.sampled_from(["555-0134", "+1 212 555 0199"]))
def test_a_note_and_a_telephone_number_change_no_line(case: Given, text: str, phone: str) -> None:
    """Notes are printed as written and read by no rule; so is the number of somebody who is named already."""
    other = changed(case, "health", notes=text)
    support = case.answers.get("recovery", {}).get("support_person")
    if support and support.get("name"):
        other = changed(other, "recovery", support_person={**support, "phone": phone})
    entries = [
        {**entry, "prescriber": {**entry["prescriber"], "phone": phone}} if entry.get("prescriber") else entry
        for entry in case.answers.get("moud") or []
    ]
    if entries:
        other = replace(other, answers={**other.answers, "moud": entries})
    assert without_contacts(plan_of(other)) == without_contacts(plan_of(case))


def without_contacts(plan: Plan) -> Plan:
    """Return a plan without who takes each role: a prescriber's number stands there, and nowhere else."""
    team = tuple(replace(line, contact=None) for line in plan.team)
    return replace(plan, team=team, open_roles=(), final=False)


# --- the properties see what they are there for ----------------------------------------------------------------------


def well_plan(**changes: Any) -> Plan:
    case = Given(person(**changes), datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE)))
    return plan_of(case)


def test_a_raised_dose_and_lost_monitoring_are_seen() -> None:
    plan = well_plan()
    dosed = next(line for line in plan.non_opioid if line.dose and line.dose.amount and line.verdict == "recommend")
    assert dosed.dose
    assert dosed.dose.amount
    more = replace(dosed, dose=replace(dosed.dose, amount=dosed.dose.amount + 1))
    raised = replace(plan, non_opioid=tuple(more if line is dosed else line for line in plan.non_opioid))
    assert is_worse(plan, raised) != []
    assert is_worse(raised, plan) == []
    assert is_worse(plan, replace(plan, monitoring=plan.monitoring[1:])) != []


def test_a_warning_that_goes_without_a_question_is_seen() -> None:
    plan = well_plan(patient={"allergies": ["nsaid"]})
    silent = replace(plan, non_opioid=tuple(line for line in plan.non_opioid if line.verdict not in STOPS))
    assert unasked_losses(plan, silent, "patient.allergies") != set()
    assert unasked_losses(plan, plan, "patient.allergies") == set()
    assert unasked_losses(plan, well_plan(patient={"allergies": None}), "patient.allergies") == set()


def test_what_stops_a_drug_is_read_from_its_conditions() -> None:
    assert "ketorolac" in stopped_by()["allergy.nsaid"]
    assert any(name.startswith("acetaminophen") for name in stopped_by()["allergy.acetaminophen"])
    tree = parsed("condition.asthma && !(condition.copd || allergy.nsaid) && !!medicine.warfarin")
    assert set(reasons_against(tree)) == {"condition.asthma", "medicine.warfarin"}
    assert drugs_of_a_class("anti_inflammatory_medicines") > {"ketorolac", "ibuprofen"}


def test_a_rule_that_changes_nothing_is_seen() -> None:
    answers = person()
    now = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
    facts = derive(read_case(answers, load().catalog, now), load().catalog, now)
    plan = make_plan(facts, load())
    printed = {line.id for line in every_line(plan)}
    gone = next(name for name, rule in load().by_id.items() if name in printed and rule.record.section == "team")
    idle = next(name for name in load().by_id if name not in printed and name.startswith("methadone"))
    assert _differs(facts, plan, without_rule(load(), gone))
    assert not _differs(facts, plan, without_rule(load(), idle))
