"""The local anesthetic limit of one person: mg, mL, what is used already, and lipid emulsion."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner import doses
from planner.case import read_case
from planner.facts import Facts, derive
from planner.knowledge import load
from planner.plan import Budget
from planner.problems import Refused
from tests.small_base import plan_of, write

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/New_York"))
KNEE = {"procedure": "knee", "at": "2026-12-08T07:30"}
HEALTHY = {"conditions": [], "medicines": [], "child_pugh": "none"}
MAN = {"birth_date": "1980-01-01", "sex": "male", "weight_kg": 80, "height_cm": 180}


def answers(given: list[dict[str, Any]] | None = None, **patient: Any) -> dict[str, Any]:
    return {"patient": {**MAN, **patient}, "surgery": {**KNEE, "local_anesthetics": given}, "health": HEALTHY}


def facts_of(folder: Path, case: dict[str, Any]) -> Facts:
    catalog = load(write(folder)).catalog
    return derive(read_case(case, catalog, NOW), catalog, NOW)


def budget_of(folder: Path, case: dict[str, Any]) -> Budget:
    budget = plan_of(write(folder), case).budget
    assert budget is not None
    return budget


@pytest.mark.parametrize(
    ("weight", "reduced", "mg"),
    [("50", False, "100"), ("87.5", False, "175"), ("90", False, "175"), ("50", True, "70"), ("90", True, "122")],
)
def test_the_smaller_limit_holds_and_is_rounded_down(weight: str, reduced: bool, mg: str) -> None:
    found = doses.local_anesthetic_limit_mg(Decimal(weight), Decimal(2), Decimal(175), reduced)
    assert found == Decimal(mg)


def test_without_a_weight_there_is_no_limit() -> None:
    assert doses.local_anesthetic_limit_mg(None, Decimal(2), Decimal(175), False) is None


@pytest.mark.parametrize(("mg", "percent", "ml"), [("175", "0.25", "70"), ("175", "0.5", "35"), ("160", "0.75", "21")])
def test_a_volume_is_rounded_down(mg: str, percent: str, ml: str) -> None:
    assert doses.milliliters(Decimal(mg), Decimal(percent)) == Decimal(ml)


def test_mg_and_milliliters_of_one_person(tmp_path: Path) -> None:
    limit = budget_of(tmp_path, answers()).limits[0]
    assert (limit.plain_mg, limit.epinephrine_mg) == (160, 225)
    assert [(v.percent, v.plain_ml, v.epinephrine_ml) for v in limit.volumes] == [
        (Decimal("0.25"), 64, 90),
        (Decimal("0.5"), 32, 45),
    ]


def test_over_a_bmi_of_30_the_ideal_weight_counts(tmp_path: Path) -> None:
    """1.80 m: a BMI of 30 is 97.2 kg; the ideal weight is 75 kg."""
    assert facts_of(tmp_path, answers(weight_kg=97.2)).values["la.weight_kg"] == pytest.approx(97.2)
    assert facts_of(tmp_path, answers(weight_kg=97.6)).values["la.weight_kg"] == pytest.approx(75.0)


@pytest.mark.parametrize(
    ("case", "reduced"),
    [
        (answers(), False),
        (answers(birth_date="1961-12-08"), True),  # 65 on the day
        (answers(birth_date="1961-12-09"), False),
        ({**answers(), "health": {**HEALTHY, "conditions": ["heart_failure"]}}, True),
        ({**answers(), "health": {**HEALTHY, "child_pugh": "B"}}, True),
        ({**answers(), "health": {}}, None),
    ],
)
def test_age_and_illness_take_a_part_off(tmp_path: Path, case: dict[str, Any], reduced: bool | None) -> None:
    assert facts_of(tmp_path, case).values.get("la.reduced") is reduced


def test_what_is_not_known_counts_as_a_reason_for_less(tmp_path: Path) -> None:
    budget = budget_of(tmp_path, {**answers(), "health": {}})
    assert budget.limits[0].plain_mg == 112
    assert "not all of it is known" in budget.reduced


def test_what_was_given_leaves_less_for_everything_else(tmp_path: Path) -> None:
    """20 mL of 0.5 % are 100 mg, 62.5 % of 160 mg; 37.5 % are left of each limit."""
    given = [{"drug": "bupivacaine", "percent": 0.5, "volume_ml": 20, "route": "wound", "at": "2026-12-08T06:00"}]
    budget = budget_of(tmp_path, answers(given))
    assert budget.left == Decimal("37.5")
    assert (budget.limits[0].plain_mg, budget.limits[0].epinephrine_mg) == (60, 84)


def test_what_lies_a_day_back_no_longer_counts(tmp_path: Path) -> None:
    given = {"drug": "bupivacaine", "mg": 100, "route": "block"}
    assert facts_of(tmp_path, answers([{**given, "at": "2026-12-07T07:30"}])).values["la.share_used"] == 62.5
    assert facts_of(tmp_path, answers([{**given, "at": "2026-12-07T07:20"}])).values["la.share_used"] == 0.0


def test_an_amount_that_is_not_known_leaves_the_rest_unknown(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, answers([{"drug": "bupivacaine", "percent": 0.5}]))
    assert "la.share_used" not in facts.values
    assert budget_of(tmp_path, answers([{"drug": "bupivacaine", "percent": 0.5}])).left is None


@pytest.mark.parametrize(("mg", "over"), [(160, False), (161, True)])
def test_over_the_limit_is_said(tmp_path: Path, mg: int, over: bool) -> None:
    assert facts_of(tmp_path, answers([{"drug": "bupivacaine", "mg": mg}])).values["la.over_budget"] is over


@pytest.mark.parametrize(
    ("at", "recent"),
    [
        ("2026-12-04T07:30", True),  # 96 hours before
        ("2026-12-04T07:20", False),
        ("2026-12-08T08:00", False),  # planned for the operation itself
        (None, None),
    ],
)
def test_liposomal_bupivacaine_within_96_hours(tmp_path: Path, at: str | None, recent: bool | None) -> None:
    given = [{"drug": "liposomal_bupivacaine", "mg": 133, "at": at}]
    assert facts_of(tmp_path, answers(given)).values.get("la.liposomal_within_96_h") is recent


def test_lipid_emulsion_turns_at_70_kg() -> None:
    light = doses.lipid_doses(Decimal("69.9"), Decimal("69.9"))
    heavy = doses.lipid_doses(Decimal(70), Decimal(70))
    assert (light.bolus_ml, light.rate_ml_min, light.most_ml) == (105, 17, 838)
    assert (heavy.bolus_ml, heavy.rate_ml_min, heavy.most_ml) == (100, None, 840)


def test_a_standing_plan_has_no_budget(tmp_path: Path) -> None:
    assert plan_of(write(tmp_path), {"kind": "standing"}).budget is None


def test_amounts_that_differ_are_refused(tmp_path: Path) -> None:
    given = [{"drug": "bupivacaine", "mg": 50, "percent": 0.5, "volume_ml": 40}]
    with pytest.raises(Refused) as refused:
        facts_of(tmp_path, answers(given))
    assert "200 mg" in refused.value.problems[0].wrong


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"drug": "liposomal_bupivacaine", "mg": 266, "at": "2026-12-05T08:00"}, "within 96 hours"),
        ({"drug": "liposomal_bupivacaine", "mg": 133, "at": "2026-12-08T07:30"}, "beside liposomal"),
        ({"mg": 100, "at": "2026-12-05T08:00"}, "cannot be ruled out"),
    ],
)
def test_beside_liposomal_bupivacaine_nothing_is_offered(tmp_path: Path, given: dict[str, Any], reason: str) -> None:
    budget = budget_of(tmp_path, answers([given]))
    assert (budget.limits, budget.left) == ((), 0)
    assert reason in budget.missing


def test_without_an_ideal_weight_the_ceiling_of_lipid_is_left_open(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, answers(height_cm=None, weight_kg=130))
    assert facts.values["la.lipid_bolus_ml"] == 100
    assert "la.lipid_most_ml" not in facts.values


def test_only_lidocaine_is_given_by_vein(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, answers([{"drug": "bupivacaine", "mg": 60, "route": "vein"}]))
    assert facts.values["la.vein_other"] is True
    assert facts.values["la.vein_lidocaine"] is False
