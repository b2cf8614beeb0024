"""What the clinician's paper shows, and in which order: numbers for lines and sources, the glance, the annex.

The first pages, up to the signature, stand alone: what to do, when, what is open. The pages for the ward, the team
and the way home follow. What a reader does not act on goes to the annex, which starts on its own page: notes, points
where sources differ and further reasons for a verdict that stands already; then for each line the reason, the
condition in words, the facts used, what was missing and the place in each source. Reasons of decisions, conflicts
and stops stand beside them and are not repeated. Every line of the plan is on paper once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from planner.documents import answers, glance
from planner.documents.labels import COMFORT_SUBJECTS, COMFORT_TITLE, FIRST_PAGES, RESTART_TITLE, WARD_PAGES
from planner.documents.numbering import Data, Numbers, Shown, heading_of

_RESTART, _COMFORT = "restart", "comfort"

# In the order of the paper, which is the order of the numbers.
_TITLES: Mapping[str, str] = {**FIRST_PAGES, _RESTART: RESTART_TITLE, _COMFORT: COMFORT_TITLE, **WARD_PAGES}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section: a heading on the left, its lines on the right."""

    heading: str
    lines: tuple[Shown, ...]

    @property
    def whole(self) -> bool:
        """Whether the row is short enough to be kept on one page."""
        return len(self.lines) <= 3 and not any(shown.table for shown in self.lines)


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the paper, or one medicine of the section on MOUD."""

    title: str
    rows: tuple[Row, ...]
    medicine: Data | None = None


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return everything that ``clinician.html`` prints."""
    plan = glance.for_paper(plan)
    numbers = Numbers()
    calls = tuple(shown for line in plan["moud"] if _is_call(line) for shown in numbers.show(line))
    blocks = {name: tuple(_section(name, plan, numbers)) for name in _TITLES}
    further = tuple(numbers.annex())
    who = tuple(glance.people(case, plan))
    by_id = {shown.line["id"]: shown.number for shown in reversed(numbers.lines)}
    home = {line["id"] for name in ("discharge", "aftercare") for line in plan[name]}
    near = [step for step in plan["timeline"] if step["line_id"] not in home]
    later = [step for step in plan["timeline"] if step["line_id"] in home]
    medicines = {medicine["index"]: medicine["label"] for medicine in plan["summary"]["medicines"]}
    return {
        "case": case,
        "plan": plan,
        "patient": case["patient"],
        "facts": tuple(glance.key_facts(case)),
        "options": tuple(glance.options(plan)),
        "people": who,
        "known_people": [role for role, name, phone in who if name or phone],
        "calls": calls,
        "short_calls": tuple(
            (line["short"], by_id[line["id"]]) for line in plan["moud"] if line["part"] == "call" and line["short"]
        ),
        "days": tuple(glance.days(near, case["surgery"]["at"], by_id)),
        "days_after": tuple(glance.days(later, case["surgery"]["at"], by_id)),
        "blocks": blocks,
        "titles": _TITLES,
        "first": tuple(FIRST_PAGES),
        "ward": (_RESTART, _COMFORT, *WARD_PAGES),
        "further": further,
        "forms": tuple(shown for shown in numbers.lines if shown.form),
        "basis": tuple(numbers.lines),
        "sources": tuple(numbers.sources.values()),
        "source_numbers": {name: source.number for name, source in numbers.sources.items()},
        "answers": answers.all_answers(case, medicines, plan["summary"]["operation"]),
        "checked_on": _usual_day(numbers.lines),
    }


def _usual_day(lines: Sequence[Shown]) -> str:
    """Return the day on which most lines were last compared with their sources."""
    found = Counter(shown.line["checked_on"] for shown in lines).most_common(1)
    return found[0][0] if found else ""


def _section(name: str, plan: Data, numbers: Numbers) -> Iterator[Block]:
    """Yield the blocks of a section: one, or one for each medicine."""
    if name in ("moud", _RESTART):
        yield from _medicines(plan, numbers, restart=name == _RESTART)
        return
    lines = [line for other in _drawn_from(name) for line in plan[other] if _place(line) == name]
    rows = tuple(_rows(lines, numbers))
    if rows:
        yield Block(_TITLES[name], rows)


def _place(line: Data) -> str:
    """Return the section of the paper where a line stands.

    Medicines that are needed only when the person leaves stand under "Going home"; what relieves pain without
    medicines stands with the ward pages.
    """
    if line["phase"] == "home" and line["section"] in ("non_opioid", "opioids"):
        return "discharge"
    if line["subject"] in COMFORT_SUBJECTS and line["section"] == "non_opioid":
        return _COMFORT
    return str(line["section"])


def _drawn_from(name: str) -> tuple[str, ...]:
    """Return the sections of the plan whose lines may stand in a section of the paper."""
    return {_COMFORT: ("non_opioid",), "discharge": ("discharge", "non_opioid", "opioids")}.get(name, (name,))


def _medicines(plan: Data, numbers: Numbers, *, restart: bool) -> Iterator[Block]:
    """Yield a block for each medicine: its restart, or everything else about it."""
    label = "For every medicine" if plan["summary"]["medicines"] else "No medication for addiction named"
    of_all: Data = {"index": None, "label": label, "dose": ""}
    for medicine in (*plan["summary"]["medicines"], of_all):
        own = [
            line
            for line in plan["moud"]
            if line["medicine"] == medicine["index"] and (line["part"] == "restart") == restart and not _is_call(line)
        ]
        rows = tuple(_rows(own, numbers))
        if rows:
            yield Block(medicine["label"], rows, medicine)


def _rows(lines: Sequence[Data], numbers: Numbers) -> Iterator[Row]:
    """Yield lines that follow each other under the same part or subject as one row."""
    for heading, together in groupby(lines, heading_of):
        shown = tuple(one for line in together for one in numbers.show(line))
        if shown:
            yield Row(heading, shown)


def _is_call(line: Data) -> bool:
    """Whether a line stands in the glance, beside the names and numbers, and nowhere else.

    A call with a short wording stands there in that wording, and in full under its medicine.
    """
    return bool(line["part"] == "call" and not line["short"])
