"""Strict YAML: no repeated keys, no implicit booleans from ``no`` or ``on``, no implicit dates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from planner.problems import Problem, Refused

_BYTES_AT_MOST = 1024 * 1024
_DEPTH_AT_MOST = 32


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with the YAML 1.2 core types only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}$"), list("-0123456789")
)


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            line = key.start_mark.line + 1
            raise Refused([Problem(f"line {line}", f"The key “{key.value}” stands there twice.", "Keep one of them.")])
        seen.add(key.value)
    found: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return found


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse(text: str) -> Any:
    """Return the value of a YAML document.

    Text such as ``no``, ``2026-12-08`` or ``0555`` stays text. Aliases are refused: they can grow without limit.

    Raises:
        Refused: with the line, what is wrong and what would be right.
    """
    if len(text) > _BYTES_AT_MOST:
        raise Refused([Problem("file", "The file is over 1 MiB.", "Give one case in one file.")])
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_StrictLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                raise Refused([Problem(f"line {line}", "The file uses a YAML alias (*).", "Write the value out.")])
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEPTH_AT_MOST:
                raise Refused([Problem("file", "The file is nested too deeply.", "See the sample in the documentation.")])
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        what = getattr(error, "problem", None) or "it cannot be read"
        raise Refused([Problem(where, f"This is not YAML: {what}.", "Check indentation, colons and quotation marks.")]) from None


def parse_own(path: Path) -> Any:
    """Return one of the knowledge base's own files; errors name it."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise Refused([Problem(path.name, f"This is not YAML: {error}.", "Check the lines it names.")]) from None
    except Refused as refusal:
        raise Refused([Problem(f"{path.name}, {found.path}", found.wrong, found.right) for found in refusal.problems]) from None
