"""A record's dose for this person: one value that the words and the arithmetic share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from planner import words
from planner.doses import plain
from planner.facts.declare import FactValue
from planner.knowledge.records import Dose
from planner.plan import DoseLine

_WEIGHTS = {"actual": "patient.weight_kg", "ideal": "patient.ideal_weight_kg", "adjusted": "patient.adjusted_weight_kg"}


def dose_line(dose: Dose, values: Mapping[str, FactValue]) -> DoseLine:
    """Return the dose for this person; what depends on an unknown weight stays in mg per kg."""
    known = values.get(_WEIGHTS[dose.weight])
    weight = Decimal(str(known)) if isinstance(known, float) else None
    amount = dose.amount
    if dose.per_kg is not None and weight is not None:
        amount = min(_rounded_down(dose.per_kg * weight), dose.most or Decimal("Infinity"))
    daily = dose.daily_max
    if dose.daily_max_per_kg is not None and weight is not None:
        daily = min(_rounded_down(dose.daily_max_per_kg * weight), daily or Decimal("Infinity"))
    return DoseLine(
        amount, dose.unit, dose.route, dose.every_hours, daily, dose.days_at_most, _dose_words(dose, amount, daily)
    )


def weights_needed(dose: Dose | None) -> tuple[str, ...]:
    """Return the fact a dose needs, when it is counted by weight."""
    by_weight = dose is not None and (dose.per_kg is not None or dose.daily_max_per_kg is not None)
    return (_WEIGHTS[dose.weight],) if dose is not None and by_weight else ()


def _rounded_down(amount: Decimal) -> Decimal:
    """Return a dose by weight rounded down, never up: to whole units from 10 on, to one decimal below."""
    return amount.quantize(Decimal(1) if amount >= 10 else Decimal("0.1"), rounding=ROUND_FLOOR)


def _dose_words(dose: Dose, amount: Decimal | None, daily: Decimal | None) -> str:
    """Return a dose as paper shows it: "1,000 mg by mouth every 6 hours, at most 3,000 mg in 24 hours"."""
    size = (
        words.measured(amount, dose.unit)
        if amount is not None
        else f"{plain(dose.per_kg or Decimal(0))}{words.NO_BREAK}{dose.unit}/kg"
    )
    rhythm = (
        "once" if dose.once else f"every {plain(dose.every_hours)}{words.NO_BREAK}hours" if dose.every_hours else ""
    )
    parts = [f"{size} {dose.route} {rhythm}".strip()]
    if daily is not None:
        parts.append(
            f"at most {words.measured(daily, dose.unit)} in 24{words.NO_BREAK}hours over all routes and products"
        )
    elif dose.daily_max_per_kg is not None:
        parts.append(f"at most {plain(dose.daily_max_per_kg)}{words.NO_BREAK}{dose.unit}/kg in 24{words.NO_BREAK}hours")
    if dose.days_at_most:
        parts.append(f"for at most {dose.days_at_most} days")
    return ", ".join(parts)
