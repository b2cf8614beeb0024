"""Words for values, moments and conditions, as paper shows them.

A condition is turned into words from the condition itself, so that what is printed and what is computed
cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from planner.doses import plain
from planner.facts.declare import FactKind, FactValue

NO_BREAK = "\u00a0"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SHORT_FORMS = ("nsaids", "nsaid", "iv", "mme", "pdmp", "moud", "qtc", "samhsa", "otp", "cows", "la")

_QUANTITY = re.compile(r"(?<=\d) (?=(?:mg|mcg|mL|kg|g|ms|hours?|days?|weeks?|minutes?|months?|doses?|%|times)\b)")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'[^']*'|"[^"]*") | (?P<number>\d+\.\d+|\d+) | (?P<name>[a-z_]+(?:\.[a-z_0-9]+)+) |
        (?P<word>true|false|in) | (?P<op>&&|\|\||<=|>=|==|!=|<|>|!|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE,
)
_COMPARE = {"<": "is under", "<=": "is at most", ">": "is over", ">=": "is at least", "==": "is", "!=": "is not"}


def day(value: date) -> str:
    """Return a day as ``Tue 8 Dec 2026``."""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}".replace(" ", NO_BREAK)


def moment(value: date | datetime) -> str:
    """Return a moment as ``Tue 8 Dec 2026, 07:30``, or the day alone when it has no clock time."""
    if isinstance(value, datetime):
        return f"{day(value.date())}, {value:%H:%M}".replace(" ", NO_BREAK)
    return day(value)


def number(value: float | Decimal) -> str:
    """Return a number without trailing zeros, with a leading zero and with commas from 1,000."""
    return plain(Decimal(str(value)))


def measured(value: float | Decimal, unit: str) -> str:
    """Return a number and its unit, held together so that no line break comes between them."""
    if not unit:
        return number(value)
    # One day, not one days.
    named = (
        re.sub(r"^(day|hour|week|month|year|dose|time|injection|medicine|drink|milliliter)s\b", r"\1", unit)
        if value == 1
        else unit
    )
    return f"{number(value)}{NO_BREAK}{named.replace(' ', NO_BREAK)}"


# Headings that the name of a subject alone would not give.
_SUBJECTS = {
    "acetaminophen_full_dose": "Acetaminophen before surgery and at home",
    "acetaminophen_every_6_hours": "Acetaminophen on the ward",
    "acetaminophen_iv": "Acetaminophen by vein",
    "anti_inflammatory_medicines": "Anti-inflammatory medicines (NSAIDs)",
    "tens": "TENS",
    "mixed_agonist_antagonists": "Mixed agonist-antagonists",
    "none_left": "No technique left",
    "obstetrics_and_neonatal": "Obstetrics and neonatal care",
    "note_of_this_operation": "About this operation",
    "motor_of_this_operation": "Weakness and breathing",
    "catheter_of_this_operation": "Catheter",
    "also_for_this_operation": "Also named for this operation",
    "mg_and_ml_before_the_start": "Check mg and mL",
}


@lru_cache(maxsize=1024)
def subject(name: str) -> str:
    """Return the heading for a subject: ``mixed_agonist_antagonists`` gives "Mixed agonist antagonists"."""
    if name in _SUBJECTS:
        return _SUBJECTS[name]
    spaced = name.replace("_", " ")
    for short in _SHORT_FORMS:
        spaced = re.sub(rf"\b{short}\b", {"qtc": "QTc", "nsaids": "NSAIDs"}.get(short, short.upper()), spaced)
    return spaced[:1].upper() + spaced[1:]


@lru_cache(maxsize=8192)
def held_together(text: str) -> str:
    """Return the text with each number tied to its unit, so that "16" and "mg" stay on one line."""
    return _QUANTITY.sub(NO_BREAK, text)


def value_in_words(kind: FactKind, value: FactValue) -> str:
    """Return what a fact says about this person: "eGFR is 24 mL/min/1.73 m²", "does not take methadone"."""
    if isinstance(value, bool):
        return kind.label if value else f"not: {kind.label}"
    if isinstance(value, list):
        return f"{kind.label}: {', '.join(value) or 'none'}"
    if isinstance(value, str):
        return f"{kind.label}: {kind.words.get(value, value)}"
    return f"{kind.label} {measured(value, kind.unit)}"


def plain_value(kind: FactKind, value: FactValue) -> str:
    """Return a value alone, as a placeholder prints it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str):
        return kind.words.get(value, value)
    return measured(value, kind.unit)


def condition_in_words(condition: str, kinds: Mapping[str, FactKind]) -> str:
    """Return a one-line condition as a sentence: ``labs.egfr < 30.0`` gives "eGFR is under 30 mL/min/1.73 m²"."""
    if condition == "true":
        return "in every plan of this kind"
    tokens = tokens_of(condition)
    words: list[str] = []
    position = 0
    while position < len(tokens):
        sort, token = tokens[position]
        following = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        if sort == "name" and (following in _COMPARE or following == "in"):
            kind = kinds[token]
            taken, phrase = _comparison(kind, tokens[position + 1 :])
            words.append(phrase)
            position += 1 + taken
            continue
        if sort == "text" and following == "in":
            listed = tokens[position + 2][1]
            words.append(f"{kinds[listed].label} includes {token[1:-1].replace('_', ' ')}")
            position += 3
            continue
        words.append(_plain_token(sort, token, kinds))
        position += 1
    return " ".join(words).replace("( ", "(").replace(" )", ")")


def names_in(condition: str) -> tuple[str, ...]:
    """Return the facts a condition names, in order, each once."""
    return tuple(dict.fromkeys(token for sort, token in tokens_of(condition) if sort == "name"))


@lru_cache(maxsize=4096)
def tokens_of(condition: str) -> list[tuple[str, str]]:
    """Return the pieces of a condition with their sort: text, number, name, word or op."""
    found: list[tuple[str, str]] = []
    position = 0
    text = condition.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match or match.lastgroup is None:
            raise ValueError(f"cannot be put into words from “{text[position:]}”")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


def _comparison(kind: FactKind, rest: list[tuple[str, str]]) -> tuple[int, str]:
    operator = rest[0][1]
    if operator == "in":
        end = next(index for index, (_, token) in enumerate(rest) if token == "]")
        options = [_literal(kind, sort, token) for sort, token in rest[2:end] if sort in ("text", "number")]
        return end + 1, f"{kind.label} is {' or '.join(options)}"
    sort, token = rest[1]
    return 2, f"{kind.label} {_COMPARE[operator]} {_literal(kind, sort, token)}"


def _literal(kind: FactKind, sort: str, token: str) -> str:
    if sort == "number":
        return measured(Decimal(token), kind.unit)
    if sort == "text":
        return kind.words.get(token[1:-1], token[1:-1].replace("_", " "))
    return token


def _plain_token(sort: str, token: str, kinds: Mapping[str, FactKind]) -> str:
    if sort == "name":
        return kinds[token].label
    return {"&&": "and", "||": "or", "!": "not"}.get(token, token)
