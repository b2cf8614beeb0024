"""Facts and knowledge to a Plan: judge each record that is in play, keep the worst verdict, lose no reason.

Unknown is an answer: a record whose condition cannot be decided puts its question on the plan, with what hangs
on it, and an option whose stop cannot be judged is shown as "ask first", never as recommended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from planner import schedule, words
from planner.catalog import Procedure
from planner.doses import plain
from planner.facts import Entry, Facts, block_values
from planner.facts.declare import FactKind, FactValue
from planner.facts.moments import MOMENTS, When
from planner.knowledge.load import Knowledge, Rule, cited
from planner.knowledge.records import MOUD_DECISIONS, OTHER_VERDICTS, Dose
from planner.plan import (
    Ask,
    DoseLine,
    FactUsed,
    KnowledgeMark,
    Line,
    Medicine,
    Missing,
    Needed,
    Plan,
    Step,
    Summary,
    TableLine,
)

_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
_STOPS = ("never", "avoid")
_OPTIONS = ("recommend", "consider", "do")
_WEIGHTS = {"actual": "patient.weight_kg", "ideal": "patient.ideal_weight_kg", "adjusted": "patient.adjusted_weight_kg"}
_RANK = {verdict: place for place, verdict in enumerate((*MOUD_DECISIONS, *OTHER_VERDICTS))} | {"ask": -1}


@dataclass(frozen=True, slots=True)
class _Scene:
    """The values that one record is judged with: those of the case, and those of one medicine or technique."""

    values: Mapping[str, FactValue]
    moments: Mapping[str, When]
    activation: Any
    medicine: int | None = None
    technique: str | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A record that could not be judged, and the facts it lacks."""

    rule: Rule
    scene: _Scene
    missing: tuple[Missing, ...]


def make_plan(facts: Facts, knowledge: Knowledge) -> Plan:
    """Return the plan for the facts of one Case."""
    return _Engine(facts, knowledge).plan()


