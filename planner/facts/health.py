"""Facts about health: laboratory values, liver, alcohol, and one yes-or-no fact for each listed condition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    qtc_known: bool | None = fact("a QTc of the last 30 days is known")
    qtc_ms: float | None = fact("QTc", unit="ms", question="QTc on an ECG of the last 30 days?")
    ast_alt_x_uln: float | None = fact("AST or ALT", unit="times the upper limit", question="AST and ALT?")
    coagulation_normal: bool | None = fact("clotting tests are normal", question="Clotting tests (aPTT, anti-Xa)?")
    platelet_function_normal: bool | None = fact("platelet function is normal", question="Platelet function test?")
    urine_opioids_negative: bool | None = fact("urine is negative for opioids", question="Urine opioid screen?")
    urine_opioids_positive: bool | None = fact("urine is positive for opioids")


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What follows from the other answers about health."""

    child_pugh: str | None = fact(
        "Child-Pugh class", question="Cirrhosis, and its Child-Pugh class?", words=choices.CHILD_PUGH
    )
    severe_liver_disease: bool | None = fact(
        "has severe liver disease", question="Cirrhosis, and its Child-Pugh class?"
    )
    alcohol_drinks_per_day: float | None = fact("alcohol", unit="drinks a day", question="Alcohol, drinks a day?")
    anticoagulant_among_medicines: bool | None = fact(
        "a medicine against clotting stands among the other medicines", question="Which other medicines, or none?"
    )
    liver_forbids_naltrexone: bool | None = fact("is known to have acute hepatitis or liver failure")
    kidney_ml_min: float | None = fact(
        "kidney function (the lower of eGFR and creatinine clearance)", unit="mL/min", question="eGFR, or creatinine?"
    )
    acetaminophen_risk: bool | None = fact(
        "has a reason for less acetaminophen (alcohol, malnutrition, liver)",
        question="Alcohol, malnutrition or liver disease?",
    )
    takes_anticoagulant: bool | None = fact(
        "takes a medicine against clotting (other than aspirin alone)",
        question="Any medicine against clotting, and its last dose?",
    )
    breathing_risk: bool | None = fact(
        "has a condition that makes opioids more dangerous for breathing",
        question="Which health conditions, or none of those listed?",
    )
    sedative_on_board: bool | None = fact("takes a sedative", question="Which other medicines, or none?")
    acetaminophen_mg_at_home: float | None = fact(
        "acetaminophen already taken in 24 hours", unit="mg", question="Acetaminophen already taken in 24 hours, mg?"
    )
    ketorolac_days_used: float | None = fact(
        "days of ketorolac already given", unit="days", question="Days of ketorolac already given?"
    )
    suzetrigine_days_used: float | None = fact(
        "days of suzetrigine already taken", unit="days", question="Days of suzetrigine already taken?"
    )
    unmatched_medicines: float | None = fact("medicines that no rule here knows", unit="medicines")
    unmatched_allergies: float | None = fact("allergies that no rule here knows", unit="allergies")
    opioid_at_home: bool | None = fact("takes an opioid for pain at home")
    addiction_medicine_typed: bool | None = fact("a medicine for addiction stands among the other medicines")
    unmatched_names: list[str] | None = fact("medicines and allergies that no rule here knows")


