"""How a fact is declared: one dataclass field with the sentence a reviewer reads for it.

A fact is a yes or no, a number, one word out of a few, or a list of words. Its name in a condition is the
group and the field: ``labs.egfr``. A fact that does not follow from what was said is ``None`` and is left
out of the values a condition sees, so the condition becomes unknown instead of false.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, get_args, get_type_hints

# How well a statement is traced, from the best.
EVIDENCE = ("read", "secondary", "unverified")

FactValue = bool | float | str | list[str]


@dataclass(frozen=True, slots=True)
class FactKind:
    """What is known about a fact without any Case: its type and the words for it.

    ``label`` completes a sentence: for yes-or-no facts a statement ("takes methadone"), else a noun ("eGFR").
    ``question`` is what to find out when the fact is missing.
    """

    name: str
    type: type
    label: str
    unit: str
    question: str
    words: dict[str, str]


def fact(label: str, *, unit: str = "", question: str = "", words: dict[str, str] | None = None) -> Any:
    """Declare a fact with its label, unit and the question to ask when it is missing.

    ``words`` gives the reading of values that are ids: ``{"waned_sensitive": "worn off, …"}``.
    """
    return field(default=None, metadata={"label": label, "unit": unit, "question": question, "words": words or {}})


def kinds_of(group: str, declared: type) -> dict[str, FactKind]:
    """Return the facts that a dataclass declares, by full name."""
    hints = get_type_hints(declared)
    found = {}
    for item in fields(declared):
        python_type = next(
            option for option in (get_args(hints[item.name]) or (hints[item.name],)) if option is not type(None)
        )
        name = f"{group}.{item.name}"
        found[name] = FactKind(name, python_type, **item.metadata)
    return found


def values_of(group: str, facts: Any) -> dict[str, FactValue]:
    """Return the known facts of a group by full name."""
    named = ((item.name, getattr(facts, item.name)) for item in fields(facts))
    return {f"{group}.{name}": value for name, value in named if value is not None}
