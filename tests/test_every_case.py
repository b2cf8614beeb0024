"""What must hold for every Case that may be given, with the real knowledge base."""

from __future__ import annotations

import json

from admissible import MAIN_EXAMPLES, Given, cases
from hypothesis import given, settings
from plan_rules import broken

from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge import load
from planner.plan import Plan, to_json


def plan_of(case: Given) -> Plan:
    knowledge = load()
    return make_plan(derive(case.case(), knowledge.catalog, case.now), knowledge)


def broken_by(case: Given) -> dict[str, list[str]]:
    facts = derive(case.case(), load().catalog, case.now)
    return broken(make_plan(facts, load()), facts)


@settings(max_examples=MAIN_EXAMPLES)
@given(cases())
def test_every_admissible_case_gets_a_plan_that_breaks_no_rule(case: Given) -> None:
    assert broken_by(case) == {}


@given(cases(after_surgery=True))
def test_every_admissible_case_after_the_operation_gets_a_plan_that_breaks_no_rule(case: Given) -> None:
    assert broken_by(case) == {}


@given(cases())
def test_the_same_answers_give_the_same_bytes(case: Given) -> None:
    assert to_json(plan_of(case)) == to_json(plan_of(case))


@given(cases())
def test_a_case_written_to_a_file_and_read_again_gives_the_same_bytes(case: Given) -> None:
    again = Given(json.loads(json.dumps(case.case().model_dump(mode="json"))), case.now)
    assert to_json(plan_of(again)) == to_json(plan_of(case))
