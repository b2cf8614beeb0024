"""Facts about health: laboratory values, liver, alcohol, and one yes-or-no fact for each listed condition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from planner import choices
from planner.case import Case
from planner.catalog import MedicineClass
from planner.facts.declare import FactKind, FactValue, fact
from planner.facts.values import any_of

# What separates words in a typed name; an apostrophe does not (St. John's wort).
_NO_WORD = re.compile(r"[^a-z0-9'#%,]+")


@dataclass(frozen=True, slots=True)
class LabFacts:
    """Laboratory values as given."""

    egfr: float | None = fact("eGFR", unit="mL/min/1.73 m²", question="eGFR?")
    creatinine_mg_dl: float | None = fact("creatinine", unit="mg/dL", question="Creatinine?")
    platelets: float | None = fact("platelets", unit="thousand per mcL", question="Platelet count?")
    inr: float | None = fact("INR", question="INR?")
    inr_known: bool | None = fact("an INR is known")
    qtc_known: bool | None = fact("a QTc of the last 30 days is known")
    qtc_ms: float | None = fact("QTc", unit="ms", question="QTc on an ECG of the last 30 days?")
    qtc_rise_ms: float | None = fact("rise of the QTc since the ECG before", unit="ms")
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
    clotting_answered: bool | None = fact("the question about medicines against clotting was answered")
    breathing_risk: bool | None = fact(
        "has a condition that makes opioids more dangerous for breathing",
        question="Which health conditions, or none of those listed?",
    )
    sedative_on_board: bool | None = fact("takes a sedative", question="Which other medicines, or none?")
    acetaminophen_mg_at_home: float | None = fact(
        "acetaminophen already taken in 24 hours", unit="mg", question="Acetaminophen already taken in 24 hours, mg?"
    )
    acetaminophen_limit_mg: float | None = fact(
        "most acetaminophen in 24 hours", unit="mg", question="Weight, alcohol, malnutrition and liver disease?"
    )
    acetaminophen_left_mg: float | None = fact(
        "acetaminophen left of the day", unit="mg", question="Acetaminophen already taken in 24 hours, mg?"
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


def health_facts(
    case: Case,
    medicines: Mapping[str, MedicineClass],
    classes: Mapping[str, bool],
    crcl: float | None,
    weight: float | None,
) -> HealthFacts:
    """Return the facts about health.

    Args:
        case: what was said.
        medicines: the classes that conditions can ask about.
        classes: which of them are taken (``medicine_classes``).
        crcl: creatinine clearance in mL/min, when it is known.
        weight: kg, when it is known.
    """
    health = case.health
    listed = None if health.conditions is None else set(health.conditions)
    severe = _severe_liver(health.child_pugh, listed)
    risk = _acetaminophen_risk(case, listed)
    at_home = _acetaminophen_at_home(health.acetaminophen_mg_at_home, classes)
    limit = _acetaminophen_limit(risk, severe, weight)
    return HealthFacts(
        child_pugh=health.child_pugh,
        severe_liver_disease=severe,
        alcohol_drinks_per_day=None if health.alcohol_drinks_per_day is None else float(health.alcohol_drinks_per_day),
        anticoagulant_among_medicines=_among_medicines(case, medicines),
        liver_forbids_naltrexone=bool(listed and listed & {"acute_hepatitis", "liver_failure"}),
        kidney_ml_min=_lower(None if health.labs.egfr is None else float(health.labs.egfr), crcl),
        acetaminophen_risk=risk,
        takes_anticoagulant=_takes_anticoagulant(case, medicines),
        clotting_answered=case.health.anticoagulants is not None,
        breathing_risk=None
        if listed is None
        else bool(listed & {"osa_untreated", "osa_treated", "copd", "home_oxygen"}),
        sedative_on_board=any_of(
            classes.get("benzodiazepine"), classes.get("gabapentinoid"), classes.get("muscle_relaxant")
        ),
        acetaminophen_mg_at_home=at_home,
        acetaminophen_limit_mg=limit,
        acetaminophen_left_mg=None if limit is None or at_home is None else max(0.0, limit - at_home),
        ketorolac_days_used=_days_used(case, "ketorolac", "toradol"),
        suzetrigine_days_used=_days_used(case, "suzetrigine", "journavx"),
        unmatched_medicines=float(len(_unmatched_medicines(case, medicines))),
        opioid_at_home=classes.get("opioid_for_pain") is True,
        addiction_medicine_typed=classes.get("addiction_medicine") is True,
        unmatched_names=_unmatched(case, medicines),
        unmatched_allergies=float(sum(not allergies_named([name]) for name in case.patient.allergies or [])),
    )


def _unmatched(case: Case, medicines: Mapping[str, MedicineClass]) -> list[str]:
    unknown = [name for name in case.patient.allergies or [] if not allergies_named([name])]
    return _unmatched_medicines(case, medicines) + unknown


def _unmatched_medicines(case: Case, medicines: Mapping[str, MedicineClass]) -> list[str]:
    names = [name for group in medicines.values() for name in group.names]
    return [typed for typed in case.health.medicines or [] if not names_any(names, [typed])]


def lab_facts(case: Case) -> LabFacts:
    """Return the laboratory values as facts."""
    labs = case.health.labs
    numbers = {
        name: None if (value := getattr(labs, name)) is None else float(value)
        for name in ("egfr", "creatinine_mg_dl", "platelets", "inr", "qtc_ms", "ast_alt_x_uln")
    }
    return LabFacts(
        **numbers,
        inr_known=labs.inr is not None,
        qtc_known=labs.qtc_ms is not None,
        qtc_rise_ms=_rise(labs.qtc_earlier_ms, labs.qtc_ms),
        coagulation_normal=labs.coagulation_normal,
        platelet_function_normal=labs.platelet_function_normal,
        urine_opioids_negative=labs.urine_opioids_negative,
        urine_opioids_positive=labs.urine_opioids_negative is False,
    )


def _rise(before: Decimal | None, now: Decimal | None) -> float:
    """Return by how much a value rose; nothing to compare with is no rise."""
    return 0.0 if before is None or now is None else float(now - before)


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


def listed_values(case: Case, classes: Mapping[str, bool]) -> dict[str, FactValue]:
    """Return the yes-or-no facts for conditions, allergies and medicines; a list not answered leaves all unknown."""
    values: dict[str, FactValue] = {}
    if case.health.conditions is not None:
        values.update({f"condition.{name}": name in case.health.conditions for name in choices.CONDITIONS})
    if case.patient.allergies is not None:
        named = allergies_named(case.patient.allergies)
        values.update({f"allergy.{name}": name in named for name in choices.ALLERGIES})
    values.update({f"medicine.{name}": taken for name, taken in classes.items()})
    return values


def plain_words(typed: Sequence[str]) -> str:
    """Return typed names in one way of writing: small letters, whole words between spaces, no hyphens or curly quotes."""
    small = " , ".join(typed).lower().replace("\u2019", "'")
    return f" {' '.join(_NO_WORD.sub(' ', small).split())} "


def names_any(names: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether one of the names stands in one of the typed texts as whole words."""
    return _stands_in(tuple(names), plain_words(typed))


