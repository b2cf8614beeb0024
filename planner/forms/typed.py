"""Answers as typed, and the way between them and a Case.

What was typed is kept as a flat mapping of field name to the values sent for it, right or wrong. Beside the
questions of the Case it holds ``….none`` (the box "none of these"), ``….other`` (names typed beside a list of
choices), ``surgery.procedure.find`` (a search for the operation that is not settled yet) and ``moud.takes`` (takes
medication, takes none, not known).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from planner.case import MOST_MEDICINES, Answers, Case
from planner.forms.questions import Group, Question, members

Typed = Mapping[str, list[str]]

TAKES = "moud.takes"
NONE, OTHER, FIND = ".none", ".other", ".find"
ROWS_AT_MOST = MOST_MEDICINES


def first(typed: Typed, name: str) -> str:
    """Return the first value typed into a field, without the spaces around it; empty when there is none."""
    values = typed.get(name) or [""]
    return values[0].strip()


def has_answer(typed: Typed, prefix: str) -> bool:
    """Whether anything was typed into a field or, with a dot at the end, into any field of a group."""
    if prefix.endswith("."):
        return any(first(typed, name) for name in typed if name.startswith(prefix))
    return any(first(typed, name) for name in (prefix, prefix + NONE, prefix + OTHER))


def rows(typed: Typed, group: str) -> int:
    """Return how many rows of a list were sent or saved, blank ones included."""
    pattern = re.compile(rf"{re.escape(group)}\.([0-9]{{1,2}})\.")
    found = [int(match[1]) for name in typed if (match := pattern.match(name))]
    return min(max(found, default=-1) + 1, ROWS_AT_MOST)


def answers(typed: Typed, time_zone: str) -> dict[str, Any]:
    """Return what was typed as the nested answers of a Case file. What is blank is left out: it is not known.

    Args:
        typed: the flat mapping.
        time_zone: the clinic's zone, for a form that leaves it blank.
    """
    found = _group_answers(Case, "", typed)
    surgery = found.setdefault("surgery", {})
    surgery.setdefault("time_zone", time_zone)
    return found


def typed_from(case: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return a saved Case as if it had been typed into the form."""
    found: dict[str, list[str]] = {}
    _type_group(Case, "", case, found)
    medicines = case.get("moud")
    if medicines is not None:
        found[TAKES] = ["yes" if medicines else "no"]
    return found


def _group_answers(model: type[Answers], prefix: str, typed: Typed) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in members(model, prefix):
        value = _list_answers(member, typed) if isinstance(member, Group) else _answer(member, typed)
        if value is not None:
            found[member.name.rpartition(".")[2]] = value
    return found


def _list_answers(group: Group, typed: Typed) -> Any:
    if not group.listed:
        return _group_answers(group.model, f"{group.name}.", typed) or None
    if group.name == "moud":
        takes = first(typed, TAKES)
        if takes != "yes":
            return [] if takes == "no" else None
    elif first(typed, group.name + NONE):
        return []
    found = [_group_answers(group.model, f"{group.name}.{index}.", typed) for index in range(rows(typed, group.name))]
    if group.name != "moud" and not any(found):
        return None
    return found or [{}]


def _answer(question: Question, typed: Typed) -> Any:
    if question.input in ("some", "names"):
        if first(typed, question.name + NONE):
            return []
        chosen = [value for value in typed.get(question.name, []) if value.strip()]
        if question.input == "names":
            chosen = lines("\n".join(chosen))
        elif question.free:
            chosen += lines(first(typed, question.name + OTHER))
        return chosen or None
    return first(typed, question.name) or None


def lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _type_group(model: type[Answers], prefix: str, given: Mapping[str, Any], found: dict[str, list[str]]) -> None:
    for member in members(model, prefix):
        value = given.get(member.name.rpartition(".")[2])
        if value is None:
            continue
        if isinstance(member, Question):
            found.update(_type_answer(member, value))
        elif not member.listed:
            _type_group(member.model, f"{member.name}.", value, found)
        elif not value and member.name != "moud":
            found[member.name + NONE] = ["1"]
        else:
            for index, item in enumerate(value):
                _type_group(member.model, f"{member.name}.{index}.", item, found)


def _type_answer(question: Question, value: Any) -> Iterable[tuple[str, list[str]]]:
    if isinstance(value, list):
        if not value:
            return [(question.name + NONE, ["1"])]
        if question.input == "names":
            return [(question.name, ["\n".join(value)])]
        chosen = [item for item in value if item in question.choices]
        others = [item for item in value if item not in question.choices]
        return [(question.name, chosen)] + ([(question.name + OTHER, ["\n".join(others)])] if others else [])
    if isinstance(value, bool):
        return [(question.name, ["true" if value else "false"])]
    text = str(value)
    # Seconds are never typed; a clock field of the browser would show them.
    return [(question.name, [text[:16] if question.input == "moment" else text])]
