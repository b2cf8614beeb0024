"""The core of the plan, run through: every product, dose band, gap since the last dose, pain, urgency and pregnancy.

Each combination must get one decision, contradict nothing, hold nothing without saying how it is restarted, and never hold
buprenorphine, methadone or another opioid medicine without a clinician's documented choice. The lines about the medicine are
made for every combination; every ninth gets its whole plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product as combined
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conditions import comparisons, holds, parsed
from plan_rules import broken
from real_plans import merged, person

from planner import choices
from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.catalog import Product
from planner.engine import make_plan
from planner.engine.judging import Judge
from planner.engine.medicines import medicine_lines
from planner.engine.settling import Settler
from planner.facts import Facts, derive
from planner.knowledge import load
from planner.knowledge.records import MOUD_DECISIONS
from planner.plan import Line

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
PRODUCTS = {product.id: product for product in load().catalog.products.values()}
WHOLE_PLAN_EVERY = 9
OPIOID_GROUPS = ("buprenorphine", "methadone", "slow_release_morphine")

# mg a day; for the opioid medicines on both sides of every dose at which a record turns.
FILM = ("2", "8", "12", "16", "20", "24", "32")
METHADONE = ("30", "90", "110", "300")
DOSES: Mapping[str, tuple[str, ...]] = {
    "zubsolv": ("1.4", "5.7", "8.6", "11.4", "14.3", "17.1", "22.8"),
    "bunavail": ("2.1", "4.2", "6.3", "8.4", "10.5", "12.6", "16.8"),
    "methadone": METHADONE,
    "slow_release_oral_morphine": ("200", "800"),
    "naltrexone_oral": ("25", "50", "100", "150"),
    "naltrexone_low_dose": ("0.5", "4.5", "6"),
}
# Days back for what is taken every day, and for injections and patches.
DAYS = (0, 1, 2, 3, 4, 5, 6, 9)
INJECTED_DAYS = (0, 5, 7, 8, 10, 14, 16, 23, 26, 27, 28, 29, 30, 31, 37, 42, 45, 60, 100, 190)
# Hours before the operation, for a blocker by mouth.
HOURS = (8, 23.9, 24, 47.9, 48, 71.9, 72, 120, 24 * 30, 24 * 60)
PREGNANT: Mapping[str, dict[str, Any]] = {
    "no": {"pregnant": False},
    "yes": {"pregnant": True, "pregnancy_weeks": 31},
    "not known": {"pregnant": None},
}


def doses_of(product: Product) -> tuple[dict[str, Any], ...]:
    """Return the dose answers of a product, the unknown dose among them."""
    if product.id in DOSES or product.regimen == "buprenorphine_sl":
        return ({}, *({"dose_mg": dose} for dose in DOSES.get(product.id, FILM)))
    size = "dose_mcg" if product.unit.startswith("mcg") else "dose_mg"
    doses = dict.fromkeys((product.strengths[:1] + product.strengths[-1:]) or (Decimal(50),))
    limits = [limit for limit in limits_of(product.regimen) if limit]
    doses |= dict.fromkeys(Decimal(str(limit)) + more for limit in limits for more in (0, Decimal("0.1")))
    return ({}, *({size: dose} for dose in doses))


@cache
def limits_of(regimen: str, fact: str = "entry.dose_mg") -> tuple[float, ...]:
    """Return the numbers with which records about a regimen compare a fact."""
    trees = [parsed(rule.record.when) for rule in load().entry_rules.get(regimen, ())]
    found = [atom.value for tree in trees for atom in comparisons(tree) if atom.fact == fact]
    return tuple(sorted({float(str(value)) for value in found}))


def gaps_of(product: Product, surgery: datetime | None) -> tuple[dict[str, Any], ...]:
    """Return the answers about the last dose, the unknown one among them."""
    if product.injected:
        days = [(NOW.date() - timedelta(days=back)).isoformat() for back in INJECTED_DAYS]
        return ({}, *({"last_injection_on": day} for day in days))
    if product.hold_hours is not None and surgery is not None:
        times = [surgery - timedelta(hours=hours) for hours in HOURS]
        return ({}, *({"last_dose_at": at.isoformat(timespec="minutes")} for at in times))
    if product.group in (*OPIOID_GROUPS, "antagonist"):
        days = [(NOW.date() - timedelta(days=back)).isoformat() for back in DAYS]
        return ({}, *({"last_dose_at": f"{day}T06:30"} for day in days))
    return ({}, {"last_dose_at": "2026-11-22T20:00"})


def surgery_time(kind: str) -> datetime | None:
    at = person(kind=kind).get("surgery", {}).get("at")
    return datetime.fromisoformat(at) if at else None


def cases_of(product: Product) -> Iterator[dict[str, Any]]:
    """Yield the answers of every combination for one product."""
    named = {"product_name": "a new one"} if product.id == "other" else {}
    for kind, pain, pregnant in combined(choices.KINDS, choices.EXPECTED_PAIN, PREGNANT):
        around = person(kind=kind, patient=PREGNANT[pregnant], surgery={"expected_pain": pain})
        for dose, gap in combined(doses_of(product), gaps_of(product, surgery_time(kind))):
            entry = {"product": product.id, "indication": "oud", "times_per_day": 1, **named, **dose, **gap}
            yield {**around, "moud": [entry]}


def facts_of(answers: Mapping[str, Any]) -> Facts:
    return derive(read_case(answers, load().catalog, NOW), load().catalog, NOW)


def lines_about(facts: Facts) -> list[Line]:
    judge = Judge(facts, load())
    return medicine_lines(judge, Settler(judge), 0, facts.entries[0])


def faults(product: Product, facts: Facts, lines: list[Line]) -> Iterator[str]:
    """Yield what is wrong with the lines about one medicine."""
    decisions = [line for line in lines if line.part == "decision"]
    if [line.verdict in MOUD_DECISIONS for line in decisions] != [True]:
        yield f"decisions: {[line.id for line in decisions]}"
        return
    decision = decisions[0]
    if any(one.verdict != decision.verdict for one in decision.also):
        yield f"{decision.id} beside {[one.id for one in decision.also]}"
    others = {line.verdict for line in lines if line.part != "decision"}
    contrary = {"hold", "stop_and_ask"} if decision.verdict.startswith("continue") else set()
    if others & contrary:
        yield f"{decision.id} beside {sorted(others & contrary)}"
    if decision.verdict == "hold":
        if not any(line.part == "restart" for line in lines):
            yield f"{decision.id}: hold without a restart"
        documented = facts.entries[0].values["entry.hold_documented"] is True
        if product.group in OPIOID_GROUPS and not documented:
            yield f"{decision.id}: hold without a documented choice"
    for line in lines:
        if not line.sources or not line.because.strip():
            yield f"{line.id}: no source or reason"
        if line.verdict == "hold" and line is not decision:
            yield f"{line.id}: a second hold"


@cache
def run(product_id: str) -> tuple[int, tuple[str, ...], Mapping[str, frozenset[float | None]]]:
    """Return how many combinations were made, what broke, and which numbers the facts about the medicine had."""
    product = PRODUCTS[product_id]
    broke: list[str] = []
    seen: dict[str, set[float | None]] = {}
    number = 0
    for number, answers in enumerate(cases_of(product), 1):
        facts = facts_of(answers)
        for fault in faults(product, facts, lines_about(facts)):
            broke.append(f"{fault} in {answers['kind']}, {answers['surgery']['expected_pain']}, {answers['moud']}")
        if number % WHOLE_PLAN_EVERY == 0:
            found = broken(make_plan(facts, load()), facts)
            broke += [f"{found} in {answers['moud']}"] if found else []
        for name, value in facts.entries[0].values.items():
            if isinstance(value, float):
                seen.setdefault(name, set()).add(value)
    return number, tuple(broke), {name: frozenset(values) for name, values in seen.items()}


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_combination_of_a_product_gets_one_decision_that_nothing_contradicts(product: str) -> None:
    number, broke, _ = run(product)
    assert number >= len(choices.KINDS) * len(choices.EXPECTED_PAIN) * len(PREGNANT)
    assert list(broke[:5]) == []


# Facts that the combinations do not set: how often injected, what the clinic confirmed, what somebody stated as due.
NOT_SET = ("entry.injections_received", "entry.verified_dose_mg", "entry.hold_hours", "entry.missed_in_last_7_days")


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_combinations_lie_on_both_sides_of_every_number_about_the_medicine(product: str) -> None:
    """A new limit in a record that no dose band or gap crosses is named here."""
    seen = run(product)[2]
    one_sided = []
    for rule in load().entry_rules.get(PRODUCTS[product].regimen, ()):
        for atom in comparisons(parsed(rule.record.when)):
            values = seen.get(atom.fact)
            # "Not under 0" only asks whether the number is known.
            if not atom.fact.startswith("entry.") or atom.fact in NOT_SET or values is None or not atom.value:
                continue
            sides = {holds(atom, {atom.fact: value}) for value in values if value is not None}
            if sides != {True, False}:
                one_sided.append(f"{rule.record.id}: {atom.fact} {atom.sort} {atom.value}")
    assert one_sided == []


CHOICES: Mapping[str, dict[str, Any] | None] = {
    "none": None,
    "without a reason": {"clinician": "Dr. Lee", "prescriber_contacted": True, "restart_by": "Dr. Lee", "restart_on": "2026-12-12"},
    "documented": {
        "clinician": "Dr. Lee", "reason": "own wish", "prescriber_contacted": True, "patient_agrees": True, "restart_by": "Dr. Lee",
        "restart_on": "2026-12-12",
    },
}  # fmt: skip


@pytest.mark.parametrize("product", [name for name, one in PRODUCTS.items() if one.group in OPIOID_GROUPS])
def test_an_opioid_medicine_is_held_only_by_a_documented_choice_and_then_has_its_restart(product: str) -> None:
    one = PRODUCTS[product]
    for kind, (named, choice), indication in combined(choices.KINDS, CHOICES.items(), choices.INDICATIONS):
        for dose, gap in combined(doses_of(one), gaps_of(one, surgery_time(kind))[:3]):
            entry = {"product": product, "indication": indication, **dose, **gap, "hold_choice": choice}
            facts = facts_of(merged(person(kind=kind), {"moud": [entry]}))
            lines = lines_about(facts)
            assert list(faults(one, facts, lines)) == [], (named, entry)
            decision = next(line for line in lines if line.part == "decision")
            if named != "documented":
                assert decision.verdict != "hold", (named, entry)


def test_the_whole_core_was_run() -> None:
    assert sum(run(product)[0] for product in PRODUCTS) > 15_000
