"""The way home: the first open day of the clinic, the days a supply must cover, and dates that cannot be."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.case import Case
from planner.facts.home import holiday_on, home_facts, home_moments
from planner.plan import Plan
from planner.planning import plan_for
from planner.problems import Refused

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def leaving(day: str, **more: Any) -> Case:
    return Case.model_validate({"going_home": {"discharge_on": day, "clinic_open": WEEKDAYS, **more}})


@pytest.mark.parametrize(
    ("leaves", "days", "first_open"),
    [
        ("2026-11-24", 0, "2026-11-25"),  # a Tuesday: open tomorrow
        ("2026-11-25", 1, "2026-11-27"),  # before Thanksgiving
        ("2026-12-04", 2, "2026-12-07"),  # a Friday
        ("2026-12-24", 3, "2026-12-28"),  # Christmas on a Friday, then the weekend
        ("2027-07-02", 3, "2027-07-06"),  # July 4 on a Sunday is kept on Monday
    ],
)
def test_days_until_the_clinic_is_open(leaves: str, days: int, first_open: str) -> None:
    case = leaving(leaves)
    assert home_facts(case).days_to_cover == days
    assert home_moments(case)["home.first_open"] == date.fromisoformat(first_open)


def test_a_holiday_is_named_with_its_day() -> None:
    assert home_facts(leaving("2026-11-25")).closed_days == "Thu\u00a026\u00a0Nov\u00a02026 (Thanksgiving Day)"


@pytest.mark.parametrize(("supply", "enough"), [(0, False), (2, False), (3, True)])
def test_a_supply_is_enough_when_it_reaches_to_the_first_open_day(supply: int, enough: bool) -> None:
    # Home on a Friday: Saturday, Sunday, and Monday until the office has answered.
    assert home_facts(leaving("2026-12-04", supply_days=supply)).supply_enough is enough


def test_a_supply_that_is_not_known_is_not_enough() -> None:
    assert home_facts(leaving("2026-12-01")).supply_enough is False


def test_days_beyond_the_three_day_rule_are_not_passed_over() -> None:
    line = methadone(discharge_on="2026-12-07", clinic_open=["mon"]).line("home-otp-closed")
    assert line is not None
    assert "6\u00a0days" in line.say
    assert "days beyond that stay uncovered" in line.say


def test_without_the_clinic_s_days_nothing_is_guessed() -> None:
    case = Case.model_validate({"going_home": {"discharge_on": "2026-12-04"}})
    facts = home_facts(case)
    assert facts.days_to_cover is None
    assert facts.weekend_or_holiday_tomorrow is True
    assert "home.first_open" not in home_moments(case)


def test_an_ordinary_day_is_no_holiday() -> None:
    assert holiday_on(date(2026, 11, 27)) == ""


def methadone(**going_home: Any) -> Plan:
    return plan_for(
        {
            "moud": [
                {
                    "product": "methadone",
                    "dose_mg": 90,
                    "indication": "oud",
                    "prescriber": {"kind": "otp"},
                    "last_dose_at": "2026-11-23T07:00",
                }
            ],
            "surgery": {"procedure": "laparoscopic_cholecystectomy", "at": "2026-11-24T07:30", "setting": "inpatient"},
            "going_home": going_home,
        },
        NOW,
    )[1]


def test_the_first_dose_at_the_otp_stands_on_its_day() -> None:
    plan = methadone(discharge_on="2026-11-25", clinic_open=WEEKDAYS)
    [step] = [step for step in plan.timeline if step.line_id == "home-otp-closed"]
    assert step.on == date(2026, 11, 27)
    line = plan.line("home-otp-closed")
    assert line is not None
    assert "Thanksgiving" in line.say
    assert "Never a prescription" in line.say


@pytest.mark.parametrize(
    ("going_home", "said"),
    [
        ({"discharge_on": "2026-11-23"}, "before the operation"),
        ({"discharge_on": "2027-11-25"}, "more than 90 days after"),
        ({"discharge_on": "2026-11-25", "supply_days": 61}, "60"),
        ({"discharge_on": "2026-11-25", "clinic_open": ["funday"]}, "not one of the answers"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(going_home: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        methadone(**going_home)


@pytest.mark.parametrize(
    ("stop", "said"), [("2026-11-23", "before the operation"), ("2026-11-25", "before the day of going home")]
)
def test_a_stop_date_that_cannot_be_is_refused(stop: str, said: str) -> None:
    answers = {
        "moud": [],
        "surgery": {"procedure": "laparoscopic_cholecystectomy", "at": "2026-11-24T07:30", "setting": "inpatient"},
        "going_home": {"discharge_on": "2026-11-26"},
        "opioids": {"home_supply": True, "home_stop_on": stop},
    }
    with pytest.raises(Refused, match=said):
        plan_for(answers, NOW)
