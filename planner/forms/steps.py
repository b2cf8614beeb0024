"""Which questions stand on which step of the form, in which order, and under which condition they are shown.

A question of the Case that no fieldset names is added at the end of its step, so a new one is never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner import choices
from planner.case import Answers, Anticoagulant, Case, LocalAnestheticGiven, MoudEntry
from planner.forms.questions import Question, questions


@dataclass(frozen=True, slots=True)
class Fieldset:
    """Questions that belong together. ``asked_if`` names a condition of the style sheet; ``folded`` starts closed."""

    title: str
    names: tuple[str, ...]
    help: str = ""
    asked_if: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form. ``prefixes`` are the parts of the Case it asks about, ``rows`` its list of groups."""

    id: str
    title: str
    prefixes: tuple[str, ...]
    fieldsets: tuple[Fieldset, ...] = ()
    rows: str = ""
    lead: str = ""

    def holds(self, path: str) -> bool:
        """Whether a field of the Case is asked on this step."""
        return any(path == prefix or path.startswith(f"{prefix}.") for prefix in self.prefixes)


@dataclass(frozen=True, slots=True)
class RowList:
    """How a list of groups stands on its step: the fieldsets of one row, and the words around the rows.

    ``first`` is the field with which a new row begins. The list stands after the fieldset named by ``after``; ``none``
    is what the box says that stands for an empty list. ``folded`` starts closed.
    """

    model: type[Answers]
    fieldsets: tuple[Fieldset, ...]
    one: str
    add: str
    first: str = "drug"
    after: str = ""
    title: str = ""
    help: str = ""
    none: str = ""
    folded: bool = False


def _inside(group: str, names: str) -> tuple[str, ...]:
    """Return the full names of the questions of a group."""
    return tuple(f"{group}.{name}" for name in names.split())


PERSON = Step(
    "person",
    "Person",
    ("kind", "patient"),
    (
        Fieldset("Plan", ("kind",)),
        Fieldset(
            "Who the plan is for",
            (
                "patient.name",
                "patient.birth_date",
                "patient.mrn",
                "patient.sex",
                "patient.weight_kg",
                "patient.height_cm",
            ),
        ),
        Fieldset(
            "Pregnancy and breastfeeding",
            ("patient.pregnant", "patient.pregnancy_weeks", "patient.postpartum", "patient.breastfeeding"),
            asked_if="pregnancy",
        ),
        Fieldset("Allergies", ("patient.allergies",)),
        Fieldset("Patient sheet", ("patient.language",)),
    ),
)
RECOVERY = Step(
    "recovery",
    "Recovery",
    ("recovery",),
    (
        Fieldset("Recovery now", ("recovery.status", "recovery.since", "recovery.program", "recovery.last_opioid_use")),
        Fieldset("Wishes and safety", ("recovery.wishes", "recovery.overdose_history", "recovery.naloxone_at_home")),
        Fieldset("Substances", ("recovery.substances",)),
        Fieldset(
            "Support person",
            ("recovery.support_person.name", "recovery.support_person.phone"),
            help="Family, friend or sponsor who helps at home.",
        ),
        Fieldset("Practical help", ("recovery.practical_needs",)),
    ),
)
MEDICATION = Step(
    "medication",
    "Medication (MOUD)",
    ("moud",),
    rows="moud",
    lead="Medication for opioid use disorder, also called MAT, and any other medicine that blocks or replaces opioids. "
    "List each product; two at once must show.",
)
OPERATION = Step(
    "operation",
    "Operation",
    ("surgery", "opioids", "going_home"),
    (
        Fieldset(
            "What is done, and when",
            _inside("surgery", "procedure procedure_text body_region variant both_sides at setting"),
        ),
        Fieldset("Pain and anesthesia", ("surgery.expected_pain", "surgery.regional_refused")),
        Fieldset("Opioids around the operation", ("opioids.planned", "opioids.home_supply", "opioids.pdmp_checked_on")),
        Fieldset(
            "If an opioid goes home",
            (
                *_inside(
                    "opioids",
                    "home_opioid home_quantity home_stop_on dispensing tablets_held_by lockbox disposal_at state",
                ),
            ),
            help="What is left open prints as a blank. One blank means that it does not go yet.",
            folded=True,
        ),
        Fieldset(
            "The one prescriber of the opioid at home",
            ("opioids.home_prescriber.name", "opioids.home_prescriber.phone"),
            folded=True,
        ),
        Fieldset(
            "Last opioid dose, when opioids were given already",
            ("opioids.last_dose_at", "opioids.last_dose_kind"),
            folded=True,
        ),
        Fieldset(
            "Going home",
            ("going_home.discharge_on", "going_home.clinic_open", "going_home.supply_days"),
            help="So that no day passes without medication for addiction.",
        ),
        Fieldset("Time zone of the clinic", ("surgery.time_zone",), folded=True),
    ),
    rows="surgery.local_anesthetics",
)
HEALTH = Step(
    "health",
    "Health",
    ("health",),
    (
        Fieldset("Conditions", ("health.conditions",)),
        Fieldset(
            "Laboratory values",
            _inside(
                "health.labs",
                "egfr creatinine_mg_dl platelets inr qtc_ms qtc_earlier_ms ast_alt_x_uln coagulation_normal platelet_function_normal "
                "urine_opioids_negative",
            ),
            help="Leave empty what is not known; the plan then lists it as something to find out.",
        ),
        Fieldset("Liver and alcohol", ("health.child_pugh", "health.alcohol_drinks_per_day")),
        Fieldset("Other medicines", ("health.medicines",)),
        Fieldset(
            "Pain medicines already taken",
            _inside("health", "acetaminophen_mg_at_home ketorolac_days_used suzetrigine_days_used"),
            help="They count against what one day or one course allows.",
        ),
        Fieldset("Notes", ("health.notes",)),
    ),
    rows="health.anticoagulants",
)
TEAM = Step(
    "team",
    "Team",
    ("team",),
    tuple(Fieldset(label, (f"team.{role}.name", f"team.{role}.phone")) for role, label in choices.TEAM_ROLES.items()),
    lead="Who takes each role: a person, or a service with a number that is answered. A required role without a name and a number prints as a "
    "blank, and the plan is not final.",
)
REVIEW = Step("review", "Review", ())

