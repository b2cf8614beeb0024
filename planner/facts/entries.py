"""Facts about one medicine of the list, and the days and clock times that its steps are counted from.

Hours are elapsed real hours, days are calendar days in the clinic's zone. What an interval means is decided
by the records of the knowledge base; the numbers that this module compares with come from ``products.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from planner import choices, doses
from planner.case import Case, HoldChoice, MoudEntry, Verification
from planner.catalog import Product
from planner.facts.declare import fact
from planner.facts.entry_moments import due_too_early, hold_hours, injected_on
from planner.facts.moments import When, local
from planner.facts.surgery import hours_between
from planner.facts.values import as_float

ANTAGONIST_STATES = {
    "blocked": "blocked: opioids will not work",
    "partial": "partly blocked: opioid effect is unpredictable",
    "waned_sensitive": "worn off: opioids may act more strongly than before",
    "cleared": "cleared: tolerance is lost",
}


GROUPS = {
    "buprenorphine": "buprenorphine",
    "methadone": "methadone",
    "antagonist": "an opioid blocker",
    "slow_release_morphine": "24-hour morphine",
    "peripheral": "a blocker that stays in the gut",
    "withdrawal": "a medicine against withdrawal",
    "alcohol": "a medicine for alcohol use disorder",
    "unknown": "not known",
}

HOLD_ITEMS = {
    "clinician": "the clinician who decides",
    "reason": "the reason",
    "prescriber_contacted": "that the prescriber or OTP was contacted",
    "restart_by": "who restarts it",
    "restart_on": "the restart date",
}


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What follows from one entry of the medication list."""

    product: str | None = fact("product")
    regimen: str | None = fact("regimen")
    group: str | None = fact("kind of medicine", words=GROUPS)
    indication: str | None = fact("taken for", question="What is it taken for?", words=choices.INDICATIONS)
    for_oud: bool | None = fact("is taken for opioid use disorder", question="Is it taken for opioid use disorder?")
    for_aud: bool | None = fact("is taken for alcohol use disorder", question="Is it taken for alcohol use disorder?")
    dose_mg: float | None = fact("dose", unit="mg a day", question="Dose in mg a day?")
    each_mg: float | None = fact("one dose", unit="mg", question="Dose, and how many times a day?")
    dose_mcg: float | None = fact("dose", unit="mcg", question="Dose in mcg?")
    film_mg: float | None = fact(
        "daily buprenorphine in film equivalents", unit="mg a day", question="Product, total mg a day and times a day?"
    )
    times_per_day: float | None = fact("doses a day", unit="times", question="How many times a day?")
    strength_fits: bool | None = fact(
        "the dose can be made of this product's strengths", question="Which strength, how often?"
    )
    can_split: bool | None = fact("the dose can be split in whole films", question="Product, total mg a day?")
    split: str | None = fact("the same total in divided doses", question="Product, total mg a day?")
    half_mg: float | None = fact("half of the daily dose", unit="mg", question="Dose in mg a day?")
    third_mg: float | None = fact("a third of the daily dose", unit="mg", question="Dose in mg a day?")
    quarter_mg: float | None = fact("a quarter of the daily dose", unit="mg", question="Dose in mg a day?")
    restart_mg_after_4_days: float | None = fact(
        "the lower of 40 mg and half of the dose", unit="mg", question="Dose in mg a day?"
    )
    implausible_dose: bool | None = fact("the dose is far above what is usual", question="Dose?")
    last_dose_known: bool | None = fact("the last dose or injection is known")
    hours_since_dose: float | None = fact(
        "hours since the last dose", unit="hours", question="Date and time of the last dose?"
    )
    days_since_dose: float | None = fact("days since the last dose", unit="days", question="Date of the last dose?")
    hours_dose_to_surgery: float | None = fact(
        "hours from the last dose to surgery", unit="hours", question="Times of the last dose and of surgery?"
    )
    last_dose_ahead: bool | None = fact("the last dose given is still ahead")
    missed_days: float | None = fact(
        "whole days without a dose", unit="days", question="Date and time of the last dose?"
    )
    days_since_injection: float | None = fact(
        "days since the injection", unit="days", question="Date of the last injection?"
    )
    days_injection_to_surgery: float | None = fact(
        "days from the injection to surgery", unit="days", question="Dates of the last injection and of surgery?"
    )
    days_overdue: float | None = fact(
        "days the next injection is overdue", unit="days", question="When is the next injection due?"
    )
    due_day_doubtful: bool | None = fact("the due day is earlier than the label allows")
    due_before_surgery: bool | None = fact(
        "the next injection falls before surgery", question="When is the next injection due?"
    )
    due_day_of_surgery: bool | None = fact(
        "the next injection falls on the day of surgery", question="When is the next injection due?"
    )
    injections_received: float | None = fact(
        "injections so far", unit="injections", question="How many injections so far?"
    )
    state: str | None = fact(
        "opioid blockade on the day it matters",
        question="Date and time of the last dose or injection?",
        words=ANTAGONIST_STATES,
    )
    hold_hours: float | None = fact("hold before surgery", unit="hours")
    hold_ahead: bool | None = fact("the time for the last dose is still ahead", question="Day and time of surgery?")
    hold_met: bool | None = fact(
        "the last dose is early enough for surgery", question="Times of the last dose and of surgery?"
    )
    hold_cannot_be_met: bool | None = fact(
        "surgery comes before the hold interval is over", question="Times of the last dose and of surgery?"
    )
    verified: bool | None = fact("the dose was confirmed with the dispensing clinic, and no dose is in doubt")
    dose_in_doubt: bool | None = fact("doses were missed, not seen or only planned")
    verified_dose_differs: bool | None = fact("the confirmed dose differs from the stated dose")
    verified_dose_mg: float | None = fact("confirmed dose", unit="mg a day", question="Confirmed dose?")
    own_strengths: bool | None = fact("is a product whose mg differ from film mg")
    hold_chosen: bool | None = fact("a clinician chose to hold it")
    hold_documented: bool | None = fact("the hold has name, reason, prescriber contact and restart plan")
    hold_lacks: list[str] | None = fact("what the hold still lacks")
    take_homes: float | None = fact("take-home doses in hand", unit="doses", question="Take-home doses in hand?")
    missed_in_last_7_days: float | None = fact(
        "doses missed in the last 7 days", unit="doses", question="Doses missed in the last 7 days?"
    )
    observed_gap_days: float | None = fact(
        "days between the last dose that was seen taken and the last dose stated",
        unit="days",
        question="Last dose seen taken?",
    )
    restart_known: bool | None = fact("the last opioid dose is known, so the restart can be dated")


