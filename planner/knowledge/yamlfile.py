"""Strict YAML: no repeated keys, no implicit booleans from ``no`` or ``on``, no implicit dates, no aliases, no tags.

Values are built straight from the parser's events. PyYAML's own constructor allows what is refused here and takes
three times as long over the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    """Return the first document; ``open_`` holds the collections begun, ``keys`` the key each mapping waits for."""
    result: Any = None
    open_: list[Any] = []
    keys: list[str | None] = []
    documents = 0
    # Some 70,000 events: the kinds are told apart by identity, the most frequent first.
    for event in _events(text):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value: Any = event.value if _is_text(event) else _plain(event.value)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _refuse_tag(event)
            value = {} if kind is yaml.MappingStartEvent else []
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            open_.pop()
            keys.pop()
            continue
        elif kind is yaml.AliasEvent:
            raise _refused(event, "The file uses a YAML alias (*).", "Write the value out.")
        else:
            documents += kind is yaml.DocumentStartEvent
            if documents > 1:
                raise _refused(event, "The file has a second document.", "Give one case in one file.")
            continue
        if not open_:
            result = value
        elif isinstance(open_[-1], list):
            open_[-1].append(value)
        elif keys[-1] is None:
            keys[-1] = _key(event, open_[-1])
            continue
        else:
            open_[-1][keys[-1]] = value
            keys[-1] = None
        if kind is not yaml.ScalarEvent:
            open_.append(value)
            keys.append(None)
            if len(open_) > _DEPTH_AT_MOST:
                raise _refused(event, "The file is nested too deeply.", "See the sample in the documentation.")
    return result


def _events(text: str) -> Iterator[Any]:
    loader = _Loader(text)
    try:
        while type(event := loader.get_event()) is not yaml.StreamEndEvent:
            yield event
    finally:
        loader.dispose()


def _is_text(event: yaml.ScalarEvent) -> bool:
    """Quoted scalars are text; plain ones may be numbers, true, false or null. A stated tag is refused."""
    _refuse_tag(event)
    return not event.implicit[0]


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _key(event: Any, mapping: dict[str, Any]) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _refused(event, "A key is not plain text.", "Write the name of a field.")
    if event.value in mapping:
        raise _refused(event, f"The key “{event.value}” stands there twice.", "Keep one of them.")
    return str(event.value)


def _refuse_tag(event: Any) -> None:
    if event.tag not in (None, "!"):
        raise _refused(event, f"The file uses a YAML tag ({event.tag}).", "Write plain text or a number.")


def _refused(event: Any, wrong: str, right: str) -> Refused:
    return Refused([Problem(f"line {event.start_mark.line + 1}", wrong, right)])