STEPS: tuple[Step, ...] = (PERSON, RECOVERY, MEDICATION, OPERATION, HEALTH, TEAM, REVIEW)
BY_ID: Mapping[str, Step] = {step.id: step for step in STEPS}

# Names in the fieldsets of a row are those of the group's questions.
ROWS: Mapping[str, RowList] = {
    "moud": RowList(
        MoudEntry,
        (
            Fieldset("", ("product", "product_name", "indication")),
            Fieldset("Dose and time", ("dose_mg", "dose_mcg", "times_per_day", "last_dose_at")),
            Fieldset(
                "Injection or implant",
                ("last_injection_on", "next_due_on", "injections_received"),
                asked_if="injection",
            ),
            Fieldset(
                "Prescriber or program",
                ("prescriber.name", "prescriber.phone", "prescriber.kind"),
                asked_if="prescriber",
            ),
            Fieldset("Confirmation of the dose", ("verified",), asked_if="verified"),
            Fieldset(
                "The confirming call",
                _inside(
                    "verification",
                    "by with_whom at dose_mg last_observed_dose_at last_observed_dose_mg take_homes missed_in_last_7_days",
                ),
                help="Fill in when the clinic that dispenses was called.",
                asked_if="verification",
            ),
            Fieldset("A longer hold before surgery", ("hold_hours",), asked_if="hold-hours", folded=True),
            Fieldset(
                "Documented choice to hold",
                _inside("hold_choice", "clinician reason prescriber_contacted patient_agrees restart_by restart_on"),
                help="Only when a clinician chooses to hold it. The plan is incomplete until each of these is filled in.",
                asked_if="hold-choice",
                folded=True,
            ),
        ),
        one="Medicine",
        add="Add another medicine",
        first="product",
    ),
    "surgery.local_anesthetics": RowList(
        LocalAnestheticGiven,
        (Fieldset("", ("drug", "route", "site", "percent", "volume_ml", "mg", "patches", "with_epinephrine", "at")),),
        one="Local anesthetic",
        add="Add a local anesthetic",
        after="Pain and anesthesia",
        title="Local anesthetic given or planned",
        help="By surgeon or anesthesiologist: wound, block, epidural, patch and vein share one limit in 24 hours. "
        "Nothing entered means not known.",
        none="No local anesthetic is given or planned",
        folded=True,
    ),
    "health.anticoagulants": RowList(
        Anticoagulant,
        (
            Fieldset("", ("drug", "dose", "dose_class", "indication", "last_dose_at", "restart_at")),
            Fieldset(
                "Level, days taken, loading dose",
                ("anti_xa", "level_ng_ml", "days_taken", "loading_dose"),
                folded=True,
            ),
        ),
        one="Medicine against clotting",
        add="Add a medicine against clotting",
        after="Liver and alcohol",
        title="Medicines against clotting",
        help="Aspirin, heparins and tablets such as apixaban. Nothing entered means not known.",
        none="Takes no medicine against clotting",
    ),
}