def entry_facts(
    entry: MoudEntry, product: Product, case: Case, moments: dict[str, When], now: datetime, slow_clearance: bool
) -> EntryFacts:
    """Return the facts about one entry, from its answers and its named moments."""
    surgery_at = local(case.surgery.at, case.zone) if case.surgery.at else None
    last = moments.get("entry.last_dose")
    last_at = last if isinstance(last, datetime) else None
    injected = injected_on(entry, product)
    matters_at = surgery_at or now
    daily = entry.verification.dose_mg if entry.verification and entry.verification.dose_mg else entry.dose_mg
    film = _film_mg(entry, product)
    split = None if film is None else doses.split_in_words(film, product.film_strengths)
    hold = hold_hours(entry, product, slow_clearance)
    due = moments.get("entry.next_due")
    to_surgery = hours_between(last_at, surgery_at) if last_at and surgery_at else None
    hold_from = moments.get("entry.hold_from")
    ahead = None if not isinstance(hold_from, datetime) else hold_from.timestamp() >= now.timestamp()
    met = None if to_surgery is None or hold is None else to_surgery >= hold
    dose_to_matter = hours_between(last_at, matters_at) if last_at else None
    return EntryFacts(
        product=product.label,
        regimen=regimen_of(entry, product),
        group=product.group,
        indication=entry.indication,
        for_oud=None if entry.indication is None else entry.indication == "oud",
        for_aud=None if entry.indication is None else entry.indication == "aud",
        dose_mg=as_float(entry.dose_mg),
        each_mg=as_float(entry.dose_mg / entry.times_per_day) if entry.dose_mg and entry.times_per_day else None,
        dose_mcg=as_float(entry.dose_mcg),
        film_mg=as_float(film),
        times_per_day=as_float(entry.times_per_day),
        strength_fits=_strength_fits(entry, product, film),
        can_split=None if film is None else split is not None,
        split=split,
        half_mg=as_float(doses.equal_parts(daily, 2)) if daily else None,
        third_mg=as_float(doses.equal_parts(daily, 3)) if daily else None,
        quarter_mg=as_float(doses.equal_parts(daily, 4)) if daily else None,
        restart_mg_after_4_days=as_float(min(Decimal(40), doses.equal_parts(daily, 2))) if daily else None,
        implausible_dose=_implausible(entry, product),
        last_dose_known=(injected if product.injected else entry.last_dose_at) is not None,
        hours_since_dose=max(0.0, hours_between(last_at, now)) if last_at else None,
        days_since_dose=float(max(0, (now.date() - last_at.date()).days)) if last_at else None,
        hours_dose_to_surgery=to_surgery,
        last_dose_ahead=last_at is not None and last_at.timestamp() > now.timestamp(),
        missed_days=float(max(0, (now.date() - last_at.date()).days - 1)) if last_at else None,
        days_since_injection=float((now.date() - injected).days) if injected else None,
        days_injection_to_surgery=float((surgery_at.date() - injected).days) if injected and surgery_at else None,
        days_overdue=float(max(0, (now.date() - due).days)) if due else None,
        due_day_doubtful=due_too_early(entry, product),
        due_before_surgery=due < surgery_at.date() if due and surgery_at else None,
        due_day_of_surgery=due == surgery_at.date() if due and surgery_at else None,
        injections_received=as_float(entry.injections_received),
        state=_state(product, hold, dose_to_matter, injected, matters_at.date()),
        hold_hours=as_float(hold),
        hold_ahead=ahead,
        hold_met=met,
        hold_cannot_be_met=None if met is None or ahead is None else not met and not ahead,
        verified=_verified(entry.verification) and not _in_doubt(entry, now),
        dose_in_doubt=_in_doubt(entry, now),
        verified_dose_differs=bool(
            entry.verification
            and entry.verification.dose_mg
            and entry.dose_mg
            and entry.verification.dose_mg != entry.dose_mg
        ),
        verified_dose_mg=as_float(entry.verification.dose_mg) if entry.verification else None,
        own_strengths=bool(product.film_strengths),
        hold_chosen=entry.hold_choice is not None,
        hold_documented=_documented(entry.hold_choice),
        hold_lacks=_hold_lacks(entry.hold_choice),
        take_homes=as_float(entry.verification.take_homes) if entry.verification else None,
        missed_in_last_7_days=as_float(entry.verification.missed_in_last_7_days) if entry.verification else None,
        observed_gap_days=_observed_gap(entry),
        restart_known="entry.restart_from" in moments,
    )