def _stands_in(names: tuple[str, ...], typed: str) -> bool:
    words, phrases = _plain_names(names)
    return not words.isdisjoint(typed.split()) or any(phrase in typed for phrase in phrases)


@lru_cache(maxsize=256)
def _plain_names(names: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names that are one word, and those that are several."""
    plain = [plain_words([name]) for name in names]
    several = tuple(name for name in plain if " " in name.strip())
    return frozenset(name.strip() for name in plain if name not in several), several


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
    named = [agent.drug for agent in case.health.anticoagulants or [] if agent.drug]
    typed = plain_words([*named, *(case.health.medicines or [])])
    found = {group.id: _stands_in(group.names, typed) for group in medicines.values()}
    return found if case.health.medicines is not None else {name: True for name, is_taken in found.items() if is_taken}


def _days_used(case: Case, drug: str, brand: str) -> float | None:
    """Return the days a medicine was already given; none when the medicine list is known and does not hold it."""
    given = getattr(case.health, f"{drug}_days_used")
    if given is not None:
        return float(given)
    if case.health.medicines is None:
        return None
    return None if names_any((drug, brand), case.health.medicines) else 0.0


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
    typed = [[agent.drug or ""] for agent in case.health.anticoagulants]
    # "Aspirin/dipyridamole" is more than aspirin.
    return any(not names_any(aspirin, drug) or names_any(others, drug) for drug in typed)


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
    return any_of(*answers)


def _among_medicines(case: Case, medicines: Mapping[str, MedicineClass]) -> bool | None:
    if case.health.medicines is None:
        return None
    names = medicines["anticoagulant_or_antiplatelet"].names if "anticoagulant_or_antiplatelet" in medicines else ()
    return names_any(names, case.health.medicines)


def _lower(first: float | None, second: float | None) -> float | None:
    known = [value for value in (first, second) if value is not None]
    return min(known) if known else None


def _acetaminophen_limit(risk: bool | None, severe: bool | None, weight: float | None) -> float | None:
    """Return the most acetaminophen in 24 hours over all products.

    2,000 mg with liver disease, alcohol or malnutrition (design, from APAPCIRR); else 75 mg for each kg under 50 kg and
    4,000 mg from 50 kg (OFIRMEV). Always the smaller of what applies.
    """
    by_weight = None if weight is None else (4000.0 if weight >= 50 else 75 * weight)
    if risk or severe:
        return 2000.0 if by_weight is None else min(2000.0, by_weight)
    return None if risk is None or severe is None else by_weight


def _severe_liver(child_pugh: str | None, listed: set[str] | None) -> bool | None:
    if child_pugh == "C" or (listed and listed & {"acute_hepatitis", "liver_failure"}):
        return True
    return None if child_pugh is None or listed is None else False
