"""Medicines other than those for addiction: classes that conditions ask about, and what a plan can offer against pain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# The order on paper: the base first, then blocks (a section of their own), then what is added; rescue comes last.
STEPS = ("backbone", "adjunct", "non_drug", "not_started")
MISUSE_TIERS = ("none", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class MedicineClass:
    """A class of other medicines that conditions ask about, with the names that belong to it."""

    id: str
    label: str
    names: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drug:
    """One medicine or measure against pain that is no opioid.

    ``step`` is its place on paper. Members of a ``group`` stand in for each other and are never given together; the
    one with the smallest ``place`` leads if it ``can_lead``. ``misuse`` is the tier for people in recovery, ``watch``
    what is monitored. ``heads`` names the group whose class this is: a stop on the class stops every member.
    """

    id: str
    label: str
    step: str
    misuse: str
    watch: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]
    group: str = ""
    heads: str = ""
    place: int = 50
    can_lead: bool = False
