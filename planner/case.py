"""The Case: every question the program asks, declared once.

A form, a YAML file and a JSON file all become the same ``Case``. A field that was not answered is
``None``, which means *not known*: it is never read as "no". Lists follow the same rule: ``None`` is not
known, an empty list is "none of these".

The limits on numbers catch slips of the keyboard; they are not dosing advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Protocol, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from planner import choices
from planner.inputs import Day, LongText, Moment, Number, ShortText, Whole, YesNo, plain_text, shown
from planner.problems import Problem, Refused

MOST_MEDICINES = 12
LATEST_RESTART_DAYS = 90
DEFAULT_TIME_ZONE = "America/New_York"


class Catalog(Protocol):
    """What a Case needs from the knowledge base: which products and operations exist."""

    def product_labels(self) -> Mapping[str, str]:
        """Return product id to label."""

    def procedure_labels(self) -> Mapping[str, str]:
        """Return operation id to label."""


def ask(
    label: str,
    help: str = "",
    *,
    unit: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    choices: Mapping[str, str] | None = None,
    default: Any = None,
) -> Any:
    """Declare one question: its label, what to enter, unit, limits and choices."""
    extra: dict[str, Any] = {"label": label, "unit": unit, "choices": dict(choices) if choices else None}
    return Field(default=default, title=label, description=help, ge=at_least, le=at_most, json_schema_extra=extra)


def one_of(allowed: Mapping[str, str]) -> Callable[[Any], Any]:
    """Return a parser that takes one id of the choices, or nothing for "not known"."""

    def parse(value: Any) -> Any:
        if value is None or value in ("", "unknown"):
            return None
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(
                f"“{shown(str(value))}” is not one of the answers. Use {', '.join(allowed)} or leave it empty."
            )
        return value

    return parse


def some_of(allowed: Mapping[str, str]) -> Callable[[Any], Any]:
    """Return a parser that takes a list of ids of the choices, without repeats."""
    parse_one = one_of(allowed)

    def parse(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise ValueError("A list is needed, such as [a, b]; an empty list [] means none of these.")
        found = {item for item in (parse_one(item) for item in value) if item}
        # A list that holds only "unknown" says that nothing is known; it must not read as "none of these".
        return sorted(found, key=list(allowed).index) if found or not value else None

    return parse


def some_text(value: Any) -> Any:
    """Return a list of short texts, such as medicine names."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > 60:
        raise ValueError("A list of at most 60 names is needed; an empty list [] means none.")
    names = [plain_text(item) for item in value]
    if any(name and len(name) > 100 for name in names):
        raise ValueError("A name in the list is over 100 characters. Shorten it.")
    given = [name for name in names if name and name != "unknown"]
    return given if given or not value else None


