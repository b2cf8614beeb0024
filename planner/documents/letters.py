"""Which letters the bundled fonts have. A name that would come out as boxes is refused before it is printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"

# Set by the layout, never drawn: line ends, tabs, no-break space, soft hyphen, joiners.
_UNSEEN = frozenset("\n\r\t \u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff")


@cache
def drawable() -> frozenset[str]:
    """Return every character that one of the bundled regular fonts can draw."""
    from fontTools.ttLib import TTFont

    found: set[str] = set(_UNSEEN)
    for path in (FONTS / "PublicSans-Regular.ttf", FONTS / "more" / "NotoSans-Regular.ttf"):
        with TTFont(path, lazy=True) as font:
            found.update(map(chr, font.getBestCmap()))
    return frozenset(found)


def without_letters(text: str) -> list[str]:
    """Return the characters of a text that no bundled font can draw, each once, in order."""
    return [char for char in dict.fromkeys(text) if char not in drawable()]


def check(case: Mapping[str, Any], plan: Mapping[str, Any]) -> str | None:
    """Return one sentence about the first text that cannot be printed, or None when all of it can."""
    for place, text in (*_texts(case, ""), *_texts(plan, "plan")):
        missing = without_letters(text)
        if missing:
            shown = ", ".join(f"“{char}” ({unicodedata.name(char, f'U+{ord(char):04X}')})" for char in missing[:3])
            return (
                f"{place.lstrip('.')}: the paper has no letters for {shown}. "
                "Write it in Latin, Greek or Cyrillic letters, as on the wristband."
            )
    return None


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}.{index}")
