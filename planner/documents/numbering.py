"""Numbers for the lines and the sources of a paper, in the order they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from planner import words
from planner.documents.labels import PART_LABELS

Data = Mapping[str, Any]

# Verdicts whose reason a colleague must see without turning the page.
_REASON_SHOWN = ("stop_and_ask", "hold", "clinician_choice")

_STOPS = (*_REASON_SHOWN, "never", "avoid")


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the plan as it stands on paper: its number, its source numbers, what is printed with it.

    A table with a column to fill in is a form: it stands on the pages after the signature. ``more`` are the numbers of further reasons for the same verdict, which stand in the annex.
    """

    number: int
    heading: str
    line: Data
    cites: tuple[int, ...]
    with_reason: bool
    undated: tuple[Data, ...]
    dose: str
    table: Data | None
    form: Data | None
    questions: tuple[str, ...]
    choices: tuple[str, ...]
    known: tuple[str, ...]
    more: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A source in the numbered list at the end."""

    number: int
    citation: str
    year: str
    link: str
    read: str


@dataclass(slots=True)
class Numbers:
    """Gives each line and each source its number, in the order of the paper; sets aside what the annex shows."""

    sources: dict[str, Source] = field(default_factory=dict)
    lines: list[Shown] = field(default_factory=list)
    aside: list[tuple[Shown | None, Data]] = field(default_factory=list)

    def show(self, line: Data) -> Iterator[Shown]:
        """Yield the line, and with it the further reasons that are stops themselves."""
        if line["verdict"] == "note" or line["part"] == "disagreement":
            self.aside += [(None, one) for one in (line, *line["also"])]
            return
        first = self._one(line)
        yield first
        for other in line["also"]:
            if other["verdict"] in _STOPS:
                yield self._one(other)
            else:
                self.aside.append((first, other))

    def annex(self) -> Iterator[Shown]:
        """Yield what was set aside, numbered after the lines of the first pages."""
        for owner, line in self.aside:
            shown = self._one(line)
            if owner:
                owner.more.append(shown.number)
            yield shown

    def _one(self, line: Data) -> Shown:
        dose = line["dose"]["words"] if line["dose"] else ""
        shown = Shown(
            number=len(self.lines) + 1,
            heading=heading_of(line),
            line=line,
            cites=tuple(dict.fromkeys(self._source(cited) for cited in line["sources"])),
            with_reason=_shows_reason(line),
            undated=tuple(step for step in line["steps"] if not step["at"] and not step["on"]),
            dose="" if _plain(dose) in _plain(line["say"]) else dose,
            table=None if _is_form(line["table"]) else line["table"],
            form=line["table"] if _is_form(line["table"]) else None,
            questions=self._new_questions(line),
            known=_known(line),
            choices=tuple(choice.rstrip(".") for choice in line["choices"]),
        )
        self.lines.append(shown)
        return shown

    def _new_questions(self, line: Data) -> tuple[str, ...]:
        """Return what the line waits for; a question that a line just before asked is not repeated."""
        own = tuple(lack["question"] for lack in line["missing"])
        recent = {lack["question"] for shown in self.lines[-8:] for lack in shown.line["missing"]}
        return tuple(question for question in own if question not in recent)

    def _source(self, cited: Data) -> int:
        found = self.sources.get(cited["id"])
        if found is None:
            found = Source(len(self.sources) + 1, cited["citation"], cited["year"], cited["link"], cited["read"])
            self.sources[cited["id"]] = found
        return found.number


def _shows_reason(line: Data) -> bool:
    """Whether the reason stands beside the line: decisions, conflicts, and what stops or waits for somebody."""
    return bool(line["section"] == "conflicts" or line["part"] == "decision" or line["verdict"] in _REASON_SHOWN)


def heading_of(line: Data) -> str:
    """Return what a line stands under: the part of a medicine's care, else its subject."""
    return PART_LABELS.get(line["part"] or "") or str(line["subject_label"])


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
