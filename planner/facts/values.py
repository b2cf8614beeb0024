"""Small readings that all facts share: numbers, and yes-or-no answers that may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from planner.facts.declare import FactValue


def as_float(value: Decimal | int | None) -> float | None:
    """Return a number as conditions compare it; None stays None."""
    return None if value is None else float(value)


def number_of(values: Mapping[str, FactValue], name: str) -> float | None:
    """Return a fact that is a number, or None when it is not known."""
    value = values.get(name)
    return value if isinstance(value, float) else None


def answer_of(values: Mapping[str, FactValue], name: str) -> bool | None:
    """Return a yes-or-no fact, or None when it is not known."""
    value = values.get(name)
    return value if isinstance(value, bool) else None


def any_of(*answers: bool | None) -> bool | None:
    """Return whether one of the answers is yes; unknown while none is and one is unknown."""
    if any(answers):
        return True
    return None if any(answer is None for answer in answers) else False


def all_of(*answers: bool | None) -> bool | None:
    """Return whether all answers are yes; unknown while none is no and one is unknown."""
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def negated(answer: bool | None) -> bool | None:
    """Return the other answer; unknown stays unknown."""
    return None if answer is None else not answer