# Single questions that are shown only under a condition, inside a fieldset that is always there.
ASKED_IF: Mapping[str, str] = {
    "patient.pregnancy_weeks": "weeks",
    "surgery.procedure_text": "other-operation",
    "surgery.body_region": "region",
    "surgery.local_anesthetics.patches": "patches",
    "moud.product_name": "name",
    "moud.indication": "indication",
    "moud.dose_mg": "mg",
    "moud.dose_mcg": "mcg",
    "moud.times_per_day": "times",
    "moud.last_dose_at": "dose",
}

# Asked in a case file, but of no use on the form: a support person has no kind of practice.
NOT_ON_THE_FORM = frozenset({"recovery.support_person.kind"})

# Headings above the conditions: each stands before the one it names.
CONDITION_HEADINGS: Mapping[str, str] = {
    "osa_untreated": "Breathing",
    "hypertension": "Heart and vessels",
    "acute_hepatitis": "Liver, kidney and gut",
    "bleeding_disorder": "Blood and infection",
    "seizure_disorder": "Nerves and mind",
    "chronic_pain": "Other",
}


def steps_for(kind: str, has_operation_answers: bool) -> tuple[Step, ...]:
    """Return the steps of a kind of plan: a standing plan asks no operation, unless one was typed before."""
    if kind == "standing" and not has_operation_answers:
        return tuple(step for step in STEPS if step is not OPERATION)
    return STEPS


def fieldsets_of(step: Step) -> tuple[Fieldset, ...]:
    """Return the fieldsets of a step, with one more for questions that none of them names."""
    placed = {name for fieldset in step.fieldsets for name in fieldset.names}
    left = tuple(
        question.name
        for question in questions(Case, "")
        if step.holds(question.name) and question.name not in placed | NOT_ON_THE_FORM
    )
    return (*step.fieldsets, Fieldset("More", left)) if left else step.fieldsets


def row_fieldsets(group: str) -> tuple[Fieldset, ...]:
    """Return the fieldsets of one row of a list, with one more for questions that none of them names."""
    shown = ROWS[group]
    placed = {name for fieldset in shown.fieldsets for name in fieldset.names}
    left = tuple(question.name for question in questions(shown.model, "") if question.name not in placed)
    return (*shown.fieldsets, Fieldset("More", left)) if left else shown.fieldsets


def questions_of(step: Step, row_count: int) -> Iterable[Question]:
    """Yield the questions of a step, with those of each row of its list."""
    by_name = {question.name: question for question in questions(Case, "")}
    for fieldset in fieldsets_of(step):
        yield from (by_name[name] for name in fieldset.names)
    if step.rows:
        for index in range(row_count):
            yield from questions(ROWS[step.rows].model, f"{step.rows}.{index}.")


def step_of(path: str) -> Step:
    """Return the step that asks about a field of the Case."""
    return next((step for step in STEPS if step.holds(path)), PERSON)
