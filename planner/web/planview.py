"""A saved plan in the order of the page: sections, groups and lines, each line with its own address on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from planner.web.wording import PART_LABELS, SECTION_TITLES

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with its address on the page."""

    anchor: str
    line: Data


@dataclass(frozen=True, slots=True)
class GroupView:
    """Lines under one heading: a subject, or a part of the care of one medicine."""

    heading: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section, or one medicine of the section on MOUD (then ``medicine`` is its summary)."""

    id: str
    key: str
    title: str
    groups: tuple[GroupView, ...]
    medicine: Data | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """What the plan page shows. ``anchors`` finds the first line with an id."""

    sections: tuple[SectionView, ...]
    days: tuple[tuple[str, tuple[Data, ...]], ...]
    people: tuple[tuple[str, Data], ...]
    options: tuple[tuple[str, tuple[tuple[str, tuple[LineView, ...]], ...]], ...]
    anchors: Mapping[str, str] = field(default_factory=dict)


def plan_page(plan: Data, case: Data) -> PageView:
    """Return the page of a plan, as stored, and of its answers."""
    anchors = _Anchors()
    sections = tuple(_sections(plan, anchors))
    return PageView(
        sections, tuple(_days(plan["timeline"])), tuple(_people(case)), tuple(_options(sections)), anchors.first
    )


class _Anchors:
    """Gives each line an address of its own: the same line can stand under two subjects, or two medicines."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}
        self._used: dict[str, int] = {}

    def of(self, line: Data) -> str:
        name = f"line-{line['id']}"
        count = self._used.get(name, 0) + 1
        self._used[name] = count
        anchor = name if count == 1 else f"{name}-{count}"
        self.first.setdefault(line["id"], anchor)
        for reason in line["also"]:
            self.first.setdefault(reason["id"], anchor)
        return anchor


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a missing fact: a subject, and the verdicts on it that wait for the answer."""

    subject: str
    verdicts: tuple[str, ...]
    anchor: str


def hanging(needed_for: Iterable[Data], anchors: Mapping[str, str]) -> list[Hanging]:
    """Return the subjects that wait for a fact, each once."""
    found: dict[str, list[Data]] = {}
    for need in needed_for:
        found.setdefault(need["subject_label"], []).append(need)
    return [
        Hanging(
            subject,
            tuple(dict.fromkeys(need["verdict"] for need in needs)),
            next((anchors[need["line_id"]] for need in needs if need["line_id"] in anchors), ""),
        )
        for subject, needs in found.items()
    ]


def _sections(plan: Data, anchors: _Anchors) -> Iterator[SectionView]:
    for key, title in SECTION_TITLES.items():
        lines = plan.get(key, ())  # the paper has headings for parts of sections, too
        if key == "moud":
            yield from _medicines(plan, title, anchors)
        elif lines:
            yield SectionView(key.replace("_", "-"), key, title, tuple(_by(lines, _subject, anchors)))


def _medicines(plan: Data, title: str, anchors: _Anchors) -> Iterator[SectionView]:
    medicines = plan["summary"]["medicines"]
    for medicine in medicines:
        own = [line for line in plan["moud"] if line["medicine"] == medicine["index"]]
        groups = tuple(_by(own, _part, anchors))
        yield SectionView(f"medicine-{medicine['index'] + 1}", "moud", medicine["label"], groups, medicine)
    general = [line for line in plan["moud"] if line["medicine"] is None]
    if general:
        heading = "For every medicine" if medicines else title
        yield SectionView("moud", "moud", heading, tuple(_by(general, _subject, anchors)))


def _by(lines: Iterable[Data], heading: Callable[[Data], str], anchors: _Anchors) -> Iterator[GroupView]:
    """Yield the lines under their headings, each heading once, in the order in which they first come."""
    together: dict[str, list[LineView]] = {}
    for line in lines:
        together.setdefault(heading(line), []).append(LineView(anchors.of(line), line))
    for words, found in together.items():
        yield GroupView(words, tuple(found))


def _part(line: Data) -> str:
    return PART_LABELS.get(line["part"] or "", "More")


def _subject(line: Data) -> str:
    return str(line["subject_label"])


def _options(sections: Iterable[SectionView]) -> Iterator[tuple[str, tuple[tuple[str, tuple[LineView, ...]], ...]]]:
    """Yield, for the glance, which subjects of a section are recommended, considered, to be asked about, or out."""
    for section in sections:
        if section.key not in ("non_opioid", "regional"):
            continue
        found: dict[str, dict[str, LineView]] = {verdict: {} for verdict in ("recommend", "consider", "ask", "avoid")}
        for group in section.groups:
            for view in group.lines:
                # Advice against several things at once has no subject of its own.
                if view.line["verdict"] in found and view.line["subject"] != "advised_against":
                    found[view.line["verdict"]].setdefault(group.heading, view)
        yield section.title, tuple((verdict, tuple(views.values())) for verdict, views in found.items() if views)


def _days(timeline: Sequence[Data]) -> Iterator[tuple[str, tuple[Data, ...]]]:
    """Yield each day as ISO text with its steps."""
    for day, together in groupby(timeline, lambda step: (step["at"] or step["on"])[:10]):
        yield day, tuple(together)


def _people(case: Data) -> Iterator[tuple[str, Data]]:
    """Yield the people whom the answers name, with what they are to the person."""
    for entry in case["moud"] or []:
        if entry["prescriber"]:
            yield "Prescriber or program", entry["prescriber"]
    if case["recovery"]["support_person"]:
        yield "Support person", case["recovery"]["support_person"]
