"""Medicines against clotting: how a dose is read, and what each dose means for a needle, a catheter and the restart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

FAMILIES = {
    "vitamin_k": "a vitamin K antagonist",
    "heparin": "heparin",
    "low_molecular_weight_heparin": "a low molecular weight heparin",
    "fondaparinux": "fondaparinux",
    "direct_oral": "a direct oral anticoagulant",
    "thrombin_inhibitor_iv": "a thrombin inhibitor by vein",
    "p2y12": "a P2Y12 inhibitor",
    "other_antiplatelet": "another antiplatelet medicine",
    "gp_iib_iiia": "a glycoprotein IIb/IIIa inhibitor",
    "thrombolytic": "a clot-dissolving medicine",
    "aspirin": "aspirin",
}
NEEDLES = ("by_time", "with_level", "never", "no_restriction", "clinician")
GATES = {
    "inr_normal": "an INR that is normal for the laboratory",
    "coagulation_normal": "normal clotting tests (aPTT or anti-Xa)",
    "platelet_function": "a normal platelet function test",
    "fibrinogen": "normal fibrinogen and clotting tests",
}
CATHETERS = ("may_stay", "once_daily_alone", "one_to_two_days", "remove_first", "clinician", "must_not_stay", "never")
DOSE_CLASSES = ("low", "mid", "high")


_CLASS_NAMES = ("lmwh", "low molecular weight heparin", "low-molecular-weight heparin")


@dataclass(frozen=True, slots=True)
class UsualDose:
    """A dose as people write it: ``each`` mg (units for heparin) or ``per_kg`` mg, so many ``times`` a day."""

    times: int
    each: Decimal | None = None
    per_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BecomesHigh:
    """When a low dose counts as high.

    ``two_of``: two of age 80, weight 60 kg or less, creatinine 1.5; ``kidney_under``: a kidney function below that many
    mL/min; ``age_from`` years, ``weight_under`` kg: each alone is enough; ``p_gp``: a P-glycoprotein inhibitor.
    """

    two_of: bool = False
    kidney_under: Decimal | None = None
    age_from: int | None = None
    weight_under: Decimal | None = None
    p_gp: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """What one dose class means at one kidney function and age. Hours count from the last dose.

    ``hold_hours`` is the longer end of a published range, ``hold_hours_least`` the shorter. ``needle`` says how the
    interval is used, ``gate`` which test must be normal besides. ``given_with_catheter_hours``: from a dose given
    while a catheter is in to its removal. ``loading_after_removal_hours``: from catheter removal to a loading dose.
    """

    dose: str
    needle: str
    catheter: str
    grade: str
    evidence: str
    kidney_from: Decimal | None = None
    kidney_under: Decimal | None = None
    age_from: int | None = None
    age_under: int | None = None
    hold_hours: Decimal | None = None
    hold_hours_least: Decimal | None = None
    gate: str = ""
    level_shortens: bool = False
    given_with_catheter_hours: Decimal | None = None
    restart_after_needle_hours: Decimal | None = None
    restart_after_removal_hours: Decimal | None = None
    loading_after_removal_hours: Decimal | None = None
    restart_note: str = ""
    note: str = ""

    def after_removal_hours(self, loading: bool) -> Decimal | None:
        """Return the hours from catheter removal to the next dose, longer for a loading dose."""
        if loading and self.loading_after_removal_hours is not None:
            return self.loading_after_removal_hours
        return self.restart_after_removal_hours

    def fits(self, kidney: Decimal | float | None, age: Decimal | float | None) -> bool:
        """Whether the interval is the one for this kidney function (mL/min) and age (years)."""
        return _within(kidney, self.kidney_from, self.kidney_under) and _within(age, self.age_from, self.age_under)


@dataclass(frozen=True, slots=True)
class Antithrombotic:
    """One medicine against clotting with every interval that its source gives.

    ``levels`` are the tests that show how much of it is left: ``anti_xa`` (IU/mL), ``drug_level`` (ng/mL).
    """

    id: str
    label: str
    names: tuple[str, ...]
    family: str
    doses: Mapping[str, tuple[UsualDose, ...]]
    rows: tuple[Interval, ...]
    sources: tuple[Mapping[str, str], ...]
    becomes_high: BecomesHigh = field(default_factory=BecomesHigh)
    levels: tuple[str, ...] = ("anti_xa", "drug_level")


def agents_named(typed: str | None, agents: Mapping[str, Antithrombotic]) -> list[Antithrombotic]:
    """Return the medicines that a typed name means, by generic or brand name, in the order of the text.

    A name inside a longer one says nothing of its own: "heparin" in "low molecular weight heparin".
    """
    text = (typed or "").lower()
    hits = [
        (match.start(), match.end(), agent)
        for agent in agents.values()
        for name in agent.names
        for match in re.finditer(rf"\b{re.escape(name.lower())}\b", text)
    ]
    kept = [
        hit
        for hit in hits
        if not any(one[0] <= hit[0] and hit[1] <= one[1] and one[1] - one[0] > hit[1] - hit[0] for one in hits)
    ]
    if len(kept) > 1:
        # "Dalteparin (LMWH)" is one medicine: a class beside a name says nothing of its own.
        kept = [hit for hit in kept if text[hit[0] : hit[1]] not in _CLASS_NAMES] or kept
    return list({agent.id: agent for _, _, agent in sorted(kept, key=lambda hit: hit[0])}.values())


def _within(value: Decimal | float | None, least: Decimal | int | None, under: Decimal | int | None) -> bool:
    if value is None:
        return least is None and under is None
    return (least is None or value >= least) and (under is None or value < under)