def regimen_of(entry: MoudEntry, product: Product) -> str:
    """Return the branch of the plan: it depends on the product and, for some, on what it is taken for."""
    return product.regimen_for.get(entry.indication or "", product.regimen)


def _film_mg(entry: MoudEntry, product: Product) -> Decimal | None:
    if product.group != "buprenorphine" or entry.dose_mg is None or product.unit != "mg_per_day":
        return None
    if not product.film_strengths:
        return entry.dose_mg
    times = int(entry.times_per_day) if entry.times_per_day else None
    return doses.film_equivalent_mg(product.film_strengths, entry.dose_mg, times)


def _strength_fits(entry: MoudEntry, product: Product, film: Decimal | None) -> bool | None:
    dose = entry.dose_mcg if product.unit.startswith("mcg") else entry.dose_mg
    if dose is None:
        return None
    if product.film_strengths:
        return film is not None
    if product.strengths and product.unit != "mg_per_day":
        return dose in product.strengths
    if product.strengths:
        return dose % min(product.strengths) == 0
    return True


def _implausible(entry: MoudEntry, product: Product) -> bool | None:
    dose = entry.dose_mcg if product.unit.startswith("mcg") else entry.dose_mg
    if dose is None or product.highest_plausible is None:
        return None if dose is None else False
    return dose > product.highest_plausible


def _state(product: Product, hold: Decimal | None, hours: float | None, injected: date | None, day: date) -> str | None:
    """Return the blockade an antagonist leaves at a moment; None for other medicines or without a last dose."""
    if product.injected and product.blocked_through_day is not None:
        if injected is None:
            return None
        days = (day - injected).days
        if days <= product.blocked_through_day:
            return "blocked"
        if days <= (product.partial_through_day or 0):
            return "partial"
        return "waned_sensitive" if days <= (product.sensitive_through_day or 0) else "cleared"
    if hold is None or hours is None:
        return None
    if hours < 24:
        return "blocked"
    if hours < hold:
        return "partial"
    return "waned_sensitive" if hours <= 24 * (product.sensitive_through_day or 0) else "cleared"


def _verified(call: Verification | None) -> bool:
    """A dose counts as confirmed only when the call is on record: who, with whom, when, which dose."""
    return bool(call and call.by and call.with_whom and call.at and call.dose_mg)


def _in_doubt(entry: MoudEntry, now: datetime) -> bool:
    """Whether what was said leaves open that doses were missed, although a last dose is stated.

    A dose that is only planned says nothing about the days until now; three doses missed in a week, or days that
    nobody saw and no take-home dose covers, may have cost tolerance.
    """
    call, gap = entry.verification, _observed_gap(entry)
    planned = entry.last_dose_at is not None and entry.last_dose_at > now.replace(tzinfo=None)
    missed = call is not None and call.missed_in_last_7_days is not None and call.missed_in_last_7_days >= 3
    covered = call.take_homes if call and call.take_homes is not None else Decimal(1)
    return planned or missed or (gap is not None and gap > covered)


def _documented(choice: HoldChoice | None) -> bool:
    return choice is not None and not _hold_lacks(choice)


def _hold_lacks(choice: HoldChoice | None) -> list[str] | None:
    """Return in words what a chosen hold still lacks; None when no hold was chosen."""
    return None if choice is None else [label for name, label in HOLD_ITEMS.items() if not getattr(choice, name)]


def _observed_gap(entry: MoudEntry) -> float | None:
    """A dose that nobody saw may not have been taken, so the gap between the two is worth a question."""
    call = entry.verification
    if not call or not call.last_observed_dose_at or not entry.last_dose_at:
        return None
    return float(max(0, (entry.last_dose_at.date() - call.last_observed_dose_at.date()).days))