def health_facts(case: Case, medicines: Mapping[str, MedicineClass], crcl: float | None) -> HealthFacts:
    """Return the facts about health.

    Args:
        case: what was said.
        medicines: the classes that conditions can ask about.
        crcl: creatinine clearance in mL/min, when it is known.
    """
    health = case.health
    listed = None if health.conditions is None else set(health.conditions)
    classes = medicine_classes(case, medicines)
    known_names = {name for group in medicines.values() for name in group.names}
    return HealthFacts(
        child_pugh=health.child_pugh,
        severe_liver_disease=_severe_liver(health.child_pugh, listed),
        alcohol_drinks_per_day=None if health.alcohol_drinks_per_day is None else float(health.alcohol_drinks_per_day),
        anticoagulant_among_medicines=_among_medicines(case, medicines),
        liver_forbids_naltrexone=bool(listed and listed & {"acute_hepatitis", "liver_failure"}),
        kidney_ml_min=_lower(None if health.labs.egfr is None else float(health.labs.egfr), crcl),
        acetaminophen_risk=_acetaminophen_risk(case, listed),
        takes_anticoagulant=_takes_anticoagulant(case, medicines),
        breathing_risk=None
        if listed is None
        else bool(listed & {"osa_untreated", "osa_treated", "copd", "home_oxygen"}),
        sedative_on_board=_either(
            classes.get("benzodiazepine"), classes.get("gabapentinoid"), classes.get("muscle_relaxant")
        ),
        acetaminophen_mg_at_home=_acetaminophen_at_home(health.acetaminophen_mg_at_home, classes),
        ketorolac_days_used=_days_used(case, "ketorolac", "toradol"),
        suzetrigine_days_used=_days_used(case, "suzetrigine", "journavx"),
        unmatched_medicines=float(sum(not _known(name, known_names) for name in health.medicines or [])),
        opioid_at_home=classes.get("opioid_for_pain") is True,
        addiction_medicine_typed=classes.get("addiction_medicine") is True,
        unmatched_names=_unmatched(case, known_names),
        unmatched_allergies=float(sum(not allergies_named([name]) for name in case.patient.allergies or [])),
    )


def _unmatched(case: Case, known_names: set[str]) -> list[str]:
    medicines = [name for name in case.health.medicines or [] if not _known(name, known_names)]
    return medicines + [name for name in case.patient.allergies or [] if not allergies_named([name])]


def lab_facts(case: Case) -> LabFacts:
    """Return the laboratory values as facts."""
    labs = case.health.labs
    numbers = {
        name: None if (value := getattr(labs, name)) is None else float(value)
        for name in ("egfr", "creatinine_mg_dl", "platelets", "inr", "qtc_ms", "ast_alt_x_uln")
    }
    return LabFacts(
        **numbers,
        qtc_known=labs.qtc_ms is not None,
        coagulation_normal=labs.coagulation_normal,
        platelet_function_normal=labs.platelet_function_normal,
        urine_opioids_negative=labs.urine_opioids_negative,
        urine_opioids_positive=labs.urine_opioids_negative is False,
    )


def listed_kinds(medicines: Mapping[str, MedicineClass]) -> dict[str, FactKind]:
    """Return one yes-or-no fact for each condition, allergy and class of medicine."""
    kinds: dict[str, FactKind] = {}
    for condition, label in choices.CONDITIONS.items():
        name = f"condition.{condition}"
        kinds[name] = FactKind(name, bool, f"has: {label}", "", "Which health conditions, or none of those listed?", {})
    for allergy, label in choices.ALLERGIES.items():
        name = f"allergy.{allergy}"
        kinds[name] = FactKind(name, bool, f"reacts to: {label}", "", "Which allergies and reactions, or none?", {})
    for group in medicines.values():
        name = f"medicine.{group.id}"
        kinds[name] = FactKind(name, bool, f"takes: {group.label}", "", "Which other medicines, or none?", {})
    return kinds


def listed_values(case: Case, medicines: Mapping[str, MedicineClass]) -> dict[str, FactValue]:
    """Return the yes-or-no facts for conditions, allergies and medicines; a list not answered leaves all unknown."""
    values: dict[str, FactValue] = {}
    if case.health.conditions is not None:
        values.update({f"condition.{name}": name in case.health.conditions for name in choices.CONDITIONS})
    if case.patient.allergies is not None:
        named = allergies_named(case.patient.allergies)
        values.update({f"allergy.{name}": name in named for name in choices.ALLERGIES})
    values.update({f"medicine.{name}": taken for name, taken in medicine_classes(case, medicines).items()})
    return values


def allergies_named(typed: Sequence[str]) -> set[str]:
    """Return the listed allergies that the names stand for: "sulfa" is a sulfonamide, "aspirin" an NSAID."""
    words = [name.lower() for name in typed]
    return {
        allergy
        for allergy, synonyms in choices.ALLERGY_SYNONYMS.items()
        if any(
            allergy == word
            or word in synonyms
            or any(re.search(rf"\b{re.escape(synonym)}s?\b", word) for synonym in synonyms)
            for word in words
        )
    }


