"""One local anesthetic limit for one person in 24 hours: what each drug allows in mg and mL, and what is used already."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from planner import choices, doses, words
from planner.catalog import LocalAnesthetic
from planner.facts import Facts
from planner.facts.local_anesthetics import amount_mg, dosing_weight_kg, drug_limit_mg, share_used
from planner.knowledge.load import Knowledge, cited
from planner.plan import Budget, LocalAnestheticLimit, LocalAnestheticUse, Volume


def budget_of(facts: Facts, knowledge: Knowledge) -> Budget | None:
    """Return the budget for an operation that is ahead; None without one.

    What is not known about age and illness counts as a reason for less.
    """
    if facts.values.get("plan.operation") is not True:
        return None
    weight, ideal = dosing_weight_kg(facts.values)
    reduced = facts.values.get("la.reduced") is not False
    share = facts.values.get("la.share_used")
    left = max(Decimal(0), 100 - Decimal(str(share))) if isinstance(share, float) else None
    liposomal = _after_liposomal(facts)
    missing = liposomal or ("" if weight else "Weight, height and sex?")
    return Budget(
        weight="" if weight is None else f"{words.measured(weight, 'kg')} ({'ideal' if ideal else 'actual'} weight)",
        reduced="30 % less for age, frailty, heart, liver, pregnancy or nutrition" + _not_known(facts)
        if reduced
        else "",
        used=_uses(facts, knowledge, weight, reduced),
        left=Decimal(0) if liposomal else left,
        # Without knowing what was given, or after liposomal bupivacaine, no amount is offered.
        limits=()
        if weight is None or liposomal or (facts.values.get("la.listed") and left is None)
        else tuple(
            _limit(drug, weight, reduced, (left if left is not None else Decimal(100)) / 100, knowledge)
            for drug in knowledge.catalog.local_anesthetics.values()
        ),
        missing=missing,
    )


def _after_liposomal(facts: Facts) -> str:
    """Return why nothing is left beside liposomal bupivacaine; empty when there is none."""
    if facts.values.get("la.liposomal_within_96_h") is not False:
        return "Nothing is left: liposomal bupivacaine within 96 hours, or it cannot be ruled out."
    if facts.values.get("la.liposomal_listed") is not False:
        return "Nothing else is left beside liposomal bupivacaine; plain bupivacaine only as its label allows."
    return ""


def _not_known(facts: Facts) -> str:
    return "" if "la.reduced" in facts.values else " (not all of it is known)"


def _limit(
    drug: LocalAnesthetic, weight: Decimal, reduced: bool, part_left: Decimal, knowledge: Knowledge
) -> LocalAnestheticLimit:
    def left(with_epinephrine: bool) -> Decimal | None:
        stated = drug.epinephrine_mg_per_kg if with_epinephrine else (drug.plain_mg_per_kg or drug.plain_most_mg)
        limit = drug_limit_mg(drug, weight, reduced, with_epinephrine) if stated is not None else None
        return None if limit is None else (limit * part_left).quantize(Decimal(1), ROUND_FLOOR)

    plain, epinephrine = left(False), left(True)
    return LocalAnestheticLimit(
        label=drug.label,
        plain_mg=plain,
        epinephrine_mg=epinephrine,
        day_mg=drug.day_most_mg,
        volumes=tuple(
            Volume(
                percent,
                None if plain is None else doses.milliliters(plain, percent),
                None if epinephrine is None else doses.milliliters(epinephrine, percent),
            )
            for percent in drug.percents
        ),
        note=drug.note,
        sources=tuple(cited(knowledge.sources, cite["id"], cite["where"]) for cite in drug.sources),
        evidence=drug.evidence,
    )


def _uses(facts: Facts, knowledge: Knowledge, weight: Decimal | None, reduced: bool) -> tuple[LocalAnestheticUse, ...]:
    found = []
    for one in facts.case.surgery.local_anesthetics or []:
        share = share_used([one], knowledge.catalog.local_anesthetics, weight, reduced) if weight else None
        route = choices.LOCAL_ANESTHETIC_ROUTES.get(one.route or "", "")
        name = choices.LOCAL_ANESTHETICS.get(one.drug or "", "Local anesthetic")
        parts = [name, route.lower(), one.site or "", words.moment(one.at) if one.at else ""]
        mg = amount_mg(one)
        found.append(
            LocalAnestheticUse(
                ", ".join(part for part in parts if part), mg, None if share is None else Decimal(str(share))
            )
        )
    return tuple(found)
