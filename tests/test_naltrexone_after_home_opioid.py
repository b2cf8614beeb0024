"""Invariant 7: naltrexone is never restarted while tablets at home go on, nor before the wait after their stop date."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.plan import Plan, as_data
from planner.planning import plan_for

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))
NALTREXONE: dict[str, dict[str, Any]] = {
    "naltrexone_xr": {"dose_mg": 380, "indication": "oud", "last_injection_on": "2026-11-08"},
    "naltrexone_oral": {"dose_mg": 50, "indication": "oud", "last_dose_at": "2026-11-22T08:00"},
}
GIVEN = {"last_dose_at": "2026-12-09T08:00", "last_dose_kind": "short_acting"}
each_product = pytest.mark.parametrize("product", NALTREXONE)


def plan(product: str, **opioids: Any) -> Plan:
    answers = {
        "recovery": {"status": "sustained_remission"},
        "moud": [{"product": product, **NALTREXONE[product]}],
        "surgery": {"procedure": "total_hip_arthroplasty", "at": "2026-12-08T07:30", "setting": "inpatient"},
        "opioids": {"home_supply": True, **opioids},
    }
    return plan_for(answers, NOW)[1]


def words(found: Plan) -> str:
    return json.dumps(as_data(found), ensure_ascii=False).replace("\u00a0", " ")


def restarts(found: Plan) -> str:
    return " ".join(line.say for line in found.lines() if "-restart-" in line.id).replace("\u00a0", " ")


@each_product
@pytest.mark.parametrize("given", [{}, GIVEN], ids=["none given yet", "one given"])
def test_a_stop_date_at_home_moves_the_restart(product: str, given: dict[str, str]) -> None:
    found = plan(product, home_stop_on="2026-12-15", **given)
    assert "before Wed 23 Dec 2026" in restarts(found)
    assert "Wed 16 Dec 2026" not in words(found)
    assert "Sat 19 Dec 2026" not in words(found)


@each_product
def test_an_earlier_stop_date_never_shortens_the_wait(product: str) -> None:
    assert "before Sat 19 Dec 2026" in restarts(plan(product, home_stop_on="2026-12-09"))


@each_product
def test_a_last_dose_after_the_stop_date_is_what_counts(product: str) -> None:
    found = plan(product, home_stop_on="2026-12-12", last_dose_at="2026-12-13T08:00", last_dose_kind="short_acting")
    assert "Sun 20 Dec 2026, 08:00" in restarts(found)


@each_product
def test_an_unknown_kind_is_still_counted_as_long_acting(product: str) -> None:
    found = plan(product, home_stop_on="2026-12-10", last_dose_at="2026-12-09T08:00")
    assert "before Wed 23 Dec 2026" in restarts(found)
