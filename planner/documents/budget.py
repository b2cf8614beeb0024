"""The local anesthetic budget as paper prints it: what is used, what is left, mg and mL of each drug."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from planner import words
from planner.documents.labels import STOPS
from planner.documents.numbering import Data

PLAIN, WITH_EPINEPHRINE, EITHER = "plain", "with epinephrine", "either way"

# What is said above the table already: the weight, the reduction, and what is used.
SAID_ABOVE = frozenset({"weight_for_local_anesthetic", "less_local_anesthetic", "local_anesthetic_listed"})


@dataclass(frozen=True, slots=True)
class Row:
    """What is left of one drug, plain or with epinephrine: ``mg``, and the volume of each concentration in mL.

    ``stop`` is the number of the line that rules the drug out; then nothing is left of it.
    """

    drug: str
    how: str
    mg: str
    volumes: tuple[tuple[str, str], ...]
    stop: int | None
    unverified: bool

    @property
    def name(self) -> str:
        """The drug and how it is given: "Lidocaine, with epinephrine"."""
        return f"{self.drug}, {self.how}" if self.how else self.drug

    @property
    def in_words(self) -> str:
        """The volumes as running text, for a column that says mL: "0.25 %: 19; 0.5 %: 9"."""
        return "; ".join(f"{concentration}:{words.NO_BREAK}{volume}" for concentration, volume in self.volumes)


@dataclass(frozen=True, slots=True)
class View:
    """The budget in words and rows. ``warning`` is what must be seen before any number."""

    counted: tuple[str, ...]
    used: tuple[str, ...]
    left: str
    warning: str
    rows: tuple[Row, ...]
    cites: tuple[str, ...]
    missing: str


def view(budget: Data | None, stops: Sequence[tuple[int, Data]]) -> View | None:
    """Return the budget for paper, or None when the plan has none.

    Args:
        budget: ``Plan.budget`` as plain data.
        stops: the lines of the section on local anesthetic with their numbers.
    """
    if not budget:
        return None
    limits = budget["limits"]
    return View(
        counted=tuple(_counted(budget)),
        used=tuple(map(_used, budget["used"])),
        left=_left(budget),
        warning=_warning(budget),
        rows=tuple(row for limit in limits for row in _rows(limit, _ruled_out(limit, stops))),
        cites=tuple(dict.fromkeys(cited["id"] for limit in limits for cited in limit["sources"])),
        missing=budget["missing"],
    )


def said_above(line: Data) -> bool:
    """Whether the words above the table say what a line says; a stop is always printed."""
    return line["subject"] in SAID_ABOVE and line["verdict"] not in STOPS


def _counted(budget: Data) -> Iterator[str]:
    if budget["weight"]:
        yield str(budget["weight"])
        if budget["reduced"]:
            yield budget["reduced"]


def _used(use: Data) -> str:
    amount = words.measured(use["mg"], "mg") if use["mg"] is not None else "AMOUNT NOT KNOWN"
    share = f" ({percent(use['share'])})" if use["share"] is not None else ""
    return f"{use['what']}: {amount}{share}"


def _left(budget: Data) -> str:
    if budget["left"] is None or not budget["limits"]:
        return ""
    counted = 100 - budget["left"]
    listed = sum(use["share"] or 0 for use in budget["used"])
    # What was given more than a day before the operation is listed and no longer counts.
    if budget["left"] > 0 and listed > counted + 1:
        return f"{percent(counted)} of it counts in the 24{words.NO_BREAK}hours of surgery, {percent(budget['left'])} is left"
    return f"{percent(budget['left'])} is left"


def _warning(budget: Data) -> str:
    """Return why no amount is offered, or that nothing is left."""
    if budget["left"] == 0:
        return f"NOTHING IS LEFT. {budget['missing']}" if budget["missing"] else "NOTHING IS LEFT in these 24 hours"
    if budget["limits"]:
        return ""
    asked = [] if budget["weight"] else [budget["missing"]]
    if any(use["mg"] is None for use in budget["used"]):
        asked.append("Amount of each local anesthetic given or planned?")
    return f"NO LIMIT COUNTED. Find out: {' '.join(asked)}".removesuffix(" Find out: ")


def by_weight_only(budget: Data) -> bool:
    """Whether nothing but the weight is missing to count the limits."""
    return not budget["weight"] and budget["left"] != 0


def _rows(limit: Data, stop: int | None) -> Iterator[Row]:
    plain, epinephrine = limit["plain_mg"], limit["epinephrine_mg"]
    # A label that says where the drug is given leaves no choice of additive.
    alone = "" if epinephrine is None and "," in limit["label"] else PLAIN
    kinds = [(alone, plain, "plain_ml"), (WITH_EPINEPHRINE, epinephrine, "epinephrine_ml")]
    if plain == epinephrine:
        kinds = [(EITHER, plain, "plain_ml")]
    for how, mg, name in kinds:
        if mg is None:
            continue
        volumes = tuple(
            (percent(volume["percent"]), words.number(volume[name]))
            for volume in limit["volumes"]
            if volume[name] is not None
        )
        unverified = limit["evidence"] == "unverified"
        yield Row(limit["label"], how, words.measured(mg, "mg"), volumes, stop, unverified)


def _ruled_out(limit: Data, stops: Sequence[tuple[int, Data]]) -> int | None:
    """Return the number of the line that stops this drug itself; a line on amides stops each drug that it names."""
    name = str(limit["label"]).partition(",")[0].lower()
    for number, line in stops:
        of_amides = line["subject"] == "amides" and any(word in line["say"].lower() for word in name.split())
        if line["verdict"] in STOPS and (of_amides or line["subject"] == name.replace(" ", "_")):
            return number
    return None


def percent(value: Any) -> str:
    """Return a percentage: "46.9 %"."""
    return f"{words.number(value)}{words.NO_BREAK}%"
