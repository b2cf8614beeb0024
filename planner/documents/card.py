"""The local anesthetic card, one page: what this person may get in mg and mL, and what to do in toxicity.

Without a weight the limits are told for each kg, with room to fill in this person's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner import words
from planner.catalog import LocalAnesthetic
from planner.documents import budget, glance
from planner.documents.labels import LIPID_FOR_THIS_PERSON
from planner.documents.numbering import Data, Shown, numbered

_FIRM = ("never", "avoid", "caution")
# An amount for the hand: "100 mL", "200 to 250 mL", "13 mL a minute"; not "12 mL/kg".
_AMOUNT = re.compile(r"(?:\d[\d,.]* to )?\d[\d,.]*\u00a0mL(?:\u00a0a\u00a0minute| a minute)?(?![/\w])")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the card: its words in pieces, of which each second is an amount to be set large.

    ``by_weight`` are the amounts for each range of weight, where this person's weight is not known.
    """

    pieces: tuple[str, ...]
    verdict: str
    cites: tuple[str, ...]
    unverified: bool
    by_weight: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class PerKilogram:
    """The limit of a drug for each kg, for a person whose weight is not known."""

    drug: str
    plain: str
    epinephrine: str
    note: str
    sources: tuple[Data, ...]
    unverified: bool


def view(case: Data, plan: Data, per_kilogram: Sequence[PerKilogram]) -> dict[str, Any]:
    """Return everything that ``card.html`` prints.

    Args:
        case: the Case as plain data.
        plan: the Plan as plain data.
        per_kilogram: limits for each kg, when the plan holds none for this person; may be empty.
    """
    plan = glance.for_paper(plan)
    lines = numbered(plan)
    own = [shown for shown in lines if shown.place == "local_anesthetic"]
    steps = [shown for shown in lines if shown.place == "toxicity_card" and shown.owner is None]
    known = any(shown.line["subject"] == LIPID_FOR_THIS_PERSON for shown in steps)
    return {
        "plan": plan,
        "patient": case["patient"],
        "facts": [(label, value) for label, value in glance.key_facts(case) if label in ("Allergies", "Weight")],
        "budget": budget.view(plan["budget"], [(shown.number, shown.line) for shown in own]),
        "limits": plan["budget"]["limits"],
        "to_fill_in": budget.by_weight_only(plan["budget"]),
        "per_kilogram": per_kilogram,
        "rules": _rules(own),
        "steps": [_step(shown, by_weight=not known) for shown in steps],
        "sources": tuple(_sources(plan, [*own, *steps], per_kilogram)),
    }


def _rules(lines: Sequence[Shown]) -> list[Shown]:
    """Return what stops or limits a local anesthetic, the hardest first."""
    found = [shown for shown in lines if shown.line["verdict"] in _FIRM and not budget.said_above(shown.line)]
    return sorted(found, key=lambda shown: _FIRM.index(shown.line["verdict"]))


def _step(shown: Shown, *, by_weight: bool) -> Step:
    line = shown.line
    return Step(
        pieces=tuple(_pieces(line["say"])),
        verdict=line["verdict"],
        cites=shown.cites,
        unverified=line["evidence"] == "unverified",
        by_weight=tuple(_by_weight(shown.table)) if by_weight and shown.table else (),
    )


def _by_weight(table: Data) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the rows of a table: its first cell, and the others under the names of their columns."""
    for first, *rest in table["rows"]:
        yield first, tuple(zip(table["columns"][1:], rest, strict=True))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for amount in _AMOUNT.finditer(text):
        yield text[end : amount.start()]
        yield amount[0]
        end = amount.end()
    yield text[end:]


def per_kilogram(drug: LocalAnesthetic, sources: Sequence[Data]) -> PerKilogram:
    """Return the limits of a drug for each kg, with its sources as plain data."""
    return PerKilogram(
        drug=drug.label,
        plain=_each_kg(drug.plain_mg_per_kg, drug.plain_most_mg),
        epinephrine=_each_kg(drug.epinephrine_mg_per_kg, drug.epinephrine_most_mg),
        note=drug.note,
        sources=tuple(sources),
        unverified=drug.evidence == "unverified",
    )


def _each_kg(per_kg: Decimal | None, most: Decimal | None) -> str:
    parts = [f"{words.measured(per_kg, 'mg')} for each kg"] if per_kg is not None else []
    parts += [f"at most {words.measured(most, 'mg')}"] if most is not None else []
    return ", ".join(parts)


def _sources(plan: Data, lines: Sequence[Shown], per_kilogram: Sequence[PerKilogram]) -> Iterator[Data]:
    found = [source for limit in plan["budget"]["limits"] for source in limit["sources"]]
    found += [source for drug in per_kilogram for source in drug.sources]
    found += [source for shown in lines for source in shown.line["sources"]]
    cited: dict[str, Mapping[str, Any]] = {source["id"]: source for source in found}
    yield from (cited[name] for name in sorted(cited))
