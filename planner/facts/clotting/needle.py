"""The interval of one medicine against clotting for this person, and the state of a needle at the time of surgery."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from planner.case import Anticoagulant, Case
from planner.catalog import Antithrombotic, Interval
from planner.catalog.antithrombotics import GATES
from planner.facts.clotting.doses import CLEARANCE_LACKS
from planner.facts.declare import FactValue
from planner.facts.values import number_of

# From the mildest; the worst of several medicines counts.
NEEDLE_WORDS = {
    "none": "no medicine against clotting",
    "no_restriction": "no interval is asked for",
    "clear": "the interval is over",
    "in_range": "between the shorter and the longer published interval",
    "clinician": "no figure is published",
    "level_needed": "only with a drug level",
    "too_early": "too early",
    "gate_failed": "the laboratory test is not as it must be",
    "forbidden": "no needle",
}
STOPS = ("too_early", "gate_failed", "forbidden")

# Residual effect that the guideline accepts for an early block (ASRA25).
ANTI_XA_LIMIT, LEVEL_LIMIT = Decimal("0.1"), Decimal(30)
# The guideline asks for an INR that is normal for the laboratory; 1.2 is the usual upper limit (design).
NORMAL_INR = Decimal("1.2")


def kidney_of(case: Case, values: Mapping[str, FactValue]) -> tuple[float | None, str]:
    """Return the kidney function that an interval may be chosen by, or what is missing.

    The bands are creatinine clearance; an eGFR alone can hide that a small old person's clearance is far lower. Where
    both are known the lower counts. In acute kidney injury neither says anything.
    """
    if "acute_kidney_injury" in (case.health.conditions or []):
        return None, "stable kidney function"
    if number_of(values, "patient.crcl_ml_min") is None:
        return None, CLEARANCE_LACKS
    return number_of(values, "health.kidney_ml_min"), ""


def interval_of(
    agent: Antithrombotic,
    taken_class: str | None,
    kidney: float | None,
    age: float | None,
    kidney_lacks: str,
) -> tuple[Interval | None, list[str]]:
    """Return the interval for a dose class, or what is missing to choose it."""
    if taken_class is None:
        return None, []
    rows = [row for row in agent.rows if row.dose in (taken_class, "any")]
    lacks = []
    if kidney is None and any(row.kidney_from is not None or row.kidney_under is not None for row in rows):
        lacks.append(kidney_lacks)
    if age is None and any(row.age_from is not None or row.age_under is not None for row in rows):
        lacks.append("date of birth")
    if lacks:
        return None, lacks
    # The loader has made sure that exactly one fits.
    return next(row for row in rows if row.fits(kidney, age)), []


def then_needs(row: Interval | None, agent: Antithrombotic) -> str:
    """Return what is needed before a needle besides the time, in words."""
    if row is None:
        return ""
    if row.needle == "with_level":
        xa = " or an anti-Xa of 0.1 IU/mL or less" if "anti_xa" in agent.levels else ""
        level = "a drug level under 30 ng/mL" if "drug_level" in agent.levels else ""
        return f"{level}{xa}" if level else xa.removeprefix(" or ")
    return GATES.get(row.gate, "")


def level_ok(entry: Anticoagulant, agent: Antithrombotic) -> bool | None:
    """Return whether what is left of the medicine is low enough; a test that does not show it is not read."""
    found = []
    if entry.anti_xa is not None and "anti_xa" in agent.levels:
        found.append(entry.anti_xa <= ANTI_XA_LIMIT)
    if entry.level_ng_ml is not None and "drug_level" in agent.levels:
        found.append(entry.level_ng_ml < LEVEL_LIMIT)
    return all(found) if found else None


def needle_of(
    row: Interval, last_known: bool, to_surgery: float | None, dated: bool, level: bool | None, case: Case
) -> tuple[str | None, list[str]]:
    """Return the state of the needle at the time of surgery, and what is missing to know it."""
    if row.needle == "no_restriction":
        return "no_restriction", []
    if row.needle == "never":
        return "forbidden", []
    lacks = []
    if row.hold_hours is not None:
        if not last_known:
            lacks.append("time of the last dose")
        if not dated:
            lacks.append("day and time of surgery")
    hold = float(row.hold_hours or 0)
    least = float(row.hold_hours_least or row.hold_hours or 0)
    early = to_surgery is not None and to_surgery < least
    if early and not (row.level_shortens and level):
        return "too_early", lacks
    if level is False:
        return "gate_failed", lacks
    if row.needle == "with_level" and not level:
        return ("level_needed", []) if not lacks else (None, lacks)
    passed, gate_lacks = _gate(row, case)
    lacks += gate_lacks
    if passed is False:
        return "gate_failed", lacks
    if lacks:
        return None, lacks
    if row.needle == "clinician":
        return "clinician", []
    if to_surgery is not None and to_surgery < hold and not (row.level_shortens and level):
        return "in_range", []
    return "clear", []


def _gate(row: Interval, case: Case) -> tuple[bool | None, list[str]]:
    labs = case.health.labs
    if row.gate == "inr_normal":
        return (None, ["INR"]) if labs.inr is None else (labs.inr <= NORMAL_INR, [])
    if row.gate in ("coagulation_normal", "fibrinogen"):
        answer = labs.coagulation_normal
        wanted = "fibrinogen and clotting tests" if row.gate == "fibrinogen" else "clotting test (aPTT or anti-Xa)"
        return (None, [wanted]) if answer is None else (answer, [])
    if row.gate == "platelet_function":
        answer = labs.platelet_function_normal
        return (None, ["platelet function test"]) if answer is None else (answer, [])
    return True, []
