"""A saved plan in the order of the page: sections, groups and lines, each line with its own address on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from planner.documents import budget, clock, roles
from planner.documents.numbering import numbered
from planner.web.wording import PART_LABELS, PLACE_TITLES, SECTION_TITLES

Data = Mapping[str, Any]

# A medicine with one of these may be given, so what is watched then must be said.
_OPTIONS = ("recommend", "consider", "do", "ask")

# What the glance lists: a title, the parts of the plan, and the verdicts that matter there.
_AT_A_GLANCE = (
    (SECTION_TITLES["non_opioid"], ("backbone", "adjunct"), ("recommend", "consider", "ask", "avoid")),
    (SECTION_TITLES["regional"], ("regional",), ("recommend", "consider", "ask", "avoid")),
    (PLACE_TITLES["non_drug"], ("non_drug",), ("recommend", "consider", "ask")),
)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with its address on the page."""

    anchor: str
    line: Data


@dataclass(frozen=True, slots=True)
class GroupView:
    """Lines under one heading: a subject, or a part of the care of one medicine.

    Of a medicine against pain: ``misuse`` is its tier, ``watch`` what is monitored if it is given, ``instead_of`` the
    medicine that it may stand in for.
    """

    heading: str
    lines: tuple[LineView, ...]
    misuse: str = ""
    watch: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One part of the plan, or one medicine of the section on MOUD (then ``medicine`` is its summary)."""

    id: str
    key: str
    title: str
    groups: tuple[GroupView, ...]
    medicine: Data | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """What the plan page shows. ``anchors`` finds the first line with an id."""

    sections: tuple[SectionView, ...]
    budget: BudgetView | None
    clock: tuple[clock.Row, ...]
    clock_anchors: Mapping[int, str]
    days: tuple[tuple[str, tuple[Data, ...]], ...]
    people: tuple[tuple[str, Data], ...]
    team: tuple[roles.Role, ...]
    options: tuple[tuple[str, tuple[tuple[str, tuple[LineView, ...]], ...]], ...]
    anchors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BudgetView:
    """The local anesthetic limit as the paper prints it, with the notes on each drug.

    ``stops`` finds the line that rules a drug out, by the number in its row.
    """

    shown: budget.View
    limits: tuple[Data, ...]
    stops: Mapping[int | None, LineView]


def plan_page(plan: Data, case: Data) -> PageView:
    """Return the page of a plan, as stored, and of its answers."""
    anchors = _Anchors()
    sections = tuple(_sections(plan, anchors))
    rows, row_anchors = _clock(plan, case, sections)
    return PageView(
        sections=sections,
        budget=_budget(plan, sections),
        clock=rows,
        clock_anchors=row_anchors,
        days=tuple(_days(plan["timeline"])),
        people=tuple(_people(case)),
        team=tuple(roles.roles(plan)),
        options=tuple(_options(sections)),
        anchors=anchors.first,
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
    for place, title in PLACE_TITLES.items():
        lines = _lines_at(place, plan)
        if place == "moud":
            yield from _medicines(plan, title, anchors)
        elif lines:
            groups = _beside_leaders(tuple(_by(lines, _subject, anchors)))
            yield SectionView(place.replace("_", "-"), place, title, groups)


def _lines_at(place: str, plan: Data) -> Sequence[Data]:
    """Return the lines of a part of the plan: a section, or one step of pain relief without opioids."""
    if place in SECTION_TITLES:
        found: Sequence[Data] = plan.get(place, ())
        return found
    return [line for line in plan["non_opioid"] if (line.get("step") or "backbone") == place]


def _beside_leaders(groups: Sequence[GroupView]) -> tuple[GroupView, ...]:
    """Return the groups with each stand-in right after the medicine that it stands in for."""
    headings = {group.heading for group in groups}
    found: list[GroupView] = []
    for group in groups:
        if group.instead_of not in headings:
            found.append(group)
            found += [other for other in groups if other.instead_of == group.heading]
    # Nothing is ever left out, whatever stands in for what.
    return (*found, *(group for group in groups if group not in found))


def _budget(plan: Data, sections: Iterable[SectionView]) -> BudgetView | None:
    views = [
        view
        for section in sections
        if section.key == "local_anesthetic"
        for group in section.groups
        for view in group.lines
    ]
    shown = budget.view(plan.get("budget"), [(number, view.line) for number, view in enumerate(views)])
    return BudgetView(shown, tuple(plan["budget"]["limits"]), dict(enumerate(views))) if shown else None


def _clock(plan: Data, case: Data, sections: Iterable[SectionView]) -> tuple[tuple[clock.Row, ...], Mapping[int, str]]:
    """Return the clock of each medicine against clotting, and for the lines that it points to their place on the page."""
    places = {
        (view.line["id"], view.line.get("agent")): view.anchor
        for section in sections
        if section.key == "anticoagulant"
        for group in section.groups
        for view in group.lines
    }
    if all(agent is None for _, agent in places):
        return (), {}
    lines = numbered(plan)
    # A further reason has no place of its own: the section is near enough.
    found = {shown.number: places.get((shown.line["id"], shown.line.get("agent")), "anticoagulant") for shown in lines}
    return clock.clock(case, lines), found


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
        own = [view.line for view in found]
        given = any(line["verdict"] in _OPTIONS for line in own)
        yield GroupView(
            words,
            tuple(found),
            misuse=_first(own, "misuse"),
            watch=_first(own, "watch") if given else "",
            instead_of=_first(own, "instead_of"),
        )


def _first(lines: Iterable[Data], name: str) -> str:
    return next((str(line[name]) for line in lines if line.get(name)), "")


def _part(line: Data) -> str:
    return PART_LABELS.get(line["part"] or "", "More")


def _subject(line: Data) -> str:
    return str(line["subject_label"])


def _options(sections: Sequence[SectionView]) -> Iterator[tuple[str, tuple[tuple[str, tuple[LineView, ...]], ...]]]:
    """Yield, for the glance, which subjects are recommended, considered, to be asked about, or out."""
    for title, places, verdicts in _AT_A_GLANCE:
        found: dict[str, dict[str, LineView]] = {verdict: {} for verdict in verdicts}
        for group in (group for section in sections if section.key in places for group in section.groups):
            for view in group.lines:
                # Advice against several things at once has no subject of its own.
                if view.line["verdict"] in found and view.line["subject"] != "advised_against":
                    found[view.line["verdict"]].setdefault(group.heading, view)
        yield title, tuple((verdict, tuple(views.values())) for verdict, views in found.items() if views)


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
