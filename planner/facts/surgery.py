"""Facts about the operation: how painful, where, when, which stay; and the opioids around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from planner import choices
from planner.case import Case
from planner.catalog import Block, Procedure
from planner.facts.declare import fact


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The kind of plan."""

    kind: str | None = fact("kind of plan", words=choices.KINDS)
    scheduled: bool | None = fact("the operation is scheduled")
    unscheduled: bool | None = fact("the operation is urgent or an emergency")
    standing: bool | None = fact("no operation is planned")
    operation: bool | None = fact("an operation is ahead")
    after_surgery: bool | None = fact("the operation is over")


@dataclass(frozen=True, slots=True)
class SurgeryFacts:
    """What follows from the answers about the operation."""

    procedure: str | None = fact("operation", question="Which operation?")
    procedure_listed: bool | None = fact("the operation is on the list", question="Which operation?")
    region: str | None = fact("body region", question="Which body region?", words=choices.BODY_REGIONS)
    pain: str | None = fact(
        "expected pain", question="How painful is the operation without treatment?", words=choices.EXPECTED_PAIN
    )
    moderate_or_severe_pain: bool | None = fact(
        "moderate or severe pain is expected", question="How painful is the operation without treatment?"
    )
    severe_pain: bool | None = fact(
        "severe pain is expected", question="How painful is the operation without treatment?"
    )
    traits: list[str] | None = fact("what is special about the operation", question="Which operation?")
    no_block_needed: bool | None = fact("the operation needs no block")
    deep_or_neuraxial_named: bool | None = fact("a neuraxial or deep technique may be used for the operation")
    dated: bool | None = fact("the day and time of surgery are known", question="Day and time of surgery?")
    hours_away: float | None = fact("hours until surgery", unit="hours", question="Day and time of surgery?")
    days_away: float | None = fact("days until surgery", unit="days", question="Day of surgery?")
    inpatient: bool | None = fact("a hospital stay is planned", question="Hospital stay, or home on the same day?")
    variant: str | None = fact("kind or approach", question="Which kind of operation, or which approach?")
    has_variants: bool | None = fact("the operation has several kinds or approaches", question="Which operation?")
    variant_open: bool | None = fact("the kind or approach is not chosen", question="Which operation?")
    both_sides: bool | None = fact("both sides are operated on in one session")
    regional_refused: bool | None = fact("declines regional anesthesia")
    regional_wish_known: bool | None = fact("it is known whether the person accepts regional anesthesia")


@dataclass(frozen=True, slots=True)
class OpioidFacts:
    """Opioids planned or given around the operation."""

    planned: bool | None = fact("opioids are planned after surgery", question="Are opioids planned after surgery?")
    home_supply: bool | None = fact("opioids are planned at home", question="Are opioids planned at home?")
    last_dose_known: bool | None = fact("the last opioid dose is known")
    last_dose_kind: str | None = fact(
        "kind of the last opioid", question="Which kind was the last opioid?", words=choices.OPIOID_KINDS
    )
    long_acting: bool | None = fact("the last opioid was long-acting", question="Which kind was the last opioid?")
    counted_as: str | None = fact("kind of opioid that the expected restart counts with")
    pdmp_checked: bool | None = fact("the PDMP was checked", question="PDMP checked on which day?")


def plan_facts(case: Case, today: date) -> PlanFacts:
    """Return the facts about the kind of plan. After the operation day only the way back is planned."""
    over = case.surgery.at is not None and case.surgery.at.date() < today
    return PlanFacts(
        kind=case.kind,
        scheduled=case.kind == "scheduled" and not over,
        unscheduled=case.kind in ("urgent", "emergency") and not over,
        standing=case.kind == "standing",
        operation=case.kind != "standing" and not over,
        after_surgery=over,
    )


def surgery_facts(
    case: Case,
    procedure: Procedure | None,
    blocks: Mapping[str, Block],
    surgery_at: datetime | None,
    now: datetime,
) -> SurgeryFacts:
    """Return the facts about the operation; ``surgery_at`` and ``now`` carry the clinic's zone."""
    surgery = case.surgery
    # “Another operation (typed)” stands in the catalog without region, pain and traits: these stay unknown.
    listed = procedure if procedure and procedure.id != "other" else None
    variant = listed.variants.get(surgery.variant or "") if listed else None
    pain = surgery.expected_pain or (listed.pain if listed else None) or None
    return SurgeryFacts(
        procedure=listed.label if listed else surgery.procedure_text,
        procedure_listed=listed is not None if surgery.procedure else None,
        region=surgery.body_region or (listed.region if listed else None) or None,
        pain=pain,
        moderate_or_severe_pain=None if pain is None else pain != "mild",
        severe_pain=None if pain is None else pain == "severe",
        traits=list(listed.traits) if listed else None,
        no_block_needed=bool(listed and "no_block_needed" in listed.traits),
        # An operation that is not listed, or not known yet, may need any technique.
        deep_or_neuraxial_named=listed is None
        or any(
            blocks[name].kind in ("neuraxial", "deep") for name in (*listed.first, *listed.second) if name in blocks
        ),
        dated=surgery_at is not None,
        hours_away=None if surgery_at is None else hours_between(now, surgery_at),
        days_away=None if surgery_at is None else float((surgery_at.date() - now.date()).days),
        inpatient=None if surgery.setting is None else surgery.setting == "inpatient",
        variant=variant.label if variant else None,
        has_variants=None if not surgery.procedure else bool(listed and listed.variants),
        variant_open=None if not surgery.procedure else bool(listed and listed.variants and not surgery.variant),
        both_sides=surgery.both_sides is True,
        # Consent is asked again at the bedside; until then a plan is made as for a person who may accept.
        regional_refused=surgery.regional_refused is True,
        regional_wish_known=surgery.regional_refused is not None,
    )


def opioid_facts(case: Case) -> OpioidFacts:
    """Return the facts about opioids around the operation; home supply implies that opioids are planned."""
    opioids = case.opioids
    return OpioidFacts(
        planned=True if opioids.home_supply or opioids.last_dose_at else opioids.planned,
        home_supply=False if opioids.planned is False and opioids.home_supply is None else opioids.home_supply,
        last_dose_known=opioids.last_dose_at is not None,
        last_dose_kind=opioids.last_dose_kind,
        long_acting=None if opioids.last_dose_kind is None else opioids.last_dose_kind == "long_acting",
        counted_as="long-acting" if opioids.last_dose_kind == "long_acting" else "short-acting",
        pdmp_checked=opioids.pdmp_checked_on is not None,
    )


def hours_between(start: datetime, end: datetime) -> float:
    """Return elapsed real hours between two zoned moments, right across clock changes, to 0.1 h.

    Rounded down, so that 71.99 hours never counts as 72.
    """
    seconds = end.timestamp() - start.timestamp()
    return float(seconds // 360) / 10