def medicine_classes(case: Case, medicines: Mapping[str, MedicineClass]) -> dict[str, bool]:
    """Return for each class whether one of its medicines is taken.

    Medicines against clotting are looked through as well. While the other medicines are not known, only the classes
    that are surely taken are returned.
    """
    named = [agent.drug.lower() for agent in case.health.anticoagulants or [] if agent.drug]
    taken = named + [name.lower() for name in case.health.medicines or []]
    found = {group.id: any(name in words for words in taken for name in group.names) for group in medicines.values()}
    return found if case.health.medicines is not None else {name: True for name, is_taken in found.items() if is_taken}


def _days_used(case: Case, drug: str, brand: str) -> float | None:
    """Return the days a medicine was already given; none when the medicine list is known and does not hold it."""
    given = getattr(case.health, f"{drug}_days_used")
    if given is not None:
        return float(given)
    if case.health.medicines is None:
        return None
    return None if any(name in typed.lower() for typed in case.health.medicines for name in (drug, brand)) else 0.0


def _acetaminophen_at_home(given: Decimal | None, classes: Mapping[str, bool]) -> float | None:
    """Return mg in 24 hours; none when the medicine list is known and holds no product with acetaminophen."""
    if given is not None:
        return float(given)
    return 0.0 if classes.get("acetaminophen_product") is False else None


def _takes_anticoagulant(case: Case, medicines: Mapping[str, MedicineClass]) -> bool | None:
    """Aspirin alone does not restrict a block (ASRA25) and is a class of its own."""
    if case.health.anticoagulants is None:
        return None
    aspirin = medicines["aspirin"].names if "aspirin" in medicines else ()
    others = medicines["anticoagulant_or_antiplatelet"].names if "anticoagulant_or_antiplatelet" in medicines else ()
    typed = [(agent.drug or "").lower() for agent in case.health.anticoagulants]
    # "Aspirin/dipyridamole" is more than aspirin.
    return any(not any(name in drug for name in aspirin) or any(name in drug for name in others) for drug in typed)


def _acetaminophen_risk(case: Case, listed: set[str] | None) -> bool | None:
    """Alcohol use disorder, 3 drinks a day, malnutrition, cirrhosis or liver disease, or liver tests over 3 times normal."""
    health, substances = case.health, case.recovery.substances
    alcohol_medicine = any(entry.indication == "aud" for entry in case.moud or [])
    drinks, tests = health.alcohol_drinks_per_day, health.labs.ast_alt_x_uln
    answers = (
        None if listed is None else bool(listed & {"malnutrition", "chronic_liver_disease"}),
        None if health.child_pugh is None else health.child_pugh in ("A", "B"),
        None if drinks is None else drinks >= 3,
    )
    if alcohol_medicine or "alcohol" in (substances or []) or (tests is not None and tests > 3):
        return True
    return _either(*answers)


def _among_medicines(case: Case, medicines: Mapping[str, MedicineClass]) -> bool | None:
    if case.health.medicines is None:
        return None
    names = medicines["anticoagulant_or_antiplatelet"].names if "anticoagulant_or_antiplatelet" in medicines else ()
    return any(name in typed.lower() for typed in case.health.medicines for name in names)


def _lower(first: float | None, second: float | None) -> float | None:
    known = [value for value in (first, second) if value is not None]
    return min(known) if known else None


def _known(name: str, known_names: set[str]) -> bool:
    return any(known in name.lower() for known in known_names)


def _severe_liver(child_pugh: str | None, listed: set[str] | None) -> bool | None:
    if child_pugh == "C" or (listed and listed & {"acute_hepatitis", "liver_failure"}):
        return True
    return None if child_pugh is None or listed is None else False


def _either(*answers: bool | None) -> bool | None:
    if any(answers):
        return True
    return None if any(answer is None for answer in answers) else False
