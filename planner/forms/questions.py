"""The questions of the Case as a form asks them: a dotted name, the words, and the kind of input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from planner.case import Answers, Case, some_text
from planner.inputs import plain_text

Input = Literal["text", "long_text", "number", "day", "moment", "yes_no", "one", "some", "names"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``free`` lets a list take names beside its choices; ``default`` is the answer when left alone."""

    name: str
    label: str
    help: str
    unit: str
    input: Input
    choices: Mapping[str, str] = field(default_factory=dict)
    free: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of questions inside the Case: one (``support_person``) or a list of them (``moud``)."""

    name: str
    label: str
    help: str
    model: type[Answers]
    listed: bool
    optional: bool


@cache
def members(model: type[Answers], prefix: str = "") -> tuple[Question | Group, ...]:
    """Return the questions and groups of a model, in the order they are declared."""
    return tuple(_member(f"{prefix}{name}", info) for name, info in model.model_fields.items())


def questions(model: type[Answers], prefix: str) -> Iterator[Question]:
    """Yield every question of a model, those of its single groups included; lists of groups are left out."""
    for member in members(model, prefix):
        if isinstance(member, Question):
            yield member
        elif not member.listed:
            yield from questions(member.model, f"{member.name}.")


def list_groups() -> dict[str, Group]:
    """Return the lists of groups in the Case by name: medicines for addiction, medicines against clotting."""
    return {group.name: group for group in _groups(Case, "") if group.listed}


def _groups(model: type[Answers], prefix: str) -> Iterator[Group]:
    for member in members(model, prefix):
        if isinstance(member, Group):
            yield member
            if not member.listed:
                yield from _groups(member.model, f"{member.name}.")


def _member(name: str, info: FieldInfo) -> Question | Group:
    label, help = info.title or name, info.description or ""
    inner, listed = _group_in(info.annotation)
    if inner:
        return Group(name, label, help, inner, listed, optional=type(None) in get_args(info.annotation))
    extra: Mapping[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = info.default if isinstance(info.default, str) else ""
    offered: Mapping[str, str] = extra.get("choices") or {}
    free = any(isinstance(rule, BeforeValidator) and rule.func is some_text for rule in info.metadata)
    return Question(name, label, help, extra.get("unit", ""), _input(info, bool(offered)), offered, free, default)


def _input(info: FieldInfo, has_choices: bool) -> Input:
    types = {get_origin(option) or option for option in (get_args(info.annotation) or (info.annotation,))}
    if list in types:
        return "some" if has_choices else "names"
    if has_choices:
        return "one"
    for python_type, kind in _BY_TYPE:
        if python_type in types:
            return kind
    many_lines = any(isinstance(rule, BeforeValidator) and rule.func is plain_text for rule in info.metadata)
    return "long_text" if many_lines else "text"


# Literal types (the kind of plan) carry choices and never come here; a datetime is not asked as a date.
_BY_TYPE: tuple[tuple[type, Input], ...] = ((bool, "yes_no"), (datetime, "moment"), (date, "day"), (Decimal, "number"))


def _group_in(annotation: Any) -> tuple[type[Answers] | None, bool]:
    if isinstance(annotation, type) and issubclass(annotation, Answers):
        return annotation, False
    for part in get_args(annotation):
        inner, listed = _group_in(part)
        if inner:
            return inner, listed or get_origin(annotation) is list
    return None, False
