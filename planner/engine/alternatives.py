"""Medicines that stand in for each other: one leads, the others stand beside it and are never given with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.catalog import Drug
from planner.plan import Line

_OPTIONS = ("recommend", "consider", "do", "ask")


def one_of_each_group(lines: Sequence[Line], drugs: Mapping[str, Drug], *, promotes: bool = True) -> tuple[Line, ...]:
    """Return the lines with one leader for each group of medicines and the others marked as standing in for it.

    The leader is the first by its place that is left and can lead; a medicine whose stop cannot be judged leads only
    when no other is left. The lines of the others follow those of the leader. A leader that is only to be considered
    becomes recommended if the plan ``promotes``; a standing plan does not, because nobody knows the injury yet.
    """
    groups: dict[str, list[Line]] = {}
    for line in lines:
        group = _group(line, drugs) if line.verdict in _OPTIONS else ""
        if group:
            groups.setdefault(group, []).append(line)
    in_order = {group: _led_first(options, drugs, promotes) for group, options in groups.items()}
    found: list[Line] = []
    for line in lines:
        group = _group(line, drugs) if line.verdict in _OPTIONS else ""
        # A whole group stands where its first line stood.
        found += in_order.pop(group, []) if group else [line]
    return tuple(found)


def _led_first(options: list[Line], drugs: Mapping[str, Drug], promotes: bool) -> list[Line]:
    """Return the lines of one group: those of the leader, then the others as what may stand in for it."""
    leader = min(options, key=lambda line: _readiness(line, drugs)).subject
    led = [_leading(line, drugs[leader]) if promotes else line for line in options if line.subject == leader]
    others = sorted((line for line in options if line.subject != leader), key=lambda line: drugs[line.subject].place)
    return led + [_standing_in(line, drugs[leader].label) for line in others]


def _group(line: Line, drugs: Mapping[str, Drug]) -> str:
    drug = drugs.get(line.subject)
    return drug.group if drug else ""


def _readiness(line: Line, drugs: Mapping[str, Drug]) -> tuple[bool, bool, int]:
    drug = drugs[line.subject]
    return (line.verdict == "ask", not drug.can_lead, drug.place)


def _leading(line: Line, drug: Drug) -> Line:
    return replace(line, verdict="recommend") if drug.can_lead and line.verdict == "consider" else line


def _standing_in(line: Line, leader: str) -> Line:
    verdict = "consider" if line.verdict in ("recommend", "do") else line.verdict
    # The person is told about the medicine that leads only, never to take both.
    return replace(line, verdict=verdict, instead_of=leader, say_patient=None)
