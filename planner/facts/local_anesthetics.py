"""Facts about local anesthetic: the weight its limits count with, what is used of the 24-hour limit, lipid emulsion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from planner import choices, doses
from planner.case import Case, LocalAnestheticGiven
from planner.catalog import LocalAnesthetic
from planner.facts.declare import FactValue, fact
from planner.facts.moments import local
from planner.facts.surgery import hours_between
from planner.facts.values import any_of

BUDGET_HOURS = 24.0
# Liposomal bupivacaine is in the blood for this long (EXP-96).
LIPOSOMAL_HOURS = 96.0
# "Debilitated, cardiac or hepatic" in the compilations; which conditions count is a choice of this project.
_REDUCING = (
    "frailty", "malnutrition", "heart_failure", "heart_block", "arrhythmia", "recent_mi", "severe_aortic_stenosis", "hocm",
)  # fmt: skip
# Lidocaine and others set free what is in the liposomes (EXPAREL-IC).
LIPOSOMAL_AFTER_OTHER_MINUTES = 20
# "Old age" has no figure in the compilations; the age of the older-adult criteria is used (design).
OLD_YEARS = 65.0


@dataclass(frozen=True, slots=True)
class LocalAnestheticFacts:
    """What follows from weight, age, illness and the local anesthetics listed."""

    weight_kg: float | None = fact("weight for local anesthetic limits", unit="kg", question="Weight, height and sex?")
    weight_is_ideal: bool | None = fact("the ideal weight is used", question="Weight, height and sex?")
    reduced: bool | None = fact(
        "has a reason for less local anesthetic (age, frailty, heart, liver, pregnancy, nutrition)",
        question="Age and health conditions?",
    )
    small_or_old: bool | None = fact("weighs under 50 kg or is over 75", question="Weight and date of birth?")
    listed: bool | None = fact("a local anesthetic is listed as given or planned")
    share_used: float | None = fact(
        "part of the 24-hour local anesthetic limit already used",
        unit="%",
        question="Amount of each local anesthetic listed, and weight?",
    )
    over_budget: bool | None = fact(
        "the local anesthetics listed exceed the limit", question="Amount of each local anesthetic listed, and weight?"
    )
    vein_lidocaine: bool | None = fact("lidocaine by vein is listed")
    vein_other: bool | None = fact("a local anesthetic other than lidocaine is listed by vein")
    vein_other_name: str | None = fact("local anesthetic by vein")
    patches: float | None = fact("lidocaine patches listed", unit="patches")
    patch: bool | None = fact("a lidocaine patch is listed")
    liposomal_listed: bool | None = fact(
        "liposomal bupivacaine is listed", question="Which local anesthetic was given or is planned?"
    )
    liposomal_mg: float | None = fact(
        "liposomal bupivacaine listed", unit="mg", question="Amount of liposomal bupivacaine?"
    )
    bupivacaine_mg: float | None = fact("bupivacaine listed", unit="mg", question="Amount of bupivacaine?")
    liposomal_doses: float | None = fact("doses of liposomal bupivacaine listed", unit="doses")
    liposomal_nerve_mg: float | None = fact(
        "liposomal bupivacaine for one block", unit="mg", question="Amount of liposomal bupivacaine?"
    )
    bupivacaine_over_half: bool | None = fact(
        "plain bupivacaine is more than half of the liposomal one",
        question="Amounts of plain and of liposomal bupivacaine?",
    )
    liposomal_soon_after_another: bool | None = fact(
        "liposomal bupivacaine follows another local anesthetic by less than 20 minutes",
        question="When is each local anesthetic given?",
    )
    liposomal_within_96_h: bool | None = fact(
        "liposomal bupivacaine was given within 96 hours before surgery",
        question="When was liposomal bupivacaine given?",
    )
    under_70_kg: bool | None = fact("weighs under 70 kg", question="Weight?")
    lipid_weight_kg: float | None = fact("weight for lipid emulsion", unit="kg", question="Weight?")
    lipid_bolus_ml: float | None = fact("bolus of lipid emulsion", unit="mL", question="Weight?")
    lipid_rate_ml_min: float | None = fact("rate of lipid emulsion", unit="mL a minute", question="Weight?")
    lipid_most_ml: float | None = fact("most lipid emulsion in 30 minutes", unit="mL", question="Height and sex?")
    lipid_most_known: bool | None = fact("the most lipid emulsion is known (it counts with the ideal weight)")


def local_anesthetic_facts(
    case: Case,
    drugs: Mapping[str, LocalAnesthetic],
    values: Mapping[str, FactValue],
    surgery_at: datetime | None,
    now: datetime,
) -> LocalAnestheticFacts:
    """Return the facts about local anesthetic.

    Args:
        case: what was said.
        drugs: the limits of each local anesthetic.
        values: the other facts of this Case (weights, age, conditions).
        surgery_at: the moment whose 24 hours count; now when no surgery is dated.
        now: the present moment in the clinic's zone.
    """
    weight, ideal = dosing_weight_kg(values)
    reduced = _reduced(values)
    given = case.surgery.local_anesthetics or []
    counted = [one for one in given if _counts(one, case, surgery_at or now)]
    share = share_used(counted, drugs, weight, reduced is not False) if weight else (0.0 if not counted else None)
    liposomal = [one for one in given if one.drug == "liposomal_bupivacaine"]
    wrong_by_vein = [one.drug for one in given if one.route == "vein" and one.drug not in ("lidocaine", None)]
    plain_bupivacaine = [one for one in counted if one.drug == "bupivacaine"]
    # One without a name may be the liposomal one.
    unnamed = [one for one in given if one.drug is None]
    actual = values.get("patient.weight_kg")
    lipid = _lipid(actual, values.get("patient.ideal_weight_kg"))
    return LocalAnestheticFacts(
        weight_kg=None if weight is None else float(weight),
        weight_is_ideal=ideal,
        reduced=reduced,
        small_or_old=_small_or_old(actual, values.get("patient.age_years")),
        listed=bool(given),
        share_used=share,
        over_budget=None if share is None else share > 100,
        vein_lidocaine=_by_route(given, any(one.route == "vein" and one.drug in ("lidocaine", None) for one in given)),
        vein_other=_by_route(given, bool(wrong_by_vein)),
        vein_other_name=", ".join(choices.LOCAL_ANESTHETICS[name].lower() for name in wrong_by_vein),
        patches=None
        if any(one.route == "patch" and one.patches is None for one in given)
        else float(sum(int(one.patches or 0) for one in given)),
        patch=any(one.route == "patch" or one.patches for one in given),
        liposomal_listed=True if liposomal else None if unnamed else False,
        liposomal_mg=_total(liposomal),
        liposomal_doses=None if unnamed and liposomal else float(len(liposomal)),
        liposomal_nerve_mg=_most([one for one in liposomal if one.route == "block"]),
        bupivacaine_over_half=_over_half(_total(plain_bupivacaine), _total(liposomal)),
        liposomal_soon_after_another=_soon_after_another(given, liposomal, case),
        bupivacaine_mg=_total(plain_bupivacaine),
        liposomal_within_96_h=_liposomal_recent([*liposomal, *unnamed], case, surgery_at),
        under_70_kg=None if not isinstance(actual, float) else actual < 70,
        lipid_weight_kg=lipid[0],
        lipid_bolus_ml=lipid[1],
        lipid_rate_ml_min=lipid[2],
        lipid_most_ml=lipid[3],
        lipid_most_known=lipid[3] is not None,
    )


def dosing_weight_kg(values: Mapping[str, FactValue]) -> tuple[Decimal | None, bool | None]:
    """Return the weight for limits, and whether it is the ideal weight: used over a BMI of 30, never above the actual one."""
    weight, bmi = values.get("patient.weight_kg"), values.get("patient.bmi")
    if not isinstance(weight, float) or not isinstance(bmi, float):
        return None, None
    if bmi <= 30:
        return Decimal(str(weight)), False
    ideal = values.get("patient.ideal_weight_kg")
    if not isinstance(ideal, float):
        return None, None
    return Decimal(str(min(weight, ideal))), ideal < weight


def amount_mg(one: LocalAnestheticGiven) -> Decimal | None:
    """Return the mg of one listed local anesthetic: as given, or from concentration and volume, or what patches give off."""
    if one.mg is not None:
        return one.mg
    if one.patches is not None:
        return one.patches * doses.PATCH_ABSORBED_MG
    if one.percent is not None and one.volume_ml is not None:
        return one.percent * 10 * one.volume_ml
    return None


def share_used(
    given: list[LocalAnestheticGiven], drugs: Mapping[str, LocalAnesthetic], weight: Decimal, reduced: bool
) -> float | None:
    """Return how much of the limit is used, in percent: each drug takes its share, because their toxicity adds up."""
    shares: dict[str, Decimal] = {}
    amounts: dict[str, Decimal] = {}
    for one in given:
        drug, amount = drugs.get(one.drug or ""), amount_mg(one)
        limit = drug_limit_mg(drug, weight, reduced, one.with_epinephrine is True) if drug else None
        if amount is None or not limit:
            return None
        name = one.drug or ""
        shares[name] = shares.get(name, Decimal(0)) + amount / limit * 100
        amounts[name] = amounts.get(name, Decimal(0)) + amount
    if _labelled_mixture(amounts):
        # The label allows this much plain bupivacaine with the liposomal one, so the two share one limit.
        smaller = min(("bupivacaine", "liposomal_bupivacaine"), key=lambda name: shares[name])
        del shares[smaller]
    return round(float(sum(shares.values(), Decimal(0))), 1)


def _labelled_mixture(amounts: Mapping[str, Decimal]) -> bool:
    """Whether plain bupivacaine is at most half of the liposomal one by mg (EXPAREL-IC)."""
    plain, liposomal = amounts.get("bupivacaine"), amounts.get("liposomal_bupivacaine")
    return plain is not None and liposomal is not None and 2 * plain <= liposomal


def drug_limit_mg(
    drug: LocalAnesthetic, weight: Decimal | None, reduced: bool, with_epinephrine: bool
) -> Decimal | None:
    """Return the most of a drug in mg for this weight; the absolute limit where none goes by weight."""
    if drug.plain_mg_per_kg is None and drug.epinephrine_mg_per_kg is None:
        return drug.plain_most_mg
    epinephrine = with_epinephrine and drug.epinephrine_mg_per_kg is not None
    per_kg = drug.epinephrine_mg_per_kg if epinephrine or drug.plain_mg_per_kg is None else drug.plain_mg_per_kg
    most = drug.epinephrine_most_mg if epinephrine or drug.plain_mg_per_kg is None else drug.plain_most_mg
    limit = doses.local_anesthetic_limit_mg(weight, per_kg, most, reduced)
    return limit if limit is None or drug.day_most_mg is None else min(limit, drug.day_most_mg)


def _counts(one: LocalAnestheticGiven, case: Case, moment: datetime) -> bool:
    """What lies more than 24 hours before the operation no longer counts; what has no time does."""
    return one.at is None or hours_between(local(one.at, case.zone, late=True), moment) <= BUDGET_HOURS


def _liposomal_recent(given: list[LocalAnestheticGiven], case: Case, moment: datetime | None) -> bool | None:
    """Whether one was given before the operation and within 96 hours; one planned for the operation itself is not before it."""
    hours = [
        None if one.at is None or moment is None else hours_between(local(one.at, case.zone, late=True), moment)
        for one in given
    ]
    recent = [passed is None or 0 < passed <= LIPOSOMAL_HOURS for passed in hours]
    sure = [one.drug is not None and passed is not None for one, passed in zip(given, hours, strict=True)]
    if any(is_recent and is_sure for is_recent, is_sure in zip(recent, sure, strict=True)):
        return True
    return None if any(recent) else False


def _by_route(given: list[LocalAnestheticGiven], found: bool) -> bool | None:
    """Return what the routes say; unknown while an entry has none and nothing else decides."""
    return True if found else None if any(one.route is None for one in given) else False


def _most(given: list[LocalAnestheticGiven]) -> float | None:
    amounts = [amount_mg(one) for one in given]
    return None if None in amounts else float(max((amount for amount in amounts if amount is not None), default=0))


def _over_half(plain: float | None, liposomal: float | None) -> bool | None:
    """Whether plain bupivacaine passes half of the liposomal one by mg; false when there is none of it (EXPAREL-IC)."""
    if plain == 0 or liposomal == 0:
        return False
    return None if plain is None or liposomal is None else 2 * plain > liposomal


def _soon_after_another(
    given: list[LocalAnestheticGiven], liposomal: list[LocalAnestheticGiven], case: Case
) -> bool | None:
    """Whether liposomal bupivacaine comes less than 20 minutes after lidocaine or another drug that is not bupivacaine."""
    others = [one for one in given if one.drug not in ("bupivacaine", "liposomal_bupivacaine")]
    gaps = [
        None
        if other.at is None or one.at is None
        else (local(one.at, case.zone).timestamp() - local(other.at, case.zone).timestamp()) / 60
        for one in liposomal
        for other in others
    ]
    if any(gap is not None and 0 <= gap < LIPOSOMAL_AFTER_OTHER_MINUTES for gap in gaps):
        return True
    return None if None in gaps else False


def _total(given: list[LocalAnestheticGiven]) -> float | None:
    amounts = [amount_mg(one) for one in given]
    return None if None in amounts else float(sum((amount for amount in amounts if amount is not None), Decimal(0)))


def _reduced(values: Mapping[str, FactValue]) -> bool | None:
    age = values.get("patient.age_years")
    answers = [
        None if not isinstance(age, float) else age >= OLD_YEARS,
        *(values.get(f"condition.{name}") for name in _REDUCING),
        values.get("health.severe_liver_disease"),
        None if "health.child_pugh" not in values else values["health.child_pugh"] in ("A", "B", "C"),
        values.get("patient.pregnant"),
    ]
    return any_of(*(answer if isinstance(answer, bool) else None for answer in answers))


def _small_or_old(weight: FactValue | None, age: FactValue | None) -> bool | None:
    return any_of(
        weight < 50 if isinstance(weight, float) else None,
        age > 75 if isinstance(age, float) else None,
    )


def _lipid(
    weight: FactValue | None, ideal: FactValue | None
) -> tuple[float | None, float | None, float | None, float | None]:
    if not isinstance(weight, float):
        return None, None, None, None
    dosing = min(weight, ideal) if isinstance(ideal, float) else weight
    found = doses.lipid_doses(Decimal(str(weight)), Decimal(str(dosing)))
    rate = None if found.rate_ml_min is None else float(found.rate_ml_min)
    # The ceiling counts with the ideal weight; without one it is left open rather than printed too high.
    return dosing, float(found.bolus_ml), rate, float(found.most_ml) if isinstance(ideal, float) else None
