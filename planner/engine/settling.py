"""Settle competing lines: the worst verdict wins, no reason is lost, no contradiction is left.

An option whose stop cannot be judged is shown as "ask", never as recommended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner import words
from planner.engine.judging import Judge, Open
from planner.knowledge.records import MOUD_DECISIONS, OTHER_VERDICTS
from planner.plan import Line

_STOPS = ("never", "avoid")
_OPTIONS = ("recommend", "consider", "do")

# From the strongest; "ask" stands above all, because nothing may be given before the answer.
RANK = {verdict: place for place, verdict in enumerate((*MOUD_DECISIONS, *OTHER_VERDICTS))} | {"ask": -1}


class Settler:
    """Settles the lines of a section; reads the open records of a judge."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def settled(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Return the lines of one section with the worst verdict first on each subject and no contradiction left."""
        by_subject: dict[str, list[Line]] = {}
        for line in lines:
            for subject in self._about(line):
                by_subject.setdefault(subject, []).append(line if line.subject == subject else _retitled(line, subject))
        found: list[Line] = []
        for subject, about in by_subject.items():
            about.sort(key=self._strength)
            found += self._one_subject(subject, about)
        found = _once(found)
        return tuple(sorted(found, key=lambda line: (self.order(line), line.subject, RANK[line.verdict], line.id)))

    def _one_subject(self, subject: str, about: list[Line]) -> list[Line]:
        if about[0].section == "team":
            # One role is one line: what it does first, then what makes it required here.
            role, *reasons = sorted(about, key=lambda line: (self.order(line), line.id))
            return [replace(role, required=any(line.required for line in about), also=tuple(reasons))]
        stops = [line for line in about if line.verdict in _STOPS]
        if stops and stops[0].verdict == "never":
            # A dose "if somebody chooses it" has no place under a drug that nobody may give.
            about = [line for line in about if line.dose is None or line.verdict == "never"]
        if stops:
            return [
                replace(
                    stops[0],
                    also=tuple(line for line in about if line is not stops[0] and line.verdict not in _OPTIONS),
                )
            ]
        options = [line for line in about if line.verdict in _OPTIONS]
        section = about[0].section
        unsure = [
            one
            for one in self.judge.open
            if one.rule.record.verdict in _STOPS and self._concerns(one, section, subject)
        ]
        if not options or not unsure:
            return about
        missing = tuple(dict.fromkeys(lack for one in unsure for lack in one.missing))
        return [
            replace(line, verdict="ask", missing=(*line.missing, *missing)) if line in options else line
            for line in about
        ]

    def _concerns(self, one: Open, section: str, subject: str) -> bool:
        if one.rule.record.section != section:
            return False
        return one.scene.technique == subject if one.scene.technique else subject in one.rule.record.about

    def _strength(self, line: Line) -> tuple[int, int, str]:
        return (RANK[line.verdict], self.order(line), line.id)

    def _about(self, line: Line) -> tuple[str, ...]:
        rule = self.judge.knowledge.by_id.get(line.id)
        if rule is None or line.subject not in rule.record.about:
            return (line.subject,)
        return tuple(rule.record.about)

    def order(self, line: Line) -> int:
        """Return the place that the record asks for; smaller is earlier."""
        rule = self.judge.knowledge.by_id.get(line.id)
        return rule.record.order if rule else 50


def _retitled(line: Line, subject: str) -> Line:
    """Return the line as one about another of its subjects."""
    return replace(line, subject=subject, subjects=(subject,), subject_label=words.subject(subject))


def _once(lines: Sequence[Line]) -> list[Line]:
    """Return each line once; a line that stands for several subjects names them all."""
    found: dict[tuple[object, ...], Line] = {}
    for line in lines:
        key = (line.id, line.verdict, line.medicine, line.missing, tuple(more.id for more in line.also))
        first = found.get(key)
        if first is None:
            found[key] = line
        elif line.subject not in first.subjects:
            label = f"{first.subject_label}, {line.subject_label[:1].lower()}{line.subject_label[1:]}"
            found[key] = replace(first, subjects=(*first.subjects, line.subject), subject_label=label)
    return list(found.values())
