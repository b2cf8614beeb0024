"""Each number in a condition or in a table, at its limit, one unit below, one unit above, and not known.

Nothing here names a limit: the conditions and tables of the knowledge base are read, so a new one is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conditions import Hinge, comparisons, hinges, holds, parsed, unit_of
from plan_rules import OPTIONS, STOPS, every_line, offered_techniques
from real_plans import merged, person

from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.catalog import Antithrombotic, Interval, Product
from planner.engine import make_plan
from planner.engine.judging import Judge
from planner.facts import Facts, block_values, derive
from planner.facts.clotting.agent import HEPARIN_DAYS
from planner.facts.clotting.doses import counts_as_high
from planner.facts.clotting.needle import ANTI_XA_LIMIT, LEVEL_LIMIT, NORMAL_INR
from planner.facts.declare import FactValue
from planner.facts.local_anesthetics import BUDGET_HOURS, LIPOSOMAL_HOURS, OLD_YEARS, drug_limit_mg
from planner.knowledge import load
from planner.knowledge.load import Rule
from planner.plan import Plan

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
SURGERY = datetime(2026, 12, 8, 7, 30)


def facts_of(answers: Mapping[str, Any]) -> Facts:
    knowledge = load()
    return derive(read_case(answers, knowledge.catalog, NOW), knowledge.catalog, NOW)


def plan_of(facts: Facts) -> Plan:
    return make_plan(facts, load())


# --- conditions of records -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scoped:
    """A record and the facts it is judged with: those of the plan, or of one medicine, technique or agent too."""

    facts: Facts
    values: Mapping[str, FactValue]
    which: Mapping[str, Any]
    # A technique is as the table says.
    fixed: Mapping[str, FactValue] = field(default_factory=dict)


@cache
def usual_facts(regimen: str = "", agent: bool = False) -> Facts:
    """Return the facts of a well person, with one medicine of a regimen or one medicine against clotting."""
    answers = person(*([_entry_of(regimen)] if regimen else []))
    if agent:
        answers = merged(answers, {"health": {"anticoagulants": [{"drug": "apixaban", "dose": "5 mg twice daily"}]}})
    return facts_of(answers)


def _entry_of(regimen: str) -> dict[str, Any]:
    for product in load().catalog.products.values():
        for indication, named in (("oud", product.regimen), *product.regimen_for.items()):
            if named == regimen and product.regimen_for.get(indication, product.regimen) == regimen:
                dose = {"dose_mcg": 10} if product.unit.startswith("mcg") else {"dose_mg": 8}
                named_as = {"product_name": "a new one"} if product.id == "other" else {}
                return {"product": product.id, "indication": indication, **dose, **named_as}
    raise LookupError(regimen)


def scopes_of(rule: Rule) -> Iterator[Scoped]:
    """Yield the facts that a record can be judged with."""
    record = rule.record
    if record.for_:
        facts = usual_facts(record.for_[0])
        yield Scoped(facts, {**facts.values, **facts.entries[0].values}, {"medicine": 0})
    elif record.agents:
        facts = usual_facts(agent=True)
        yield Scoped(facts, {**facts.values, **facts.agents[0].values}, {"agent": 0})
    elif record.blocks:
        facts = usual_facts()
        for block in load().catalog.blocks.values():
            named = block_values(block)
            yield Scoped(facts, {**facts.values, **named}, {"technique": block.id}, named)
    else:
        yield Scoped(usual_facts(), usual_facts().values, {})


@dataclass(frozen=True)
class Turn:
    """A record that hangs on one comparison, with the facts under which it does."""

    rule: Rule
    hinge: Hinge
    scoped: Scoped

    @property
    def fact(self) -> str:
        return self.hinge.atom.fact

    def values(self, value: float | None) -> dict[str, FactValue]:
        """Return the facts with the compared one at a value; None leaves it unknown."""
        found = {**self.scoped.values, **self.hinge.others}
        found.pop(self.fact, None)
        return found if value is None else {**found, self.fact: value}

    def facts(self, value: float | None) -> Facts:
        """Return the facts of a whole plan with these values in their places."""
        wanted = self.values(value)

        def placed(values: Mapping[str, FactValue], *groups: str) -> dict[str, FactValue]:
            kept = {name: item for name, item in values.items() if name != self.fact}
            return {**kept, **{name: item for name, item in wanted.items() if name.split(".")[0] in groups}}

        facts = self.scoped.facts
        plan_groups = {name.split(".")[0] for name in facts.values} | {self.fact.split(".")[0]}
        plan_groups -= {"entry", "agent", "block", "outcome"}
        return replace(
            facts,
            values=placed(facts.values, *plan_groups),
            entries=tuple(replace(entry, values=placed(entry.values, "entry")) for entry in facts.entries),
            agents=tuple(replace(agent, values=placed(agent.values, "agent")) for agent in facts.agents),
        )


def turns() -> dict[str, Turn | None]:
    """Return every comparison of every record with a way in which the record hangs on it; None where there is none."""
    kinds = load().kinds
    found: dict[str, Turn | None] = {}
    for rule in load().by_id.values():
        tree = parsed(rule.record.when)
        for atom in comparisons(tree):
            assert isinstance(atom.value, float)
            unit = unit_of(kinds[atom.fact], atom.value)
            ways = (
                Turn(rule, hinge, scoped)
                for scoped in scopes_of(rule)
                for hinge in hinges(tree, atom, unit, kinds, scoped.values, scoped.fixed)
            )
            found[f"{rule.record.id}: {atom.fact} {atom.sort} {atom.value:g}"] = next(ways, None)
    return found


TURNS = turns()
DECIDED = {name: turn for name, turn in TURNS.items() if turn is not None}


def each_turn(function: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.parametrize("turn", DECIDED.values(), ids=list(DECIDED))(function)


def test_the_comparisons_of_the_knowledge_base_are_found() -> None:
    """So that the tests below cannot pass because nothing is looked at."""
    records = {name.split(":")[0] for name in TURNS}
    written = {
        name for name, rule in load().by_id.items() if any(c.isdigit() for c in _without_words(rule.record.when))
    }
    assert written - records == set()
    assert len(TURNS) > 200
    known = DECIDED["ketorolac-kidney: health.kidney_ml_min < 60"] if "ketorolac-kidney" in records else None
    assert known is None or known.hinge.around == (59.9, 60.0, 60.1)


def _without_words(condition: str) -> str:
    from planner.words import tokens_of

    return " ".join(token for sort, token in tokens_of(condition) if sort == "number")


def test_a_known_comparison_is_found_and_turned_in_a_condition_written_here() -> None:
    kinds = load().kinds
    tree = parsed("plan.operation && (labs.inr > 1.5 || medicine.warfarin) && !(patient.age_years >= 65.0)")
    found = {(atom.fact, atom.sort, atom.value) for atom in comparisons(tree)}
    assert found == {("labs.inr", ">", 1.5), ("patient.age_years", ">=", 65.0)}
    inr, age = comparisons(tree)
    hinge = next(hinges(tree, inr, unit_of(kinds[inr.fact], 1.5), kinds, {}))
    assert hinge.around == (1.4, 1.5, 1.6)
    assert hinge.others["plan.operation"] is True
    assert hinge.others["medicine.warfarin"] is False
    assert float(str(hinge.others["patient.age_years"])) < 65
    assert next(hinges(tree, age, unit_of(kinds[age.fact], 65.0), kinds, {})).around == (64.0, 65.0, 66.0)


@pytest.mark.parametrize(
    ("condition", "number"),
    [("patient.age_years < 18.0 && patient.age_years >= 18.0", 2), ("labs.inr > 1.5 || true", 1)],
)
def test_a_comparison_on_which_nothing_hangs_is_seen(condition: str, number: int) -> None:
    tree = parsed(condition)
    assert len(comparisons(tree)) == number
    for atom in comparisons(tree):
        assert not list(hinges(tree, atom, 1.0, load().kinds, {}))


def test_no_comparison_of_a_record_is_idle() -> None:
    """A number that never decides is a slip: the range is empty, or another part says the same."""
    assert [name for name, turn in TURNS.items() if turn is None] == []


@each_turn
def test_a_condition_turns_exactly_where_its_number_says(turn: Turn) -> None:
    tree, environment = parsed(turn.rule.record.when), load().environment
    answers = {
        value: turn.rule.condition.holds(turn.values(value), environment.Activation(turn.values(value)))
        for value in turn.hinge.around
    }
    assert answers == {value: holds(tree, turn.values(value)) for value in turn.hinge.around}
    before, after = turn.hinge.flips_between()
    assert answers[before] is not answers[after]


@each_turn
def test_a_number_that_is_not_known_is_asked_for_and_never_passed_over(turn: Turn) -> None:
    judge = Judge(turn.scoped.facts, load())
    scene = judge.scene(turn.values(None), turn.scoped.facts.moments, **turn.scoped.which)
    assert judge.judge([turn.rule], scene) == []
    assert turn.fact in [lack.name for one in judge.open for lack in one.missing]
    assert all(lack.question.strip() for one in judge.open for lack in one.missing)


@each_turn
def test_a_whole_plan_is_made_on_both_sides_of_a_number_and_without_it(turn: Turn) -> None:
    for value in turn.hinge.around:
        assert plan_of(turn.facts(value)).lines()
    plan = plan_of(turn.facts(None))
    record = turn.rule.record
    if record.blocks or any(name.startswith("outcome.") for name in turn.rule.condition.needs):
        return  # what is left, and which technique is asked about, the plan itself decides
    asked = {needed.line_id for ask in plan.unknown if turn.fact in ask.fact.split(", ") for needed in ask.needed_for}
    assert record.id in asked
    if record.section == "non_opioid" and record.verdict in STOPS:
        passed = [line.id for line in plan.non_opioid if line.verdict in OPTIONS and {*line.subjects} & {*record.about}]
        assert passed == []


# --- intervals of medicines against clotting -------------------------------------------------------------------------

TIMES = {1: "once daily", 2: "twice daily", 3: "three times a day"}
CLASSES = ("low", "mid", "high")


@dataclass(frozen=True)
class Taken:
    """One medicine against clotting at one interval of the table."""

    agent: Antithrombotic
    row: Interval

    def listed(self, **more: Any) -> dict[str, Any]:
        return {"drug": self.agent.names[0], "days_taken": 1, "indication": "other", **self._dose(), **more}

    def _dose(self) -> dict[str, Any]:
        usual = self.agent.doses.get(self.row.dose, ())
        if usual:
            size = f"{usual[0].each} mg" if usual[0].each is not None else f"{usual[0].per_kg} mg/kg"
            return {"dose": f"{size} {TIMES[usual[0].times]}"}
        if self.agent.id == "heparin_subcutaneous":
            return {
                "dose": {"low": "5000 units", "mid": "10000 units", "high": "15000 units"}[self.row.dose]
                + " twice daily"
            }
        return {"dose_class": self.row.dose} if self.row.dose in ("low", "high") else {}

    def kidney(self) -> float:
        """Return a kidney function that this interval is for."""
        low, under = self.row.kidney_from, self.row.kidney_under
        return 90.0 if under is None else float(low if low is not None else under - 1)

    def age(self) -> int:
        low, under = self.row.age_from, self.row.age_under
        return low if low is not None else 46 if under is None else min(46, under - 1)

    def answers(self, *, egfr: float | None = -1, age: int | None = -1, **more: Any) -> dict[str, Any]:
        """Return the answers of a well person who takes it; tests are normal and the last dose is long ago."""
        years = self.age() if age == -1 else age
        labs = {
            "egfr": self.kidney() if egfr == -1 else egfr,
            # So low that the clearance lies above the eGFR, and the eGFR decides; without it the clearance is not known.
            "creatinine_mg_dl": None if egfr is None else 0.3,
            "inr": 1,
            "coagulation_normal": True,
            "platelet_function_normal": True,
            "platelets": 250,
        }
        given = {"last_dose_at": clock(SURGERY - timedelta(hours=24 * 14)), **more}
        return person(
            kind="scheduled",
            patient={"birth_date": None if years is None else f"{2026 - years}-01-02", "sex": "male", "pregnant": None},
            health={"anticoagulants": [self.listed(**given)], "labs": labs},
        )


# What is asked for when the creatinine clearance, by which the bands are written, is not known.
CLEARANCE = "creatinine, weight, sex and date of birth"


def clock(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


INTERVALS = {
    f"{agent.id}, {row.dose}, kidney {row.kidney_from}-{row.kidney_under}, age {row.age_from}-{row.age_under}": Taken(
        agent, row
    )
    for agent in load().catalog.antithrombotics.values()
    for row in agent.rows
}
each_interval = pytest.mark.parametrize("taken", INTERVALS.values(), ids=list(INTERVALS))


def agent_facts(answers: Mapping[str, Any]) -> tuple[Facts, Mapping[str, FactValue]]:
    facts = facts_of(answers)
    return facts, facts.agents[0].values


def told_by(row: Interval) -> tuple[object, ...]:
    return (_number(row.hold_hours), row.catheter, row.grade, row.note, _number(row.given_with_catheter_hours))


def told(values: Mapping[str, FactValue]) -> tuple[object, ...]:
    names = ("hold_hours", "catheter", "grade", "note", "given_with_catheter_hours")
    return tuple(values.get(f"agent.{name}") for name in names)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def test_the_intervals_of_the_table_are_looked_at() -> None:
    assert len(INTERVALS) >= 30
    assert {taken.agent.id for taken in INTERVALS.values()} == load().catalog.antithrombotics.keys()


@each_interval
def test_an_interval_is_found_with_the_dose_and_person_it_is_for(taken: Taken) -> None:
    values = agent_facts(taken.answers())[1]
    expected = taken.row
    if values["agent.counts_as_high"]:
        expected = next(row for row in taken.agent.rows if row.dose == "high" and row.fits(taken.kidney(), taken.age()))
    assert told(values) == told_by(expected)


BOUNDS = {
    f"{name}, {what} {limit}": (taken, what, limit)
    for name, taken in INTERVALS.items()
    for what, limit in (
        ("kidney", taken.row.kidney_from), ("kidney", taken.row.kidney_under),
        ("age", taken.row.age_from), ("age", taken.row.age_under),
    )
    if limit is not None
}  # fmt: skip


@pytest.mark.parametrize(("taken", "what", "limit"), BOUNDS.values(), ids=list(BOUNDS))
def test_a_bound_of_an_interval_turns_where_the_table_says(taken: Taken, what: str, limit: Decimal) -> None:
    unit = 1.0 if what == "age" else 0.1
    for value in (float(limit) - unit, float(limit), float(limit) + unit):
        kidney, age = (value, taken.age()) if what == "kidney" else (taken.kidney(), int(value))
        values = agent_facts(taken.answers(egfr=kidney, age=age))[1]
        dose = "high" if values["agent.counts_as_high"] else taken.row.dose
        fits = [row for row in taken.agent.rows if row.dose == dose and _inside(row, kidney, age)]
        assert len(fits) == 1
        assert told(values) == told_by(fits[0])
    unknown = taken.answers(egfr=None) if what == "kidney" else taken.answers(age=None)
    facts, values = agent_facts(unknown)
    assert "agent.needle" not in values
    assert (CLEARANCE if what == "kidney" else "date of birth") in values["agent.lacks"]  # type: ignore[operator]
    assert_no_needle(facts)


def _inside(row: Interval, kidney: float, age: float) -> bool:
    """Written apart from the program: from is at least, under is less than."""
    return not (
        (row.kidney_from is not None and kidney < float(row.kidney_from))
        or (row.kidney_under is not None and kidney >= float(row.kidney_under))
        or (row.age_from is not None and age < row.age_from)
        or (row.age_under is not None and age >= row.age_under)
    )


def assert_no_needle(facts: Facts) -> None:
    """No neuraxial or deep technique is offered without a question in the plan for the knee, or for open chest surgery."""
    for operation in ("total_knee_arthroplasty", "thoracotomy"):
        if operation in load().catalog.procedures:
            case = facts.case.model_copy(
                update={"surgery": facts.case.surgery.model_copy(update={"procedure": operation})}
            )
            again = derive(case, load().catalog, NOW)
            assert offered_techniques(plan_of(again), ("neuraxial", "deep")) == [], operation


HOLDS = {
    f"{name}, {hours} hours": (taken, hours, least)
    for name, taken in INTERVALS.items()
    for hours in dict.fromkeys((taken.row.hold_hours_least or taken.row.hold_hours, taken.row.hold_hours))
    if hours is not None and taken.row.needle not in ("never", "no_restriction")
    for least in (taken.row.hold_hours_least or taken.row.hold_hours,)
}


@pytest.mark.parametrize(("taken", "hours", "least"), HOLDS.values(), ids=list(HOLDS))
def test_a_hold_turns_at_its_own_hour(taken: Taken, hours: Decimal, least: Decimal) -> None:
    """Six minutes early is too early: never "clear", and under the shorter end of a range no needle at all."""
    for early in (6, 0, -6):
        last = SURGERY - timedelta(hours=float(hours)) + timedelta(minutes=early)
        facts, values = agent_facts(taken.answers(last_dose_at=clock(last)))
        if values["agent.counts_as_high"]:
            pytest.skip("a low dose that counts as high: its own interval is looked at instead")
        passed = float(hours) - early / 60
        expected = (
            "too_early"
            if passed < float(least)
            else _reached(taken, "in_range" if passed < float(taken.row.hold_hours or 0) else "clear")
        )
        assert values["agent.needle"] == expected, f"{early} minutes early"
        if expected == "too_early":
            assert_no_needle(facts)
    facts, values = agent_facts(taken.answers(last_dose_at=None))
    assert "agent.needle" not in values
    assert "time of the last dose" in values["agent.lacks"]  # type: ignore[operator]
    assert_no_needle(facts)


def _reached(taken: Taken, by_time: str) -> str:
    """Return the state once the shorter end of the interval is over, without a drug level."""
    return {"with_level": "level_needed", "clinician": "clinician"}.get(taken.row.needle, by_time)


GATED = {name: taken for name, taken in INTERVALS.items() if taken.row.gate and taken.row.needle == "by_time"}
GATE_LABS = {
    "inr_normal": "inr",
    "coagulation_normal": "coagulation_normal",
    "fibrinogen": "coagulation_normal",
    "platelet_function": "platelet_function_normal",
}


@pytest.mark.parametrize("taken", GATED.values(), ids=list(GATED))
def test_a_test_that_must_be_normal_opens_and_closes_the_needle(taken: Taken) -> None:
    lab = GATE_LABS[taken.row.gate]
    limit = NORMAL_INR
    normal, not_normal = (
        ([limit - Decimal("0.1"), limit], [limit + Decimal("0.1")]) if lab == "inr" else ([True], [False])
    )
    for value, state in (*((one, "clear") for one in normal), *((one, "gate_failed") for one in not_normal)):
        answers = merged(taken.answers(), {"health": {"labs": {lab: value}}})
        assert agent_facts(answers)[1]["agent.needle"] == state, value
    facts, values = agent_facts(merged(taken.answers(), {"health": {"labs": {lab: None}}}))
    assert "agent.needle" not in values
    assert_no_needle(facts)


LEVELS = {
    f"{name}, {test}": (taken, test, answer, limit, inclusive)
    for name, taken in INTERVALS.items()
    for test, answer, limit, inclusive in (
        ("anti_xa", "anti_xa", ANTI_XA_LIMIT, True),
        ("drug_level", "level_ng_ml", LEVEL_LIMIT, False),
    )
    if test in taken.agent.levels and taken.row.needle in ("by_time", "with_level") and taken.row.hold_hours
}


@pytest.mark.parametrize(("taken", "test", "answer", "limit", "inclusive"), LEVELS.values(), ids=list(LEVELS))
def test_a_drug_level_turns_at_its_limit(taken: Taken, test: str, answer: str, limit: Decimal, inclusive: bool) -> None:
    unit = Decimal("0.01") if limit < 1 else Decimal(1)
    early = clock(SURGERY - timedelta(hours=1))
    for level in (limit - unit, limit, limit + unit):
        low = level < limit or (inclusive and level == limit)
        values = agent_facts(taken.answers(last_dose_at=early, **{answer: str(level)}))[1]
        if values["agent.counts_as_high"]:
            return
        assert values["agent.level_ok"] is low
        assert (values["agent.needle"] == "too_early") is not (low and taken.row.level_shortens)
        late = agent_facts(taken.answers(**{answer: str(level)}))[1]
        assert (late["agent.needle"] == "clear") is low
    assert "agent.level_ok" not in agent_facts(taken.answers())[1]


RAISED = {name: agent for name, agent in load().catalog.antithrombotics.items() if agent.becomes_high.two_of}


@pytest.mark.parametrize("agent", RAISED.values(), ids=list(RAISED))
def test_two_of_age_weight_and_creatinine_make_a_low_dose_count_as_high_at_their_limits(agent: Antithrombotic) -> None:
    taken = Taken(agent, next(row for row in agent.rows if row.dose == "low"))
    entry = read_case(taken.answers(indication="atrial_fibrillation"), load().catalog, NOW).health.anticoagulants
    assert entry
    usual: dict[str, Any] = {"age": 46.0, "weight": 81.0, "creatinine": 0.9, "kidney": 90.0, "p_gp": False}
    # What raises the dose alone has tests of its own.
    agent = replace(agent, becomes_high=replace(agent.becomes_high, age_from=None, weight_under=None))

    def raised(**more: float | None) -> tuple[bool, bool]:
        found = counts_as_high(entry[0], agent, **{**usual, **more})
        return bool(found.because), bool(found.lacks)

    others = {"age": 90.0, "weight": 50.0, "creatinine": 2.0}
    for name, limit, unit, meets in (
        ("age", 80.0, 1.0, lambda value, limit: value >= limit),
        ("weight", 60.0, 0.1, lambda value, limit: value <= limit),
        ("creatinine", 1.5, 0.1, lambda value, limit: value >= limit),
    ):
        for second in others.keys() - {name}:
            for value in (limit - unit, limit, limit + unit):
                assert raised(**{name: value, second: others[second]}) == (meets(value, limit), False), (name, value)
            assert raised(**{name: None, second: others[second]}) == (False, True), name
            assert raised(**{name: None}) == (False, False), name


KIDNEY_RAISES = {
    name: (agent, agent.becomes_high.kidney_under)
    for name, agent in load().catalog.antithrombotics.items()
    if agent.becomes_high.kidney_under is not None
}


@pytest.mark.parametrize(("agent", "limit"), KIDNEY_RAISES.values(), ids=list(KIDNEY_RAISES))
def test_a_kidney_function_makes_a_low_dose_count_as_high_at_its_limit(agent: Antithrombotic, limit: Decimal) -> None:
    taken = Taken(agent, next(row for row in agent.rows if row.dose == "low"))
    for value in (limit - Decimal("0.1"), limit, limit + Decimal("0.1")):
        values = agent_facts(taken.answers(egfr=float(value)))[1]
        assert values["agent.counts_as_high"] is (value < limit), value
    values = agent_facts(taken.answers(egfr=None))[1]
    assert "agent.needle" not in values
    assert CLEARANCE in values["agent.lacks"]  # type: ignore[operator]


HEPARINS = {
    name: taken
    for name, taken in INTERVALS.items()
    if taken.agent.family in ("heparin", "low_molecular_weight_heparin")
}


@pytest.mark.parametrize("taken", HEPARINS.values(), ids=list(HEPARINS))
def test_heparin_for_longer_than_four_days_asks_for_platelets(taken: Taken) -> None:
    for days, longer in ((HEPARIN_DAYS - 1, False), (HEPARIN_DAYS, False), (HEPARIN_DAYS + 1, True), (None, None)):
        answers = merged(taken.answers(days_taken=days), {"health": {"labs": {"platelets": None}}})
        values = agent_facts(answers)[1]
        assert values.get("agent.heparin_over_4_days") is longer, days
        assert any("platelet" in lack for lack in values["agent.lacks"]) is (longer is not False), days  # type: ignore[union-attr]


# --- products for addiction ------------------------------------------------------------------------------------------

LIMITS_IN_DAYS = {
    f"{product.id}, {name}": (product, name, value)
    for product in load().catalog.products.values()
    for name in (
        "blocked_through_day", "partial_through_day", "sensitive_through_day", "elective_from_day", "elective_target_day",
        "interval_days", "least_days",
    )
    if (value := getattr(product, name)) is not None
}  # fmt: skip
STATES = ("blocked", "partial", "waned_sensitive", "cleared")


def entry_values(entry: Mapping[str, Any], **changes: Any) -> tuple[Facts, Mapping[str, FactValue]]:
    facts = facts_of(person(entry, **changes))
    return facts, facts.entries[0].values


@pytest.mark.parametrize(("product", "name", "limit"), LIMITS_IN_DAYS.values(), ids=list(LIMITS_IN_DAYS))
def test_a_day_limit_of_a_product_turns_on_its_day(product: Product, name: str, limit: int) -> None:
    """Days count from the injection; a limit "through" a day holds on that day and no longer on the next."""
    for more in (-1, 0, 1):
        if name.endswith("_through_day"):
            values = _on_day_after(product, limit + more)
            state = _state_on(product, limit + more)
            assert values.get("entry.state") == state, more
        elif name in ("elective_from_day", "elective_target_day"):
            facts = facts_of(person(_injected(product, 10)))
            moment = "entry.elective_from" if name == "elective_from_day" else "entry.elective_target"
            assert (facts.entries[0].moments[moment] - (NOW.date() - timedelta(days=10))).days == limit
        elif name == "interval_days" and product.injected:
            values = entry_values(_injected(product, limit + more))[1]
            assert values["entry.days_overdue"] == float(max(0, more))
        elif name == "least_days":
            injected = _injected(product, 1)
            due = NOW.date() - timedelta(days=1) + timedelta(days=limit + more)
            values = entry_values({**injected, "next_due_on": due.isoformat(), "injections_received": 4})[1]
            assert values["entry.due_day_doubtful"] is (more < 0), more
    plan = plan_of(facts_of(person(_injected(product, None))))
    assert [medicine.decision for medicine in plan.summary.medicines]


def _injected(product: Product, days_ago: int | None) -> dict[str, Any]:
    day = None if days_ago is None else (NOW.date() - timedelta(days=days_ago)).isoformat()
    if not product.injected:
        given = None if day is None else f"{day}T20:00"
        return {"product": product.id, "indication": "oud", "last_dose_at": given}
    return {"product": product.id, "indication": "oud", "last_injection_on": day}


def _on_day_after(product: Product, days: int) -> Mapping[str, FactValue]:
    """Return the facts with the operation so many days after the injection, or so many times 24 hours after a dose."""
    # No clock change lies between the two.
    surgery = SURGERY if product.injected else datetime(2026, 11, 30, 7, 30)
    entry = {"product": product.id, "indication": "oud", "dose_mg": product.strengths[0] if product.strengths else None}
    if product.injected:
        entry["last_injection_on"] = (surgery.date() - timedelta(days=days)).isoformat()
    else:
        entry["last_dose_at"] = clock(surgery - timedelta(days=days))
    return entry_values(entry, surgery={"at": clock(surgery), "time_zone": "America/Phoenix"})[1]


def _state_on(product: Product, day: int) -> str:
    """Written apart from the program: the first limit that has not passed names the state."""
    if not product.injected:
        assert product.hold_hours is not None
        sensitive = product.sensitive_through_day or 0
        return (
            "blocked"
            if day < 1
            else "partial"
            if day * 24 < product.hold_hours
            else STATES[2 if day <= sensitive else 3]
        )
    limits = (product.blocked_through_day, product.partial_through_day, product.sensitive_through_day)
    return next(
        (state for state, limit in zip(STATES, limits, strict=False) if limit is not None and day <= limit), "cleared"
    )


HELD = {product.id: product for product in load().catalog.products.values() if product.hold_hours is not None}


@pytest.mark.parametrize("product", HELD.values(), ids=list(HELD))
def test_the_hold_of_a_blocker_by_mouth_turns_at_its_own_hour(product: Product) -> None:
    assert product.hold_hours is not None
    for early in (6, 0, -6):
        last = SURGERY - timedelta(hours=product.hold_hours) + timedelta(minutes=early)
        entry = {"product": product.id, "indication": "oud", "last_dose_at": clock(last)}
        values = entry_values(entry)[1]
        assert values["entry.hold_met"] is (early <= 0), early
        assert (values["entry.state"] in ("blocked", "partial")) is (early > 0), early
    facts, values = entry_values({"product": product.id, "indication": "oud"})
    assert "entry.hold_met" not in values
    assert "entry.state" not in values
    assert any("last" in ask.question.lower() for ask in plan_of(facts).unknown)


HOLD_RANGES = {
    product.id: product for product in HELD.values() if product.hold_hours_least not in (None, product.hold_hours)
}


@pytest.mark.parametrize("product", HOLD_RANGES.values(), ids=list(HOLD_RANGES))
def test_a_shorter_hold_is_taken_only_down_to_its_least_and_only_for_a_low_dose(product: Product) -> None:
    assert product.hold_hours is not None
    assert product.hold_hours_least is not None
    most = product.low_dose_at_most
    doses = [None] if most is None else [most - Decimal("0.1"), most, most + Decimal("0.1"), None]
    for dose in doses:
        low = most is None or (dose is not None and dose <= most)
        for hours in (product.hold_hours_least - 1, product.hold_hours_least, product.hold_hours_least + 1):
            if hours < 24:
                continue
            entry = {"product": product.id, "indication": "other", "dose_mg": dose, "hold_hours": hours}
            least = product.hold_hours_least if low else product.hold_hours
            assert entry_values(entry)[1]["entry.hold_hours"] == float(max(hours, least)), (dose, hours)


PLAUSIBLE = {
    product.id: product for product in load().catalog.products.values() if product.highest_plausible is not None
}


@pytest.mark.parametrize("product", PLAUSIBLE.values(), ids=list(PLAUSIBLE))
def test_a_dose_is_doubted_only_above_the_highest_plausible_one(product: Product) -> None:
    most = product.highest_plausible
    assert most is not None
    field = "dose_mcg" if product.unit.startswith("mcg") else "dose_mg"
    for dose in (most - Decimal("0.1"), most, most + Decimal("0.1"), None):
        values = entry_values({"product": product.id, "indication": "oud", field: dose})[1]
        assert values.get("entry.implausible_dose") is (None if dose is None else dose > most), dose


# --- local anesthetics -----------------------------------------------------------------------------------------------


def la_facts(**changes: Any) -> Mapping[str, FactValue]:
    return facts_of(person(**changes)).values


def test_the_dosing_weight_turns_above_a_bmi_of_30() -> None:
    for weight, ideal in (("91.8", False), ("92", False), ("92.4", True)):
        values = la_facts(patient={"height_cm": 175, "weight_kg": weight, "sex": "male", "pregnant": None})
        assert values["patient.bmi"] == {"91.8": 30.0, "92": 30.0, "92.4": 30.2}[weight]
        assert values["la.weight_is_ideal"] is ideal, weight
    values = la_facts(patient={"height_cm": None})
    assert "la.weight_kg" not in values
    budget = plan_of(facts_of(person(patient={"height_cm": None}))).budget
    assert budget
    assert (budget.limits, bool(budget.missing)) == ((), True)


@pytest.mark.parametrize(
    ("name", "fact", "limit", "unit", "holds_at"),
    [
        ("birth_date", "la.reduced", OLD_YEARS, 1, lambda value, limit: value >= limit),
        ("birth_date", "la.small_or_old", 75, 1, lambda value, limit: value > limit),
        ("weight_kg", "la.small_or_old", 50, 0.1, lambda value, limit: value < limit),
        ("weight_kg", "la.under_70_kg", 70, 0.1, lambda value, limit: value < limit),
    ],
)
def test_age_and_weight_turn_the_local_anesthetic_facts_at_their_limits(
    name: str, fact: str, limit: float, unit: float, holds_at: Callable[[float, float], bool]
) -> None:
    for value in (limit - unit, limit, limit + unit):
        answer = f"{2026 - int(value)}-01-02" if name == "birth_date" else str(round(value, 1))
        assert la_facts(patient={name: answer})[fact] is holds_at(value, limit), value
    assert fact not in la_facts(patient={name: None})


def test_the_limit_of_a_day_counts_24_hours_and_not_a_minute_more() -> None:
    for minutes, counts in ((-6, True), (0, True), (6, False)):
        at = clock(SURGERY - timedelta(hours=BUDGET_HOURS, minutes=minutes))
        listed = [{"drug": "bupivacaine", "mg": 100, "route": "wound", "at": at}]
        share = la_facts(surgery={"local_anesthetics": listed})["la.share_used"]
        assert (float(str(share)) > 0) is counts, minutes
    listed = [{"drug": "bupivacaine", "mg": 100, "route": "wound"}]
    assert float(str(la_facts(surgery={"local_anesthetics": listed})["la.share_used"])) > 0, "without a time it counts"


def test_liposomal_bupivacaine_counts_for_96_hours() -> None:
    for minutes, recent in ((-6, True), (0, True), (6, False)):
        at = clock(SURGERY - timedelta(hours=LIPOSOMAL_HOURS, minutes=minutes))
        listed = [{"drug": "liposomal_bupivacaine", "mg": 133, "route": "block", "at": at}]
        values = la_facts(surgery={"local_anesthetics": listed})
        assert values["la.liposomal_within_96_h"] is recent, minutes
    facts = facts_of(
        person(surgery={"local_anesthetics": [{"drug": "liposomal_bupivacaine", "mg": 133, "route": "block"}]})
    )
    assert "la.liposomal_within_96_h" not in facts.values
    assert any("la.liposomal_within_96_h" in ask.fact for ask in plan_of(facts).unknown)


MAXIMA = {
    f"{drug.id}, {kind}": (drug, kind == "with epinephrine")
    for drug in load().catalog.local_anesthetics.values()
    for kind, per_kg, most in (
        ("plain", drug.plain_mg_per_kg, drug.plain_most_mg),
        ("with epinephrine", drug.epinephrine_mg_per_kg, drug.epinephrine_most_mg),
    )
    if per_kg is not None and most is not None
}


@pytest.mark.parametrize(("drug", "epinephrine"), MAXIMA.values(), ids=list(MAXIMA))
def test_a_limit_by_weight_ends_at_the_absolute_limit_and_a_sum_over_it_is_seen(drug: Any, epinephrine: bool) -> None:
    per_kg = drug.epinephrine_mg_per_kg if epinephrine else drug.plain_mg_per_kg
    most = drug.epinephrine_most_mg if epinephrine else drug.plain_most_mg
    capped = min(most, drug.day_most_mg) if drug.day_most_mg is not None else most
    turn = most / per_kg
    for weight in (turn - 1, turn, turn + 1, Decimal(200)):
        limit = drug_limit_mg(drug, weight, False, epinephrine)
        assert limit is not None
        assert limit == min(int(per_kg * weight), capped)
        reduced = drug_limit_mg(drug, weight, True, epinephrine)
        assert reduced is not None
        assert reduced <= limit * Decimal("0.7")
    weight = Decimal("80")
    limit = drug_limit_mg(drug, weight, False, epinephrine)
    assert limit is not None
    for mg, over in ((limit - 1, False), (limit, False), (limit + 1, True), (None, None)):
        listed = [{"drug": drug.id, "mg": mg, "route": "wound", "with_epinephrine": epinephrine}]
        facts = facts_of(person(patient={"weight_kg": 80, "height_cm": 180}, surgery={"local_anesthetics": listed}))
        assert facts.values.get("la.over_budget") is over, mg
        plan = plan_of(facts)
        if over is None:
            assert any("la.share_used" in ask.fact or "la.over_budget" in ask.fact for ask in plan.unknown)
        assert any(True for _ in every_line(plan))
