"""Which questions an answer calls for: an injection has a date, methadone a confirming call, an operation its kinds."""

from __future__ import annotations

from collections.abc import Mapping

from planner.catalog import Catalog, Procedure, Product
from planner.choices import BODY_REGIONS
from planner.inputs import shown

# Group of the catalog to the heading in the list of products, in the order of the list.
PRODUCT_HEADINGS: Mapping[str, str] = {
    "buprenorphine": "Buprenorphine",
    "methadone": "Methadone",
    "antagonist": "Naltrexone and other opioid blockers",
    "alcohol": "For alcohol use disorder",
    "withdrawal": "For withdrawal",
    "peripheral": "Opioid blockers that act on the bowel only",
    "": "Other, or not known",
}

_IN_MCG = ("mcg_per_hour", "mcg_per_dose")


def asks_of(product: Product) -> frozenset[str]:
    """Return the conditions of the form that a product meets."""
    asks = {"prescriber"}
    if product.id in ("other", "unknown"):
        # It may be a tablet, a patch or an injection.
        asks |= {"mg", "times", "dose", "injection", "indication"} | ({"name"} if product.id == "other" else set())
    elif product.injected:
        asks |= {"mg", "injection"}
    elif product.unit in _IN_MCG:
        asks |= {"mcg", "dose"} | ({"times"} if product.unit == "mcg_per_dose" else set())
    else:
        asks |= {"mg", "times", "dose"}
    if product.group in ("buprenorphine", "methadone", "antagonist"):
        asks.add("indication")
    if product.group in ("buprenorphine", "methadone"):
        asks |= {"verified", "hold-choice"}
    if product.group == "methadone":
        asks.add("verification")
    if product.hold_hours is not None:
        asks.add("hold-hours")
    return frozenset(asks)


def product_choices(products: Mapping[str, Product]) -> dict[str, dict[str, str]]:
    """Return the products under their headings, "not known" last: heading to id to label."""
    found: dict[str, dict[str, str]] = {heading: {} for heading in PRODUCT_HEADINGS.values()}
    for product in products.values():
        heading = PRODUCT_HEADINGS.get(product.group, PRODUCT_HEADINGS[""])
        found[heading][product.id] = product.label
    return {heading: listed for heading, listed in found.items() if listed}


def procedure_choices(procedures: Mapping[str, Procedure]) -> dict[str, dict[str, str]]:
    """Return the operations under their body regions; "another operation" last."""
    found: dict[str, dict[str, str]] = {label: {} for label in BODY_REGIONS.values()}
    for procedure in sorted(procedures.values(), key=lambda one: one.label):
        heading = BODY_REGIONS.get(procedure.region, "Any region")
        if procedure.id != "other":
            found.setdefault(heading, {})[procedure.id] = procedure.label
    found["Not on the list"] = {one.id: one.label for one in procedures.values() if one.id == "other"}
    return {heading: listed for heading, listed in found.items() if listed}


def asks_of_operation(procedure: Procedure) -> str:
    """Return the conditions of the form that an operation meets: a typed one has no name, some have no region."""
    if procedure.id == "other":
        return "other-operation region"
    return "" if procedure.region else "region"


def variant_choices(chosen: str, procedure_id: str, catalog: Catalog) -> dict[str, str]:
    """Return the kinds of an operation to choose from. One left over from another operation stands first, and says so."""
    offered = catalog.variant_labels(procedure_id)
    left = {chosen: f"{variant_label(chosen, procedure_id, catalog)} (of another operation)"}
    unknown = {"": "Not known" if offered else "Does not apply"}
    return {**(left if chosen and chosen not in offered else {}), **offered, **unknown}


def variant_label(variant_id: str, procedure_id: str, catalog: Catalog) -> str:
    """Return what a kind is called, by this operation or else by whichever has it; else the id."""
    for one in (procedure_id, *catalog.procedures):
        label = catalog.variant_labels(one).get(variant_id)
        if label:
            return label
    return shown(variant_id)
