"""Medicines that stand in for each other, what the plan has left, kinds of an operation, and doses with an end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.case import read_case
from planner.casefile import moment_for, read_answers
from planner.facts import block_values, derive
from planner.knowledge import load
from planner.knowledge.guards import guards_of, judged
from planner.plan import Line, Plan
from planner.review import EXAMPLES_MADE_AT
from tests.small_base import CITED, PROCEDURES, plan_of, record, write

KNEE = {"surgery": {"procedure": "knee", "at": "2026-12-08T07:30"}}


def drug(place: int = 50, **fields: Any) -> dict[str, Any]:
    whole = {"label": f"Drug {place}", "step": "backbone", "misuse": "none", "watch": "", "evidence": "read"}
    return {**whole, "sources": CITED, "place": place, **fields}


NSAIDS = {
    "nsaids": drug(0, heads="nsaid"),
    "celecoxib": drug(1, group="nsaid", can_lead=True),
    "ibuprofen": drug(2, group="nsaid", can_lead=True),
    "ketorolac": drug(3, group="nsaid"),
    "acetaminophen": drug(9),
    "later": drug(9, step="adjunct"),
}
EACH = [record(f"use-{name}", about=name, verdict="consider") for name in ("ketorolac", "ibuprofen", "celecoxib")]


def made(folder: Path, *records: dict[str, Any], answers: dict[str, Any] | None = None, **files: Any) -> Plan:
    return plan_of(write(folder, *records, **{"drugs": NSAIDS, **files}), answers or {})


def about(plan: Plan, subject: str) -> Line:
    return next(line for line in plan.non_opioid if subject in line.subjects)


# --- one leads ------------------------------------------------------------------------------------------------------


def test_one_of_a_group_leads_and_the_others_stand_beside_it(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH)
    assert [(line.subject, line.verdict, line.instead_of) for line in plan.non_opioid] == [
        ("celecoxib", "recommend", ""),
        ("ibuprofen", "consider", "Drug 1"),
        ("ketorolac", "consider", "Drug 1"),
    ]


def test_the_next_one_leads_when_the_first_is_stopped(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("stop", about="celecoxib", verdict="never"))
    assert (about(plan, "ibuprofen").verdict, about(plan, "ibuprofen").instead_of) == ("recommend", "")
    assert about(plan, "ketorolac").instead_of == "Drug 2"


def test_a_medicine_that_cannot_lead_is_never_promoted(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("stop", about=["celecoxib", "ibuprofen"], verdict="avoid"))
    assert (about(plan, "ketorolac").verdict, about(plan, "ketorolac").instead_of) == ("consider", "")


def test_a_medicine_whose_stop_is_open_does_not_lead_before_one_that_is_free(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("stop", about="celecoxib", verdict="never", when="labs.egfr < 30.0"))
    assert about(plan, "ibuprofen").verdict == "recommend"
    assert (about(plan, "celecoxib").verdict, about(plan, "celecoxib").instead_of) == ("ask", "Drug 2")


def test_a_standing_plan_promotes_nothing(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, answers={"kind": "standing"})
    assert (about(plan, "celecoxib").verdict, about(plan, "ibuprofen").instead_of) == ("consider", "Drug 1")


def test_a_stop_on_the_class_stops_every_member_in_one_line(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("stop", about="nsaids", verdict="never"))
    assert [line.id for line in plan.non_opioid] == ["stop"]
    assert plan.non_opioid[0].subjects[0] == "nsaids"
    assert set(plan.non_opioid[0].subjects) == {"nsaids", "celecoxib", "ibuprofen", "ketorolac"}
    assert plan.non_opioid[0].subject_label == "Drug 0"


def test_a_stop_on_the_class_that_cannot_be_judged_makes_every_member_a_question(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("stop", about="nsaids", verdict="never", when="labs.egfr < 30.0"))
    assert {line.verdict for line in plan.non_opioid} == {"ask"}


def test_a_caution_on_the_class_is_not_one_on_each_member(tmp_path: Path) -> None:
    plan = made(tmp_path, *EACH, record("watch", about="nsaids", verdict="caution"))
    assert about(plan, "nsaids").subjects == ("nsaids",)


def test_the_base_stands_before_what_is_added(tmp_path: Path) -> None:
    plan = made(tmp_path, record("add", about="later", order=1), record("base", about="acetaminophen", order=90))
    assert [line.id for line in plan.non_opioid] == ["base", "add"]


# --- what is left ---------------------------------------------------------------------------------------------------

GONE = record("gone", about="acetaminophen", verdict="call", when="!outcome.nsaid_left")


def test_a_record_about_what_is_left_speaks_when_nothing_is(tmp_path: Path) -> None:
    stop = record("stop", about="nsaids", verdict="never")
    assert made(tmp_path, *EACH, stop, GONE).line("gone")


def test_and_is_silent_while_one_is_left(tmp_path: Path) -> None:
    stop = record("stop", about=["celecoxib", "ibuprofen"], verdict="never")
    assert made(tmp_path, *EACH, stop, GONE).line("gone") is None


def test_no_technique_left_is_known_after_the_stops_on_each(tmp_path: Path) -> None:
    said = record("alone", section="regional", about="alone", when="!outcome.technique_left")
    every = record("stop", section="regional", about="block", blocks=True, verdict="never")
    for name in ("open", "stopped"):
        (tmp_path / name).mkdir()
    assert made(tmp_path / "open", said, answers=KNEE).line("alone") is None
    assert made(tmp_path / "stopped", said, every, answers=KNEE).line("alone")


# --- kinds of an operation --------------------------------------------------------------------------------------------

KINDS = {
    "knee": {
        **PROCEDURES["knee"],
        "variants": {
            "partial": {"label": "Partial", "first": ["adductor_canal", "spinal"], "second": [], "traits": ["x_listed", "leg"]},
            "total": {"label": "Total", "first": ["spinal"], "second": [], "traits": ["leg", "bleeds"], "pain": "severe"},
        },
    },
}  # fmt: skip


def of_kind(folder: Path, kind: str | None) -> Plan:
    answers = {"surgery": {**KNEE["surgery"], "variant": kind}}
    return made(folder, record("one", about="acetaminophen"), answers=answers, procedures=KINDS)


def test_a_kind_has_its_own_techniques(tmp_path: Path) -> None:
    offered = [line.subject for line in of_kind(tmp_path, "total").regional if line.id.startswith("regional-knee-s")]
    assert offered == ["spinal"]
    assert of_kind(tmp_path, "total").summary.operation == "Knee replacement: Total"


def test_without_a_choice_only_what_every_kind_puts_first_is_recommended(tmp_path: Path) -> None:
    plan = of_kind(tmp_path, None)
    verdicts = {line.subject: line.verdict for line in plan.regional}
    assert (verdicts["spinal"], verdicts["adductor_canal"]) == ("recommend", "ask")
    assert "Knee replacement: which kind or approach (Partial, Total)?" in {ask.question for ask in plan.unknown} | {
        lack.question for line in plan.regional for lack in line.missing
    }


def test_without_a_choice_cautions_of_all_kinds_hold_and_what_one_allows_does_not(tmp_path: Path) -> None:
    load_from = load(write(tmp_path, record("one"), procedures=KINDS)).catalog
    assert load_from.procedures["knee"].of_kind(None).traits == ("leg", "bleeds")


# --- a dose with an end -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("used", "days", "last"), [(0, 5, "2026-12-12"), (2, 3, "2026-12-10"), (5, 0, "None")])
def test_days_already_used_shorten_the_course(tmp_path: Path, used: int, days: int, last: str) -> None:
    dose = {"amount": "15", "route": "by vein", "every_hours": "6", "days_at_most": 5, "days_from": "surgery.day"}
    one = record("use", about="ketorolac", dose={**dose, "days_used": "health.ketorolac_days_used"})
    plan = made(tmp_path, one, answers={**KNEE, "health": {"ketorolac_days_used": used}})
    found = plan.non_opioid[0].dose
    assert found is not None
    assert (found.days_at_most, str(found.last_day)) == (days, last)


def test_a_course_that_is_over_is_no_instruction(tmp_path: Path) -> None:
    dose = {"amount": "200", "route": "by mouth", "every_hours": "12", "days_at_most": 5, "days_from": "surgery.day"}
    over = {"surgery": {"procedure": "knee", "at": "2026-11-14T07:30"}, "opioids": {"last_dose_at": "2026-11-22T09:00"}}
    last_day = {**over, "surgery": {"procedure": "knee", "at": "2026-11-19T07:30"}}
    one = record("use", about="celecoxib", dose=dose)
    for name in ("over", "last"):
        (tmp_path / name).mkdir()
    assert made(tmp_path / "over", one, answers=over).non_opioid == ()
    assert [line.id for line in made(tmp_path / "last", one, answers=last_day).non_opioid] == ["use"]


def test_days_left_of_a_course_begin_today_when_surgery_is_over(tmp_path: Path) -> None:
    dose = {"amount": "50", "route": "by mouth", "every_hours": "12", "days_at_most": 14, "days_from": "surgery.day"}
    one = record("use", about="celecoxib", dose={**dose, "days_used": "health.suzetrigine_days_used"})
    over = {"surgery": {"procedure": "knee", "at": "2026-11-20T07:30"}, "opioids": {"last_dose_at": "2026-11-22T09:00"}}
    plan = made(tmp_path, one, answers={**over, "health": {"suzetrigine_days_used": 3}})
    assert str(plan.non_opioid[0].dose.last_day) == "2026-12-03"  # type: ignore[union-attr]


def test_the_person_is_told_about_the_leader_only_and_not_before_every_stop_is_judged(tmp_path: Path) -> None:
    words = {"en": "Take it.", "es": ""}
    told = [record(f"use-{name}", about=name, patient=words) for name in ("celecoxib", "ibuprofen")]
    for name in ("free", "open"):
        (tmp_path / name).mkdir()
    free = made(tmp_path / "free", *told)
    assert [line.subject for line in free.non_opioid if line.say_patient] == ["celecoxib"]
    open_ = made(tmp_path / "open", *told, record("stop", about="nsaids", verdict="never", when="labs.egfr < 30.0"))
    assert not [line for line in open_.non_opioid if line.say_patient]


def test_a_call_beside_a_stop_still_reaches_the_glance(tmp_path: Path) -> None:
    call = record("call", about="celecoxib", verdict="call", short="Call the pharmacist.")
    plan = made(tmp_path, call, record("stop", about="celecoxib", verdict="never"))
    assert plan.summary.call == ("Call the pharmacist.",)


def test_a_rate_is_said_as_a_rate(tmp_path: Path) -> None:
    dose = {"per_kg": "0.5", "route": "by vein", "per_hour": True}
    plan = made(tmp_path, record("use", about="later", dose=dose), answers={"patient": {"weight_kg": 80}})
    assert plan.non_opioid[0].dose.words == "40\u00a0mg an hour by vein"  # type: ignore[union-attr]


# --- the plain part of a condition ------------------------------------------------------------------------------------


YES = frozenset({True})


@pytest.mark.parametrize(
    ("condition", "guards"),
    [
        ("plan.operation && labs.egfr < 30.0", ((("plan.operation", "in", YES),),)),
        ("!plan.standing", ((("plan.standing", "not in", YES),),)),
        (
            "(moud.agonist || !plan.standing) && labs.inr > 1.5",
            ((("moud.agonist", "in", YES), ("plan.standing", "not in", YES)),),
        ),
        ("!('leg' in surgery.traits)", ((("surgery.traits", "has not", "leg"),),)),
        ("surgery.region in ['arm', 'leg']", ((("surgery.region", "in", frozenset({"arm", "leg"})),),)),
        ("block.kind != 'fascial'", ((("block.kind", "not in", frozenset({"fascial"})),),)),
        ("!(plan.operation && plan.standing)", ()),
        ("plan.operation || labs.egfr < 30.0", ()),
        ("plan.operation && moud.agonist || plan.standing", ()),
        ("true", ()),
    ],
)
def test_guards_are_read_from_the_condition(condition: str, guards: object) -> None:
    assert guards_of(condition, load().kinds)[0] == guards


def test_a_guard_rules_out_only_what_is_known_to_fail() -> None:
    guard, whole = guards_of("plan.operation || !plan.standing", load().kinds)
    assert whole
    assert judged(guard, {"plan.operation": False, "plan.standing": True}) is False
    assert judged(guard, {"plan.operation": False}) is None
    assert judged(guard, {"plan.operation": False, "plan.standing": False}) is True


def test_one_guard_that_fails_decides_although_another_is_unknown() -> None:
    guards, whole = guards_of("plan.operation && plan.standing", load().kinds)
    assert whole
    assert judged(guards, {"plan.standing": False}) is False
    assert judged(guards, {"plan.standing": True}) is None


def test_a_condition_that_compares_a_number_is_not_decided_by_its_guards_alone() -> None:
    _, whole = guards_of("plan.operation && patient.bmi > 40.0", load().kinds)
    assert not whole


@pytest.mark.parametrize("path", sorted(Path("examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_guards_decide_as_the_condition_itself_would(path: Path) -> None:
    """Beside every guard stands the condition: what guards rule out it finds false, what they decide alone it decides alike."""
    knowledge = load()
    answers = read_answers(path)
    now = moment_for(answers, EXAMPLES_MADE_AT.get(path.stem, "2026-11-23T09:00"))
    facts = derive(read_case(answers, knowledge.catalog, now), knowledge.catalog, now)
    scenes = [facts.values, *({**facts.values, **block_values(block)} for block in knowledge.catalog.blocks.values())]
    seen = {True: 0, False: 0, None: 0}
    for values in scenes:
        known = knowledge.environment.Activation(dict(values))
        for rule in (*knowledge.case_rules, *knowledge.block_rules):
            by_guards = judged(rule.condition.guards, values)
            if by_guards is False or rule.condition.plain:
                itself = rule.condition.program.eval(known).value()
                assert (itself if isinstance(itself, bool) else None) is by_guards, rule.record.id
                seen[by_guards] += 1
    assert seen[True] > 50
    assert seen[False] > 1000