class Answers(BaseModel):
    """A group of questions; a field that is not asked is refused, so that no answer is silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = Annotated[Literal["scheduled", "urgent", "emergency", "standing"], BeforeValidator(one_of(choices.KINDS))]


class Person(Answers):
    """Somebody to call."""

    name: ShortText = ask("Name")
    phone: ShortText = ask("Telephone", "Put the number in quotation marks in a file.")
    kind: Annotated[str | None, BeforeValidator(one_of(choices.PRESCRIBER_KINDS))] = ask(
        "Kind of practice", choices=choices.PRESCRIBER_KINDS
    )


class Patient(Answers):
    """Who the plan is for."""

    name: ShortText = ask("Name")
    birth_date: Day = ask("Date of birth")
    sex: Annotated[str | None, BeforeValidator(one_of(choices.SEXES))] = ask(
        "Sex", "As the kidney-function formula needs it.", choices=choices.SEXES
    )
    mrn: ShortText = ask("Medical record number", "Put it in quotation marks in a file.")
    weight_kg: Number = ask("Weight", unit="kg", at_least=25, at_most=350)
    height_cm: Number = ask("Height", unit="cm", at_least=90, at_most=250)
    language: Annotated[str | None, BeforeValidator(one_of(choices.LANGUAGES))] = ask(
        "Language for the patient sheet", choices=choices.LANGUAGES, default="en"
    )
    pregnant: YesNo = ask("Pregnant")
    pregnancy_weeks: Whole = ask("Weeks of pregnancy", unit="weeks", at_least=0, at_most=44)
    postpartum: YesNo = ask("Gave birth within the last 12 weeks")
    breastfeeding: YesNo = ask("Breastfeeding")
    allergies: Annotated[list[str] | None, BeforeValidator(some_text)] = ask(
        "Allergies and reactions", "Choose from the list or type a name.", choices=choices.ALLERGIES
    )


class Recovery(Answers):
    """Where the person is in recovery, and what they wish."""

    status: Annotated[str | None, BeforeValidator(one_of(choices.RECOVERY_STATUSES))] = ask(
        "Recovery status", choices=choices.RECOVERY_STATUSES
    )
    since: Day = ask("In recovery since", "First day of the present recovery.")
    program: Annotated[str | None, BeforeValidator(one_of(choices.PROGRAMS))] = ask("Program", choices=choices.PROGRAMS)
    substances: Annotated[list[str] | None, BeforeValidator(some_of(choices.SUBSTANCES))] = ask(
        "Substances, now or before", choices=choices.SUBSTANCES
    )
    last_opioid_use: Day = ask("Last opioid use outside treatment")
    overdose_history: YesNo = ask("Has had an overdose")
    wishes: Annotated[str | None, BeforeValidator(one_of(choices.WISHES))] = ask(
        "The person's own wish about opioids", choices=choices.WISHES
    )
    naloxone_at_home: YesNo = ask(
        "Naloxone or nalmefene rescue at home",
        "A rescue spray or injection. Buprenorphine/naloxone does not count.",
    )
    support_person: Person | None = ask("Support person")


class Verification(Answers):
    """The call to the clinic that dispenses, before the first dose in hospital."""

    by: ShortText = ask("Who called")
    with_whom: ShortText = ask("Who answered")
    at: Moment = ask("When")
    dose_mg: Number = ask("Dose confirmed", unit="mg a day", at_least=0.1, at_most=1000)
    last_observed_dose_at: Moment = ask("Last dose seen taken")
    last_observed_dose_mg: Number = ask("Amount of that dose", unit="mg", at_least=0.1, at_most=1000)
    take_homes: Whole = ask("Take-home doses in hand", unit="doses", at_least=0, at_most=60)
    missed_in_last_7_days: Whole = ask("Doses missed in the last 7 days", unit="doses", at_least=0, at_most=7)


class HoldChoice(Answers):
    """A clinician's documented choice to hold buprenorphine or methadone."""

    clinician: ShortText = ask("Clinician who decides")
    reason: LongText = ask("Reason")
    prescriber_contacted: YesNo = ask("Prescriber or OTP contacted")
    patient_agrees: YesNo = ask("The person agrees")
    restart_by: ShortText = ask("Who restarts it")
    restart_on: Day = ask("Planned restart date")


class MoudEntry(Answers):
    """One medication for addiction, or one medicine that blocks or replaces opioids."""

    product: Annotated[str, BeforeValidator(plain_text)] = ask(
        "Product", "Choose the product, not only the drug.", default=...
    )
    product_name: ShortText = ask("Name as typed", "When the product is not in the list.")
    indication: Annotated[str | None, BeforeValidator(one_of(choices.INDICATIONS))] = ask(
        "Taken for", choices=choices.INDICATIONS
    )
    dose_mg: Number = ask(
        "Dose",
        "Total mg in one day; for an injection or implant, mg of the last one.",
        unit="mg",
        at_least=0.1,
        at_most=2000,
    )
    dose_mcg: Number = ask(
        "Dose in micrograms", "Belbuca: mcg of one dose. Patch: mcg an hour.", unit="mcg", at_least=1, at_most=2000
    )
    times_per_day: Whole = ask("Times a day", unit="times", at_least=1, at_most=8)
    last_dose_at: Moment = ask(
        "Last dose", "Date and time of the last dose taken, or of the last dose planned before surgery."
    )
    last_injection_on: Day = ask("Last injection or implant", "Date of the last injection, or of the implant.")
    next_due_on: Day = ask("Next injection due")
    injections_received: Whole = ask("Injections so far", unit="injections", at_least=1, at_most=400)
    prescriber: Person | None = ask("Prescriber or program")
    verified: YesNo = ask("Dose confirmed with the prescriber, OTP or pharmacy")
    verification: Verification | None = ask("The confirming call")
    hold_hours: Whole = ask(
        "Hours to hold before surgery",
        "Naltrexone only; 72 unless you choose longer.",
        unit="h",
        at_least=24,
        at_most=240,
    )
    hold_choice: HoldChoice | None = ask("Documented choice to hold")


