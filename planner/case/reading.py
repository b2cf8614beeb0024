"""Answers to a Case, or to every reason why they cannot be taken: field, what is wrong, what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Protocol, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from planner.case.dates import date_problems
from planner.case.declare import Answers
from planner.case.questions import Case
from planner.inputs import shown
from planner.problems import Problem, Refused

MOST_MEDICINES = 12


class Catalog(Protocol):
    """What a Case needs from the knowledge base: which products and operations exist."""

    def product_labels(self) -> Mapping[str, str]:
        """Return product id to label."""

    def product_units(self) -> Mapping[str, str]:
        """Return product id to the unit of its dose: mg_per_day, mg_per_dose, mcg_per_hour or mcg_per_dose."""

    def injected_products(self) -> frozenset[str]:
        """Return the products that are injected or implanted."""

    def procedure_labels(self) -> Mapping[str, str]:
        """Return operation id to label."""

    def variant_labels(self, procedure_id: str) -> Mapping[str, str]:
        """Return the kinds of an operation, id to label."""

    def antithrombotics_named(self, typed: str | None) -> list[str]:
        """Return the labels of the medicines against clotting that a typed name holds."""


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
    problems = [*_catalog_problems(case, catalog, now), *date_problems(case, now)]
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
    parent = _field_at(path[:-1])
    model = _group_in(parent.annotation) if parent else Case
    names = list(model.model_fields) if model else []
    return next(iter(get_close_matches(str(path[-1]), names, n=1, cutoff=0.5)), None)


def _catalog_problems(case: Case, catalog: Catalog, now: datetime) -> Iterable[Problem]:
    """Say which products and operations do not exist."""
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
        unit = catalog.product_units().get(entry.product, "")
        if unit.startswith("mcg") and entry.dose_mg is not None:
            yield Problem(f"moud.{index}.dose_mg", "The dose of this product is in micrograms.", "Use dose_mcg.")
        if unit.startswith("mg") and entry.dose_mcg is not None:
            yield Problem(f"moud.{index}.dose_mcg", "The dose of this product is in milligrams.", "Use dose_mg.")
        ahead = entry.last_dose_at is not None and entry.last_dose_at.date() > now.date()
        if ahead and entry.product in catalog.injected_products():
            yield Problem(
                f"moud.{index}.last_dose_at",
                "The last injection is in the future.",
                "Give a day up to today; the next one has its own field.",
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
    kinds = catalog.variant_labels(procedure or "")
    if case.surgery.variant and case.surgery.variant not in kinds:
        right = f"Use one of: {', '.join(kinds)}." if kinds else "This operation has no kinds here; leave it empty."
        yield Problem("surgery.variant", f"“{shown(case.surgery.variant)}” is not a kind of this operation.", right)
    for index, agent in enumerate(case.health.anticoagulants or []):
        named = catalog.antithrombotics_named(agent.drug)
        if len(named) > 1:
            yield Problem(
                f"health.anticoagulants.{index}.drug",
                f"Two medicines stand in one entry: {' and '.join(named)}.",
                "Give each medicine against clotting its own entry.",
            )
    for index, given in enumerate(case.surgery.local_anesthetics or []):
        if given.mg is not None and given.percent is not None and given.volume_ml is not None:
            counted = given.percent * 10 * given.volume_ml
            if abs(counted - given.mg) > given.mg / 20:
                yield Problem(
                    f"surgery.local_anesthetics.{index}.mg",
                    f"{given.mg:f} mg and {given.volume_ml:f} mL of {given.percent:f} % ({counted.normalize():f} mg) are not the same.",
                    "Correct one of them, or leave the mg empty.",
                )
    if procedure == "other" and not case.surgery.procedure_text:
        yield Problem("surgery.procedure_text", "The operation is “other” without a name.", "Type its name.")
