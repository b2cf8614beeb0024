"""How a question is declared: label, help, unit, limits, choices; and the parsers of answers with fixed choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from planner.inputs import plain_text, shown


def ask(
    label: str,
    help: str = "",
    *,
    unit: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    choices: Mapping[str, str] | None = None,
    default: Any = None,
) -> Any:
    """Declare one question: its label, what to enter, unit, limits and choices."""
    extra: dict[str, Any] = {"label": label, "unit": unit, "choices": dict(choices) if choices else None}
    return Field(default=default, title=label, description=help, ge=at_least, le=at_most, json_schema_extra=extra)


def one_of(allowed: Mapping[str, str]) -> Callable[[Any], Any]:
    """Return a parser that takes one id of the choices, or nothing for "not known"."""

    def parse(value: Any) -> Any:
        if value is None or value in ("", "unknown"):
            return None
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(
                f"“{shown(str(value))}” is not one of the answers. Use {', '.join(allowed)} or leave it empty."
            )
        return value

    return parse


def some_of(allowed: Mapping[str, str]) -> Callable[[Any], Any]:
    """Return a parser that takes a list of ids of the choices, without repeats."""
    parse_one = one_of(allowed)

    def parse(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise ValueError("A list is needed, such as [a, b]; an empty list [] means none of these.")
        found = {item for item in (parse_one(item) for item in value) if item}
        # A list that holds only "unknown" says that nothing is known; it must not read as "none of these".
        return sorted(found, key=list(allowed).index) if found or not value else None

    return parse


def some_text(value: Any) -> Any:
    """Return a list of short texts, such as medicine names."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > 60:
        raise ValueError("A list of at most 60 names is needed; an empty list [] means none.")
    names = [plain_text(item) for item in value]
    if any(name and len(name) > 100 for name in names):
        raise ValueError("A name in the list is over 100 characters. Shorten it.")
    given = [name for name in names if name and name != "unknown"]
    return given if given or not value else None


class Answers(BaseModel):
    """A group of questions; a field that is not asked is refused, so that no answer is silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)