class Surgery(Answers):
    """The planned operation."""

    procedure: ShortText = ask("Operation", "Choose from the list, or use “other” and type its name.")
    procedure_text: ShortText = ask("Operation as typed")
    body_region: Annotated[str | None, BeforeValidator(one_of(choices.BODY_REGIONS))] = ask(
        "Body region", choices=choices.BODY_REGIONS
    )
    expected_pain: Annotated[str | None, BeforeValidator(one_of(choices.EXPECTED_PAIN))] = ask(
        "Pain expected without treatment", "Overrides the value for the operation.", choices=choices.EXPECTED_PAIN
    )
    at: Moment = ask("Date and time of surgery", "In the clinic's own time.")
    setting: Annotated[str | None, BeforeValidator(one_of(choices.SETTINGS))] = ask("Stay", choices=choices.SETTINGS)
    time_zone: ShortText = ask("Time zone of the clinic", "A name such as America/Chicago.", default=DEFAULT_TIME_ZONE)
    regional_refused: YesNo = ask("The person declines regional anesthesia")


class Opioids(Answers):
    """Opioids planned or given around this operation; the naltrexone restart is counted from the last one."""

    planned: YesNo = ask("Opioids planned after surgery")
    home_supply: YesNo = ask("Opioids planned at home")
    last_dose_at: Moment = ask("Last opioid dose", "Fill in when known; the restart dates move with it.")
    last_dose_kind: Annotated[str | None, BeforeValidator(one_of(choices.OPIOID_KINDS))] = ask(
        "Kind of the last opioid", choices=choices.OPIOID_KINDS
    )
    pdmp_checked_on: Day = ask("PDMP checked")


class Labs(Answers):
    """Laboratory values, in US units."""

    egfr: Number = ask("eGFR", unit="mL/min/1.73 m²", at_least=1, at_most=200)
    creatinine_mg_dl: Number = ask("Creatinine", unit="mg/dL", at_least=0.1, at_most=25)
    platelets: Number = ask("Platelets", unit="thousand per mcL", at_least=1, at_most=2000)
    inr: Number = ask("INR", at_least=0.5, at_most=20)
    qtc_ms: Number = ask("QTc", "From an ECG of the last 30 days.", unit="ms", at_least=250, at_most=800)
    ast_alt_x_uln: Number = ask(
        "AST or ALT", "As a multiple of the upper limit of normal.", unit="× upper limit", at_least=0.1, at_most=200
    )
    urine_opioids_negative: YesNo = ask(
        "Urine screen negative for opioids", "Oxycodone, methadone, buprenorphine and fentanyl included."
    )


class Anticoagulant(Answers):
    """One medicine against clotting."""

    drug: ShortText = ask("Medicine")
    dose: ShortText = ask("Dose", "As written, such as 5 mg twice daily.")
    last_dose_at: Moment = ask("Last dose")


class Health(Answers):
    """The rest of the person's health."""

    conditions: Annotated[list[str] | None, BeforeValidator(some_of(choices.CONDITIONS))] = ask(
        "Conditions", choices=choices.CONDITIONS
    )
    labs: Labs = Field(default_factory=Labs, title="Laboratory values")
    child_pugh: Annotated[str | None, BeforeValidator(one_of(choices.CHILD_PUGH))] = ask(
        "Cirrhosis", choices=choices.CHILD_PUGH
    )
    anticoagulants: list[Anticoagulant] | None = ask("Medicines against clotting")
    medicines: Annotated[list[str] | None, BeforeValidator(some_text)] = ask(
        "Other medicines", "Generic names; over-the-counter ones too."
    )
    alcohol_drinks_per_day: Number = ask("Alcohol", unit="drinks a day", at_least=0, at_most=60)
    notes: LongText = ask("Notes", "Printed on the plan as written; no rule reads them.")


