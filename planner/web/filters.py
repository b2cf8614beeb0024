"""Jinja filters and values that the pages share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, request

from planner import words
from planner.web import wording
from planner.web.planview import hanging
from planner.web.services import services

# How planner.words begins a fact that is not so.
_NOT = "not: "

_STATIC = Path(__file__).parent / "static"

# Kind of question to the type of the browser's own field, and the text that this field can show.
_PICKERS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "day": ("date", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "2026-12-08"),
    "moment": ("datetime-local", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII), "2026-12-08T07:30"),
}


def add(app: Flask) -> None:
    """Give the templates their filters and values."""
    app.jinja_env.filters |= {
        "moment": moment,
        "day": day,
        "clinic_time": clinic_time,
        "held_together": words.held_together,
        "measured": words.measured,
        "verdict": lambda verdict: wording.VERDICTS.get(verdict, verdict.replace("_", " ").capitalize()),
        "tone": lambda verdict: wording.TONES.get(verdict, "plain"),
        "input_type": input_type,
        "short_link": lambda link: link.removeprefix("https://").removesuffix("/"),
        "short_label": lambda label: label.partition(" (")[0].partition(", ")[0],
        "hanging": hanging,
        "stands_in": stands_in,
        "fact_said": fact_said,
        "fact_changed": fact_changed,
        "who": lambda who: wording.WHO.get(who, who[:1].upper() + who[1:]),
    }
    app.jinja_env.globals |= {"wording": wording, "static_file": static_file, "root": lambda: request.script_root}


def moment(value: str | date | datetime) -> str:
    """Return a day or moment, also as ISO text, as ``Tue 8 Dec 2026, 07:30``; a day without a time stays a day."""
    return words.moment(_parsed(value))


def day(value: str | date | datetime) -> str:
    """Return a day or moment, also as ISO text, as ``Tue 8 Dec 2026``."""
    return words.day(_parsed(value))


def clinic_time(value: datetime) -> str:
    """Return a moment in the clinic's own time."""
    return words.moment(value.astimezone(ZoneInfo(services().time_zone)))


def fact_said(fact: str) -> str:
    """Return a fact as it was used: ``not: takes methadone`` becomes ``takes methadone: no``."""
    return f"{fact.removeprefix(_NOT)}: no" if fact.startswith(_NOT) else fact


def fact_changed(fact: str) -> str:
    """Return what would have to be said instead: ``takes methadone: yes``, or another value than this one."""
    return f"{fact.removeprefix(_NOT)}: yes" if fact.startswith(_NOT) else f"anything else than: {fact}"


def stands_in(part: str, text: str) -> bool:
    """Whether a text says the same words already, whatever holds them on one line."""
    return part.replace(words.NO_BREAK, " ") in text.replace(words.NO_BREAK, " ")


def input_type(value: str | None, kind: str) -> str:
    """Return the type of an HTML input. What a browser's date field could not show is shown in a text field."""
    if kind not in _PICKERS:
        return "text"
    picker, form, example = _PICKERS[kind]
    try:
        datetime.fromisoformat(value or example)
    except ValueError:
        return "text"
    return picker if form.fullmatch(value or example) else "text"


def static_file(name: str) -> str:
    """Return the address of a static file, with the hash of its content. Works where no address can be built."""
    return f"{request.script_root}/static/{name}?v={_hash_of(name)}"


@cache
def _hash_of(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def _parsed(value: Any) -> date | datetime:
    if isinstance(value, (date, datetime)):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
