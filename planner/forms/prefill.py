"""What a saved plan's answers tell a calculator. A value that is not certain is left for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from planner import words
from planner.case import Case
from planner.catalog import Catalog
from planner.facts import derive
from planner.facts.declare import FactValue
from planner.facts.scores import prodigy_answers
from planner.forms.calculators import Calculator

# Field of a scale to the fact that answers it with yes or no.
_FACTS: Mapping[str, str] = {
    "methadone": "moud.methadone",
    "benzodiazepine": "medicine.benzodiazepine",
}
_NUMBERS: Mapping[str, str] = {
    "age": "patient.age_years",
    "weight": "patient.weight_kg",
    "height": "patient.height_cm",
    "creatinine": "labs.creatinine_mg_dl",
}
# Here a fact tells only a part of what the scale asks, so that a yes is certain and a no is not.
_PARTLY: Mapping[str, tuple[str, ...]] = {
    "lung": ("condition.copd", "condition.asthma"),
    "stroke": ("condition.stroke",),
    "antidepressant": ("medicine.ssri_snri",),
    "long_acting": ("moud.methadone",),
    "dependence": ("moud.in_treatment", "recovery.recent_or_active_use"),
}


def prefilled(calculator: Calculator, case: Mapping[str, Any], at: datetime, catalog: Catalog) -> dict[str, str]:
    """Return the values of the fields that the answers decide; the rest stays open.

    Args:
        calculator: whose fields are filled.
        case: the answers as stored with the plan.
        at: when the plan was made, with a zone.
        catalog: products and operations.
    """
    try:
        answers = Case.model_validate(case)
    except ValidationError:
        return {}
    facts = derive(answers, catalog, at).values
    places = prodigy_answers(facts, answers.patient.sex)
    found = {field.id: _value(calculator.id, field.id, facts, places, answers) for field in calculator.fields}
    return {name: value for name, value in found.items() if value is not None}


def _value(
    calculator: str, field: str, facts: Mapping[str, FactValue], places: Mapping[str, int | None], case: Case
) -> str | None:
    """Return the value of one field; ``places`` are the answers that PRODIGY counts, which other scales ask as well."""
    if field in places and (calculator == "prodigy" or field != "age"):
        place = places[field]
        return None if place is None else str(place)
    if field == "sex":
        return case.patient.sex if case.patient.sex in ("female", "male") else None
    if field in _NUMBERS:
        value = facts.get(_NUMBERS[field])
        return words.number(value) if isinstance(value, float) else None
    if field == "moud":
        taking, sedative = facts.get("moud.in_treatment"), facts.get("medicine.benzodiazepine")
        return "yes" if taking is True or sedative is True else "no" if taking is False and sedative is False else None
    if field in _PARTLY:
        return "1" if any(facts.get(name) is True for name in _PARTLY[field]) else None
    value = facts.get(_FACTS.get(field, ""))
    return None if not isinstance(value, bool) else "1" if value else "0"
