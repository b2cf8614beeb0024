"""Numbers for the lines of a plan, the same on the plan sheet and in the details, in the order of the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner import words
from planner.documents.labels import PART_LABELS, PLACE_TITLES

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the plan as it stands on paper.

    ``place`` is the part of the paper (``PLACE_TITLES``), ``owner`` the number of the line whose verdict this one is a
    further reason for. A table with a column to fill in is a form.
    """

    number: int
    place: str
    heading: str
    line: Data
    cites: tuple[str, ...]
    undated: tuple[Data, ...]
    dose: str
    table: Data | None
    form: Data | None
    questions: tuple[str, ...]
    choices: tuple[str, ...]
    known: tuple[str, ...]
    owner: int | None = None


def numbered(plan: Data) -> tuple[Shown, ...]:
    """Return every line of a plan with its number, further reasons right after the line they belong to."""
    found: list[Shown] = []
    for place in PLACE_TITLES:
        for line in lines_at(place, plan):
            first = _shown(line, place, found)
            found.append(first)
            for other in line["also"]:
                found.append(_shown(other, place, found, first.number))
    return tuple(found)


def heading_of(line: Data) -> str:
    """Return what a line stands under: the part of a medicine's care, else its subject."""
    return PART_LABELS.get(line["part"] or "") or str(line["subject_label"])


def medicines(plan: Data) -> tuple[Data, ...]:
    """Return the medicines of the section on MOUD, and an entry for what concerns all of them."""
    label = "For every medicine" if plan["summary"]["medicines"] else "No medication for addiction named"
    return (*plan["summary"]["medicines"], {"index": None, "label": label, "dose": "", "decision": ""})


def lines_at(place: str, plan: Data) -> Iterator[Data]:
    """Yield the lines of a part of the paper.

    Relief without opioids stands at the step of each medicine; what is needed only when the person leaves stands under
    "Going home".
    """
    if place == "moud":
        for medicine in medicines(plan):
            yield from (line for line in plan["moud"] if line["medicine"] == medicine["index"])
    elif place == "discharge":
        yield from plan["discharge"]
        yield from (line for name in ("non_opioid", "opioids") for line in plan[name] if line["phase"] == "home")
    elif place == "opioids":
        yield from (line for line in plan["opioids"] if line["phase"] != "home")
    elif place in plan:
        yield from plan[place]
    else:
        yield from (
            line for line in plan["non_opioid"] if line["phase"] != "home" and (line["step"] or "backbone") == place
        )


def _shown(line: Data, place: str, before: Sequence[Shown], owner: int | None = None) -> Shown:
    dose = line["dose"]["words"] if line["dose"] else ""
    form = _is_form(line["table"])
    return Shown(
        number=len(before) + 1,
        place=place,
        heading=heading_of(line),
        line=line,
        cites=tuple(dict.fromkeys(cited["id"] for cited in line["sources"])),
        undated=tuple(step for step in line["steps"] if not step["at"] and not step["on"]),
        dose="" if _plain(dose) in _plain(line["say"]) else dose,
        table=None if form else line["table"],
        form=line["table"] if form else None,
        questions=_new_questions(line, before),
        known=_known(line),
        choices=tuple(choice.rstrip(".") for choice in line["choices"]),
        owner=owner,
    )


def _new_questions(line: Data, before: Sequence[Shown]) -> tuple[str, ...]:
    """Return what the line waits for; a question that a line just before asked is not repeated."""
    own = tuple(dict.fromkeys(lack["question"] for lack in line["missing"]))
    recent = {lack["question"] for shown in before[-8:] for lack in shown.line["missing"]}
    return tuple(question for question in own if question not in recent)


def _is_form(table: Data | None) -> bool:
    """Whether a column of the table is left empty, or ruled, to be filled in by hand."""
    if not table:
        return False
    columns = zip(*table["rows"], strict=False)
    empty = any(not any(letter.isalnum() for cell in column for letter in cell) for column in columns)
    return empty or any("____" in cell for row in table["rows"] for cell in row)


def _known(line: Data) -> tuple[str, ...]:
    """Return the facts used that the rule in words does not say already.

    A rule that holds implies its plain facts; only where it offers a choice ("or") do all of them tell more.
    """
    rule = line["condition"]
    words = [fact["words"] for fact in line["facts_used"]]
    if " or " in rule:
        return tuple(words)
    return tuple(said for said in words if said.removeprefix("not: ") not in rule)


def _plain(text: str) -> str:
    return text.replace(words.NO_BREAK, " ")
