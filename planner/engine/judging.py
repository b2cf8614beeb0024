"""Judge records: those that hold become lines, those that cannot be decided are set aside with what they lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planner import schedule, words
from planner.engine.doselines import dose_line
from planner.facts import Facts
from planner.facts.declare import EVIDENCE, FactValue
from planner.facts.moments import MOMENTS, When
from planner.knowledge.load import Knowledge, Rule
from planner.plan import DoseLine, FactUsed, Line, Missing, TableLine

_GAP = re.compile(r" {2,}")
_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")


@dataclass(frozen=True, slots=True)
class Scene:
    """The values that one record is judged with: those of the case, and those of one medicine or technique.

    ``questions`` says for some facts more exactly what to find out here.
    """

    values: Mapping[str, FactValue]
    moments: Mapping[str, When]
    activation: Any
    medicine: int | None = None
    technique: str | None = None
    agent: int | None = None
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """A record that could not be judged, and the facts it lacks."""

    rule: Rule
    scene: Scene
    missing: tuple[Missing, ...]


class Judge:
    """Judges records for one Case and keeps those that stayed open."""

    def __init__(self, facts: Facts, knowledge: Knowledge) -> None:
        self.facts = facts
        self.knowledge = knowledge
        self.open: list[Open] = []
        self._said: dict[tuple[str, object], FactUsed] = {}

    def scene(
        self,
        values: Mapping[str, FactValue],
        moments: Mapping[str, When],
        named_by: str = "",
        **which: Any,
    ) -> Scene:
        """Return the values prepared for many conditions.

        ``named_by`` says which conditions: a regimen, "block", "agent" or "outcome"; what those do not name is left out.
        """
        needs = self.knowledge.needs.get(named_by)
        known = dict(values) if needs is None else {name: values[name] for name in needs if name in values}
        return Scene(values, moments, self.knowledge.environment.Activation(known), **which)

    def judge(self, rules: Iterable[Rule], scene: Scene) -> list[Line]:
        """Return the lines whose condition holds; set aside those that cannot be decided."""
        lines = []
        for rule in rules:
            holds = rule.condition.holds(scene.values, scene.activation)
            if holds is True:
                lacking = self._lacking(rule.wants, scene) if rule.wants else ()
                line = self._line(rule, scene, lacking)
                if _is_over(line, self.facts.now):
                    continue
                lines.append(line)
                if lacking:
                    self.open.append(Open(rule, scene, lacking))
            elif holds is None:
                self.open.append(Open(rule, scene, self._lacking(rule.condition.needs, scene)))
        return lines

    def _lacking(self, names: Iterable[str], scene: Scene) -> tuple[Missing, ...]:
        kinds = self.knowledge.kinds
        found = []
        for name in names:
            if name in kinds and name not in scene.values:
                asked = scene.questions.get(name) or self.facts.questions.get(name) or kinds[name].question
                found.append(Missing(name, asked or f"Not known: {kinds[name].label}?"))
            elif name in MOMENTS and name not in scene.moments:
                found.append(Missing(name, f"Not known yet: {MOMENTS[name]}?"))
        return tuple(found)

    def _line(self, rule: Rule, scene: Scene, missing: tuple[Missing, ...] = ()) -> Line:
        if not rule.repeats or missing:
            return self._new_line(rule, scene, missing)
        # A line never changes once made, and this one says the same for the same yes-or-no answers.
        shown = [scene.values.get(name) for name in rule.shown]
        key = (scene.technique, *(tuple(value) if isinstance(value, list) else value for value in shown))
        line = rule.made.get(key)
        if line is None:
            line = rule.made[key] = self._new_line(rule, scene, ())
        return line

    def _new_line(self, rule: Rule, scene: Scene, missing: tuple[Missing, ...]) -> Line:
        record = rule.record
        dose = dose_line(record.dose, scene.values, scene.moments) if record.dose else None

        def fill(text: str) -> str:
            return self._filled(text, scene, dose)

        subject = scene.technique or record.about[0]
        drug = self.knowledge.catalog.drugs.get(subject) if record.section == "non_opioid" else None
        return Line(
            id=record.id,
            section=record.section,
            subject=subject,
            subjects=(subject,),
            subject_label=self.subject_label(subject, scene),
            part=record.part,
            phase=record.phase,
            verdict=record.verdict,
            say=fill(record.say),
            because=fill(record.because),
            condition=rule.condition.in_words,
            facts_used=self._facts_used(rule, scene),
            missing=missing,
            dose=dose,
            dates={name: scene.moments[name] for name in rule.placeholders if name in scene.moments},
            steps=schedule.dated(record.steps, scene.moments, self.facts.now, record.id, fill),
            table=TableLine(
                fill(record.table.title),
                tuple(record.table.columns),
                tuple(tuple(fill(cell) for cell in row) for row in record.table.rows),
            )
            if record.table
            else None,
            sources=rule.cites,
            evidence=_weakest(record.evidence, scene) if rule.needs_interval else record.evidence,
            grade=record.grade,
            checked_on=record.checked.on,
            check_again=record.checked.again,
            choices=tuple(fill(choice) for choice in record.choices),
            required=record.required,
            medicine=scene.medicine,
            also=(),
            say_patient={"en": fill(record.patient.en), "es": fill(record.patient.es)} if record.patient else None,
            short=fill(record.short),
            agent=scene.agent,
            step=drug.step if drug else "",
            misuse=drug.misuse if drug else "",
            watch=drug.watch if drug else "",
        )

    def _facts_used(self, rule: Rule, scene: Scene) -> tuple[FactUsed, ...]:
        return tuple(self._fact_used(name, scene.values[name]) for name in rule.shown if name in scene.values)

    def _fact_used(self, name: str, value: FactValue) -> FactUsed:
        """Many lines use the same fact, so its words are made once a plan."""
        key = (name, tuple(value) if isinstance(value, list) else value)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = FactUsed(name, words.value_in_words(self.knowledge.kinds[name], value))
        return said

    def _filled(self, text: str, scene: Scene, dose: DoseLine | None) -> str:
        """Return the text with its placeholders filled; what is not known says so."""

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name == "dose":
                return dose.words if dose else ""
            if name in scene.moments:
                return words.moment(scene.moments[name])
            if name not in scene.values:
                return "[not known]"
            return words.plain_value(self.knowledge.kinds[name], scene.values[name])

        if "{" not in text:
            return words.held_together(text)
        # A remark that this person does not get leaves no gap.
        return words.held_together(_GAP.sub(" ", _PLACEHOLDER.sub(value, text)).strip())

    def subject_label(self, subject: str, scene: Scene) -> str:
        """Return the heading for a subject: the product, the technique or the subject in words."""
        if scene.medicine is not None:
            return self.facts.entries[scene.medicine].product.label
        if scene.agent is not None:
            return str(self.facts.agents[scene.agent].values["agent.label"])
        catalog = self.knowledge.catalog
        named = catalog.blocks.get(subject) or catalog.drugs.get(subject)
        return named.label if named else words.subject(subject)


def _weakest(evidence: str, scene: Scene) -> str:
    """Return the weaker of a record's class and that of the interval it prints."""
    name = "clotting.evidence" if scene.agent is None else "agent.evidence"
    return max((evidence, str(scene.values.get(name, evidence))), key=EVIDENCE.index)


def _is_over(line: Line, now: datetime) -> bool:
    """Whether the course of a line ended before today: it is no instruction any more."""
    return line.dose is not None and line.dose.last_day is not None and line.dose.last_day < now.date()
