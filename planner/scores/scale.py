"""What every scale is made of: items with answers and points, and bands of the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and its points."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a scale; its answers in own words."""

    id: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals from ``at_least`` up to the next band; ``adds`` is what it adds to watching and support."""

    at_least: int
    label: str
    adds: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale as a page shows it. ``limits`` say what it must not be used for; ``sources`` are source ids."""

    id: str
    title: str
    purpose: str
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    credit: str
    limits: tuple[str, ...]
    sources: tuple[str, ...]

    def band(self, points: int) -> Band:
        """Return the band of a total."""
        return next(band for band in reversed(self.bands) if points >= band.at_least)

    @property
    def most(self) -> int:
        """The highest total that can be reached."""
        return sum(max(option.points for option in item.options) for item in self.items)


def yes_no(id: str, label: str, points: int) -> Item:
    """Return an item that is there or not."""
    return Item(id, label, (Option(0, "No"), Option(points, "Yes")))


def total(scale: Scale, answers: Mapping[str, int]) -> int:
    """Return the points of a full set of answers.

    Args:
        scale: whose items are answered.
        answers: item id to the place of the answer among its options, from 0.

    Raises:
        ValueError: an item is not answered; the message names it.
    """
    missing = [item.label for item in scale.items if item.id not in answers]
    if missing:
        raise ValueError(f"Not answered: {'; '.join(missing)}.")
    return sum(item.options[answers[item.id]].points for item in scale.items)
