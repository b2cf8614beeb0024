"""Each vignette is a short case report: the lines it must get, the lines it must never get, the dates and decisions.

The files in ``vignettes/`` can be read without Python. ``expect`` and ``never`` name line ids, ``decisions`` the decision
for each medicine in order, ``timeline`` days on which a step must stand, ``asks`` questions that must be open,
``says`` pieces of text that the named line must print.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.case import DEFAULT_TIME_ZONE
from planner.knowledge import load
from planner.knowledge.yamlfile import parse_own
from planner.plan import Plan
from planner.planning import plan_for

FOLDER = Path(__file__).parent / "vignettes"
VIGNETTES = [(path.stem, item) for path in sorted(FOLDER.rglob("*.yaml")) for item in parse_own(path)]


def plan_of(vignette: dict[str, Any]) -> Plan:
    zone = vignette["case"].get("surgery", {}).get("time_zone", DEFAULT_TIME_ZONE)
    now = datetime.fromisoformat(vignette.get("now", "2026-11-23T09:00")).replace(tzinfo=ZoneInfo(zone))
    return plan_for(vignette["case"], now)[1]


@pytest.mark.parametrize(
    "vignette", [item for _, item in VIGNETTES], ids=[f"{file}: {item['name']}" for file, item in VIGNETTES]
)
def test_vignette(vignette: dict[str, Any]) -> None:
    plan = plan_of(vignette)
    printed = {line.id for top in plan.lines() for line in (top, *top.also)}
    assert set(vignette.get("expect", [])) - printed == set(), "lines that are missing"
    assert set(vignette.get("never", [])) & printed == set(), "lines that must not be there"
    if "decisions" in vignette:
        assert [medicine.decision for medicine in plan.summary.medicines] == vignette["decisions"]
    if "complete" in vignette:
        assert plan.complete is vignette["complete"]
    days = {str(step.on or (step.at and step.at.date())) for step in plan.timeline}
    assert set(vignette.get("timeline", [])) - days == set(), "days without a step"
    questions = {ask.question for ask in plan.unknown}
    assert set(vignette.get("asks", [])) - questions == set(), "questions that are not asked"
    for line_id, pieces in vignette.get("says", {}).items():
        line = plan.line(line_id)
        assert line is not None, line_id
        text = f"{line.say} {line.because}".replace("\u00a0", " ")
        for piece in [pieces] if isinstance(pieces, str) else pieces:
            assert piece in text, line_id


@pytest.mark.parametrize("vignette", [item for _, item in VIGNETTES], ids=[item["name"] for _, item in VIGNETTES])
def test_a_vignette_names_lines_that_exist(vignette: dict[str, Any]) -> None:
    """A misspelled id under ``never`` would pass for ever. Lines of the operation table are made by name."""
    named = {*vignette.get("expect", []), *vignette.get("never", []), *vignette.get("says", {})}
    assert {name for name in named if not name.startswith("regional-")} - load().by_id.keys() == set()


def test_no_vignette_is_there_twice() -> None:
    names = [item["name"] for _, item in VIGNETTES]
    assert len(names) == len(set(names))