class Case(Answers):
    """Everything that was said about one person and one operation."""

    kind: Kind = ask("Kind of plan", choices=choices.KINDS, default="scheduled")
    patient: Patient = Field(default_factory=Patient, title="Person")
    recovery: Recovery = Field(default_factory=Recovery, title="Recovery")
    moud: list[MoudEntry] | None = ask(
        "Medication for addiction (MAT / MOUD)", "An empty list means that the person takes none."
    )
    surgery: Surgery = Field(default_factory=Surgery, title="Operation")
    opioids: Opioids = Field(default_factory=Opioids, title="Opioids around the operation")
    health: Health = Field(default_factory=Health, title="Health")

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.surgery.time_zone or DEFAULT_TIME_ZONE)


def read_case(answers: Mapping[str, Any], catalog: Catalog, now: datetime) -> Case:
    """Return the Case that the answers describe.

    Args:
        answers: nested mapping with the field names of ``Case``; values as text, numbers or dates.
        catalog: the products and operations that exist.
        now: the present moment, with a zone; only dates that contradict it are refused.

    Raises:
        Refused: with every field that is wrong, what is wrong and what would be right.
    """
    try:
        case = Case.model_validate(answers)
    except ValidationError as error:
        raise Refused([_problem(detail) for detail in error.errors()]) from None
    problems = [*_catalog_problems(case, catalog), *_date_problems(case, now)]
    if problems:
        raise Refused(problems)
    return case


def questions(model: type[Answers]) -> dict[str, FieldInfo]:
    """Return the questions of a group by field name, in the order they are asked."""
    return model.model_fields


def label_of(path: Iterable[str | int]) -> str:
    """Return the labels along a field path: ``("moud", 0, "dose_mg")`` gives "Medication … 1: Dose"."""
    model: type[Answers] | None = Case
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] += f" {step + 1}"
            continue
        if model is None or step not in model.model_fields:
            parts.append(str(step))
            model = None
            continue
        field = model.model_fields[step]
        parts.append(field.title or str(step))
        model = _group_in(field.annotation)
    return ": ".join(parts)


