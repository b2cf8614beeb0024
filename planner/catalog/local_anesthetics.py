"""Local anesthetics and their limits for one person in 24 hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LocalAnesthetic:
    """Limits of one local anesthetic: by weight and absolute, plain and with epinephrine, and for 24 hours.

    ``percents`` are the concentrations in use. A drug without a limit by weight (liposomal) has its own rules.
    """

    id: str
    label: str
    kind: str
    percents: tuple[Decimal, ...]
    note: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]
    plain_mg_per_kg: Decimal | None = None
    plain_most_mg: Decimal | None = None
    epinephrine_mg_per_kg: Decimal | None = None
    epinephrine_most_mg: Decimal | None = None
    day_most_mg: Decimal | None = None
