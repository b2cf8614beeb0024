"""What a record of the knowledge base may hold: the shape of each line that a plan can print."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Sentence = Annotated[str, StringConstraints(min_length=8, strip_whitespace=True)]

Section = Literal[
    "moud",
    "conflicts",
    "non_opioid",
    "regional",
    "local_anesthetic",
    "toxicity_card",
    "anticoagulant",
    "team",
    "monitoring",
    "opioids",
    "discharge",
    "aftercare",
]

# How one medicine is handled, from the strongest. The first that applies is the decision for that medicine.
MOUD_DECISIONS = ("stop_and_ask", "hold", "clinician_choice", "continue_with_change", "continue")

# Everything else, from the strongest; the worst of a subject wins.
OTHER_VERDICTS = ("never", "avoid", "caution", "call", "restart", "do", "recommend", "consider", "note")

Verdict = Literal[
    "stop_and_ask", "hold", "clinician_choice", "continue_with_change", "continue",
    "never", "avoid", "caution", "call", "restart", "do", "recommend", "consider", "note",
]  # fmt: skip

# Where in the care of one medicine a line belongs.
Part = Literal["decision", "verify", "before", "day_of", "after", "hold", "restart", "call", "red_flag", "disagreement"]

Phase = Literal["before", "during", "recovery_room", "ward", "home"]


class Strict(BaseModel):
    """Refuses fields that do not exist and never changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Cite(Strict):
    """A source and the place in it."""

    id: str
    where: Annotated[str, StringConstraints(min_length=2)]


class Checked(Strict):
    """Who signed the record, when it was last looked at and when it must be looked at again."""

    by: str = ""
    on: date
    again: date


class Dose(Strict):
    """One dose as one value that the words and the arithmetic share.

    Give ``amount`` or ``per_kg`` (with ``weight``), in ``unit``. ``daily_max`` and ``daily_max_per_kg`` bound one
    day over all routes. ``days_at_most`` ends the course: ``days_from`` names the moment of its first day, ``days_used``
    a fact with days already used up. ``per_hour`` makes it a rate, ``over`` says how fast a single dose is given.
    """

    amount: Decimal | None = None
    per_kg: Decimal | None = None
    weight: Literal["actual", "ideal", "adjusted"] = "actual"
    most: Decimal | None = None
    unit: Literal["mg", "mcg", "mL"] = "mg"
    route: str
    every_hours: Decimal | None = None
    daily_max: Decimal | None = None
    daily_max_per_kg: Decimal | None = None
    days_at_most: int | None = None
    days_from: str = ""
    days_used: str = ""
    once: bool = False
    per_hour: bool = False
    over: str = ""


WEIGHTS = {"actual": "patient.weight_kg", "ideal": "patient.ideal_weight_kg", "adjusted": "patient.adjusted_weight_kg"}


def weights_needed(dose: Dose | None) -> tuple[str, ...]:
    """Return the fact a dose needs, when it is counted by weight."""
    by_weight = dose is not None and (dose.per_kg is not None or dose.daily_max_per_kg is not None)
    return (WEIGHTS[dose.weight],) if dose is not None and by_weight else ()


class Step(Strict):
    """Something to do on a day or at a time, counted from a named moment (``planner.facts.moments``).

    ``day`` is the label when the moment is not known ("Day 1"). A step whose moment is past is left out.
    """

    at: str
    hours: Decimal = Decimal(0)
    days: int = 0
    what: Sentence
    who: str = "patient"
    day: str = ""
    patient: str = ""


class Table(Strict):
    """A schedule or a comparison that is printed as a table."""

    title: str
    columns: list[str]
    rows: list[list[str]]


class PatientWords(Strict):
    """The same line for the person, at sixth grade, in English and Spanish."""

    en: str
    es: str = ""


class Record(Strict):
    """One line that a plan can print, with its condition and its sources.

    ``for`` lists regimens (``planner/knowledge/products.yaml``): the record is judged once for each medicine of
    that regimen, with its ``entry`` facts. Records of the section ``regional`` with ``blocks`` are judged once for
    each technique the operation calls for, with its ``block`` facts; those with ``agents`` once for each medicine
    against clotting, with its ``agent`` facts. All others are judged once; a condition on an ``outcome`` fact after
    the rest.
    ``about`` names the subject: lines about the same subject compete, and the worst verdict wins.
    ``incomplete`` marks a line that keeps the plan from being complete. ``short`` is the wording for the glance
    at the top of the plan: a "never" or a "call" that must be seen in the first minute.
    """

    id: Slug
    section: Section
    about: Annotated[list[Name], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
    for_: list[Name] = Field(default_factory=list, alias="for")
    blocks: bool = False
    agents: bool = False
    part: Part | None = None
    phase: Phase | None = None
    verdict: Verdict
    when: str = "true"
    say: Sentence
    short: str = ""
    because: Sentence
    sources: Annotated[list[Cite], Field(min_length=1)]
    evidence: Literal["read", "secondary", "unverified"]
    grade: str = ""
    checked: Checked
    dose: Dose | None = None
    steps: list[Step] = Field(default_factory=list)
    table: Table | None = None
    choices: list[str] = Field(default_factory=list)
    required: bool = False
    incomplete: bool = False
    order: int = 50
    patient: PatientWords | None = None


class Source(Strict):
    """A publication, label or law, and how much of it was read."""

    citation: Sentence
    year: str
    where: str
    grading: str
    read: Literal["full", "part", "secondary", "none"]
    note: str
