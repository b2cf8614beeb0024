"""The Plan: one typed document that a page, a PDF, a handout or a program can show, and its JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from planner.knowledge.load import Cited


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that a condition looked at, in words with this person's value."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that a line needs and that was not given."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class DoseLine:
    """A dose for this person: numbers and the words made from them."""

    amount: Decimal | None
    unit: str
    route: str
    every_hours: Decimal | None
    daily_max: Decimal | None
    days_at_most: int | None
    last_day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: ``at`` a clock time, ``on`` a day, or on a numbered ``day`` when no date follows yet."""

    at: datetime | None
    on: date | None
    day: str
    what: str
    who: str
    line_id: str
    what_patient: str = ""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A schedule or comparison printed under a line."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Who takes a role of the team; empty text is what was not given."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the plan with everything needed to argue with it.

    ``verdict`` is that of the record, or ``ask`` when a stop on the same subject could not be judged.
    A line about several subjects names them all in ``subjects``. ``short`` is the wording for the glance at the top, when the line belongs there.
    ``also`` holds the further reasons for the same subject. ``medicine`` is the index of the MOUD entry, ``agent`` that
    of the medicine against clotting. For pain relief without opioids ``step`` is the place on paper, ``misuse`` the tier
    for people in recovery, ``watch`` what is monitored, ``instead_of`` the medicine this one may stand in for.
    Of a role of the team ``contact`` is who takes it.
    """

    id: str
    section: str
    subject: str
    subjects: tuple[str, ...]
    subject_label: str
    part: str | None
    phase: str | None
    verdict: str
    say: str
    because: str
    condition: str
    facts_used: tuple[FactUsed, ...]
    missing: tuple[Missing, ...]
    dose: DoseLine | None
    dates: Mapping[str, date | datetime]
    steps: tuple[Step, ...]
    table: TableLine | None
    sources: tuple[Cited, ...]
    evidence: str
    grade: str
    checked_on: date
    check_again: date
    choices: tuple[str, ...]
    required: bool
    medicine: int | None
    also: tuple[Line, ...]
    say_patient: Mapping[str, str] | None
    short: str
    agent: int | None = None
    step: str = ""
    misuse: str = ""
    watch: str = ""
    instead_of: str = ""
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Medicine:
    """The decision about one medicine of the list."""

    index: int
    label: str
    dose: str
    regimen: str
    decision: str
    decision_line: str
    headline: str
    key_steps: tuple[Step, ...]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """A line that a missing fact decides."""

    line_id: str
    subject_label: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of one concentration a limit allows, in whole mL."""

    percent: Decimal
    plain_ml: Decimal | None
    epinephrine_ml: Decimal | None


@dataclass(frozen=True, slots=True)
class LocalAnestheticLimit:
    """The limit of one local anesthetic for this person, in mg and in mL, less what is used already."""

    label: str
    plain_mg: Decimal | None
    epinephrine_mg: Decimal | None
    day_mg: Decimal | None
    volumes: tuple[Volume, ...]
    note: str
    sources: tuple[Cited, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class LocalAnestheticUse:
    """One local anesthetic given or planned: how much, and which part of the 24-hour limit it takes."""

    what: str
    mg: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Budget:
    """One local anesthetic limit for one person in 24 hours. ``left`` is what remains of it, in percent.

    Without a weight ``limits`` is empty and ``missing`` says what to find out.
    """

    weight: str
    reduced: str
    used: tuple[LocalAnestheticUse, ...]
    left: Decimal | None
    limits: tuple[LocalAnestheticLimit, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to find out, the fact or facts that it settles, and what hangs on it."""

    fact: str
    question: str
    needed_for: tuple[Needed, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeMark:
    """Which knowledge base spoke."""

    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The plan at a glance."""

    person: str
    operation: str
    when: str
    medicines: tuple[Medicine, ...]
    never: tuple[str, ...]
    call: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. The same inputs and knowledge give the same JSON, byte for byte.

    ``open_roles`` are the required roles of the team without a name or a telephone number. A plan is ``final`` when it
    is complete and none is open.
    """

    kind: str
    made_at: datetime
    knowledge: KnowledgeMark
    complete: bool
    incomplete_because: tuple[str, ...]
    open_roles: tuple[str, ...]
    final: bool
    summary: Summary
    moud: tuple[Line, ...]
    non_opioid: tuple[Line, ...]
    regional: tuple[Line, ...]
    anticoagulant: tuple[Line, ...]
    local_anesthetic: tuple[Line, ...]
    toxicity_card: tuple[Line, ...]
    budget: Budget | None
    team: tuple[Line, ...]
    monitoring: tuple[Line, ...]
    opioids: tuple[Line, ...]
    discharge: tuple[Line, ...]
    aftercare: tuple[Line, ...]
    timeline: tuple[Step, ...]
    unknown: tuple[Ask, ...]
    conflicts: tuple[Line, ...]

    def lines(self) -> tuple[Line, ...]:
        """Return every line of every section, in the order of the paper."""
        return (
            *self.conflicts, *self.moud, *self.non_opioid, *self.regional, *self.anticoagulant,
            *self.local_anesthetic, *self.toxicity_card, *self.team, *self.monitoring, *self.opioids, *self.discharge, *self.aftercare,
        )  # fmt: skip

    def line(self, line_id: str) -> Line | None:
        """Return the first line with an id, or None; reasons that were merged into another line count too."""
        for line in self.lines():
            for found in (line, *line.also):
                if found.id == line_id:
                    return found
        return None


# Fields that came after the first saved plans, with what an older plan says of them: nothing.
_LATER_IN_PLAN: Mapping[str, Any] = {"open_roles": [], "final": False}
_LATER_IN_LINE: Mapping[str, Any] = {"contact": None}


def in_present_form(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored plan with the fields that came later, empty, so that pages and papers can read it.

    The stored plan itself never changes.
    """
    found = {**_LATER_IN_PLAN, **stored}
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "subject_label" in value[0]:
            found[name] = [_line_in_present_form(line) for line in value]
    return found


def _line_in_present_form(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**_LATER_IN_LINE, **line, "also": [_line_in_present_form(reason) for reason in line["also"]]}


def to_json(plan: Plan) -> str:
    """Return the plan as JSON, with stable order and readable dates."""
    return json.dumps(as_data(plan), ensure_ascii=False, indent=1) + "\n"


def as_data(value: Any) -> Any:
    """Return a plan, or a part of it, as plain lists, mappings, numbers and text."""
    if is_dataclass(value):
        return {item.name: as_data(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_data(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_data(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
