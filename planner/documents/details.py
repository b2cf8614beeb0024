"""Details and evidence: every line of the plan in full, with its tables, forms, reason, rule, facts and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from planner.documents import answers, budget, glance, roles
from planner.documents.labels import PLACE_TITLES
from planner.documents.numbering import Data, Shown, medicines, numbered


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the paper, or one medicine of the part on MOUD, with all of its lines."""

    title: str
    lines: tuple[Shown, ...]
    first: bool


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return everything that ``details.html`` prints."""
    plan = glance.for_paper(plan)
    lines = numbered(plan)
    labels = {medicine["index"]: medicine["label"] for medicine in plan["summary"]["medicines"]}
    limits = plan["budget"]["limits"] if plan["budget"] else ()
    sources = {cited["id"]: cited for limit in limits for cited in limit["sources"]}
    sources |= {cited["id"]: cited for shown in lines for cited in shown.line["sources"]}
    return {
        "case": case,
        "plan": plan,
        "patient": case["patient"],
        "people": tuple(glance.people(case, plan)),
        "team": tuple(roles.roles(plan)),
        "sections": {name: tuple(_blocks(name, plan, lines)) for name in PLACE_TITLES},
        "titles": PLACE_TITLES,
        "budget": budget.view(
            plan["budget"], [(shown.number, shown.line) for shown in lines if shown.place == "local_anesthetic"]
        ),
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
