"""The plan sheet: what to do, when, and what is open, on at most three pages for a usual case.

Notes, points where sources differ, tables, forms and reasons stand in the details. A never, an avoid, a caution, a
decision, a dose and a dated step are always on the sheet, and in full; tasks of the ward and the way home
may be told by their first sentence, several things to consider by their names, members of the team by their role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from planner.documents import glance
from planner.documents.labels import COMFORT_SUBJECTS, DEFINITIONS, SECTION_TITLES
from planner.documents.numbering import Data, Shown, medicines, numbered

# Printed in full, also when they are a further reason for another line.
FIRM = frozenset({"stop_and_ask", "hold", "clinician_choice", "never", "avoid", "caution"})

# Sections whose tasks may be told by their first sentence.
_MAY_BE_BRIEF = frozenset({"monitoring", "discharge", "aftercare", "team"})

# What a sentence must not hold to be left to the details: a quantity, a limit, a stop.
_LIMIT = re.compile(
    r"\d[\s\u00a0]*(%|mg|mcg|ml|kg|ms|mmhg|hours?|minutes?|seconds?|days?|weeks?|months?|times|breaths)"
    r"|\b(never|not|no|nobody|nothing|avoid|stop|hold|until|only|except|unless|at most|hours?|days?|weeks?|naloxone|911)\b",
    re.IGNORECASE,
)
# Several lines of one section with these verdicts may stand on the sheet under their names alone.
_NAMED_TOGETHER = ("recommend", "consider")

# How many sources a line names, and the id under which the knowledge base lists what this project chose itself.
_CITED = 2
_OWN_CHOICE = "DESIGN"

_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bvs)(?<!\b[a-z]\.[a-z])[.?!](?=\s+[A-Z“])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the sheet: a line, or several things to consider under their names."""

    numbers: tuple[int, ...]
    verdict: str
    say: str
    cites: tuple[str, ...]
    shown: Shown | None = None
    cut: bool = False

    @property
    def cited(self) -> str:
        """The sources by their ids: the first two, and how many more the details name.

        Our own choice is told by the dagger; it is named as a source only where there is none.
        """
        found = [cited for cited in self.cites if cited != _OWN_CHOICE or not self.unverified]
        more = len(found) - _CITED
        return ", ".join(found[:_CITED]) + (f", +{more}" if more > 0 else "")

    @property
    def unverified(self) -> bool:
        """Whether the line is not yet traced to its source."""
        return self.shown is not None and self.shown.line["evidence"] == "unverified"


