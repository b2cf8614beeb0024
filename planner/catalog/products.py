"""Products that the question about medication for addiction offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Product:
    """One product on the US market (or met in US clinics) that the MOUD question offers.

    ``regimen`` names the branch of the plan; ``regimen_for`` overrides it by indication (methadone for pain).
    Times: ``hold_hours`` before surgery for antagonists taken by mouth; the four day limits of the
    naltrexone injection count from the injection; ``interval_days`` and ``window_days`` are those of the
    label for injections given on a rhythm.
    """

    id: str
    label: str
    drug: str
    form: str
    regimen: str
    group: str
    regimen_for: Mapping[str, str] = field(default_factory=dict)
    unit: str = "mg_per_day"
    synonyms: tuple[str, ...] = ()
    status: str = "marketed"
    film_strengths: Mapping[Decimal, Decimal] = field(default_factory=dict)
    strengths: tuple[Decimal, ...] = ()
    highest_plausible: Decimal | None = None
    hold_hours: int | None = None
    hold_hours_least: int | None = None
    hold_hours_most: int | None = None
    low_dose_at_most: Decimal | None = None
    hold_hours_slow_clearance: int | None = None
    blocked_through_day: int | None = None
    partial_through_day: int | None = None
    sensitive_through_day: int | None = None
    elective_from_day: int | None = None
    elective_target_day: int | None = None
    interval_days: int | None = None
    window_days: int | None = None
    least_days: int | None = None
    opioid_free_days_short: int | None = None
    opioid_free_days_long: int | None = None
    injected: bool = False
    note: str = ""
    sources: tuple[Mapping[str, str], ...] = ()
