"""What exists: products, operations, techniques, medicines, as the knowledge base lists them.

The Case checks names against them and the facts are derived with them; the words of a plan live elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.catalog.antithrombotics import Antithrombotic, Interval, UsualDose, agents_named
from planner.catalog.drugs import Drug, MedicineClass
from planner.catalog.local_anesthetics import LocalAnesthetic
from planner.catalog.operations import Block, Procedure, Variant
from planner.catalog.products import Product
from planner.catalog.supply import PillRange, StateLimit

__all__ = [
    "Antithrombotic",
    "Block",
    "Catalog",
    "Drug",
    "Interval",
    "LocalAnesthetic",
    "MedicineClass",
    "PillRange",
    "Procedure",
    "Product",
    "StateLimit",
    "UsualDose",
    "Variant",
]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All of them by id."""

    products: Mapping[str, Product]
    procedures: Mapping[str, Procedure]
    blocks: Mapping[str, Block]
    medicines: Mapping[str, MedicineClass]
    drugs: Mapping[str, Drug] = field(default_factory=dict)
    antithrombotics: Mapping[str, Antithrombotic] = field(default_factory=dict)
    local_anesthetics: Mapping[str, LocalAnesthetic] = field(default_factory=dict)
    states: Mapping[str, StateLimit] = field(default_factory=dict)
    pill_ranges: Mapping[str, PillRange] = field(default_factory=dict)

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

    def variant_labels(self, procedure_id: str) -> Mapping[str, str]:
        """Return the kinds of an operation, id to label; empty when it has none."""
        procedure = self.procedures.get(procedure_id)
        return {name: variant.label for name, variant in procedure.variants.items()} if procedure else {}

    def antithrombotics_named(self, typed: str | None) -> list[str]:
        """Return the labels of the medicines against clotting that a typed name holds."""
        return [agent.label for agent in agents_named(typed, self.antithrombotics)]