@dataclass(frozen=True, slots=True)
class Group:
    """Statements under one label."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the sheet, or one medicine of the section on MOUD."""

    groups: tuple[Group, ...]
    medicine: Data | None = None


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return everything that ``clinician.html`` prints."""
    plan = glance.for_paper(plan)
    lines = numbered(plan)
    by_id = {shown.line["id"]: shown for shown in reversed(lines)}
    headlines = {medicine["headline"] for medicine in plan["summary"]["medicines"]}
    told = headlines | set(plan["incomplete_because"])
    kept = [shown for shown in lines if _on_sheet(shown) and (shown.line["say"] not in told or shown.line["dose"])]
    who = tuple(glance.people(case, plan))
    return {
        "case": case,
        "plan": plan,
        "patient": case["patient"],
        "to_settle": tuple(reason for reason in plan["incomplete_because"] if reason not in headlines),
        "facts": tuple(glance.key_facts(case)),
        "options": tuple(glance.options(plan)),
        "people": who,
        "decisions": {
            medicine["index"]: entry_of(by_id[medicine["decision_line"]])
            for medicine in plan["summary"]["medicines"]
            if medicine["decision_line"] in by_id
        },
        "known_people": any(name or phone for _, name, phone in who),
        "short_calls": tuple(
            dict.fromkeys(line["short"] for line in plan["moud"] if line["part"] == "call" and line["short"])
        ),
        "definitions": tuple(_needed_definitions(plan, kept)),
        "days": tuple(
            glance.days(plan["timeline"], case["surgery"]["at"], {name: shown.number for name, shown in by_id.items()})
        ),
        "blocks": {name: tuple(_blocks(name, plan, kept)) for name in SECTION_TITLES},
        "titles": SECTION_TITLES,
        "team_lines": _span([shown.number for shown in lines if shown.place == "team"]),
    }


def _needed_definitions(plan: Data, kept: Sequence[Shown]) -> Iterator[tuple[str, str]]:
    """Yield the words that need a meaning on this sheet."""
    verdicts = " ".join(str(shown.line["verdict"]).replace("ask", "ask first") for shown in kept)
    steps = " ".join(step["what"] for step in plan["timeline"])
    text = " ".join((verdicts, steps, *(shown.line["say"] for shown in kept), *_headlines(plan))).lower()
    for word, meaning in DEFINITIONS:
        if word == "Day 0" or word.lower() in text:
            yield word, meaning


def _headlines(plan: Data) -> Iterator[str]:
    for medicine in plan["summary"]["medicines"]:
        yield f"{medicine['decision']} {medicine['headline']}"


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]} to {numbers[-1]}" if numbers else "none"


def entry_of(shown: Shown) -> Entry:
    """Return a line as the sheet words it."""
    say, cut = _brief(shown)
    return Entry((shown.number,), shown.line["verdict"], say, shown.cites, shown, cut)


def _on_sheet(shown: Shown) -> bool:
    line = shown.line
    if line["verdict"] in FIRM:
        return True
    if shown.owner is not None or line["part"] == "disagreement":
        return False
    if line["verdict"] == "note":
        return bool(line["dose"])
    return not _told_elsewhere(line)


def _told_elsewhere(line: Data) -> bool:
    """Whether the days tell all of it: planned visits, and calls that stand in the glance as well."""
    dated = bool(line["steps"]) and all(step["at"] or step["on"] for step in line["steps"])
    return dated and not line["dose"] and (line["subject"] == "follow_up" or (line["part"] == "call" and line["short"]))


def _brief(shown: Shown) -> tuple[str, bool]:
    """Return what the sheet says of a line, and whether the details say more."""
    line = shown.line
    say: str = line["say"]
    if shown.place == "team" and line["verdict"] not in FIRM and not line["dose"]:
        return "", True
    if shown.place not in _MAY_BE_BRIEF or line["verdict"] in FIRM or line["dose"] or _is_trigger(line):
        return say, False
    if line["short"] and not _LIMIT.search(say):
        return line["short"], True
    end = _SENTENCE_END.search(say)
    if end is None or _LIMIT.search(say[end.end() :]):
        return say, False
    return say[: end.end()], True


def _is_trigger(line: Data) -> bool:
    return bool(line["subject"] == "stop_triggers")


def _blocks(name: str, plan: Data, kept: Sequence[Shown]) -> Iterator[Block]:
    """Yield the blocks of a section: one, or one for each medicine."""
    own = [shown for shown in kept if shown.place == name]
    if name != "moud":
        groups = tuple(_groups(own))
        if groups:
            yield Block(groups)
        return
    for medicine in medicines(plan):
        groups = tuple(_groups([shown for shown in own if shown.line["medicine"] == medicine["index"]]))
        if groups:
            yield Block(groups, medicine)


def _groups(lines: Sequence[Shown]) -> Iterator[Group]:
    """Yield lines that follow each other under the same label, then what is only named as to be considered."""
    named = {verdict: [shown for shown in lines if _can_be_named(shown, verdict)] for verdict in _NAMED_TOGETHER}
    together_by_verdict = {verdict: found for verdict, found in named.items() if len(found) > 1}
    joined = [shown.number for found in together_by_verdict.values() for shown in found]
    apart = [shown for shown in lines if shown.number not in joined]
    for heading, together in groupby(apart, lambda shown: shown.heading):
        yield Group(heading, tuple(map(entry_of, together)))
    for verdict, found in together_by_verdict.items():
        yield Group("", (_joined(verdict, found),))


def _joined(verdict: str, lines: Sequence[Shown]) -> Entry:
    labels = dict.fromkeys(shown.line["short"] or shown.line["subject_label"] for shown in lines)
    cites = dict.fromkeys(cited for shown in lines for cited in shown.cites)
    say = "; ".join(label.rstrip(".") for label in labels) + "."
    return Entry(tuple(shown.number for shown in lines), verdict, say, tuple(cites), cut=True)


def _can_be_named(shown: Shown, verdict: str) -> bool:
    """Whether the name of a line may stand for it: things to consider, and comfort without medicines."""
    line: Mapping[str, Any] = shown.line
    return bool(
        line["verdict"] == verdict
        and (verdict == "consider" or line["subject"] in COMFORT_SUBJECTS)
        and line["medicine"] is None
        and not (line["dose"] or line["missing"] or shown.undated or _LIMIT.search(line["say"]))
    )
