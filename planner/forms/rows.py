"""Rows of a list in the form: add one, remove one, drop the blank ones. Each returns a new mapping."""

from __future__ import annotations

import re

from planner.forms.questions import list_groups
from planner.forms.typed import ROWS_AT_MOST, Typed, has_answer, rows


def with_row(typed: Typed, group: str, first_field: str) -> dict[str, list[str]]:
    """Return the answers with one more blank row, up to the most a form takes."""
    count = rows(typed, group)
    if count >= ROWS_AT_MOST:
        return dict(typed)
    return {**typed, f"{group}.{count}.{first_field}": [""]}


def without_row(typed: Typed, group: str, index: int) -> dict[str, list[str]]:
    """Return the answers without one row; the rows after it move up."""
    keep = [row for row in range(rows(typed, group)) if row != index]
    return _only(typed, group, keep)


def without_blank_rows(typed: Typed, group: str) -> dict[str, list[str]]:
    """Return the answers without rows in which nothing was typed."""
    keep = [row for row in range(rows(typed, group)) if has_answer(typed, f"{group}.{row}.")]
    return _only(typed, group, keep)


def settled(typed: Typed) -> dict[str, list[str]]:
    """Return the answers without rows that were added and left blank beside filled ones."""
    found = dict(typed)
    for group in list_groups():
        filled = without_blank_rows(found, group)
        if rows(filled, group):
            found = filled
    return found


def _only(typed: Typed, group: str, keep: list[int]) -> dict[str, list[str]]:
    place = {old: new for new, old in enumerate(keep)}
    pattern = re.compile(rf"{re.escape(group)}\.([0-9]{{1,2}})\.(.+)")
    found: dict[str, list[str]] = {}
    for name, values in typed.items():
        match = pattern.fullmatch(name)
        if match is None:
            found[name] = values
        elif int(match[1]) in place:
            found[f"{group}.{place[int(match[1])]}.{match[2]}"] = values
    return found
