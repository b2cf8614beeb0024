"""Case files: YAML or JSON on disk to answers, strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planner.case import DEFAULT_TIME_ZONE
from planner.inputs import clock_time
from planner.knowledge.yamlfile import parse
from planner.problems import Problem, Refused

BYTES_AT_MOST = 1024 * 1024
DEPTH_AT_MOST = 32


def read_answers(path: Path) -> Mapping[str, Any]:
    """Return the answers in a case file; ``.json`` files are JSON, all others YAML.

    Raises:
        Refused: the file cannot be read, repeats a key, or is not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused([Problem(path.name, "The file is not UTF-8 text.", "Save it as UTF-8.")]) from None
    answers = _json(text) if path.suffix.lower() == ".json" else parse(text)
    if not isinstance(answers, dict):
        raise Refused([Problem(path.name, "The file is not a case.", "Start with fields such as kind: and patient:.")])
    return answers


def moment_for(answers: Mapping[str, Any], stated: str | None) -> datetime:
    """Return the moment a plan is made: the stated clock time of the clinic, or now.

    Raises:
        Refused: the stated time is not a clock time.
    """
    if stated is None:
        return datetime.now(UTC)
    try:
        clock: datetime = clock_time(stated)
    except ValueError as error:
        raise Refused([Problem("--now", str(error), "Write it as 2026-11-23T09:00.")]) from None
    surgery = answers.get("surgery")
    zone = surgery.get("time_zone") if isinstance(surgery, dict) else None
    try:
        return clock.replace(tzinfo=ZoneInfo(zone or DEFAULT_TIME_ZONE))
    except (KeyError, ValueError, TypeError, OSError):
        # A wrong zone is refused with the case itself; here only a moment is needed.
        return clock.replace(tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))


def _json(text: str) -> Any:
    if len(text) > BYTES_AT_MOST:
        raise Refused([Problem("file", "The file is over 1 MiB.", "Give one case in one file.")])

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise Refused([Problem(key, f"The key “{key}” stands there twice.", "Keep one of them.")])
            found[key] = value
        return found

    def constant(name: str) -> Any:
        raise Refused(
            [Problem("file", f"{name} is not a number that a case can hold.", "Leave the value empty when not known.")]
        )

    try:
        # Long digits stay text, so that the field itself can refuse them with its own limits.
        answers = json.loads(text, object_pairs_hook=once, parse_constant=constant, parse_int=str, parse_float=str)
        if _depth(answers) > DEPTH_AT_MOST:
            raise RecursionError
    except RecursionError:
        raise Refused(
            [Problem("file", "The file is nested too deeply.", "See the sample in the documentation.")]
        ) from None
    except json.JSONDecodeError as error:
        raise Refused(
            [Problem(f"line {error.lineno}", f"This is not JSON: {error.msg}.", "Check commas and quotation marks.")]
        ) from None
    return answers


def _depth(value: Any) -> int:
    """Return how many lists and mappings stand inside each other; counted without recursion."""
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth
