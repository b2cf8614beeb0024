"""Which questions a product calls for: an injection has a date, methadone a confirming call, naltrexone a hold."""

from __future__ import annotations

from collections.abc import Mapping

from planner.catalog import Procedure, Product
from planner.choices import BODY_REGIONS

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
    """Return the operations under their body regions, each with its other names; "another operation" last."""
    found: dict[str, dict[str, str]] = {label: {} for label in BODY_REGIONS.values()}
    for procedure in sorted(procedures.values(), key=lambda one: one.label):
        heading = BODY_REGIONS.get(procedure.region, "Other")
        if procedure.id != "other":
            found.setdefault(heading, {})[procedure.id] = _with_synonyms(procedure)
    found["Not on the list"] = {one.id: one.label for one in procedures.values() if one.id == "other"}
    return {heading: listed for heading, listed in found.items() if listed}


def _with_synonyms(procedure: Procedure) -> str:
    others = [name.upper() if len(name) <= 4 else name for name in procedure.synonyms]
    return f"{procedure.label} ({', '.join(others)})" if others else procedure.label
