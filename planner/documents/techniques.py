"""Regional techniques on the plan sheet: by rank, then what holds for them, what is said of several only once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from planner.documents.entries import Entry, Group
from planner.documents.glance import short_name
from planner.documents.labels import STOPS
from planner.documents.numbering import Shown

# How the engine words a technique; the sheet names the rank once for all techniques of that rank.
_RANK = re.compile(r"^((?:First|Second) choice) for .*?: .*?\.(?: (?=[A-Z])|$)(.*)$")

# What is offered stands before what holds for it.
_OFFERED = {"recommend": 0, "ask": 1, "consider": 2}


def about_techniques(lines: Sequence[Shown]) -> list[Shown]:
    """Return the lines on single techniques: those that are offered, and those that a rule on blocks stops."""
    subjects = {
        shown.line["subject"]
        for shown in lines
        if _RANK.match(shown.line["say"]) or (shown.line["verdict"] in STOPS and shown.line["id"].startswith("block-"))
    }
    return [shown for shown in lines if shown.line["subject"] in subjects]


def groups(lines: Sequence[Shown], one_of_them: bool) -> Iterator[Group]:
    """Yield the techniques by rank, then what holds for them; what is said of several is printed once.

    ``one_of_them`` says that the techniques of first choice are alternatives.
    """
    together: dict[tuple[str, ...], list[Shown]] = {}
    for shown in lines:
        rank = _RANK.match(shown.line["say"])
        said = rank.groups() if rank else (shown.line["id"], shown.line["say"])
        together.setdefault((shown.line["verdict"], *said, *shown.questions), []).append(shown)
    entries = [_of_several(found, one_of_them) for found in together.values()]
    entries.sort(key=lambda entry: _OFFERED.get(entry.verdict, len(_OFFERED)))
    for entry in entries:
        yield Group("", (entry,))


def _of_several(found: Sequence[Shown], one_of_them: bool) -> Entry:
    first = found[0]
    rank = _RANK.match(first.line["say"])
    names = tuple(dict.fromkeys(shown.line["subject_label"] for shown in found))
    numbers = tuple(shown.number for shown in found)
    cites = tuple(dict.fromkeys(cited for shown in found for cited in shown.cites))
    if rank:
        which = f"{rank[1]}, one of them" if one_of_them and len(names) > 1 and rank[1].startswith("First") else rank[1]
        say = f"{which}: {'; '.join(names)}. {rank[2]}".strip()
        return Entry(numbers, first.line["verdict"], say, cites, first)
    of = _together([short_name(name) for name in names])
    return Entry(numbers, first.line["verdict"], first.line["say"], cites, first, of=of)


def _together(names: Sequence[str]) -> str:
    """Return names in a row: "Femoral nerve, PENG block"."""
    word = " block"
    if all(name.endswith(word) for name in names):
        return ", ".join(name.removesuffix(word) for name in names) + word
    return "; ".join(names)
