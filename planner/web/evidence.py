"""The sources of the knowledge base: what each is, how much of it was read, and what rests on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, render_template

from planner.catalog import Procedure
from planner.knowledge import Knowledge, Source
from planner.web.services import services

pages = Blueprint("evidence", __name__)

# A place in a sentence that each plan fills with its own date, dose or value.
_BLANK = re.compile(r"\{[a-z_.]+\}")


@dataclass(slots=True)
class Rests:
    """One source and what rests on it."""

    id: str
    source: Source
    lines: list[tuple[str, str, str]] = field(default_factory=list)  # id, sentence, place in the source
    catalog: list[str] = field(default_factory=list)


@pages.get("/evidence")
def index() -> str:
    """Show the sources, what rests on them, and when the lines are due for review."""
    knowledge = services().knowledge
    found = list(_resting(knowledge).values())
    records = [rule.record for rule in knowledge.by_id.values()]
    return render_template(
        "evidence/index.html",
        knowledge=knowledge,
        cited=[item for item in found if item.lines or item.catalog],
        uncited=[item for item in found if not (item.lines or item.catalog)],
        read=Counter(item.source.read for item in found),
        evidence=Counter(record.evidence for record in records),
        reviews=_reviews((record.checked.on, record.checked.again) for record in records),
        unsigned=sum(not record.checked.by for record in records),
    )


@pages.get("/founding-article")
def founding() -> str:
    """Show the founding article beside present evidence, and the kinds of program."""
    knowledge = services().knowledge
    return render_template("evidence/founding.html", founding=knowledge.founding, sources=knowledge.sources)


def _resting(knowledge: Knowledge) -> dict[str, Rests]:
    found = {name: Rests(name, source) for name, source in knowledge.sources.items()}
    for rule in knowledge.by_id.values():
        for cite in rule.record.sources:
            found[cite.id].lines.append((rule.record.id, _BLANK.sub("…", rule.record.say), cite.where))
    catalog = knowledge.catalog
    for items in (
        catalog.products,
        _every_kind(catalog.procedures.values()),
        catalog.blocks,
        catalog.medicines,
        catalog.drugs,
        catalog.antithrombotics,
        catalog.local_anesthetics,
        catalog.states,
        catalog.pill_ranges,
    ):
        for item in items.values():
            for cited in item.sources:
                if cited["id"] in found:
                    found[cited["id"]].catalog.append(f"{item.label} ({cited['where']})")
    return found


def _every_kind(procedures: Iterable[Procedure]) -> Mapping[str, Procedure]:
    """Return the operations, and each kind of an operation that cites sources of its own."""
    found = {one.id: one for one in procedures}
    kinds = {
        f"{one.id} {name}": one.of_kind(name)
        for one in found.values()
        for name, kind in one.variants.items()
        if kind.sources is not None
    }
    return found | kinds


def _reviews(dates: Iterable[tuple[date, date]]) -> list[Mapping[str, object]]:
    """Return how many lines were looked at on a day, and when they are due again; the next due first."""
    counted = Counter(dates)
    return [
        {"on": on, "again": again, "count": count}
        for (on, again), count in sorted(counted.items(), key=lambda one: one[0][1])
    ]
