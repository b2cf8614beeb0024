"""The kinds of value a Case accepts: numbers, dates, clock times and text, each parsed strictly.

Every parser takes what a form, a YAML file or a JSON file gives and either returns the value or raises
``ValueError`` with one sentence. They refuse what a keyboard slip or an attack produces: ``8,5``,
``0x10``, NaN, February 30, a Unix timestamp in place of a date, control characters in a name.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:00)?", re.ASCII)

# Marks that change the reading order of what follows: a name could turn 1.5 into 5.1 on paper.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


def number(value: Any) -> Any:
    """Return the value as a Decimal; refuse booleans, NaN, infinities and oddly written numbers."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        raise ValueError("A yes or no was given where a number belongs.")
    if isinstance(value, int) and value.bit_length() > 64:
        raise ValueError("The number has too many digits.")  # Python itself refuses to write out more than 4,300
    text = str(value).strip()
    if "," in text:
        raise ValueError(f"“{shown(text)}” has a comma. Use a point for decimals and no separator for thousands.")
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            f"“{shown(text)}” is not a plain number. Write digits only, such as 16 or 2.5, without the unit."
        )
    return Decimal(text)


def whole_number(value: Any) -> Any:
    """Return the value as a Decimal without a fraction."""
    parsed = number(value)
    if parsed is not None and parsed % 1:
        raise ValueError(f"“{shown(str(value))}” is not a whole number. Use 1, 2, 3 and so on.")
    return parsed


def calendar_date(value: Any) -> Any:
    """Return the value as a date; only ``YYYY-MM-DD`` and real days between 1900 and 2100 are taken."""
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    if not _DATE.fullmatch(text):
        raise ValueError(f"“{shown(text)}” is not a date. Write year-month-day, such as 2026-12-08.")
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a day in the calendar. Check the day and the month.") from None
    if not EARLIEST_YEAR <= parsed.year <= LATEST_YEAR:
        raise ValueError(f"The year {parsed.year:04d} is outside {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return parsed


def clock_time(value: Any) -> Any:
    """Return the value as a date with a clock time of the clinic, without a zone.

    ``YYYY-MM-DDTHH:MM`` or the same with a space; an offset such as ``Z`` is refused, because the
    clinic's zone is asked once for the whole Case.
    """
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        value = value.isoformat(timespec="minutes")
    text = str(value).strip()
    match = _CLOCK.fullmatch(text)
    if not match:
        raise ValueError(
            f"“{shown(text)}” is not a date with a time. Write it as 2026-12-08T07:30, in the clinic's own time."
        )
    day = calendar_date(match[1])
    try:
        clock = datetime.fromisoformat(f"{match[1]}T{match[2]}").time()
    except ValueError:
        raise ValueError(f"“{match[2]}” is not a time of day. Use 00:00 to 23:59.") from None
    return datetime.combine(day, clock)


def plain_text(value: Any, limit: int = 4000) -> Any:
    """Return the text, normalised and trimmed; refuse control characters and marks that reorder digits."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"“{shown(str(value))}” is not text. Put it in quotation marks.")
    # Counted first: normalising 100,000 stacked accents takes many seconds. Accents may shrink the text to a fourth.
    if len(value) > 4 * limit:
        raise ValueError(_too_long(value, limit))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in text:
        if character in _REORDERING:
            raise ValueError("The text has an invisible mark that changes the reading order. Remove it.")
        if unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co") and character not in "\n\t":
            raise ValueError(f"The text has a character that cannot be printed (U+{ord(character):04X}). Remove it.")
    if len(text) > limit:
        raise ValueError(_too_long(text, limit))
    return text or None


def one_line(value: Any) -> Any:
    """Return a short text on one line: a line break in a name could pass for a line of the plan."""
    text = plain_text(value, 200)
    return " ".join(text.split()) if text else None


def yes_or_no(value: Any) -> Any:
    """Return True, False or None; only true and false count, never words such as ``on`` or numbers."""
    if is_empty(value) or value == "unknown":
        return None
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    raise ValueError(f"“{shown(str(value))}” is not true or false. Leave it empty when it is not known.")


def is_empty(value: Any) -> bool:
    """Whether nothing was answered: no value, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(text: str, limit: int = 40) -> str:
    """Return the text on one line, cut to a length that fits in a message; what cannot be printed becomes “�”.

    A no-break space follows each period, so that a message can be split where its first sentence ends.
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join("\ufffd" if _is_unprintable(character) else character for character in cut).replace(". ", ".\u00a0")


def _is_unprintable(character: str) -> bool:
    return character in _REORDERING or unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")


def _too_long(text: str, limit: int) -> str:
    return f"The text has {len(text):,} characters. Use at most {limit:,}."


Number = Annotated[Decimal | None, BeforeValidator(number)]
Whole = Annotated[Decimal | None, BeforeValidator(whole_number)]
Day = Annotated[date | None, BeforeValidator(calendar_date)]
Moment = Annotated[datetime | None, BeforeValidator(clock_time)]
YesNo = Annotated[bool | None, BeforeValidator(yes_or_no)]
# The limit stands inside, on the text: on the whole it would also measure None, and fail.
ShortText = Annotated[Annotated[str, StringConstraints(max_length=200)] | None, BeforeValidator(one_line)]
LongText = Annotated[Annotated[str, StringConstraints(max_length=4000)] | None, BeforeValidator(plain_text)]
