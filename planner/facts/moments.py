"""Named moments: the days and clock times that steps of a plan are counted from.

A moment is a ``datetime`` with the clinic's zone when the hour matters, a ``date`` when only the day does.
A moment that does not follow from what was said is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

When = date | datetime

MOMENTS: Mapping[str, str] = {
    "now": "the moment the plan was made",
    "today": "the day the plan was made",
    "surgery.at": "the time of surgery",
    "surgery.day": "the day of surgery",
    "opioid.last_dose": "the last opioid dose, when it is known",
    "opioid.expected_stop": "the day the last opioid dose is expected if opioids stop after the default three days",
    "opioid.planned_stop": "the later of the default three days and the stop date of an opioid at home",
    "home.day": "the expected day of going home",
    "home.first_open": "the first day after going home on which the prescriber or OTP is open",
    "entry.last_dose": "the last dose of this medicine",
    "entry.hold_from": "the latest clock time for the last dose before surgery",
    "entry.block_ends": "the time the hold interval after the last dose is over",
    "entry.last_injection": "the day of the last injection or implant",
    "entry.next_due": "the day the next injection is due",
    "entry.window_opens": "the first day the label allows the next injection",
    "entry.window_closes": "the last day the label allows the next injection",
    "entry.elective_from": "the first day for elective surgery by the shortest interval",
    "entry.elective_target": "the first day for elective surgery by the default interval",
    "entry.blocked_until": "the last day of full blockade",
    "entry.partial_until": "the last day of partial blockade",
    "entry.sensitive_until": "the last day on which opioids are expected to act more strongly",
    "entry.restart_from": "the first time naltrexone may be restarted after the last opioid dose",
    "entry.restart_expected": "the first day naltrexone may be restarted if opioids stop on the expected day",
    "entry.hold_restart": "the documented restart day",
    "agent.last_dose": "the last dose of this medicine against clotting",
    "agent.needle_from": "the earliest time for the needle after the last dose of this medicine",
    "agent.last_dose_by": "the latest last dose of this medicine for a needle at the time of surgery",
    "agent.restart_from": "the earliest restart of this medicine after a needle at the time of surgery",
    "agent.catheter_out_from": "the earliest catheter removal after the last dose of this medicine",
    "agent.catheter_out_by": "the latest catheter removal before this medicine is restarted as planned",
    "clotting.needle_from": "the earliest time for the needle after all medicines against clotting",
}


def named(day: date) -> str:
    """Return a day as paper shows it, ``Tue 8 Dec 2026`` held together, for a fact that is text."""
    return f"{day:%a}\u00a0{day.day}\u00a0{day:%b}\u00a0{day.year}"


def local(value: datetime, zone: ZoneInfo, *, late: bool = False) -> datetime:
    """Return a clinic's clock time as a zoned moment.

    When the clocks go back, an hour happens twice: a dose is read as the later one (``late``) and surgery as
    the earlier one, so that the interval between them is never overstated. When they go forward, an hour does
    not happen; such a time is read by the same rule.
    """
    readings = sorted((value.replace(tzinfo=zone, fold=0), value.replace(tzinfo=zone, fold=1)), key=datetime.timestamp)
    return readings[1] if late else readings[0]


def hours_later(moment: datetime, hours: float) -> datetime:
    """Return the moment real hours later (or earlier), in the same zone."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def days_later(day: date, days: int) -> date:
    """Return the calendar day that many days later (or earlier)."""
    return day + timedelta(days=days)
