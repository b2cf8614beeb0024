"""The walk in one place: answers to Case to Facts to Plan. The clock is read by whoever calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from planner.case import Case, read_case
from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge import load
from planner.plan import Plan


def plan_for(answers: Mapping[str, Any], now: datetime) -> tuple[Case, Plan]:
    """Return the Case and the Plan for a set of answers at a moment with a zone.

    Raises:
        Refused: when an answer cannot be taken.
    """
    knowledge = load()
    case = read_case(answers, knowledge.catalog, now)
    return case, make_plan(derive(case, knowledge.catalog, now), knowledge)
