"""Facts and knowledge to a Plan: judge each record that is in play, keep the worst verdict, lose no reason.

Unknown is an answer: a record whose condition cannot be decided puts its question on the plan, with what hangs
on it. ``make_plan`` is the only door.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from planner import schedule, words
from planner.engine.alternatives import one_of_each_group
from planner.engine.budget import budget_of
from planner.engine.judging import Judge
from planner.engine.medicines import keeps_incomplete, medicine, medicine_lines, moud_order
from planner.engine.outcome import outcome_values
from planner.engine.regional import Regional
from planner.engine.settling import RANK, Settler
from planner.engine.team import open_roles, with_people
from planner.facts import Facts
from planner.knowledge.load import Knowledge
from planner.knowledge.records import Section
from planner.plan import Ask, KnowledgeMark, Line, Medicine, Needed, Plan, Step, Summary

# Sections whose lines compete as they are; medicines and techniques are put together one by one.
_SETTLED = tuple(name for name in get_args(Section) if name != "moud")


def make_plan(facts: Facts, knowledge: Knowledge) -> Plan:
    """Return the plan for the facts of one Case."""
    judge = Judge(facts, knowledge)
    settler = Settler(judge)
    regional = Regional(judge, settler)
    lines = judge.judge(knowledge.case_rules, judge.scene(facts.values, facts.moments))
    for index, agent in enumerate(facts.agents):
        scene = judge.scene(
            {**facts.values, **agent.values},
            {**facts.moments, **agent.moments},
            "agent",
            agent=index,
            questions=agent.questions,
        )
        lines += judge.judge(knowledge.agent_rules, scene)
    techniques = regional.techniques()
    first = regional.procedure.first if regional.procedure else ()
    medicines = [line for line in lines if line.section == "non_opioid"]
    outcome = outcome_values(facts, settler, techniques, medicines, first)
    lines += judge.judge(knowledge.outcome_rules, judge.scene({**facts.values, **outcome}, facts.moments, "outcome"))
    moud = [line for line in lines if line.section == "moud"]
    for index, entry in enumerate(facts.entries):
        moud += medicine_lines(judge, settler, index, entry)
    sections = {name: settler.settled([line for line in lines if line.section == name]) for name in _SETTLED}
    sections |= {
        "moud": tuple(sorted(moud, key=lambda line: moud_order(settler, line))),
        "non_opioid": one_of_each_group(
            sections["non_opioid"], knowledge.catalog.drugs, promotes=facts.values.get("plan.standing") is not True
        ),
        "regional": (*sections["regional"], *techniques, *regional.remarks()),
        "team": with_people(sections["team"], facts.case),
    }
    return _plan(facts, judge, sections)


def _plan(facts: Facts, judge: Judge, sections: dict[str, tuple[Line, ...]]) -> Plan:
    knowledge = judge.knowledge
    lines = [line for found in sections.values() for line in found]
    every = [reason for line in lines for reason in (line, *line.also)]
    incomplete = [line for line in every if keeps_incomplete(knowledge, line)]
    unnamed = open_roles(sections["team"], facts.case)
    medicines = tuple(medicine(judge, index, entry, sections["moud"]) for index, entry in enumerate(facts.entries))
    return Plan(
        kind=facts.case.kind,
        made_at=facts.now,
        knowledge=KnowledgeMark(knowledge.version, knowledge.hash),
        complete=not incomplete,
        incomplete_because=tuple(dict.fromkeys(line.say for line in incomplete)),
        open_roles=unnamed,
        final=not incomplete and not unnamed,
        summary=_summary(facts, medicines, every),
        timeline=schedule.in_order([*_surgery_step(facts), *(step for line in every for step in line.steps)]),
        unknown=_asks(judge, lines),
        budget=budget_of(facts, knowledge),
        **sections,
    )


def _asks(judge: Judge, lines: Sequence[Line]) -> tuple[Ask, ...]:
    """Return each question once, with the facts it settles and every line that hangs on it."""
    waiting: dict[str, dict[tuple[str, str], Needed]] = {}
    settles: dict[str, dict[str, None]] = {}
    for one in judge.open:
        record = one.rule.record
        label = judge.subject_label(one.scene.technique or record.about[0], one.scene)
        for lack in one.missing:
            settles.setdefault(lack.question, {})[lack.name] = None
            waiting.setdefault(lack.question, {})[record.id, label] = Needed(record.id, label, record.verdict)
    for line in lines:
        for lack in line.missing:
            settles.setdefault(lack.question, {})[lack.name] = None
            needed = Needed(line.id, line.subject_label, line.verdict)
            waiting.setdefault(lack.question, {}).setdefault((line.id, line.subject_label), needed)
    asks = [
        Ask(", ".join(sorted(settles[question])), question, tuple(needed.values()))
        for question, needed in waiting.items()
    ]
    return tuple(
        sorted(
            asks,
            key=lambda ask: (
                min(RANK[needed.verdict] for needed in ask.needed_for),
                -len(ask.needed_for),
                ask.fact,
            ),
        )
    )


def _surgery_step(facts: Facts) -> list[Step]:
    at = facts.moments.get("surgery.at")
    # The timeline says what is to be done, so an operation that is over does not stand on it.
    if at is None or schedule.is_past(at, facts.now):
        return []
    name = facts.values.get("surgery.procedure", "operation")
    return [Step(at=at, on=None, day="Day 0", what=f"Surgery: {name}", who="team", line_id="surgery")]  # type: ignore[arg-type]


def _summary(facts: Facts, medicines: tuple[Medicine, ...], lines: Sequence[Line]) -> Summary:
    case, moments = facts.case, facts.moments
    never = [line.short for line in lines if line.verdict == "never" and line.short]
    call = [line.short or line.say for line in lines if line.verdict == "call" and (line.short or line.part == "call")]
    return Summary(
        person=case.patient.name or "",
        operation=str(facts.values.get("surgery.procedure", "")),
        when=words.moment(moments["surgery.at"]) if "surgery.at" in moments else "",
        medicines=medicines,
        never=tuple(dict.fromkeys(never)),
        call=tuple(dict.fromkeys(call)),
    )
