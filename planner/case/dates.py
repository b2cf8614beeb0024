"""Dates that cannot be: an operation in the past, a last dose after it, a birth in the future."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from planner.case.questions import Case
from planner.inputs import shown
from planner.problems import Problem

LATEST_RESTART_DAYS = 90


def date_problems(case: Case, now: datetime) -> Iterable[Problem]:
    """Say which dates cannot be: an operation in the past, a last dose after it, a birth in the future."""
    try:
        if not (case.surgery.time_zone or "Named")[0].isupper():
            # "localtime" would be the zone of whichever computer makes the plan.
            raise ValueError
        here = now.astimezone(case.zone).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # An OSError comes from a name such as "America", which is a folder of the database.
        yield Problem(
            "surgery.time_zone",
            f"“{shown(case.surgery.time_zone or '')}” is not a time zone.",
            "Use a name such as America/New_York or America/Chicago.",
        )
        return
    yield from _person_date_problems(case, here.date())
    yield from _surgery_date_problems(case, here)
    yield from _dose_date_problems(case, here)
    yield from _opioid_date_problems(case, here)
    yield from _going_home_problems(case)


def _person_date_problems(case: Case, today: date) -> Iterable[Problem]:
    born = case.patient.birth_date
    if born and born > today:
        yield Problem("patient.birth_date", "The date of birth is in the future.", "Check the year.")
    elif born:
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if not 18 <= age <= 120:
            yield Problem(
                "patient.birth_date", f"The age would be {age} years.", "The plan is for adults of 18 to 120 years."
            )
    if case.patient.sex == "male" and (case.patient.pregnant or case.patient.pregnancy_weeks):
        yield Problem("patient.pregnant", "Pregnancy and male sex are both given.", "Correct one of the two.")
    if case.patient.pregnant is False and case.patient.pregnancy_weeks:
        yield Problem(
            "patient.pregnancy_weeks",
            "Weeks of pregnancy are given for a person who is not pregnant.",
            "Correct one of the two.",
        )
    for name in ("since", "last_opioid_use"):
        day = getattr(case.recovery, name)
        if day and day > today:
            yield Problem(f"recovery.{name}", "The date is in the future.", "Give a day up to today.")
        if day and born and day < born:
            yield Problem(f"recovery.{name}", "The date is before the date of birth.", "Check both dates.")


def _surgery_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    at = case.surgery.at
    if case.kind == "standing":
        if at:
            yield Problem(
                "surgery.at",
                "A standing plan has no operation date.",
                "Remove the date, or choose another kind of plan.",
            )
        return
    if at is None:
        return
    if at.date() < here.date() and not _is_after_surgery(case, at, here):
        right = f"Give a day from {here.date()} on. To date a restart after an operation, fill in the last opioid dose as well."
        yield Problem("surgery.at", "The operation is in the past.", right)
    elif at.year > here.year + 3:
        yield Problem("surgery.at", "The operation is more than three years away.", "Check the year.")
    elif _skipped(at, case.zone):
        yield Problem(
            "surgery.at", "That clock time is skipped when the clocks go forward.", "Give a time one hour later."
        )


def _is_after_surgery(case: Case, at: datetime, here: datetime) -> bool:
    """Whether the Case is a restart after a recent operation: then the last opioid dose is given."""
    return case.opioids.last_dose_at is not None and (here.date() - at.date()).days <= LATEST_RESTART_DAYS


def _dose_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    at = case.surgery.at
    # After the operation, doses go on; before it, a last dose after it cannot be.
    latest = at if at and at.date() >= here.date() else here
    for index, entry in enumerate(case.moud or []):
        for name in ("last_dose_at", "last_injection_on"):
            value = getattr(entry, name)
            if value is None:
                continue
            moment = value if isinstance(value, datetime) else datetime.combine(value, latest.time())
            if name == "last_injection_on" and value > here.date():
                yield Problem(
                    f"moud.{index}.{name}",
                    "The last injection is in the future.",
                    "Give a day up to today; the next one has its own field.",
                )
            elif moment.date() > latest.date() or (isinstance(value, datetime) and moment > latest):
                reference = "the operation" if latest == at else "now"
                yield Problem(
                    f"moud.{index}.{name}",
                    f"The last dose is after {reference}.",
                    f"Give a moment before {latest:%Y-%m-%dT%H:%M}.",
                )
            elif case.patient.birth_date and moment.date() < case.patient.birth_date:
                yield Problem(f"moud.{index}.{name}", "The last dose is before the date of birth.", "Check both dates.")
        if entry.next_due_on and entry.last_injection_on and entry.next_due_on <= entry.last_injection_on:
            yield Problem(
                f"moud.{index}.next_due_on", "The next injection is not after the last one.", "Check both dates."
            )
        choice = entry.hold_choice
        if choice and choice.restart_on and choice.restart_on < (at or here).date():
            yield Problem(
                f"moud.{index}.hold_choice.restart_on",
                "The restart is before the operation.",
                "Give a day from the operation on.",
            )
        for name in ("at", "last_observed_dose_at"):
            happened: datetime | None = getattr(entry.verification, name) if entry.verification else None
            if happened and happened > here:
                yield Problem(
                    f"moud.{index}.verification.{name}",
                    "The time is in the future.",
                    "Give the time at which it happened.",
                )
    for index, agent in enumerate(case.health.anticoagulants or []):
        if agent.starts_after_surgery and agent.last_dose_at:
            yield Problem(
                f"health.anticoagulants.{index}.starts_after_surgery",
                "A last dose is given for a medicine that starts only after surgery.",
                "Remove one of the two answers.",
            )
        if agent.last_dose_at and agent.last_dose_at > latest:
            yield Problem(
                f"health.anticoagulants.{index}.last_dose_at",
                "The last dose is after the operation.",
                f"Give a moment before {latest:%Y-%m-%dT%H:%M}.",
            )


def _going_home_problems(case: Case) -> Iterable[Problem]:
    stop = case.opioids.home_stop_on
    if stop and case.surgery.at and stop < case.surgery.at.date():
        yield Problem("opioids.home_stop_on", "The stop date is before the operation.", "Check both dates.")
    leaves, surgery = case.going_home.discharge_on, case.surgery.at
    if stop and leaves and stop < leaves:
        yield Problem(
            "opioids.home_stop_on",
            "The stop date of the opioid at home is before the day of going home.",
            "Correct one of the two; without an opioid at home leave the stop date empty.",
        )
    if leaves and surgery and leaves < surgery.date():
        yield Problem("going_home.discharge_on", "The day of going home is before the operation.", "Check both dates.")
    elif leaves and surgery and (leaves - surgery.date()).days > LATEST_RESTART_DAYS:
        yield Problem(
            "going_home.discharge_on",
            f"The day of going home is more than {LATEST_RESTART_DAYS} days after the operation.",
            "Check the month and the year.",
        )


def _opioid_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    opioids = case.opioids
    if opioids.pdmp_checked_on and opioids.pdmp_checked_on > here.date():
        yield Problem(
            "opioids.pdmp_checked_on", "The day is in the future.", "Give the day on which the PDMP was checked."
        )
    if opioids.last_dose_at and opioids.last_dose_at.year > here.year + 1:
        yield Problem("opioids.last_dose_at", "The last opioid dose is more than a year away.", "Check the year.")
    if opioids.last_dose_at and case.patient.birth_date and opioids.last_dose_at.date() < case.patient.birth_date:
        yield Problem("opioids.last_dose_at", "The last opioid dose is before the date of birth.", "Check both dates.")
    elif opioids.last_dose_at and case.surgery.at and opioids.last_dose_at.date() < case.surgery.at.date():
        yield Problem(
            "opioids.last_dose_at",
            "The last opioid dose is before the operation.",
            "Give the last dose after it, or leave it empty until it is known.",
        )


def _skipped(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks jump over this local time."""
    return at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at
