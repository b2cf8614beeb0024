"""The answers of a case in words, with the labels, units and choices that ``planner.case`` declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from pydantic.fields import FieldInfo

from planner import words
from planner.case import Answers, Case, questions

_NONE = "none"


def all_answers(case: Mapping[str, Any], products: Mapping[int, str], operation: str) -> list[tuple[str, str]]:
    """Return every answer that was given, as group and one line of "label: value" pieces.

    Args:
        case: the Case as plain data.
        products: labels for the products by place in the list, so that no id is printed.
        operation: label of the operation, for the same reason.
    """
    found = []
    for name, field in questions(Case).items():
        value = case.get(name)
        if name == "kind" or value is None:
            continue
        title = field.title or name
        if name == "moud":
            found += _medicines(title, value, products)
            continue
        if name == "surgery" and operation:
            value = {**value, "procedure": operation}
        pieces = list(_pieces(Case, name, value))
        if pieces:
            found.append((title, "; ".join(pieces)))
    return found


def in_words(group: type[Answers], name: str, value: Any) -> str:
    """Return one answer in words: a choice by its label, a number with its unit, a date as paper shows it."""
    extra = _extra(questions(group)[name])
    offered, unit = extra.get("choices") or {}, str(extra.get("unit") or "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(offered.get(item, item)) for item in value) or _NONE
    if value in offered:
        return str(offered[value])
    return _number_or_text(value, unit)


def _medicines(title: str, entries: list[Mapping[str, Any]], products: Mapping[int, str]) -> list[tuple[str, str]]:
    group = _group_in(questions(Case)["moud"].annotation)
    assert group is not None
    if not entries:
        return [(title, _NONE)]
    found = []
    for index, entry in enumerate(entries):
        product = products.get(index, str(entry.get("product", "")).replace("_", " "))
        rest = [
            piece
            for name, value in entry.items()
            if name != "product" and value is not None
            for piece in _pieces(group, name, value)
        ]
        found.append((f"Medicine {index + 1}", "; ".join([product, *rest])))
    return found


def _pieces(group: type[Answers], name: str, value: Any) -> Iterator[str]:
    """Yield "label: value" for a field, or for each field inside it."""
    field = questions(group)[name]
    inner = _group_in(field.annotation)
    if inner is None:
        yield f"{field.title}: {in_words(group, name, value)}"
    elif isinstance(value, list):
        if not value:
            yield f"{field.title}: {_NONE}"
        for item in value:
            yield f"{field.title}: {', '.join(_inside(inner, item))}"
    elif group is Case or name == "labs":
        yield from _inside(inner, value)
    else:
        yield f"{field.title} ({', '.join(_inside(inner, value))})"


def _inside(group: type[Answers], values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if value is not None and not _is_default(group, name, value):
            yield from _pieces(group, name, value)


def _is_default(group: type[Answers], name: str, value: Any) -> bool:
    """Whether nobody chose the value: the language of the sheet, the clinic's zone."""
    return bool(questions(group)[name].default == value)


def _number_or_text(value: Any, unit: str) -> str:
    text = str(value)
    try:
        at = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return words.moment(at)
    try:
        return words.measured(Decimal(text), unit) if unit or not isinstance(value, str) else text
    except (ArithmeticError, ValueError):
        return text


def _extra(field: FieldInfo) -> Mapping[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _group_in(annotation: Any) -> type[Answers] | None:
    if isinstance(annotation, type) and issubclass(annotation, Answers):
        return annotation
    return next((group for part in get_args(annotation) if (group := _group_in(part))), None)
