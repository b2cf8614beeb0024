"""Medicines against clotting: which dose it is, when a needle may follow, and what is asked when that cannot be told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.case import Anticoagulant, read_case
from planner.facts import Facts, derive
from planner.facts.clotting.doses import agent_named, dose_class, read_dose
from planner.knowledge import load
from planner.problems import Refused
from tests.small_base import write

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/New_York"))
AGENTS = load().catalog.antithrombotics


def facts_of(folder: Path, agents: list[dict[str, Any]] | None, **more: Any) -> Facts:
    """Return the facts of a knee replacement on 8 December at 07:30 with these medicines against clotting."""
    catalog = load(write(folder)).catalog
    health = {"anticoagulants": agents, "medicines": [], **more.pop("health", {})}
    patient = {"birth_date": "1960-01-01", "sex": "male", "weight_kg": 80, "height_cm": 180, **more.pop("patient", {})}
    surgery = {"procedure": "knee", "at": "2026-12-08T07:30", **more.pop("surgery", {})}
    return derive(read_case({"patient": patient, "surgery": surgery, "health": health}, catalog, NOW), catalog, NOW)


@pytest.mark.parametrize(
    ("written", "each", "per_kg", "times"),
    [
        ("5 mg twice daily", "5", None, 2),
        ("2.5mg BID", "2.5", None, 2),
        ("20 mg every evening", "20", None, None),
        ("20 mg in the evening", "20", None, 1),
        ("40 mg daily", "40", None, 1),
        ("5,000 units every 8 hours", "5000", None, 3),
        ("1 mg/kg every 12 hours", None, "1", 2),
        ("1.5 mg per kg once a day", None, "1.5", 1),
        ("as before", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_dose_is_read_as_people_write_it(
    written: str | None, each: str | None, per_kg: str | None, times: int | None
) -> None:
    dose = read_dose(written)
    assert (dose.each, dose.per_kg, dose.times) == (
        Decimal(each) if each else None,
        Decimal(per_kg) if per_kg else None,
        times,
    )


@pytest.mark.parametrize(
    ("drug", "dose", "expected"),
    [
        ("apixaban", "2.5 mg twice daily", "low"),
        ("apixaban", "5 mg twice daily", "high"),
        ("apixaban", "2.5 mg", None),
        ("rivaroxaban", "10 mg daily", "low"),
        ("rivaroxaban", "10 mg twice daily", "high"),
        ("rivaroxaban", "15 mg daily", "high"),
        ("enoxaparin", "40 mg daily", "low"),
        ("enoxaparin", "30 mg every 12 hours", "low"),
        ("enoxaparin", "40 mg twice daily", "high"),
        ("enoxaparin", "1 mg/kg every 12 hours", "high"),
        ("heparin_subcutaneous", "5000 units three times daily", "low"),
        ("heparin_subcutaneous", "7,500 units twice daily", "mid"),
        ("heparin_subcutaneous", "15,000 units twice daily", "high"),
        ("clopidogrel", "75 mg daily", "any"),
        ("edoxaban", "60 mg daily", "high"),
        ("dabigatran", "220 mg once daily", "low"),
        ("dabigatran", "110 mg twice daily", "high"),
        ("dabigatran", "75 mg twice daily", "high"),
    ],
)
def test_a_dose_belongs_to_a_class(drug: str, dose: str, expected: str | None) -> None:
    found = dose_class(Anticoagulant(drug=drug, dose=dose), AGENTS[drug])
    only_one = len({row.dose for row in AGENTS[drug].rows}) == 1
    assert found == ("any" if only_one and AGENTS[drug].rows[0].dose == "any" else expected)


def test_when_the_answer_and_the_dose_differ_the_higher_counts() -> None:
    apixaban = AGENTS["apixaban"]
    assert dose_class(Anticoagulant(drug="apixaban", dose="5 mg twice daily", dose_class="low"), apixaban) == "high"
    assert dose_class(Anticoagulant(drug="apixaban", dose="2.5 mg twice daily", dose_class="high"), apixaban) == "high"


@pytest.mark.parametrize(
    ("typed", "agent"),
    [
        ("Eliquis 5", "apixaban"),
        ("apixaban", "apixaban"),
        ("low molecular weight heparin", "enoxaparin"),
        ("dalteparin (LMWH)", "dalteparin"),
        ("turmeric", None),
        ("aspirin and Plavix", None),
        ("warfarin bridged with enoxaparin", None),
    ],
)
def test_a_name_is_known_when_it_means_one_medicine(typed: str, agent: str | None) -> None:
    found = agent_named(typed, None, AGENTS)
    assert (found.id if found else None) == agent


@pytest.mark.parametrize(
    "dose",
    [
        "two 2.5 mg tablets twice daily",
        "2 x 10 mg daily",
        "40 mg/0.4 mL, 2 syringes daily",
        "40 mg in the morning and 80 mg at night",
        "2.5 mg in the morning and 5 mg in the evening",
    ],
)
def test_several_amounts_are_asked_for_and_never_read_as_the_smaller(dose: str) -> None:
    assert dose_class(Anticoagulant(drug="apixaban", dose=dose), AGENTS["apixaban"]) is None
    assert dose_class(Anticoagulant(drug="apixaban", dose=dose, dose_class="low"), AGENTS["apixaban"]) is None


@pytest.mark.parametrize(
    ("drug", "dose"),
    [
        ("unfractionated heparin infusion", "per protocol"),
        ("heparin", "5,000 units bolus, then 1,000 units per hour"),
        ("heparin", "18 units/kg/h"),
        ("IV unfractionated heparin", None),
    ],
)
def test_heparin_that_runs_into_a_vein_is_the_infusion(drug: str, dose: str | None) -> None:
    found = agent_named(drug, dose, AGENTS)
    assert found is not None
    assert found.id == "heparin_infusion"


def test_two_medicines_in_one_entry_are_refused() -> None:
    answers = {"health": {"anticoagulants": [{"drug": "aspirin and Plavix"}]}}
    with pytest.raises(Refused) as refused:
        read_case(answers, load().catalog, NOW)
    assert refused.value.problems[0].path == "health.anticoagulants.0.drug"
    assert "own entry" in refused.value.problems[0].right


def real_facts(agent: dict[str, Any], patient: dict[str, Any], **health: Any) -> Facts:
    """Return the facts of a thoracotomy with the real intervals."""
    catalog = load().catalog
    case = {
        "patient": patient,
        "surgery": {"procedure": "thoracotomy", "at": "2026-12-08T07:30"},
        "health": {"anticoagulants": [agent], "medicines": [], "conditions": [], **health},
    }
    return derive(read_case(case, catalog, NOW), catalog, NOW)


SMALL_AND_OLD = {"birth_date": "1940-03-04", "sex": "female", "weight_kg": 45, "height_cm": 155}
ENOXAPARIN = {
    "drug": "enoxaparin",
    "dose": "40 mg daily",
    "last_dose_at": "2026-12-07T18:00",
    "days_taken": 1,
}


def test_an_egfr_alone_does_not_choose_the_interval() -> None:
    """86 years and 45 kg: an eGFR of 55 hides a clearance of 29."""
    by_egfr = real_facts(ENOXAPARIN, SMALL_AND_OLD, labs={"egfr": 55, "platelets": 200})
    assert "clotting.needle" not in by_egfr.values
    assert "creatinine" in by_egfr.questions["clotting.needle"]
    known = real_facts(ENOXAPARIN, SMALL_AND_OLD, labs={"egfr": 55, "creatinine_mg_dl": 1.0, "platelets": 200})
    assert known.values["clotting.needle"] == "too_early"


def test_acute_kidney_injury_leaves_the_interval_open() -> None:
    labs = {"creatinine_mg_dl": 1.0, "platelets": 200}
    facts = real_facts(ENOXAPARIN, SMALL_AND_OLD, labs=labs, conditions=["acute_kidney_injury"])
    assert "stable kidney function" in facts.questions["clotting.needle"]


def test_while_one_medicine_is_open_no_common_time_is_given(tmp_path: Path) -> None:
    early = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-07T20:00"}
    facts = facts_of(tmp_path, [early, {"drug": "turmeric"}])
    assert facts.values["clotting.needle"] == "too_early"
    assert facts.values["clotting.needle_open"] is True
    assert "clotting.needle_from" not in facts.moments


def test_a_time_says_which_test_is_needed_besides() -> None:
    warfarin = {"drug": "warfarin", "last_dose_at": "2026-12-06T18:00"}
    person = {"birth_date": "1970-01-01", "sex": "male", "weight_kg": 80, "height_cm": 180}
    facts = real_facts(warfarin, person, labs={"inr": 1.8})
    assert facts.values["clotting.then_needs_words"] == ", and then only with an INR that is normal for the laboratory"


def test_no_restart_is_counted_from_a_needle_that_is_forbidden(tmp_path: Path) -> None:
    agent = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-06T20:00"}
    found = facts_of(tmp_path, [agent]).agents[0]
    assert found.values["agent.restart_dated"] is False
    assert "agent.restart_from" not in found.moments


def test_a_catheter_is_not_out_before_surgery(tmp_path: Path) -> None:
    agent = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-01T08:00"}
    facts = facts_of(tmp_path, [{**agent, "restart_at": "2026-12-08T20:00"}])
    assert "agent.catheter_out_by" not in facts.agents[0].moments
    assert facts.values["clotting.restart_before_catheter_end"] is True


def test_what_starts_only_after_surgery_does_not_forbid_the_needle(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [{"drug": "apixaban", "dose": "5 mg twice daily", "starts_after_surgery": True}])
    assert facts.values["clotting.needle"] == "clear"


def test_a_last_dose_of_what_starts_only_after_surgery_is_refused(tmp_path: Path) -> None:
    both = {"drug": "apixaban", "starts_after_surgery": True, "last_dose_at": "2026-12-07T20:00"}
    with pytest.raises(Refused) as refused:
        facts_of(tmp_path, [both])
    assert refused.value.problems[0].path == "health.anticoagulants.0.starts_after_surgery"


def test_every_name_with_an_interval_is_noticed_among_the_other_medicines() -> None:
    names = load().catalog.medicines["anticoagulant_or_antiplatelet"].names
    for agent in AGENTS.values():
        if agent.family != "aspirin":
            assert {name.lower() for name in agent.names} <= set(names), agent.id


@pytest.mark.parametrize(
    ("last_dose", "state"),
    [
        ("2026-12-05T07:30", "clear"),  # 72 hours to the minute
        ("2026-12-05T07:31", "too_early"),
        ("2026-12-07T20:00", "too_early"),
    ],
)
def test_the_interval_turns_at_its_hour(tmp_path: Path, last_dose: str, state: str) -> None:
    facts = facts_of(tmp_path, [{"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": last_dose}])
    assert facts.values["clotting.needle"] == state


def test_the_interval_is_in_real_hours_when_the_clocks_change(tmp_path: Path) -> None:
    """From Friday 07:30 to Monday 06:30 over the night the clocks go back are 72 hours, not 71."""
    agents = [{"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2027-11-05T07:30"}]
    facts = facts_of(tmp_path, agents, surgery={"at": "2027-11-08T06:30"})
    assert facts.values["clotting.needle"] == "clear"
    assert str(facts.moments["clotting.needle_from"]) == "2027-11-08 06:30:00-05:00"


def test_a_missing_last_dose_is_asked_for_and_passes_nothing(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [{"drug": "apixaban", "dose": "5 mg twice daily"}])
    assert "clotting.needle" not in facts.values
    assert "time of the last dose" in facts.questions["clotting.needle"]


def test_a_missing_dose_is_asked_for(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [{"drug": "apixaban", "last_dose_at": "2026-11-20T08:00"}])
    assert "clotting.needle" not in facts.values
    assert "the dose" in facts.questions["clotting.needle"]


def test_the_list_not_answered_leaves_all_unknown_and_an_empty_list_says_none(tmp_path: Path) -> None:
    assert "clotting.needle" not in facts_of(tmp_path, None).values
    assert facts_of(tmp_path, []).values["clotting.needle"] == "none"


LOW = {"drug": "apixaban", "dose": "2.5 mg twice daily", "last_dose_at": "2026-12-06T07:30"}


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "indication", "state"),
    [
        ("1946-12-08", 60, 1.4, "atrial_fibrillation", "too_early"),  # 80 years and 60 kg: two of three
        ("1946-12-09", 60, 1.4, "atrial_fibrillation", "clear"),  # 79 years
        ("1946-12-08", 61, 1.4, "atrial_fibrillation", "clear"),
        ("1960-01-01", 60, 1.5, None, "too_early"),
        ("1946-12-08", 60, 1.4, "prevention", "clear"),  # not the dose for atrial fibrillation
        ("1946-12-08", 61, None, "atrial_fibrillation", None),  # the third criterion would decide
    ],
)
def test_a_low_apixaban_dose_can_count_as_high(
    tmp_path: Path, age: str, weight: int, creatinine: float | None, indication: str | None, state: str | None
) -> None:
    facts = facts_of(
        tmp_path,
        [{**LOW, "indication": indication}],
        patient={"birth_date": age, "weight_kg": weight},
        health={"labs": {"creatinine_mg_dl": creatinine}},
    )
    assert facts.values.get("clotting.needle") == state


@pytest.mark.parametrize(("anti_xa", "state"), [(0.1, "clear"), (0.11, "too_early"), (None, "too_early")])
def test_a_low_level_shortens_the_interval(tmp_path: Path, anti_xa: float | None, state: str) -> None:
    agent = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-07T07:30", "anti_xa": anti_xa}
    assert facts_of(tmp_path, [agent]).values["clotting.needle"] == state


def test_a_level_that_is_too_high_stops_although_the_hours_are_over(tmp_path: Path) -> None:
    agent = {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-01T07:30", "level_ng_ml": 30}
    assert facts_of(tmp_path, [agent]).values["clotting.needle"] == "gate_failed"


def test_the_worst_of_two_medicines_counts_and_the_later_time_is_printed(tmp_path: Path) -> None:
    agents = [
        {"drug": "apixaban", "dose": "5 mg twice daily", "last_dose_at": "2026-12-07T07:30"},
        {"drug": "apixaban", "dose": "2.5 mg twice daily", "last_dose_at": "2026-12-01T07:30", "indication": "other"},
    ]
    facts = facts_of(tmp_path, agents)
    assert facts.values["clotting.needle"] == "too_early"
    assert str(facts.moments["clotting.needle_from"]) == "2026-12-10 07:30:00-05:00"


def test_a_medicine_that_the_table_does_not_have_is_a_clinicians_decision(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [{"drug": "turmeric", "last_dose_at": "2026-01-01T08:00"}])
    assert facts.values["clotting.needle"] == "clinician"


def test_catheter_and_restart_are_dated(tmp_path: Path) -> None:
    agent = {
        "drug": "apixaban",
        "dose": "5 mg twice daily",
        "last_dose_at": "2026-12-01T08:00",
        "restart_at": "2026-12-10T20:00",
    }
    moments = facts_of(tmp_path, [agent]).agents[0].moments
    assert str(moments["agent.last_dose_by"]) == "2026-12-05 07:30:00-05:00"
    assert str(moments["agent.restart_from"]) == "2026-12-09 07:30:00-05:00"
    assert str(moments["agent.catheter_out_by"]) == "2026-12-09 20:00:00-05:00"
    assert str(moments["agent.catheter_out_from"]) == "2026-12-13 20:00:00-05:00"
