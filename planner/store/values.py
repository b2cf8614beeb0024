"""What the store hands out: plain values, opened and detached from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

# Answers as typed: field name to the values that were sent for it, right or wrong.
Typed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is being filled in."""

    id: str
    typed: Typed
    step: str
    version: int
    replaces: str | None


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A draft as the list shows it."""

    id: str
    typed: Typed
    step: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was made: ``case`` and ``plan`` are the stored JSON."""

    id: str
    case: dict[str, Any]
    plan: dict[str, Any]
    made_at: datetime
    replaces: str | None
    replaced_by: str | None

    @property
    def short_id(self) -> str:
        """The part of the id that paper and file names carry."""
        return short(self.id)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan as the list shows it."""

    id: str
    listing: dict[str, Any]
    surgery_day: date | None
    made_at: datetime
    replaces: str | None
    replaced_by: str | None


def short(plan_id: str) -> str:
    """Return the first eight letters of an id, enough for a file name."""
    return plan_id[:8]
