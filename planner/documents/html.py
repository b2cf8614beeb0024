"""HTML for paper: one Jinja environment that escapes everything, and filters for dates and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from planner import words
from planner.documents.glance import short_name
from planner.documents.labels import DECISION_STYLE, VERDICT_WORDS
from planner.places import templates_folder

_NOT_KNOWN = "[not known]"

# "30 mL/min/1.73", "0.5 mg/kg/h": no-break spaces hold the words, but a line may still break after a slash.
_WITH_SLASH = re.compile(r" ?\d[\d,.]*\u00a0[^\s/]+/\S+")


# Where the name ends in a heading such as "Dexamethasone, one dose by vein", and how far into a sentence it is seen.
_NAME_ENDS = re.compile(r" by |,| \(| on the | before ")
_NEAR = 22

# From the hardest stop to the lightest word, for what hangs on a missing fact.
_STRENGTH = (
    "never", "stop_and_ask", "hold", "avoid", "clinician_choice", "continue_with_change", "caution", "ask", "call",
    "continue", "restart", "do", "recommend", "consider", "note",
)  # fmt: skip


@cache
def environment() -> Environment:
    """Return the Jinja environment: every value is escaped whatever the file is called, no name may be missing."""
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": moment,
        "day": day,
        "short_day": short_day,
        "clock": clock,
        "clock_12": clock_12,
        "prose": prose,
        "needed": needed,
        "anchored": anchored,
        "short_name": short_name,
        "verdict": lambda verdict: VERDICT_WORDS.get(verdict, str(verdict).replace("_", " ").upper()),
        "weight": lambda verdict: DECISION_STYLE.get(verdict, "plain"),
    }
    return made


def page(template: str, **values: Any) -> str:
    """Return a template of ``templates/print`` filled with values, as one HTML document."""
    return environment().get_template(f"print/{template}").render(**values)


@cache
def style(name: str) -> str:
    """Return a style sheet of ``templates/print``."""
    return (templates_folder() / "print" / name).read_text(encoding="utf-8")


def moment(value: str) -> str:
    """Return ISO text as ``Tue 8 Dec 2026, 07:30``, or the day alone when it has no clock time."""
    return words.moment(_parsed(value))


def day(value: str) -> str:
    """Return ISO text of a day or a moment as ``Tue 8 Dec 2026``."""
    return words.day(_day(value))


def short_day(value: str) -> str:
    """Return ISO text as ``Tue 8 Dec``, for tables whose heading carries the year."""
    return words.day(_day(value)).rpartition(words.NO_BREAK)[0]


def clock(value: str | None) -> str:
    """Return the clock time of an ISO moment as ``07:30``; empty for a day without one."""
    return f"{datetime.fromisoformat(value):%H:%M}" if value and "T" in value else ""


def clock_12(value: str | None) -> str:
    """Return the clock time of an ISO moment as ``7:30 a.m.``, for patients."""
    if not value or "T" not in value:
        return ""
    at = datetime.fromisoformat(value)
    return f"{at.hour % 12 or 12}:{at:%M}{words.NO_BREAK}{'a.m.' if at.hour < 12 else 'p.m.'}"


def prose(text: str) -> Markup:
    """Return a sentence with its quantities held on one line and what is not known made loud."""
    held = _WITH_SLASH.sub(lambda match: f'<span class="q">{match[0]}</span>', str(escape(text)))
    loud = held.replace(f" {_NOT_KNOWN}", f"<strong> {_NOT_KNOWN}</strong>")
    return Markup(loud)  # noqa: S704 - `text` was escaped two lines above


def anchored(text: str, heading: str) -> tuple[str, str, str]:
    """Return a sentence in three parts, the middle one being the name that its heading would repeat; empty if none.

    "Give celecoxib 400 mg" needs no heading "Celecoxib by mouth": its name is set bold where it stands.
    """
    name = _NAME_ENDS.split(heading)[0]
    at = re.search(rf"\b{re.escape(name)}\b", text[: len(name) + _NEAR], re.IGNORECASE) if name else None
    return (text[: at.start()], at[0], text[at.end() :]) if at else ("", "", text)


def needed(items: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return what hangs on a missing fact: each subject once, under the strongest verdict it may get."""
    strongest: dict[str, str] = {}
    for item in sorted(items, key=lambda item: _STRENGTH.index(item["verdict"])):
        strongest.setdefault(item["subject_label"], item["verdict"])
    grouped: dict[str, list[str]] = {}
    for label, verdict in strongest.items():
        grouped.setdefault(verdict, []).append(label)
    return [(verdict, ", ".join(labels)) for verdict, labels in grouped.items()]


def _parsed(value: str) -> date | datetime:
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


def _day(value: str) -> date:
    return date.fromisoformat(value[:10])
