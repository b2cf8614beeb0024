"""Facts about the person: age, weights, kidney clearance, pregnancy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner import doses
from planner.case import Case
from planner.facts.declare import fact

# A course of five days that begins on the day of surgery ends four days later.
LAST_COURSE_DAY = 4


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What follows from the person's own answers."""

    age_years: float | None = fact("age", unit="years", question="Date of birth?")
    female: bool | None = fact("is female", question="Sex, for the kidney-function formula?")
    weight_kg: float | None = fact("weight", unit="kg", question="Weight?")
    height_cm: float | None = fact("height", unit="cm", question="Height?")
    bmi: float | None = fact("body mass index", unit="kg/m²", question="Weight and height?")
    ideal_weight_kg: float | None = fact("ideal weight", unit="kg", question="Height and sex?")
    adjusted_weight_kg: float | None = fact("adjusted weight", unit="kg", question="Weight, height and sex?")
    crcl_ml_min: float | None = fact(
        "creatinine clearance", unit="mL/min", question="Creatinine, weight, date of birth and sex?"
    )
    pregnant: bool | None = fact("is pregnant", question="Pregnant?")
    known_pregnant: bool | None = fact("is known to be pregnant")
    pregnancy_weeks: float | None = fact(
        "weeks of pregnancy in the days after surgery", unit="weeks", question="Weeks of pregnancy?"
    )
    trimester: float | None = fact("trimester", question="Weeks of pregnancy?")
    postpartum: bool | None = fact("gave birth within 12 weeks", question="Gave birth within the last 12 weeks?")
    breastfeeding: bool | None = fact("is breastfeeding", question="Breastfeeding?")
    named: bool | None = fact("name and date of birth are on the plan")


def person_facts(case: Case, on: date, delivers: bool, today: date) -> PersonFacts:
    """Return the facts about the person.

    Args:
        case: what was said.
        on: the day of surgery, or today without one.
        delivers: the operation is a birth.
        today: the day on which the weeks of pregnancy were given.
    """
    patient = case.patient
    age = age_on(patient.birth_date, on) if patient.birth_date else None
    female = None if patient.sex not in ("female", "male") else patient.sex == "female"
    weight, height = patient.weight_kg, patient.height_cm
    ideal = doses.ideal_weight_kg(height, female) if height and female is not None else None
    adjusted = doses.adjusted_weight_kg(weight, ideal) if weight and ideal else None
    pregnant = _pregnant(case, age, delivers)
    weeks = _weeks(patient.pregnancy_weeks if pregnant else None, on, delivers, today)
    return PersonFacts(
        age_years=_number(age),
        female=female,
        weight_kg=_number(weight),
        height_cm=_number(height),
        bmi=_number(weight / (height / 100) ** 2) if weight and height else None,
        ideal_weight_kg=_number(ideal),
        adjusted_weight_kg=_number(adjusted),
        crcl_ml_min=_number(_clearance(case, age, female, ideal)),
        pregnant=pregnant,
        known_pregnant=pregnant is True,
        pregnancy_weeks=_number(weeks) if pregnant else (0.0 if pregnant is False else None),
        trimester=_trimester(weeks) if pregnant else (0.0 if pregnant is False else None),
        postpartum=_not_asked(case, age, patient.postpartum),
        breastfeeding=_not_asked(case, age, patient.breastfeeding),
        named=bool(patient.name and patient.birth_date),
    )


def age_on(born: date, day: date) -> int:
    """Return completed years on a day; a person born on February 29 turns a year older on March 1."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _pregnant(case: Case, age: int | None, delivers: bool) -> bool | None:
    if case.patient.sex == "male":
        return False
    # A cesarean or another delivery says what an empty box does not.
    if case.patient.pregnancy_weeks or delivers:
        return True
    # Above 60 the question would only cost time.
    if case.patient.pregnant is None and age is not None and age > 60:
        return False
    return case.patient.pregnant


def _not_asked(case: Case, age: int | None, answer: bool | None) -> bool | None:
    """Return the answer, or no where the question is not put: to a man, and unanswered above 60 years."""
    if case.patient.sex == "male":
        return False
    return False if answer is None and age is not None and age > 60 else answer


def _weeks(given: Decimal | None, on: date, delivers: bool, today: date) -> Decimal | None:
    """Return completed weeks on the last day of a course that starts at surgery; a birth ends the count.

    A plan made weeks before surgery must not go by the weeks of that day: an NSAID stops at 20 and at 30 weeks.
    """
    if given is None:
        return None
    course = 0 if delivers or on == today else LAST_COURSE_DAY
    return given + max(0, (on - today).days + course) // 7


def _trimester(weeks: Decimal | None) -> float | None:
    """Return 1 through week 13, 2 through week 27, 3 after."""
    if weeks is None:
        return None
    return 1.0 if weeks < 14 else 2.0 if weeks < 28 else 3.0


def _clearance(case: Case, age: int | None, female: bool | None, ideal: Decimal | None) -> Decimal | None:
    weight, creatinine = case.patient.weight_kg, case.health.labs.creatinine_mg_dl
    if not (age and weight and creatinine) or not case.patient.sex:
        return None
    dosing_weight = weight
    if ideal and weight > ideal * Decimal("1.2"):
        dosing_weight = doses.adjusted_weight_kg(weight, ideal)
    # Where the formula has no factor (intersex), the lower clearance is the cautious one.
    return doses.creatinine_clearance(age, dosing_weight, creatinine, female is not False)


def _number(value: Decimal | int | None) -> float | None:
    return None if value is None else round(float(value), 1)
