"""How much opioid may go home: limits of states, and ranges for people who took no opioid before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StateLimit:
    """What was found of a state's limit on a first prescription: ``days`` after surgery, and the rule in words."""

    id: str
    label: str
    rule: str
    checked_on: date
    sources: tuple[Mapping[str, str], ...]
    days: int | None = None


@dataclass(frozen=True, slots=True)
class PillRange:
    """Tablets of oxycodone 5 mg after one operation; ``traced`` when the row was seen in the source."""

    id: str
    tablets: str
    traced: bool
    sources: tuple[Mapping[str, str], ...]

    @property
    def label(self) -> str:
        """What the page on sources calls it."""
        return f"Range of tablets, {self.id.replace('_', ' ')}"
