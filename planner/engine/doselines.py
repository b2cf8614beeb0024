"""A record's dose for this person: one value that the words and the arithmetic share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from planner import words
from planner.doses import plain
from planner.facts.declare import FactValue
from planner.facts.moments import When, days_later
from planner.knowledge.records import WEIGHTS, Dose
from planner.plan import DoseLine


def dose_line(dose: Dose, values: Mapping[str, FactValue], moments: Mapping[str, When]) -> DoseLine:
    """Return the dose for this person; what depends on an unknown weight stays in mg per kg.

    Days already used shorten the course, and its last day is a date when the first one is known.
    """
    weight = _number(values, WEIGHTS[dose.weight])
    actual = _number(values, "patient.weight_kg")
    if weight is not None and actual is not None:
        # The ideal weight of a light person is above the actual one; a dose never counts with more than is there.
        weight = min(weight, actual)
    amount = dose.amount
    if dose.per_kg is not None and weight is not None:
        amount = min(_rounded_down(dose.per_kg * weight), dose.most or Decimal("Infinity"))
    daily = dose.daily_max
    if dose.daily_max_per_kg is not None and weight is not None:
        daily = min(_rounded_down(dose.daily_max_per_kg * weight), daily or Decimal("Infinity"))
    days = _days_left(dose, values)
    last_day = _last_day(dose, days, moments)
    return DoseLine(
        amount=amount,
        unit=dose.unit,
        route=dose.route,
        every_hours=dose.every_hours,
        daily_max=daily,
        days_at_most=days,
        last_day=last_day,
        words=", ".join(_parts(dose, amount, daily, days, last_day)),
    )


def _number(values: Mapping[str, FactValue], name: str) -> Decimal | None:
    known = values.get(name)
    return Decimal(str(known)) if isinstance(known, float) else None


def _days_left(dose: Dose, values: Mapping[str, FactValue]) -> int | None:
    if dose.days_at_most is None:
        return None
    used = _number(values, dose.days_used) if dose.days_used else None
    return max(0, dose.days_at_most - int(used or 0))


def _last_day(dose: Dose, days: int | None, moments: Mapping[str, When]) -> date | None:
    first, today = moments.get(dose.days_from), moments.get("today")
    if not days or first is None:
        return None
    day = first.date() if isinstance(first, datetime) else first
    if dose.days_used and isinstance(today, date):
        # Days already used are counted; what is left begins today at the earliest.
        day = max(day, today)
    return days_later(day, days - 1)


def _rounded_down(amount: Decimal) -> Decimal:
    """Return a dose by weight rounded down, never up: to whole units from 10 on, to one decimal below."""
    return amount.quantize(Decimal(1) if amount >= 10 else Decimal("0.1"), rounding=ROUND_FLOOR)


def _parts(
    dose: Dose,
    amount: Decimal | None,
    daily: Decimal | None,
    days: int | None,
    last_day: date | None,
) -> list[str]:
    """Return a dose as paper shows it: "1,000 mg by mouth every 6 hours", "at most 3,000 mg in 24 hours" and so on."""
    size = (
        words.measured(amount, dose.unit)
        if amount is not None
        else f"{plain(dose.per_kg or Decimal(0))}{words.NO_BREAK}{dose.unit}/kg"
    )
    rhythm = f"every {plain(dose.every_hours)}{words.NO_BREAK}hours" if dose.every_hours else ""
    rhythm = "once" if dose.once else f"an hour {dose.route}" if dose.per_hour else rhythm
    parts = [f"{size} {rhythm}" if dose.per_hour else f"{size} {dose.route} {rhythm}".strip()]
    if dose.over:
        parts[0] += f" over {dose.over}"
    if daily is not None:
        parts.append(
            f"at most {words.measured(daily, dose.unit)} in 24{words.NO_BREAK}hours over all routes and products"
        )
    elif dose.daily_max_per_kg is not None:
        parts.append(f"at most {plain(dose.daily_max_per_kg)}{words.NO_BREAK}{dose.unit}/kg in 24{words.NO_BREAK}hours")
    if days:
        until = f", the last on {words.day(last_day)}" if last_day else ""
        parts.append(f"for at most {words.measured(Decimal(days), 'days')}{until}")
    return parts
