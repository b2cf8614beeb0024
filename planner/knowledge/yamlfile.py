"""Strict YAML: no repeated keys, no implicit booleans from ``no`` or ``on``, no implicit dates, no aliases, no tags.

Values are built straight from the parser's events. PyYAML's own constructor allows what is refused here and takes
three times as long over the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from planner.problems import Problem, Refused

_CHARACTERS_AT_MOST = 1024 * 1024
_DEPTH_AT_MOST = 32

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_NUMBER_STARTS = frozenset("-0123456789")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str) -> Any:
    """Return the value of a YAML document: mappings, lists, text, numbers, true, false and null.

    Text such as ``no``, ``2026-12-08`` or ``0555`` stays text.

    Raises:
        Refused: with the line, what is wrong and what would be right.
    """
    if len(text) > _CHARACTERS_AT_MOST:
        raise Refused([Problem("file", "The file is over 1 MiB.", "Give one case in one file.")])
    try:
        return _built(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        what = getattr(error, "problem", None) or "it cannot be read"
        raise Refused(
            [Problem(where, f"This is not YAML: {what}.", "Check indentation, colons and quotation marks.")]
        ) from None


def parse_own(path: Path) -> Any:
    """Return the value of one of the project's own files; errors name the file."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except Refused as refusal:
        raise Refused(
            [Problem(f"{path.name}, {found.path}", found.wrong, found.right) for found in refusal.problems]
        ) from None


def _built(text: str) -> Any:
    """Return the value of the only document."""
    loader = _Loader(text)
    next_event = loader.get_event
    result: Any = None
    documents = 0
    try:
        while type(event := next_event()) is not yaml.StreamEndEvent:
            kind = type(event)
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise _refused(event, "The file has a second document.", "Give one case in one file.")
            elif kind is not yaml.StreamStartEvent and kind is not yaml.DocumentEndEvent:
                result = _value(event, next_event, 1)
    finally:
        loader.dispose()
    return result


def _value(event: Any, next_event: Callable[[], Any], depth: int) -> Any:
    """Return the value that begins with an event; ``depth`` counts the collections it stands in, itself included."""
    kind = type(event)
    if kind is yaml.AliasEvent:
        raise _refused(event, "The file uses a YAML alias (*).", "Write the value out.")
    if event.tag is not None and event.tag != "!":
        raise _tagged(event)
    if kind is yaml.ScalarEvent:
        # Quoted scalars are text; plain ones may be numbers, true, false or null.
        return _plain(event.value) if event.implicit[0] else event.value
    if depth > _DEPTH_AT_MOST:
        raise _refused(event, "The file is nested too deeply.", "See the sample in the documentation.")
    if kind is yaml.SequenceStartEvent:
        items = []
        while type(event := next_event()) is not yaml.SequenceEndEvent:
            items.append(_value(event, next_event, depth + 1))
        return items
    found: dict[str, Any] = {}
    while type(event := next_event()) is not yaml.MappingEndEvent:
        key = _key(event, found)
        found[key] = _value(next_event(), next_event, depth + 1)
    return found


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _key(event: Any, mapping: dict[str, Any]) -> str:
    if type(event) is not yaml.ScalarEvent:
        raise _refused(event, "A key is not plain text.", "Write the name of a field.")
    if event.tag is not None and event.tag != "!":
        raise _tagged(event)
    key: str = event.value
    if key in mapping:
        raise _refused(event, f"The key “{key}” stands there twice.", "Keep one of them.")
    return key


def _tagged(event: Any) -> Refused:
    return _refused(event, f"The file uses a YAML tag ({event.tag}).", "Write plain text or a number.")


def _refused(event: Any, wrong: str, right: str) -> Refused:
    return Refused([Problem(f"line {event.start_mark.line + 1}", wrong, right)])
