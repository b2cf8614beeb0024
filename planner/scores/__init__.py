"""Scales and calculators: items in own words with their points, bands, limits of use, and the arithmetic.

No score is a reason for less pain relief or for cancelling surgery; a score adds watching and support. Nothing here reads a
Case, and nothing is stored.
"""

from planner.scores.cows import COWS
from planner.scores.mme import FACTORS, mme
from planner.scores.prodigy import PRODIGY, with_override
from planner.scores.qtc import bazett, fridericia
from planner.scores.riosord import RIOSORD_COMMERCIAL, RIOSORD_VHA
from planner.scores.scale import Band, Item, Option, Scale, total
from planner.scores.sedation import SEDATION

__all__ = [
    "COWS",
    "FACTORS",
    "PRODIGY",
    "RIOSORD_COMMERCIAL",
    "RIOSORD_VHA",
    "SEDATION",
    "Band",
    "Item",
    "Option",
    "Scale",
    "bazett",
    "fridericia",
    "mme",
    "total",
    "with_override",
]
