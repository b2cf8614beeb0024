"""The team by name: who takes a role, what is left blank, and when a plan is final."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner import choices, words
from planner.knowledge import load
from planner.plan import Line, Plan
from planner.planning import plan_for

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))
EVERYBODY = {role: {"name": f"{label} on call", "phone": "555-0100"} for role, label in choices.TEAM_ROLES.items()}
CASE: Mapping[str, Any] = {
    "recovery": {"status": "sustained_remission", "substances": ["heroin"]},
    "moud": [
        {
            "product": "buprenorphine_naloxone_sl",
            "dose_mg": 16,
            "times_per_day": 2,
            "last_dose_at": "2026-11-22T20:00",
            "indication": "oud",
            "prescriber": {"name": "Dr. Lee", "phone": "555-0110"},
        }
    ],
    "surgery": {"procedure": "total_knee_arthroplasty", "at": "2026-12-08T07:30", "setting": "inpatient"},
}


def plan_with(team: Mapping[str, Any], **more: Any) -> Plan:
    return plan_for({**CASE, **more, "team": team}, NOW)[1]


def role(plan: Plan, name: str) -> Line:
    return next(line for line in plan.team if line.subject == name)


def test_a_named_surgeon_stands_on_the_line_of_the_surgeon() -> None:
    surgeon = role(plan_with({"surgeon": {"name": "Dr. Ruiz", "phone": "555-0170"}}), "surgeon")
    assert surgeon.contact is not None
    assert (surgeon.contact.name, surgeon.contact.phone) == ("Dr. Ruiz", "555-0170")


def test_the_four_roles_of_the_founding_article_are_in_every_plan() -> None:
    for more in ({}, {"moud": []}, {"kind": "standing", "surgery": {}}):
        shown = {line.subject for line in plan_with({}, **more).team}
        assert {"surgeon", "pain_service", "pain_medicine", "addiction_specialist"} <= shown


def test_a_plan_with_a_required_role_without_a_person_is_not_final() -> None:
    without = {name: person for name, person in EVERYBODY.items() if name != "anesthesiologist"}
    plan = plan_with(without)
    assert plan.open_roles == ("Anesthesiologist",)
    assert not plan.final


def test_a_complete_plan_with_everybody_named_is_final() -> None:
    plan = plan_with(EVERYBODY)
    assert plan.complete, plan.incomplete_because
    assert plan.open_roles == ()
    assert plan.final


def test_an_incomplete_plan_is_not_final_although_everybody_is_named() -> None:
    plan = plan_with(EVERYBODY, moud=[{"product": "unknown"}])
    assert not plan.complete
    assert plan.open_roles == ()
    assert not plan.final


@pytest.mark.parametrize("given", [{"name": "Dr. Ruiz"}, {"phone": "555-0170"}])
def test_a_name_without_a_number_or_a_number_without_a_name_leaves_the_role_open(given: Mapping[str, str]) -> None:
    assert plan_with({**EVERYBODY, "surgeon": given}).open_roles == ("Surgeon",)


def test_a_recommended_role_without_a_person_does_not_keep_a_plan_from_being_final() -> None:
    plan = plan_with({name: person for name, person in EVERYBODY.items() if name != "primary_care"})
    assert not role(plan, "primary_care").required
    assert plan.final


def test_the_prescriber_of_the_medicine_stands_for_addiction_care_until_somebody_is_named() -> None:
    contact = role(plan_with({}), "addiction_specialist").contact
    assert contact is not None
    assert contact.name == "Dr. Lee"
    other = role(plan_with({"addiction_specialist": {"name": "Dr. Kim", "phone": "555-0120"}}), "addiction_specialist")
    assert other.contact is not None
    assert other.contact.name == "Dr. Kim"


def test_a_standing_plan_is_not_held_up_by_whoever_will_be_on_duty() -> None:
    plan = plan_with({}, kind="standing", surgery={})
    assert "Surgeon" not in plan.open_roles
    assert role(plan, "surgeon").required


def test_each_role_tells_what_it_does_at_every_stage() -> None:
    stages = ["Before", "During", "Ward", "Going home", "Follow-up"]
    for line in plan_with({}).team:
        assert line.table is not None, line.subject
        assert [row[0] for row in line.table.rows] == stages, line.subject


def test_the_form_asks_for_every_role_that_a_record_knows() -> None:
    roles = {rule.record.about[0] for rule in load().by_id.values() if rule.record.section == "team"}
    assert roles == set(choices.TEAM_ROLES)
    for name in roles:
        drug = load().catalog.drugs.get(name)
        assert choices.TEAM_ROLES[name] == (drug.label if drug else words.subject(name))


def test_each_trigger_has_words_for_the_paper() -> None:
    for rule in load().by_id.values():
        if rule.record.section == "team" and rule.record.when != "true":
            assert rule.record.short, rule.record.id
