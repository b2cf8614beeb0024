"""Details and evidence: every line of the plan in full, with its tables, forms, reason, rule, facts and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from planner.documents import answers, glance
from planner.documents.labels import SECTION_TITLES
from planner.documents.numbering import Data, Shown, medicines, numbered


@dataclass(frozen=True, slots=True)
class Block:
    """A section, or one medicine of the section on MOUD, with all of its lines."""

    title: str
    lines: tuple[Shown, ...]
    first: bool


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return everything that ``details.html`` prints."""
    plan = glance.for_paper(plan)
    lines = numbered(plan)
    labels = {medicine["index"]: medicine["label"] for medicine in plan["summary"]["medicines"]}
    sources = {cited["id"]: cited for shown in lines for cited in shown.line["sources"]}
    return {
        "case": case,
        "plan": plan,
        "patient": case["patient"],
        "people": tuple(glance.people(case, plan)),
        "sections": {name: tuple(_blocks(name, plan, lines)) for name in SECTION_TITLES},
        "titles": SECTION_TITLES,
        "forms": tuple(shown for shown in lines if shown.form),
        "answers": answers.all_answers(case, labels, plan["summary"]["operation"]),
        "sources": tuple(sources[name] for name in sorted(sources)),
    }


def _blocks(name: str, plan: Data, lines: tuple[Shown, ...]) -> Iterator[Block]:
    titles = {
        medicine["index"]: ", ".join(filter(None, (medicine["label"], medicine["dose"])))
        for medicine in medicines(plan)
    }
    own = (shown for shown in lines if shown.place == name)
    grouped = groupby(own, lambda shown: shown.line["medicine"] if name == "moud" else None)
    for index, (medicine, together) in enumerate(grouped):
        yield Block(titles[medicine] if name == "moud" else "", tuple(together), index == 0)