class _Engine:
    """One run over one Case; holds what is being collected."""

    def __init__(self, facts: Facts, knowledge: Knowledge) -> None:
        self.facts = facts
        self.knowledge = knowledge
        self.open: list[_Open] = []

    def plan(self) -> Plan:
        facts, knowledge = self.facts, self.knowledge
        scene = self._scene(facts.values, facts.moments)
        case_lines = self._judge(knowledge.case_rules, scene)
        moud = [line for line in case_lines if line.section == "moud"]
        for index, entry in enumerate(facts.entries):
            moud += self._medicine_lines(index, entry)
        regional = self._regional([line for line in case_lines if line.section == "regional"])
        sections = {
            name: self._settled([line for line in case_lines if line.section == name])
            for name in (
                "conflicts",
                "non_opioid",
                "anticoagulant",
                "team",
                "monitoring",
                "opioids",
                "discharge",
                "aftercare",
            )
        }
        sections |= {"moud": tuple(sorted(moud, key=self._moud_order)), "regional": regional}
        lines = [line for found in sections.values() for line in found]
        every = [reason for line in lines for reason in (line, *line.also)]
        incomplete = [line for line in every if self._keeps_incomplete(line)]
        medicines = tuple(self._medicine(index, entry, sections["moud"]) for index, entry in enumerate(facts.entries))
        return Plan(
            kind=facts.case.kind,
            made_at=facts.now,
            knowledge=KnowledgeMark(knowledge.version, knowledge.hash),
            complete=not incomplete,
            incomplete_because=tuple(dict.fromkeys(line.say for line in incomplete)),
            summary=self._summary(medicines, lines),
            timeline=schedule.in_order([*self._surgery_step(), *(step for line in every for step in line.steps)]),
            unknown=self._asks(lines),
            **sections,
        )

    # --- judging -----------------------------------------------------------------------------------------------

    def _scene(self, values: Mapping[str, FactValue], moments: Mapping[str, When], **which: Any) -> _Scene:
        return _Scene(values, moments, self.knowledge.environment.Activation(dict(values)), **which)

    def _judge(self, rules: Iterable[Rule], scene: _Scene) -> list[Line]:
        """Return the lines whose condition holds; set aside those that cannot be decided."""
        lines = []
        for rule in rules:
            holds = rule.condition.eval(scene.activation).value()
            if holds is True:
                lacking = self._lacking((*rule.placeholders, *_weights(rule.record.dose)), scene)
                lines.append(self._line(rule, scene, lacking))
                if lacking:
                    self.open.append(_Open(rule, scene, lacking))
            elif holds is not False:
                self.open.append(_Open(rule, scene, self._lacking(rule.needs, scene)))
        return lines

    def _lacking(self, names: Iterable[str], scene: _Scene) -> tuple[Missing, ...]:
        kinds = self.knowledge.kinds
        found = []
        for name in names:
            if name in kinds and name not in scene.values:
                found.append(Missing(name, kinds[name].question or f"Not known: {kinds[name].label}?"))
            elif name in MOMENTS and name not in scene.moments:
                found.append(Missing(name, f"Not known yet: {MOMENTS[name]}?"))
        return tuple(found)

    def _line(self, rule: Rule, scene: _Scene, missing: tuple[Missing, ...] = ()) -> Line:
        record = rule.record
        dose = self._dose(record.dose, scene) if record.dose else None

        def fill(text: str) -> str:
            return self._filled(text, scene, dose)

        subject = scene.technique or record.about[0]
        return Line(
            id=record.id,
            section=record.section,
            subject=subject,
            subjects=(subject,),
            subject_label=self._subject_label(subject, scene),
            part=record.part,
            phase=record.phase,
            verdict=record.verdict,
            say=fill(record.say),
            because=fill(record.because),
            condition=rule.condition_words,
            facts_used=self._facts_used(rule, scene),
            missing=missing,
            dose=dose,
            dates={name: scene.moments[name] for name in rule.placeholders if name in scene.moments},
            steps=schedule.dated(record.steps, scene.moments, self.facts.now, record.id, fill),
            table=TableLine(
                record.table.title,
                tuple(record.table.columns),
                tuple(tuple(fill(cell) for cell in row) for row in record.table.rows),
            )
            if record.table
            else None,
            sources=rule.cites,
            evidence=record.evidence,
            grade=record.grade,
            checked_on=record.checked.on,
            check_again=record.checked.again,
            choices=tuple(fill(choice) for choice in record.choices),
            required=record.required,
            medicine=scene.medicine,
            also=(),
            say_patient={"en": fill(record.patient.en), "es": fill(record.patient.es)} if record.patient else None,
            short=fill(record.short),
        )

    def _facts_used(self, rule: Rule, scene: _Scene) -> tuple[FactUsed, ...]:
        kinds = self.knowledge.kinds
        named = dict.fromkeys((*rule.needs, *(name for name in rule.placeholders if name in kinds)))
        return tuple(
            FactUsed(name, words.value_in_words(kinds[name], scene.values[name]))
            for name in named
            if name in scene.values
        )

    def _filled(self, text: str, scene: _Scene, dose: DoseLine | None) -> str:
        """Return the text with its placeholders filled; what is not known says so."""

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name == "dose":
                return dose.words if dose else ""
            if name in scene.moments:
                return words.moment(scene.moments[name])
            if name not in scene.values:
                return "[not known]"
            return _value(self.knowledge.kinds[name], scene.values[name])

        return words.held_together(_PLACEHOLDER.sub(value, text) if "{" in text else text)

    def _dose(self, dose: Dose, scene: _Scene) -> DoseLine:
        """Return the dose for this person; what depends on an unknown weight stays in mg per kg."""
        known = scene.values.get(_WEIGHTS[dose.weight])
        weight = Decimal(str(known)) if isinstance(known, float) else None
        amount = dose.amount
        if dose.per_kg is not None and weight is not None:
            amount = min(_rounded_down(dose.per_kg * weight), dose.most or Decimal("Infinity"))
        daily = dose.daily_max
        if dose.daily_max_per_kg is not None and weight is not None:
            daily = min(_rounded_down(dose.daily_max_per_kg * weight), daily or Decimal("Infinity"))
        return DoseLine(
            amount, dose.unit, dose.route, dose.every_hours, daily, dose.days_at_most, _dose_words(dose, amount, daily)
        )

    def _subject_label(self, subject: str, scene: _Scene) -> str:
        if scene.medicine is not None:
            return self.facts.entries[scene.medicine].product.label
        block = self.knowledge.catalog.blocks.get(subject)
        return block.label if block else words.subject(subject)

    # --- settling competing lines --------------------------------------------------------------------------------

    def _settled(self, lines: Sequence[Line]) -> tuple[Line, ...]:
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
        return tuple(sorted(found, key=lambda line: (self._order(line), line.subject, _RANK[line.verdict], line.id)))

    def _one_subject(self, subject: str, about: list[Line]) -> list[Line]:
        if about[0].section == "team":
            # One role is one line: what it does first, then what makes it required here.
            role, *reasons = sorted(about, key=lambda line: (self._order(line), line.id))
            return [replace(role, required=any(line.required for line in about), also=tuple(reasons))]
        stops = [line for line in about if line.verdict in _STOPS]
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
            one for one in self.open if one.rule.record.verdict in _STOPS and self._concerns(one, section, subject)
        ]
        if not options or not unsure:
            return about
        missing = tuple(dict.fromkeys(lack for one in unsure for lack in one.missing))
        return [
            replace(line, verdict="ask", missing=(*line.missing, *missing)) if line in options else line
            for line in about
        ]

    def _concerns(self, one: _Open, section: str, subject: str) -> bool:
        if one.rule.record.section != section:
            return False
        return one.scene.technique == subject if one.scene.technique else subject in one.rule.record.about

    def _strength(self, line: Line) -> tuple[int, int, str]:
        return (_RANK[line.verdict], self._order(line), line.id)

    def _about(self, line: Line) -> tuple[str, ...]:
        rule = self.knowledge.by_id.get(line.id)
        if rule is None or line.subject not in rule.record.about:
            return (line.subject,)
        return tuple(rule.record.about)

    def _order(self, line: Line) -> int:
        rule = self.knowledge.by_id.get(line.id)
        return rule.record.order if rule else 50

    # --- medicines ---------------------------------------------------------------------------------------------

    def _medicine_lines(self, index: int, entry: Entry) -> list[Line]:
        scene = self._scene(
            {**self.facts.values, **entry.values}, {**self.facts.moments, **entry.moments}, medicine=index
        )
        lines = self._judge(self.knowledge.entry_rules.get(entry.regimen, ()), scene)
        decisions = sorted(
            (line for line in lines if line.part == "decision"),
            key=lambda line: (_RANK[line.verdict], self._order(line), line.id),
        )
        others = [line for line in lines if line.part != "decision"]
        if not decisions:
            raise LookupError(f"No decision for the regimen {entry.regimen}: the knowledge base has a gap.")
        first = decisions[0]
        stronger = [
            one
            for one in self.open
            if one.scene.medicine == index
            and one.rule.record.part == "decision"
            and _RANK[one.rule.record.verdict] < _RANK[first.verdict]
        ]
        missing = tuple(dict.fromkeys(lack for one in stronger for lack in one.missing))
        weaker = tuple(line for line in decisions[1:] if line.verdict == first.verdict)
        return [replace(first, missing=(*first.missing, *missing), also=weaker), *others]

    def _moud_order(self, line: Line) -> tuple[int, int, int, str]:
        parts = (
            "decision",
            "verify",
            "before",
            "day_of",
            "after",
            "hold",
            "restart",
            "red_flag",
            "call",
            "disagreement",
            None,
        )
        return (-1 if line.medicine is None else line.medicine, parts.index(line.part), self._order(line), line.id)

    def _medicine(self, index: int, entry: Entry, lines: Sequence[Line]) -> Medicine:
        own = [line for line in lines if line.medicine == index]
        decision = next(line for line in own if line.part == "decision")
        return Medicine(
            index=index,
            label=_product_name(entry),
            dose=_dose_taken(entry),
            regimen=entry.regimen,
            decision=decision.verdict,
            decision_line=decision.id,
            headline=decision.say,
            key_steps=schedule.in_order(step for line in own for step in line.steps),
            incomplete=any(self._keeps_incomplete(line) for line in own),
        )

    def _keeps_incomplete(self, line: Line) -> bool:
        rule = self.knowledge.by_id.get(line.id)
        return bool(rule and rule.record.incomplete)

    # --- regional ------------------------------------------------------------------------------------------------

    def _regional(self, general: list[Line]) -> tuple[Line, ...]:
        """Return the techniques of the operation, each with its stops; the next best is named when the first is out."""
        procedure = self.knowledge.catalog.procedures.get(self.facts.case.surgery.procedure or "")
        offered = self._offered(procedure) if procedure else []
        lines: list[Line] = []
        for technique, verdict, place in offered:
            block = self.knowledge.catalog.blocks[technique]
            scene = self._scene({**self.facts.values, **block_values(block)}, self.facts.moments, technique=technique)
            against = self._judge(self.knowledge.block_rules, scene)
            option = self._technique_line(procedure, technique, verdict, place)
            lines += self._settled([option, *against])
        return (*self._settled(general), *self._next_best(lines, procedure), *self._advised_against(procedure))

    def _next_best(self, lines: list[Line], procedure: Procedure | None) -> list[Line]:
        """Return the lines with the next best named when every first choice is out, or with a line that none is left."""
        usable = [
            line
            for line in lines
            if line.verdict in ("recommend", "consider", "ask") and line.id.startswith("regional-")
        ]
        if (
            procedure is None
            or not procedure.first
            or not lines
            or any(procedure_first in {line.subject for line in usable} for procedure_first in procedure.first)
        ):
            return lines
        if usable:
            best = usable[0]
            named = replace(best, say=f"{best.say} This is the next best here, because the first choice is out.")
            return [named if line is best else line for line in lines]
        if self.facts.case.surgery.regional_refused:
            return lines
        none_left = self._catalog_line(
            f"regional-{procedure.id}-none-left".replace("_", "-"),
            "none_left",
            "call",
            f"No technique that the source names for {procedure.label} is left here. Ask the anesthesiologist for another.",
            "Each named technique is ruled out for this person; the reasons stand with each.",
            procedure,
        )
        return [none_left, *lines]

    def _offered(self, procedure: Procedure) -> list[tuple[str, str, int]]:
        first = [(technique, "recommend", place) for place, technique in enumerate(procedure.first)]
        return first + [(technique, "consider", 10 + place) for place, technique in enumerate(procedure.second)]

    def _technique_line(self, procedure: Procedure | None, technique: str, verdict: str, place: int) -> Line:
        assert procedure is not None
        block = self.knowledge.catalog.blocks[technique]
        rank = "First choice" if verdict == "recommend" else "Second choice"
        note = f" {block.note}" if block.note else ""
        return self._catalog_line(
            f"regional-{procedure.id}-{technique}".replace("_", "-"),
            technique,
            verdict,
            f"{rank} for {procedure.label}: {block.label}.",
            f"Named for this operation by the cited source.{note}",
            procedure,
        )

    def _advised_against(self, procedure: Procedure | None) -> list[Line]:
        if procedure is None:
            return []
        note = self._catalog_line(
            f"regional-{procedure.id}-note".replace("_", "-"),
            "about_this_operation",
            "note",
            procedure.note,
            "Remark of the table of operations.",
            procedure,
        )
        against = [
            self._catalog_line(
                f"regional-{procedure.id}-not-{index + 1}".replace("_", "-"),
                "advised_against",
                "avoid",
                item["what"],
                item["why"],
                procedure,
            )
            for index, item in enumerate(procedure.against)
        ]
        return [note, *against] if procedure.note else against

    def _catalog_line(
        self, line_id: str, subject: str, verdict: str, say: str, because: str, procedure: Procedure
    ) -> Line:
        block = self.knowledge.catalog.blocks.get(subject)
        return Line(
            id=line_id,
            section="regional",
            subject=subject,
            subjects=(subject,),
            subject_label=block.label if block else words.subject(subject),
            part=None,
            phase="during",
            verdict=verdict,
            say=say,
            because=because,
            condition=f"operation is {procedure.label}",
            facts_used=(FactUsed("surgery.procedure", f"operation: {procedure.label}"),),
            missing=(),
            dose=None,
            dates={},
            steps=(),
            table=None,
            sources=tuple(cited(self.knowledge.sources, cite["id"], cite["where"]) for cite in procedure.sources),
            evidence=procedure.evidence,
            grade="",
            checked_on=date(2026, 11, 24),
            check_again=date(2027, 5, 24),
            choices=(),
            required=False,
            medicine=None,
            also=(),
            say_patient=None,
            short="",
        )

    # --- the whole -----------------------------------------------------------------------------------------------

    def _asks(self, lines: Sequence[Line]) -> tuple[Ask, ...]:
        """Return each question once, with the facts it settles and every line that hangs on it."""
        waiting: dict[str, dict[tuple[str, str], Needed]] = {}
        facts: dict[str, dict[str, None]] = {}
        for one in self.open:
            record = one.rule.record
            label = self._subject_label(one.scene.technique or record.about[0], one.scene)
            for lack in one.missing:
                facts.setdefault(lack.question, {})[lack.name] = None
                waiting.setdefault(lack.question, {})[record.id, label] = Needed(record.id, label, record.verdict)
        for line in lines:
            for lack in line.missing:
                facts.setdefault(lack.question, {})[lack.name] = None
                needed = Needed(line.id, line.subject_label, line.verdict)
                waiting.setdefault(lack.question, {}).setdefault((line.id, line.subject_label), needed)
        asks = [
            Ask(", ".join(sorted(facts[question])), question, tuple(needed.values()))
            for question, needed in waiting.items()
        ]
        return tuple(
            sorted(
                asks,
                key=lambda ask: (
                    min(_RANK[needed.verdict] for needed in ask.needed_for),
                    -len(ask.needed_for),
                    ask.fact,
                ),
            )
        )

    def _surgery_step(self) -> list[Step]:
        at = self.facts.moments.get("surgery.at")
        if at is None:
            return []
        name = self.facts.values.get("surgery.procedure", "operation")
        return [Step(at=at, on=None, day="Day 0", what=f"Surgery: {name}", who="team", line_id="surgery")]  # type: ignore[arg-type]

    def _summary(self, medicines: tuple[Medicine, ...], lines: Sequence[Line]) -> Summary:
        case, moments = self.facts.case, self.facts.moments
        never = [line.short for line in lines if line.verdict == "never" and line.short]
        call = [line.short or line.say for line in lines if line.part == "call"]
        return Summary(
            person=case.patient.name or "",
            operation=str(self.facts.values.get("surgery.procedure", "")),
            when=words.moment(moments["surgery.at"]) if "surgery.at" in moments else "",
            medicines=medicines,
            never=tuple(dict.fromkeys(never)),
            call=tuple(dict.fromkeys(call)),
        )


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


