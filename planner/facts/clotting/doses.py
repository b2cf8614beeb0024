"""Which dose class a medicine against clotting is taken in, from the dose as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.case import Anticoagulant
from planner.catalog import Antithrombotic
from planner.catalog.antithrombotics import DOSE_CLASSES, agents_named

_AMOUNT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*(?:mg|units?|iu|u)\b(?P<per_kg>\s*(?:/|per|for each)\s*kg)?", re.I)
_TIMES = (
    (3, r"\b(three times|3 times|3x|thrice|tid|every 8 ?h(ou)?rs?|every eight hours|q8h)\b"),
    (2, r"\b(twice|two times|2 times|2x|bid|every 12 ?h(ou)?rs?|every twelve hours|q12h)\b"),
    (1, r"\b(once|daily|a day|per day|every day|qd|every 24 ?h(ou)?rs?|q24h|at night|in the (morning|evening))\b"),
)

# "Two 2.5 mg tablets" or "40 mg in the morning and 80 mg at night" is not one dose; it is asked for, never read as the smaller.
_SEVERAL = re.compile(
    r"\b(two|three|four|half)\b(?!\s*times)|\b[2-9]\s*(x|\u00d7|\*|tabs?|tablets?|pills?|capsules?|syringes?|shots?|injections?)(\b|\s)"
    r"|(x|\u00d7)\s*[2-9]\b|\u00bd",
    re.I,
)
# Heparin by these words runs into a vein.
_BY_VEIN = re.compile(
    r"\b(iv|infusion|drip|gtt|bolus|continuous|intravenous|by vein)\b|/\s*h\b|per hour|an hour|/\s*kg", re.I
)
_UNDER_SKIN = re.compile(r"\b(sc|sq|subq|subcutaneous|under the skin)\b", re.I)

# The bands are written for creatinine clearance (ASRA25); an eGFR alone does not tell it.
CLEARANCE_LACKS = "creatinine, weight, sex and date of birth"

# The reduced dose of apixaban in atrial fibrillation: two of these three (ASRA25; US label for the weight).
_OLD_YEARS, _LIGHT_KG, _CREATININE = 80.0, 60.0, 1.5


@dataclass(frozen=True, slots=True)
class DoseRead:
    """A dose as read: mg (or units) each time, or per kg, and how often; what could not be read is None."""

    each: Decimal | None
    per_kg: Decimal | None
    times: int | None


def read_dose(text: str | None) -> DoseRead:
    """Return what a dose such as "5 mg twice daily" or "1 mg/kg every 12 hours" says."""
    amounts = list(_AMOUNT.finditer(text or ""))
    if len(amounts) > 1 or _SEVERAL.search(text or ""):
        return DoseRead(None, None, None)
    found = amounts[0] if amounts else None
    amount = Decimal(found[1].replace(",", "")) if found else None
    times = next((count for count, words in _TIMES if re.search(words, text or "", re.I)), None)
    if found and found["per_kg"]:
        return DoseRead(None, amount, times)
    return DoseRead(amount, None, times)


def dose_class(entry: Anticoagulant, agent: Antithrombotic) -> str | None:
    """Return low, mid or high; "any" for a medicine whose interval does not hang on the dose; None when it cannot be told.

    A dose that is larger than the largest of a class, each time or in a day, or more frequent, belongs to the next class. When the answer
    and the dose as written differ, the higher counts.
    """
    if all(row.dose == "any" for row in agent.rows):
        return "any"
    classes = [name for name in DOSE_CLASSES if any(row.dose == name for row in agent.rows)]
    if len(classes) == 1:
        return classes[0]
    dose = read_dose(entry.dose)
    written = _class_of(dose, agent, classes)
    if dose == DoseRead(None, None, None) and _AMOUNT.search(entry.dose or ""):
        # Amounts that cannot be told apart are asked for, whatever class was chosen.
        return classes[-1] if entry.dose_class == "high" else None
    known = [name for name in (written, entry.dose_class) if name]
    return max(known, key=DOSE_CLASSES.index) if known else None


def _class_of(dose: DoseRead, agent: Antithrombotic, classes: list[str]) -> str | None:
    if dose.per_kg is not None:
        # Prophylactic doses are not written by weight.
        return classes[-1]
    if dose.each is None:
        return None
    for name in classes[:-1]:
        fixed = [usual for usual in agent.doses.get(name, ()) if usual.each is not None]
        if not fixed:
            return None
        most_each = max(usual.each for usual in fixed if usual.each is not None)
        most_daily = max(usual.each * usual.times for usual in fixed if usual.each is not None)
        most_times = max(usual.times for usual in fixed)
        if dose.each <= most_each and dose.times is None:
            return None
        # Dabigatran 220 mg once a day prevents; 110 mg twice a day treats, although the day's total is the same.
        if dose.times and dose.times <= most_times and dose.each <= most_each and dose.each * dose.times <= most_daily:
            return name
    return classes[-1]


@dataclass(frozen=True, slots=True)
class Raised:
    """Whether a low dose counts as high: why it does, or what is not known for the answer."""

    because: str = ""
    lacks: tuple[str, ...] = ()


def counts_as_high(
    entry: Anticoagulant,
    agent: Antithrombotic,
    *,
    age: float | None,
    weight: float | None,
    creatinine: float | None,
    kidney: float | None,
    p_gp: bool | None,
) -> Raised:
    """Return why a low dose of this medicine counts as high for this person.

    Args:
        entry: the medicine as listed.
        agent: the medicine in the catalog, with its rule.
        age: years.
        weight: kg.
        creatinine: mg/dL.
        kidney: the lower of eGFR and creatinine clearance, mL/min.
        p_gp: whether a P-glycoprotein inhibitor is taken.

    Source: ASRA25, direct oral anticoagulants; the kidney limit is a design choice.
    """
    rule = agent.becomes_high
    lacks: list[str] = []
    for limit, value, above, missing in (
        (rule.age_from, age, True, "date of birth"),
        (rule.weight_under, weight, False, "weight"),
    ):
        if limit is None:
            continue
        if value is None:
            lacks.append(missing)
        elif (value >= float(limit)) if above else (value < float(limit)):
            return Raised(f"age is {limit} or more" if above else f"weight is under {limit} kg")
    if rule.kidney_under is not None:
        if kidney is None:
            lacks.append(CLEARANCE_LACKS)
        elif kidney < float(rule.kidney_under):
            return Raised(f"kidney function is under {rule.kidney_under} mL/min")
    if rule.p_gp:
        if p_gp is None:
            lacks.append("the other medicines")
        elif p_gp:
            return Raised("a P-glycoprotein inhibitor is taken")
    if rule.two_of and entry.indication in (None, "atrial_fibrillation"):
        criteria = {
            f"age {_OLD_YEARS:g} or more": _at_least(age, _OLD_YEARS),
            f"weight {_LIGHT_KG:g} kg or less": None if weight is None else weight <= _LIGHT_KG,
            f"creatinine {_CREATININE:g} mg/dL or more": _at_least(creatinine, _CREATININE),
        }
        met = [words for words, holds in criteria.items() if holds]
        open_ = [words for words, holds in criteria.items() if holds is None]
        if len(met) >= 2:
            return Raised(" and ".join(met))
        if len(met) + len(open_) >= 2:
            lacks.append("what it is taken for, or age, weight and creatinine")
    return Raised(lacks=tuple(lacks))


def agent_named(typed: str | None, dose: str | None, agents: Mapping[str, Antithrombotic]) -> Antithrombotic | None:
    """Return the one medicine that an entry means; None when it is not in the list, or when the name holds two.

    Heparin whose dose says that it runs into a vein is the infusion, whatever its name says.
    """
    found = agents_named(typed, agents)
    infusion = agents.get("heparin_infusion")
    if infusion and found and all(agent.family == "heparin" for agent in found):
        by_vein = _BY_VEIN.search(f"{typed or ''} {dose or ''}")
        return infusion if by_vein else found[0]
    return found[0] if len(found) == 1 else None


def route_is_open(typed: str | None, dose: str | None, agent: Antithrombotic) -> bool:
    """Whether heparin is named without the route, by vein or under the skin, and its dose does not tell either."""
    text = f"{typed or ''} {dose or ''}"
    if agent.id != "heparin_subcutaneous" or _UNDER_SKIN.search(text):
        return False
    times = read_dose(dose).times
    return times is None


def _at_least(value: float | None, limit: float) -> bool | None:
    return None if value is None else value >= limit
