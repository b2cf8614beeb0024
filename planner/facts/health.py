"""Facts about health: laboratory values, liver, alcohol, and one yes-or-no fact for each listed condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner import choices
from planner.case import Case
from planner.catalog import MedicineClass
from planner.facts.declare import FactKind, FactValue, fact


@dataclass(frozen=True, slots=True)
class LabFacts:
    """Laboratory values as given."""

    egfr: float | None = fact("eGFR", unit="mL/min/1.73 m²", question="eGFR?")
    creatinine_mg_dl: float | None = fact("creatinine", unit="mg/dL", question="Creatinine?")
    platelets: float | None = fact("platelets", unit="thousand per mcL", question="Platelet count?")
    inr: float | None = fact("INR", question="INR?")
    qtc_ms: float | None = fact("QTc", unit="ms", question="QTc on an ECG of the last 30 days?")
    ast_alt_x_uln: float | None = fact("AST or ALT", unit="times the upper limit", question="AST and ALT?")
    urine_opioids_negative: bool | None = fact("urine is negative for opioids", question="Urine opioid screen?")


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What follows from the other answers about health."""

    child_pugh: str | None = fact("Child-Pugh class", question="Cirrhosis, and its Child-Pugh class?", words=choices.CHILD_PUGH)
    severe_liver_disease: bool | None = fact("has severe liver disease", question="Cirrhosis or liver failure?")
    alcohol_drinks_per_day: float | None = fact("alcohol", unit="drinks a day", question="Alcohol, drinks a day?")
    takes_anticoagulant: bool | None = fact("takes a medicine against clotting", question="Any medicine against clotting, and its last dose?")
    breathing_risk: bool | None = fact(
        "has a condition that makes opioids more dangerous for breathing", question="Sleep apnea, lung disease or home oxygen?"
    )
    sedative_on_board: bool | None = fact("takes a sedative", question="Other medicines, sedatives included?")
    unmatched_medicines: float | None = fact("medicines that no rule here knows", unit="medicines")
    unmatched_allergies: float | None = fact("allergies that no rule here knows", unit="allergies")


def health_facts(case: Case, medicines: Mapping[str, MedicineClass]) -> HealthFacts:
    """Return the facts about health; ``medicines`` are the classes that conditions can ask about."""
    health = case.health
    listed = None if health.conditions is None else set(health.conditions)
    classes = medicine_classes(case, medicines)
    known_names = {name for group in medicines.values() for name in group.names}
    return HealthFacts(
        child_pugh=health.child_pugh,
        severe_liver_disease=_severe_liver(health.child_pugh, listed),
        alcohol_drinks_per_day=None if health.alcohol_drinks_per_day is None else float(health.alcohol_drinks_per_day),
        takes_anticoagulant=None if health.anticoagulants is None else bool(health.anticoagulants),
        breathing_risk=None if listed is None else bool(listed & {"osa_untreated", "osa_treated", "copd", "home_oxygen"}),
        sedative_on_board=_either(classes.get("benzodiazepine"), classes.get("gabapentinoid"), classes.get("muscle_relaxant")),
        unmatched_medicines=float(sum(name.lower() not in known_names for name in health.medicines or [])),
        unmatched_allergies=float(sum(name not in choices.ALLERGIES for name in case.patient.allergies or [])),
    )


def lab_facts(case: Case) -> LabFacts:
    """Return the laboratory values as facts."""
    labs = case.health.labs
    numbers = {
        name: None if (value := getattr(labs, name)) is None else float(value)
        for name in ("egfr", "creatinine_mg_dl", "platelets", "inr", "qtc_ms", "ast_alt_x_uln")
    }
    return LabFacts(**numbers, urine_opioids_negative=labs.urine_opioids_negative)


def listed_kinds(medicines: Mapping[str, MedicineClass]) -> dict[str, FactKind]:
    """Return one yes-or-no fact for each condition, allergy and class of medicine."""
    kinds: dict[str, FactKind] = {}
    for condition, label in choices.CONDITIONS.items():
        name = f"condition.{condition}"
        kinds[name] = FactKind(name, bool, f"has: {label}", "", f"{label}?", {})
    for allergy, label in choices.ALLERGIES.items():
        name = f"allergy.{allergy}"
        kinds[name] = FactKind(name, bool, f"reacts to: {label}", "", f"Allergy or reaction: {label}?", {})
    for group in medicines.values():
        name = f"medicine.{group.id}"
        kinds[name] = FactKind(name, bool, f"takes: {group.label}", "", f"Other medicines: {group.label}?", {})
    return kinds


def listed_values(case: Case, medicines: Mapping[str, MedicineClass]) -> dict[str, FactValue]:
    """Return the yes-or-no facts for conditions, allergies and medicines; a list not answered leaves all unknown."""
    values: dict[str, FactValue] = {}
    if case.health.conditions is not None:
        values.update({f"condition.{name}": name in case.health.conditions for name in choices.CONDITIONS})
    if case.patient.allergies is not None:
        values.update({f"allergy.{name}": name in case.patient.allergies for name in choices.ALLERGIES})
    values.update({f"medicine.{name}": taken for name, taken in medicine_classes(case, medicines).items()})
    return values


def medicine_classes(case: Case, medicines: Mapping[str, MedicineClass]) -> dict[str, bool]:
    """Return for each class whether one of its medicines is taken; empty when medicines are not known."""
    if case.health.medicines is None:
        return {}
    taken = {name.lower() for name in case.health.medicines}
    return {group.id: any(name in words for words in taken for name in group.names) for group in medicines.values()}


def _severe_liver(child_pugh: str | None, listed: set[str] | None) -> bool | None:
    if child_pugh == "C" or (listed and listed & {"acute_hepatitis", "liver_failure"}):
        return True
    return None if child_pugh is None or listed is None else False


def _either(*answers: bool | None) -> bool | None:
    if any(answers):
        return True
    return None if any(answer is None for answer in answers) else False
