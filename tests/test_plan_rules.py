"""Each rule about plans sees the fault it is there for: a sound plan is spoiled in one place, and the rule must name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import plan_rules
import pytest
from plan_rules import RULES, RULES_WITH_FACTS, broken
from real_plans import merged, person, tablet

from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.engine import make_plan
from planner.facts import Facts, derive
from planner.knowledge import load
from planner.plan import DoseLine, Line, Missing, Plan, Step

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))


@cache
def sound() -> tuple[Facts, Plan]:
    """Return the plan of a person on a blocker, with apixaban too late, for a knee; platelets not known."""
    listed = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-07T20:00"}
    health = {"anticoagulants": [listed], "labs": {"platelets": None}}
    case = read_case(person(tablet(), health=health), load().catalog, NOW)
    facts = derive(case, load().catalog, NOW)
    return facts, make_plan(facts, load())


def first(plan: Plan, section: str, **wanted: Any) -> Line:
    return next(
        line for line in getattr(plan, section) if all(getattr(line, name) == value for name, value in wanted.items())
    )


def with_line(plan: Plan, old: Line, new: Line) -> Plan:
    lines = getattr(plan, old.section)
    return replace(plan, **{old.section: tuple(new if line is old else line for line in lines)})


def with_more(plan: Plan, section: str, *new: Line) -> Plan:
    return replace(plan, **{section: (*getattr(plan, section), *new)})


def changed(section: str, wanted: dict[str, Any], **fields: Any) -> Callable[[Plan], Plan]:
    def spoil(plan: Plan) -> Plan:
        old = first(plan, section, **wanted)
        return with_line(plan, old, replace(old, **fields))

    return spoil


def too_much(plan: Plan) -> Plan:
    old = first(plan, "non_opioid", subject="acetaminophen_every_6_hours")
    dose = DoseLine(Decimal(1000), "mg", "by mouth", Decimal(6), Decimal(3000), None, None, **_rest_of_dose(old.dose))
    return with_line(plan, old, replace(old, verdict="recommend", dose=dose))


def _rest_of_dose(dose: DoseLine | None) -> dict[str, Any]:
    """Return the other fields of a dose, whatever they are called."""
    named = ("amount", "unit", "route", "every_hours", "daily_max", "days_at_most", "last_day")
    assert dose is not None
    return {name: getattr(dose, name) for name in DoseLine.__dataclass_fields__ if name not in named}


def below_zero(plan: Plan) -> Plan:
    old = next(line for line in plan.non_opioid if line.dose)
    assert old.dose
    return with_line(plan, old, replace(old, dose=replace(old.dose, amount=Decimal(-1))))


def two_nsaids(plan: Plan) -> Plan:
    old = first(plan, "non_opioid", subject="acetaminophen")
    return with_more(
        plan,
        "non_opioid",
        *(
            replace(old, id=f"take-{name}", subject=name, subjects=(name,), verdict="consider")
            for name in ("naproxen", "ibuprofen")
        ),
    )


def step_yesterday(plan: Plan) -> Plan:
    step = Step(at=NOW - timedelta(days=1), on=None, day="", what="Stop.", who="team", line_id="late")
    return replace(plan, timeline=(*plan.timeline, step))


def no_restart(plan: Plan) -> Plan:
    held = next(one.index for one in plan.summary.medicines if one.decision == "hold")
    return replace(
        plan, moud=tuple(line for line in plan.moud if not (line.part == "restart" and line.medicine == held))
    )


def no_decision(plan: Plan) -> Plan:
    return replace(plan, moud=tuple(line for line in plan.moud if line.part != "decision" or line.medicine))


def deep_block(plan: Plan) -> Plan:
    blocks = load().catalog.blocks
    deep = next(block for block in blocks.values() if block.kind in ("neuraxial", "deep"))
    old = plan.regional[0]
    offered = replace(old, id=f"regional-{deep.id}", subject=deep.id, subjects=(deep.id,), verdict="consider")
    return replace(with_more(plan, "regional", offered))


SPOILED: dict[str, Callable[[Plan], Plan]] = {
    "lines_without_source_or_id": changed("team", {}, sources=()),
    "missing_facts_that_are_not_asked": changed("team", {}, missing=(Missing("labs.egfr", "Never asked?"),)),
    "questions_without_words_or_purpose": lambda plan: replace(
        plan, unknown=(*plan.unknown, replace(plan.unknown[0], needed_for=()))
    ),
    "texts_that_say_not_known_without_asking": changed("team", {"missing": ()}, say="Give [not known]."),
    "placeholders_left_open": changed("team", {}, because="It is {labs.inr}."),
    "steps_in_the_past": step_yesterday,
    "sentences_with_a_planned_day_that_is_past": changed(
        "team", {}, dates={"surgery.day": (NOW - timedelta(days=3)).date()}
    ),
    "holds_without_a_restart": no_restart,
    "subjects_both_offered_and_stopped": lambda plan: with_more(
        plan, "non_opioid", replace(first(plan, "non_opioid", subject="acetaminophen"), verdict="never")
    ),
    "drugs_of_one_group_given_together": two_nsaids,
    "doses_above_their_own_limit": too_much,
    "numbers_of_a_dose_below_zero": below_zero,
    "naltrexone_among_the_pain_medicines": lambda plan: with_more(
        plan, "non_opioid", replace(plan.non_opioid[0], subject="naltrexone", subjects=("naltrexone",))
    ),
    "buprenorphine_counted_in_mme": changed("team", {}, say="Buprenorphine 8 mg is 240 MME."),
    "medicines_without_one_decision": no_decision,
    "lines_in_a_section_that_is_not_theirs": lambda plan: with_more(plan, "team", plan.monitoring[0]),
    "lines_with_an_id_twice_on_one_subject": lambda plan: with_more(plan, "team", plan.team[0]),
    "empty_sections": lambda plan: replace(plan, regional=()),
    "deep_needles_at_a_time_that_forbids_them": deep_block,
    "deep_needles_before_their_clock": deep_block,
}


def test_the_plan_that_is_spoiled_is_sound() -> None:
    facts, plan = sound()
    assert broken(plan, facts) == {}
    assert facts.values["clotting.needle"] == "too_early"


def test_each_rule_has_its_spoiled_plan() -> None:
    assert {rule.__name__ for rule in (*RULES, *RULES_WITH_FACTS)} == SPOILED.keys()


@pytest.mark.parametrize("name", SPOILED)
def test_a_rule_sees_its_fault(name: str) -> None:
    facts, plan = sound()
    assert name in broken(SPOILED[name](plan), facts)


def test_a_stop_on_a_class_is_one_on_each_of_its_members() -> None:
    facts, plan = sound()
    classes = [drug for drug in load().catalog.drugs.values() if drug.heads]
    for head in classes:
        members = [drug.id for drug in load().catalog.drugs.values() if drug.group == head.heads]
        line = first(plan, "non_opioid", subject="acetaminophen")
        spoiled = with_more(
            plan,
            "non_opioid",
            replace(line, id="stop", subject=head.id, subjects=(head.id,), verdict="never"),
            replace(line, id="take", subject=members[0], subjects=(members[0],), verdict="consider"),
        )
        assert any(members[0] in found for found in broken(spoiled, facts)["subjects_both_offered_and_stopped"])


def test_an_unknown_last_dose_is_never_long_ago() -> None:
    case = read_case(
        merged(person(), {"health": {"anticoagulants": [{"drug": "apixaban", "dose": "5 mg twice daily"}]}}),
        load().catalog,
        NOW,
    )
    facts = derive(case, load().catalog, NOW)
    plan = make_plan(facts, load())
    assert plan_rules.needle_state(facts) == "unknown"
    assert broken(plan, facts) == {}
    assert "deep_needles_at_a_time_that_forbids_them" in broken(deep_block(plan), facts)
