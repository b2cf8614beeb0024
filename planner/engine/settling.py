"""Settle competing lines: the worst verdict wins, no reason is lost, no contradiction is left.

An option whose stop cannot be judged is shown as "ask", never as recommended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner import words
from planner.catalog import Drug
from planner.catalog.drugs import STEPS
from planner.engine.judging import Judge, Open
from planner.knowledge.records import MOUD_DECISIONS, OTHER_VERDICTS
from planner.plan import Line

STOPS = ("never", "avoid")
OPTIONS = ("recommend", "consider", "do")

# From the strongest; "ask" stands above all, because nothing may be given before the answer.
RANK = {verdict: place for place, verdict in enumerate((*MOUD_DECISIONS, *OTHER_VERDICTS))} | {"ask": -1}


class Settler:
    """Settles the lines of a section; reads the open records of a judge."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        drugs = judge.knowledge.catalog.drugs.values()
        heads = {drug.heads: drug.id for drug in drugs if drug.heads}
        self._class_of = {drug.id: heads[drug.group] for drug in drugs if drug.group in heads}
        self._members: dict[str, list[str]] = {}
        for member, head in self._class_of.items():
            self._members.setdefault(head, []).append(member)

    def settled(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Return the lines of one section with the worst verdict first on each subject and no contradiction left."""
        by_subject: dict[tuple[int | None, str], list[Line]] = {}
        for line in lines:
            for subject in self.about(line):
                by_subject.setdefault((line.agent, subject), []).append(line)
        section = lines[0].section if lines else ""
        open_stops = [
            one for one in self.judge.open if one.rule.record.section == section and one.rule.record.verdict in STOPS
        ]
        found: dict[tuple[object, ...], list[tuple[str, Line]]] = {}
        for (_, subject), about in by_subject.items():
            about.sort(key=self._strength)
            for line in self._one_subject(subject, about, open_stops):
                found.setdefault(self._same(subject, line), []).append((subject, line))
        return tuple(sorted((self._joined(named) for named in found.values()), key=self._place))

    def _one_subject(self, subject: str, about: list[Line], open_stops: Sequence[Open]) -> list[Line]:
        if about[0].section == "team":
            # One role is one line: what it does first, then what makes it required here.
            role, *reasons = sorted(about, key=lambda line: (self.order(line), line.id))
            required = any(line.required for line in about)
            unchanged = not reasons and required == role.required
            return [role if unchanged else replace(role, required=required, also=tuple(reasons))]
        stops = [line for line in about if line.verdict in STOPS]
        if stops and stops[0].verdict == "never":
            # A dose "if somebody chooses it" has no place under a drug that nobody may give.
            about = [line for line in about if line.dose is None or line.verdict == "never"]
        if stops:
            also = tuple(line for line in about if line is not stops[0] and line.verdict not in OPTIONS)
            return [replace(stops[0], also=also) if also else stops[0]]
        options = [line for line in about if line.verdict in OPTIONS]
        unsure = [one for one in open_stops if self._concerns(one, subject)] if options else []
        if not unsure:
            return about
        missing = tuple(dict.fromkeys(lack for one in unsure for lack in one.missing))
        return [
            # Nothing that still has to be asked is told to the person as something to take.
            replace(line, verdict="ask", missing=(*line.missing, *missing), say_patient=None)
            if line in options
            else line
            for line in about
        ]

    def _concerns(self, one: Open, subject: str) -> bool:
        record = one.rule.record
        if one.scene.technique:
            return one.scene.technique == subject
        return subject in record.about or self._class_of.get(subject) in record.about

    def _strength(self, line: Line) -> tuple[int, int, str]:
        return (RANK[line.verdict], self.order(line), line.id)

    def about(self, line: Line) -> tuple[str, ...]:
        """Return the subjects of a line; a stop on a class is one on every member of its group."""
        rule = self.judge.knowledge.by_id.get(line.id)
        if rule is None or line.subject not in rule.record.about:
            return (line.subject,)
        about = rule.record.about
        if line.verdict not in STOPS or line.section != "non_opioid":
            return tuple(about)
        members = [name for subject in about for name in self._members.get(subject, ())]
        return tuple(dict.fromkeys((*about, *members)))

    def order(self, line: Line) -> int:
        """Return the place that the record asks for; smaller is earlier."""
        rule = self.judge.knowledge.by_id.get(line.id)
        return rule.record.order if rule else 50

    def _place(self, line: Line) -> tuple[int, int, int, str, int, str]:
        """Return the place on paper: by step of the pain plan, by medicine against clotting, then as the record asks."""
        step = STEPS.index(line.step) if line.step else 0
        # What is about all medicines against clotting follows what is about each.
        agent = len(self.judge.facts.agents) if line.agent is None else line.agent
        return (step, agent, self.order(line), line.subject, RANK[line.verdict], line.id)

    def _same(self, subject: str, line: Line) -> tuple[object, ...]:
        """Return what two lines share when they are one: a line for several subjects names them all, a class its members."""
        of_class = subject in self._members or self._class_of.get(subject) in self.about(line)
        also = () if of_class else tuple(more.id for more in line.also)
        return (line.id, line.verdict, line.medicine, line.agent, of_class or line.missing, also)

    def _joined(self, named: Sequence[tuple[str, Line]]) -> Line:
        """Return one line for all the subjects it is about."""
        # A class gives its name to the line, whichever member was met first.
        first, line = next((one for one in named if one[0] in self._members), named[0])
        if len(named) == 1 and line.subject == first:
            return line
        subjects = tuple(dict.fromkeys((first, *(subject for subject, _ in named))))
        drug = self._drug(first, line)
        label = self._label(first, line)
        for subject in subjects[1:]:
            # The name of a class says its members.
            if self._class_of.get(subject) not in subjects:
                more = self._label(subject, line)
                label = f"{label}, {more[:1].lower()}{more[1:]}"
        return replace(
            line,
            subject=first,
            subjects=subjects,
            subject_label=label,
            also=tuple({reason.id: reason for _, one in named for reason in one.also}.values()),
            step=drug.step if drug else line.step,
            misuse=drug.misuse if drug else line.misuse,
            watch=drug.watch if drug else line.watch,
        )

    def _drug(self, subject: str, line: Line) -> Drug | None:
        return self.judge.knowledge.catalog.drugs.get(subject) if line.section == "non_opioid" else None

    def _label(self, subject: str, line: Line) -> str:
        if subject == line.subject:
            return line.subject_label
        drug = self._drug(subject, line)
        return drug.label if drug else words.subject(subject)
