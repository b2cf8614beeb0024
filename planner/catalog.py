"""What exists: products and operations, as the knowledge base lists them.

The Case checks names against them and the facts are derived with them; the words of a plan live elsewhere.
"""

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


@dataclass(frozen=True, slots=True)
class Procedure:
    """One operation: how painful it is untreated, for how long, and which blocks its guideline names."""

    id: str
    label: str
    synonyms: tuple[str, ...]
    region: str
    pain: str
    pain_days: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    against: tuple[Mapping[str, str], ...]
    traits: tuple[str, ...]
    note: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One regional technique: ``kind`` is neuraxial, deep, superficial, fascial or infiltration."""

    id: str
    label: str
    kind: str
    bleeding: str
    traits: tuple[str, ...]
    note: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class MedicineClass:
    """A class of other medicines that conditions ask about, with the names that belong to it."""

    id: str
    label: str
    names: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All of them by id."""

    products: Mapping[str, Product]
    procedures: Mapping[str, Procedure]
    blocks: Mapping[str, Block]
    medicines: Mapping[str, MedicineClass]

    def product_labels(self) -> Mapping[str, str]:
        """Return product id to label."""
        return {product.id: product.label for product in self.products.values()}

    def product_units(self) -> Mapping[str, str]:
        """Return product id to the unit of its dose."""
        return {product.id: product.unit for product in self.products.values()}

    def injected_products(self) -> frozenset[str]:
        """Return the products that are injected or implanted."""
        return frozenset(product.id for product in self.products.values() if product.injected)

    def procedure_labels(self) -> Mapping[str, str]:
        """Return operation id to label."""
        return {procedure.id: procedure.label for procedure in self.procedures.values()}