def _group_in(annotation: Any) -> type[Answers] | None:
    """Return the group of questions inside an annotation such as ``list[MoudEntry] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, Answers):
        return annotation
    return next((group for part in get_args(annotation) if (group := _group_in(part))), None)


def _problem(detail: ErrorDetails) -> Problem:
    """Turn one parser error into field, what is wrong and what would be right."""
    path = ".".join(str(step) for step in detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        wrong, _, right = str(context["error"]).partition(". ")
        return Problem(path, wrong.removesuffix(".") + ".", right or _right_for(detail["loc"]))
    if kind == "extra_forbidden":
        near = _nearest_field(detail["loc"])
        return Problem(path, "There is no such field.", f"Did you mean {near}?" if near else "Remove it.")
    if kind == "string_too_long":
        given = len(str(detail["input"]))
        return Problem(path, f"The text has {given:,} characters.", f"Use at most {context['max_length']:,}.")
    if kind in ("greater_than_equal", "less_than_equal"):
        return Problem(path, f"{shown(str(detail['input']))} is out of range.", _right_for(detail["loc"]))
    if kind == "missing":
        return Problem(path, "An answer is missing.", _right_for(detail["loc"]))
    if kind in ("model_type", "model_attributes_type", "list_type", "dict_type"):
        shape = "a list, each line with a dash" if kind == "list_type" else "a group of fields"
        return Problem(path, "The value has the wrong shape.", f"This needs {shape}.")
    return Problem(path, detail["msg"].removesuffix(".") + ".", _right_for(detail["loc"]))


def _right_for(path: tuple[str | int, ...]) -> str:
    """Return what a field accepts, from its declaration."""
    field = _field_at(path)
    if field is None:
        return "See the list of fields: throughline schema."
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    limits = {type(limit).__name__: limit for limit in field.metadata}
    low = getattr(limits.get("Ge"), "ge", None)
    high = getattr(limits.get("Le"), "le", None)
    unit = f" {extra['unit']}" if extra.get("unit") else ""
    if low is not None and high is not None:
        return f"{field.title} must be {low} to {high}{unit}."
    offered = extra.get("choices")
    if isinstance(offered, dict):
        return f"Use {', '.join(offered)}, or leave it empty when not known."
    return field.description or f"Enter {(field.title or 'a value').lower()}, or leave it empty when not known."


def _field_at(path: Iterable[str | int]) -> FieldInfo | None:
    model: type[Answers] | None = Case
    field: FieldInfo | None = None
    for step in path:
        if isinstance(step, int):
            continue
        if model is None or step not in model.model_fields:
            return None
        field = model.model_fields[step]
        model = _group_in(field.annotation)
    return field


def _nearest_field(path: tuple[str | int, ...]) -> str | None:
    from difflib import get_close_matches

    parent = _field_at(path[:-1])
    model = _group_in(parent.annotation) if parent else Case
    names = list(model.model_fields) if model else []
    return next(iter(get_close_matches(str(path[-1]), names, n=1, cutoff=0.5)), None)


def _catalog_problems(case: Case, catalog: Catalog) -> Iterable[Problem]:
    """Say which products and operations do not exist."""
    from difflib import get_close_matches

    products, procedures = catalog.product_labels(), catalog.procedure_labels()
    if len(case.moud or []) > MOST_MEDICINES:
        yield Problem("moud", f"{len(case.moud or [])} medicines are listed.", f"List at most {MOST_MEDICINES}.")
    for index, entry in enumerate(case.moud or []):
        if entry.product not in products:
            near = get_close_matches(entry.product, products, n=3, cutoff=0.4)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            yield Problem(
                f"moud.{index}.product",
                f"“{shown(entry.product)}” is not a product on the list.",
                f"{hint}Use “other” with product_name, or “unknown”.",
            )
        if entry.product == "other" and not entry.product_name:
            yield Problem(f"moud.{index}.product_name", "The product is “other” without a name.", "Type its name.")
    procedure = case.surgery.procedure
    if procedure and procedure not in procedures:
        near = get_close_matches(procedure, procedures, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        yield Problem(
            "surgery.procedure",
            f"“{shown(procedure)}” is not an operation on the list.",
            f"{hint}Use “other” with procedure_text.",
        )
    if procedure == "other" and not case.surgery.procedure_text:
        yield Problem("surgery.procedure_text", "The operation is “other” without a name.", "Type its name.")


def _date_problems(case: Case, now: datetime) -> Iterable[Problem]:
    """Say which dates cannot be: an operation in the past, a last dose after it, a birth in the future."""
    try:
        here = now.astimezone(case.zone).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # An OSError comes from a name such as "America", which is a folder of the database.
        yield Problem(
            "surgery.time_zone",
            f"“{shown(case.surgery.time_zone or '')}” is not a time zone.",
            "Use a name such as America/New_York or America/Chicago.",
        )
        return
    yield from _person_date_problems(case, here.date())
    yield from _surgery_date_problems(case, here)
    yield from _dose_date_problems(case, here)
    yield from _opioid_date_problems(case, here)


def _person_date_problems(case: Case, today: date) -> Iterable[Problem]:
    born = case.patient.birth_date
    if born and born > today:
        yield Problem("patient.birth_date", "The date of birth is in the future.", "Check the year.")
    elif born:
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if not 18 <= age <= 120:
            yield Problem(
                "patient.birth_date", f"The age would be {age} years.", "The plan is for adults of 18 to 120 years."
            )
    if case.patient.sex == "male" and (case.patient.pregnant or case.patient.pregnancy_weeks):
        yield Problem("patient.pregnant", "Pregnancy and male sex are both given.", "Correct one of the two.")
    if case.patient.pregnant is False and case.patient.pregnancy_weeks:
        yield Problem(
            "patient.pregnancy_weeks",
            "Weeks of pregnancy are given for a person who is not pregnant.",
            "Correct one of the two.",
        )
    for name in ("since", "last_opioid_use"):
        day = getattr(case.recovery, name)
        if day and day > today:
            yield Problem(f"recovery.{name}", "The date is in the future.", "Give a day up to today.")
        if day and born and day < born:
            yield Problem(f"recovery.{name}", "The date is before the date of birth.", "Check both dates.")


def _surgery_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    at = case.surgery.at
    if case.kind == "standing":
        if at:
            yield Problem(
                "surgery.at",
                "A standing plan has no operation date.",
                "Remove the date, or choose another kind of plan.",
            )
        return
    if at is None:
        return
    if at.date() < here.date() and not _is_after_surgery(case, at, here):
        right = f"Give a day from {here.date()} on. To date a restart after an operation, fill in the last opioid dose as well."
        yield Problem("surgery.at", "The operation is in the past.", right)
    elif at.year > here.year + 3:
        yield Problem("surgery.at", "The operation is more than three years away.", "Check the year.")
    elif _skipped(at, case.zone):
        yield Problem(
            "surgery.at", "That clock time is skipped when the clocks go forward.", "Give a time one hour later."
        )


def _is_after_surgery(case: Case, at: datetime, here: datetime) -> bool:
    """Whether the Case is a restart after a recent operation: then the last opioid dose is given."""
    return case.opioids.last_dose_at is not None and (here.date() - at.date()).days <= LATEST_RESTART_DAYS


def _dose_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    at = case.surgery.at
    latest = at or here
    for index, entry in enumerate(case.moud or []):
        for name in ("last_dose_at", "last_injection_on"):
            value = getattr(entry, name)
            if value is None:
                continue
            moment = value if isinstance(value, datetime) else datetime.combine(value, latest.time())
            if name == "last_injection_on" and value > here.date():
                yield Problem(
                    f"moud.{index}.{name}",
                    "The last injection is in the future.",
                    "Give a day up to today; the next one has its own field.",
                )
            elif moment.date() > latest.date() or (isinstance(value, datetime) and moment > latest):
                reference = "the operation" if latest == at else "now"
                yield Problem(
                    f"moud.{index}.{name}",
                    f"The last dose is after {reference}.",
                    f"Give a moment before {latest:%Y-%m-%dT%H:%M}.",
                )
            elif case.patient.birth_date and moment.date() < case.patient.birth_date:
                yield Problem(f"moud.{index}.{name}", "The last dose is before the date of birth.", "Check both dates.")
        if entry.next_due_on and entry.last_injection_on and entry.next_due_on <= entry.last_injection_on:
            yield Problem(
                f"moud.{index}.next_due_on", "The next injection is not after the last one.", "Check both dates."
            )
        choice = entry.hold_choice
        if choice and choice.restart_on and choice.restart_on < (at or here).date():
            yield Problem(
                f"moud.{index}.hold_choice.restart_on",
                "The restart is before the operation.",
                "Give a day from the operation on.",
            )
        for name in ("at", "last_observed_dose_at"):
            happened: datetime | None = getattr(entry.verification, name) if entry.verification else None
            if happened and happened > here:
                yield Problem(
                    f"moud.{index}.verification.{name}",
                    "The time is in the future.",
                    "Give the time at which it happened.",
                )
    for index, agent in enumerate(case.health.anticoagulants or []):
        if agent.last_dose_at and agent.last_dose_at > latest:
            yield Problem(
                f"health.anticoagulants.{index}.last_dose_at",
                "The last dose is after the operation.",
                f"Give a moment before {latest:%Y-%m-%dT%H:%M}.",
            )


def _opioid_date_problems(case: Case, here: datetime) -> Iterable[Problem]:
    opioids = case.opioids
    if opioids.pdmp_checked_on and opioids.pdmp_checked_on > here.date():
        yield Problem(
            "opioids.pdmp_checked_on", "The day is in the future.", "Give the day on which the PDMP was checked."
        )
    if opioids.last_dose_at and opioids.last_dose_at.year > here.year + 1:
        yield Problem("opioids.last_dose_at", "The last opioid dose is more than a year away.", "Check the year.")
    if opioids.last_dose_at and case.patient.birth_date and opioids.last_dose_at.date() < case.patient.birth_date:
        yield Problem("opioids.last_dose_at", "The last opioid dose is before the date of birth.", "Check both dates.")
    elif opioids.last_dose_at and case.surgery.at and opioids.last_dose_at.date() < case.surgery.at.date():
        yield Problem(
            "opioids.last_dose_at",
            "The last opioid dose is before the operation.",
            "Give the last dose after it, or leave it empty until it is known.",
        )


def _skipped(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks jump over this local time."""
    from datetime import UTC

    return at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at
