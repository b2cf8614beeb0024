"""Facts about going home: the first day the clinic is open again, and how many days a supply must cover until then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from planner import choices
from planner.case import Case
from planner.facts.declare import fact
from planner.facts.moments import When, named

# Further ahead nothing is looked for; the first open day is then not known.
_LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What follows from the day of going home and the clinic's days."""

    discharge_known: bool | None = fact("the day of going home is known")
    open_days_known: bool | None = fact("the days on which the prescriber or OTP is open are known")
    days_to_cover: float | None = fact(
        "days of medication until the clinic is open",
        unit="days",
        question="Day of going home, and on which days is the prescriber or OTP open?",
    )
    closed_days: str | None = fact("days on which the clinic is closed after going home")
    closed_tomorrow: bool | None = fact(
        "the clinic is closed on the day after going home",
        question="Day of going home, and on which days is the prescriber or OTP open?",
    )
    weekend_or_holiday_tomorrow: bool | None = fact(
        "the day after going home is a weekend day or a federal holiday",
        question="Day of going home, and on which days is the prescriber or OTP open?",
    )
    days_needed: float | None = fact("days of medication that reach to the first open day", unit="days")
    supply_enough: bool | None = fact("the supply in hand reaches to the first day the clinic is open")
    supply_said: str | None = fact("supply in hand after going home")


def home_facts(case: Case) -> HomeFacts:
    """Return the facts about going home. A federal holiday counts as closed: many programs are, and it is to be asked."""
    home = case.going_home
    if home.discharge_on is None:
        return HomeFacts(discharge_known=False, open_days_known=bool(home.clinic_open))
    tomorrow = home.discharge_on + timedelta(days=1)
    free = tomorrow.weekday() >= 5 or bool(holiday_on(tomorrow))
    # A clinic that is never open is one whose days are not known.
    if not home.clinic_open:
        return HomeFacts(discharge_known=True, open_days_known=False, weekend_or_holiday_tomorrow=free)
    closed = _closed_from(tomorrow, home.clinic_open)
    return HomeFacts(
        discharge_known=True,
        open_days_known=True,
        days_to_cover=float(len(closed)),
        closed_days="; ".join(_with_holiday(day) for day in closed),
        closed_tomorrow=bool(closed),
        weekend_or_holiday_tomorrow=free,
        days_needed=float(len(closed) + 1),
        # An open office is no supply: the first open day counts, too. A supply that is not known is not enough.
        supply_enough=home.supply_days is not None and home.supply_days > len(closed),
        supply_said="not known" if home.supply_days is None else f"{home.supply_days} days",
    )


def home_moments(case: Case) -> dict[str, When]:
    """Return the day of going home and the first day on which the clinic is open after it."""
    home = case.going_home
    if home.discharge_on is None:
        return {}
    found: dict[str, When] = {"home.day": home.discharge_on}
    if home.clinic_open:
        tomorrow = home.discharge_on + timedelta(days=1)
        closed = _closed_from(tomorrow, home.clinic_open)
        if len(closed) < _LOOK_AHEAD_DAYS:
            found["home.first_open"] = tomorrow + timedelta(days=len(closed))
    return found


def holiday_on(day: date) -> str:
    """Return the name of the federal holiday that is kept on a day, or nothing."""
    return str(_federal(day.year).get(day, ""))


@cache
def _federal(year: int) -> Mapping[date, str]:
    # The package takes a tenth of a second to load; only a plan with a day of going home pays for it.
    import holidays

    return holidays.country_holidays("US", years=year)


def _with_holiday(day: date) -> str:
    """Return a day as paper shows it, with its holiday."""
    holiday = holiday_on(day)
    return f"{named(day)} ({holiday})" if holiday else named(day)


def _closed_from(day: date, open_days: list[str]) -> list[date]:
    """Return the days from one on until the clinic is open."""
    names = list(choices.WEEKDAYS)
    found: list[date] = []
    while len(found) < _LOOK_AHEAD_DAYS and (names[day.weekday()] not in open_days or holiday_on(day)):
        found.append(day)
        day += timedelta(days=1)
    return found
