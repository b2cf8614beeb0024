"""Which dose class a medicine against clotting is taken in, from the dose as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.case import Anticoagulant
from planner.catalog import Antithrombotic
from planner.catalog.antithrombotics import DOSE_CLASSES

_AMOUNT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*(?:mg|units?|iu|u)\b(?P<per_kg>\s*(?:/|per|for each)\s*kg)?", re.I)
_TIMES = (
    (3, r"\b(three times|3 times|3x|thrice|tid|every 8 ?h(ou)?rs?|every eight hours|q8h)\b"),
    (2, r"\b(twice|two times|2 times|2x|bid|every 12 ?h(ou)?rs?|every twelve hours|q12h)\b"),
    (1, r"\b(once|daily|a day|per day|every day|qd|every 24 ?h(ou)?rs?|q24h|at night|in the (morning|evening))\b"),
)

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
    found = _AMOUNT.search(text or "")
    amount = Decimal(found[1].replace(",", "")) if found else None
    times = next((count for count, words in _TIMES if re.search(words, text or "", re.I)), None)
    if found and found["per_kg"]:
        return DoseRead(None, amount, times)
    return DoseRead(amount, None, times)


def dose_class(entry: Anticoagulant, agent: Antithrombotic) -> str | None:
    """Return low, mid or high; "any" for a medicine whose interval does not hang on the dose; None when it cannot be told.

    A dose that is larger than the largest of a class, each time or in a day, belongs to the next class. When the answer
    and the dose as written differ, the higher counts.
    """
    if all(row.dose == "any" for row in agent.rows):
        return "any"
    classes = [name for name in DOSE_CLASSES if any(row.dose == name for row in agent.rows)]
    if len(classes) == 1:
        return classes[0]
    written = _class_of(read_dose(entry.dose), agent, classes)
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
        if dose.each <= most_each and dose.times is None:
            return None
        if dose.each <= most_each and dose.each * (dose.times or 1) <= most_daily:
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
    if rule.kidney_under is not None:
        if kidney is None:
            lacks.append("kidney function")
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


def agent_named(typed: str | None, agents: Mapping[str, Antithrombotic]) -> Antithrombotic | None:
    """Return the medicine that a typed name means, by generic or brand name; None when it is not in the list."""
    text = (typed or "").lower()
    found: Iterable[tuple[str, Antithrombotic]] = ((name, agent) for agent in agents.values() for name in agent.names)
    matches = [(name, agent) for name, agent in found if re.search(rf"\b{re.escape(name.lower())}\b", text)]
    # The longest name says most: "heparin infusion" is not plain heparin.
    return max(matches, key=lambda match: len(match[0]))[1] if matches else None


def _at_least(value: float | None, limit: float) -> bool | None:
    return None if value is None else value >= limit