def _value(kind: FactKind, value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str):
        return kind.words.get(value, value)
    return words.measured(value, kind.unit)


def _weights(dose: Dose | None) -> tuple[str, ...]:
    """Return the fact a dose needs, when it is counted by weight."""
    by_weight = dose is not None and (dose.per_kg is not None or dose.daily_max_per_kg is not None)
    return (_WEIGHTS[dose.weight],) if dose is not None and by_weight else ()


def _rounded_down(amount: Decimal) -> Decimal:
    """Return a dose by weight rounded down, never up: to whole units from 10 on, to one decimal below."""
    return amount.quantize(Decimal(1) if amount >= 10 else Decimal("0.1"), rounding=ROUND_FLOOR)


def _dose_words(dose: Dose, amount: Decimal | None, daily: Decimal | None) -> str:
    """Return a dose as paper shows it: "1,000 mg by mouth every 6 hours, at most 3,000 mg in 24 hours"."""
    size = (
        words.measured(amount, dose.unit)
        if amount is not None
        else f"{plain(dose.per_kg or Decimal(0))}{words.NO_BREAK}{dose.unit}/kg"
    )
    rhythm = (
        "once" if dose.once else f"every {plain(dose.every_hours)}{words.NO_BREAK}hours" if dose.every_hours else ""
    )
    parts = [f"{size} {dose.route} {rhythm}".strip()]
    if daily is not None:
        parts.append(
            f"at most {words.measured(daily, dose.unit)} in 24{words.NO_BREAK}hours over all routes and products"
        )
    elif dose.daily_max_per_kg is not None:
        parts.append(f"at most {plain(dose.daily_max_per_kg)}{words.NO_BREAK}{dose.unit}/kg in 24{words.NO_BREAK}hours")
    if dose.days_at_most:
        parts.append(f"for at most {dose.days_at_most} days")
    return ", ".join(parts)


def _product_name(entry: Entry) -> str:
    typed = entry.given.product_name
    return f"{entry.product.label}: {typed}" if typed else entry.product.label


def _dose_taken(entry: Entry) -> str:
    """Return the dose as it was said, so that a misread total is seen on the paper."""
    given, product = entry.given, entry.product
    if product.unit == "mcg_per_hour" and given.dose_mcg:
        return words.measured(given.dose_mcg, "mcg an hour")
    if product.unit == "mcg_per_dose" and given.dose_mcg:
        times = f", {plain(given.times_per_day)} times a day" if given.times_per_day else ""
        return words.measured(given.dose_mcg, "mcg") + times
    if given.dose_mg is None:
        return "dose not known"
    if product.unit == "mg_per_dose":
        return words.measured(given.dose_mg, "mg each time")
    total = words.measured(given.dose_mg, "mg a day")
    if given.times_per_day and given.times_per_day > 1:
        each = words.measured(given.dose_mg / given.times_per_day, "mg")
        return f"{total} ({each}, {plain(given.times_per_day)} times a day)"
    return total
