"""The clock of the medicines against clotting: last dose, needle, restart and catheter of each, in one small table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.documents.numbering import Data, Shown

# What the verdict of the line with the needle's time means for that time.
_NEEDLE = {"never": "never before", "avoid": "not before"}


@dataclass(frozen=True, slots=True)
class Cell:
    """Moments as ISO text, each under a word such as "from"; ``see`` are the lines to read where none is known."""

    moments: tuple[tuple[str, str], ...] = ()
    see: tuple[int, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One medicine against clotting."""

    medicine: str
    dose: str
    last_dose: Cell
    needle: Cell
    restart: Cell
    catheter: Cell


def clock(case: Data, lines: Sequence[Shown]) -> tuple[Row, ...]:
    """Return a row for each medicine against clotting that a line of the plan dates; none when no line holds a date.

    Args:
        case: the Case as plain data.
        lines: every line of the plan with its number.
    """
    entries = case["health"]["anticoagulants"] or []
    rows = []
    for index, entry in enumerate(entries):
        own = [shown for shown in lines if shown.line["agent"] == index]
        if own:
            rows.append(_row(entry, own))
    dated = any(cell.moments for row in rows for cell in (row.needle, row.restart, row.catheter))
    return tuple(rows) if dated else ()


def years(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the years of all moments, so that a table may leave them out where there is only one."""
    cells = (cell for row in rows for cell in (row.last_dose, row.needle, row.restart, row.catheter))
    return tuple(sorted({at[:4] for cell in cells for _, at in cell.moments}))


def _row(entry: Data, own: Sequence[Shown]) -> Row:
    dates: dict[str, str] = {}
    for shown in own:
        for name, at in shown.line["dates"].items():
            dates.setdefault(name, at)
    return Row(
        medicine=str(own[0].line["subject_label"]),
        dose=str(entry["dose"] or ""),
        last_dose=_last_dose(entry, dates, own),
        needle=_needle(dates, own),
        restart=_cell((("from", dates.get("agent.restart_from")),), own, "restart"),
        catheter=_cell(
            (("out by", dates.get("agent.catheter_out_by")), ("pulled from", dates.get("agent.catheter_out_from"))),
            own,
            "catheter",
        ),
    )


def _last_dose(entry: Data, dates: Mapping[str, str], own: Sequence[Shown]) -> Cell:
    known = entry["last_dose_at"]
    if known:
        return Cell((("", str(dates.get("agent.last_dose", known))),))
    by = dates.get("agent.last_dose_by")
    return Cell((("NOT KNOWN; at latest", by),)) if by else Cell(see=_numbers(own, "last dose"), stop=True)


def _needle(dates: Mapping[str, str], own: Sequence[Shown]) -> Cell:
    at = dates.get("agent.needle_from")
    for shown in own:
        if at and "agent.needle_from" in shown.line["dates"]:
            word = _NEEDLE.get(shown.line["verdict"], "from")
            return Cell(((word, at),), stop=word != "from")
    return Cell(see=_numbers(own, "block"), stop=any(shown.line["verdict"] in _NEEDLE for shown in own))


def _cell(moments: Sequence[tuple[str, str | None]], own: Sequence[Shown], word: str) -> Cell:
    found = tuple((label, at) for label, at in moments if at)
    return Cell(found) if found else Cell(see=_numbers(own, word))


def _numbers(own: Sequence[Shown], word: str) -> tuple[int, ...]:
    """Return the lines that speak about it: by their verdict, or in their words."""
    return tuple(_speaking(own, word))[:2]


def _speaking(own: Sequence[Shown], word: str) -> Iterator[int]:
    for shown in own:
        line: Mapping[str, Any] = shown.line
        if line["verdict"] == word or word in str(line["say"]).lower():
            yield shown.number
