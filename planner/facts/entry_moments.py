"""The days and clock times that the steps of one medicine are counted from: hold, next injection, blockade, restart."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from planner.case import Case, MoudEntry
from planner.catalog import Product
from planner.facts.moments import When, days_later, hours_later, local

# How many days opioids are expected at most when nothing else was said (design, unverified).
EXPECTED_OPIOID_DAYS = 3


def planned_stop(case: Case) -> date | None:
    """Return the day on which opioids end as planned; tablets at home may last longer than the default, never shorten it."""
    if case.surgery.at is None:
        return None
    usual = days_later(case.surgery.at.date(), EXPECTED_OPIOID_DAYS)
    return max(usual, case.opioids.home_stop_on or usual)


def moments_of(entry: MoudEntry, product: Product, case: Case, now: datetime, slow_clearance: bool) -> dict[str, When]:
    """Return the named moments of one entry; see ``planner.facts.moments`` for their meaning."""
    zone = case.zone
    found: dict[str, When] = {}
    surgery_at = local(case.surgery.at, zone) if case.surgery.at else None
    if entry.last_dose_at and not product.injected:
        found["entry.last_dose"] = local(entry.last_dose_at, zone, late=True)
    hold = hold_hours(entry, product, slow_clearance)
    if hold and surgery_at:
        found["entry.hold_from"] = hours_later(surgery_at, -float(hold))
    if hold and entry.last_dose_at and not product.injected:
        found["entry.block_ends"] = hours_later(local(entry.last_dose_at, zone, late=True), float(hold))
    injected = injected_on(entry, product)
    if injected:
        found["entry.last_injection"] = injected
        for name, days in (
            ("entry.blocked_until", product.blocked_through_day),
            ("entry.partial_until", product.partial_through_day),
            ("entry.sensitive_until", product.sensitive_through_day),
            ("entry.elective_from", product.elective_from_day),
            ("entry.elective_target", product.elective_target_day),
        ):
            if days is not None:
                found[name] = days_later(injected, days)
    due = _next_due(entry, product, injected)
    if due:
        found["entry.next_due"] = due
        if product.window_days is not None:
            found["entry.window_opens"] = days_later(due, -product.window_days)
            found["entry.window_closes"] = days_later(due, product.window_days)
    if entry.hold_choice and entry.hold_choice.restart_on:
        found["entry.hold_restart"] = entry.hold_choice.restart_on
    found.update(_restart_moments(case, product))
    return found


def injected_on(entry: MoudEntry, product: Product) -> date | None:
    """Return the day of the last injection or implant; None for other products or when it is not known."""
    if not product.injected:
        return None
    return entry.last_injection_on or (entry.last_dose_at.date() if entry.last_dose_at else None)


def _next_due(entry: MoudEntry, product: Product, injected: date | None) -> date | None:
    """Return the day the next injection is due; a stated day that the label's interval forbids is not taken over."""
    usual = days_later(injected, product.interval_days) if injected and product.interval_days else None
    return usual if due_too_early(entry, product) else entry.next_due_on or usual


def due_too_early(entry: MoudEntry, product: Product) -> bool:
    """The second injection may follow the first sooner than the later ones follow each other (LBL-SUBL)."""
    injected = injected_on(entry, product)
    if not injected or not entry.next_due_on or product.least_days is None or entry.injections_received == 1:
        return False
    return (entry.next_due_on - injected).days < product.least_days


def hold_hours(entry: MoudEntry, product: Product, slow_clearance: bool) -> Decimal | None:
    """Return the hold before surgery in hours; a longer stated hold counts, a shorter one only within the range."""
    if product.hold_hours is None:
        return None
    usual = Decimal(product.hold_hours_slow_clearance or 0) if slow_clearance else Decimal(0)
    least = Decimal(product.hold_hours_least or product.hold_hours)
    # A shorter hold is for a low dose only; what is not known to be low is held as usual.
    if product.low_dose_at_most is not None and (entry.dose_mg is None or entry.dose_mg > product.low_dose_at_most):
        least = Decimal(product.hold_hours)
    chosen = entry.hold_hours if entry.hold_hours is not None else Decimal(product.hold_hours)
    return max(chosen, least, usual)


def _restart_moments(case: Case, product: Product) -> dict[str, When]:
    """Return the naltrexone restart days, counted from the last opioid dose and its kind.

    A last opioid of unknown kind is counted as long-acting, the longer wait.
    """
    if product.opioid_free_days_short is None or product.opioid_free_days_long is None:
        return {}
    last, surgery = case.opioids.last_dose_at, case.surgery.at
    short = case.opioids.last_dose_kind == "short_acting"
    wait = product.opioid_free_days_short if short else product.opioid_free_days_long
    # By the clock: a dose late in the evening must not shorten the wait by most of a day.
    free_from = hours_later(local(last, case.zone, late=True), 24 * wait) if last else None
    # An opioid taken before the operation is not the last one around it, and must not date a restart before it. Nor is
    # a dose on record the last one as long as tablets at home go on after that day.
    goes_on = bool(last and case.opioids.home_stop_on and case.opioids.home_stop_on > last.date())
    if last and free_from and not goes_on and (surgery is None or last >= surgery):
        return {"entry.restart_from": free_from}
    stop = planned_stop(case)
    if stop is None:
        return {}
    # The days without an opioid begin on the day after the last one.
    likely = (
        product.opioid_free_days_long
        if case.opioids.last_dose_kind == "long_acting"
        else product.opioid_free_days_short
    )
    expected = days_later(stop, likely + 1)
    return {"entry.restart_expected": max(expected, free_from.date()) if free_from else expected}
