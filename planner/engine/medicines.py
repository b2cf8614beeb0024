"""The lines about each medicine for addiction, and the decision that wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner import schedule, words
from planner.doses import plain
from planner.engine.judging import Judge
from planner.engine.settling import RANK, Settler
from planner.facts import Entry
from planner.knowledge.load import Knowledge
from planner.plan import Line, Medicine

_PARTS = (
    "decision",
    "verify",
    "before",
    "day_of",
    "after",
    "hold",
    "restart",
    "red_flag",
    "call",
    "disagreement",
    None,
)


def medicine_lines(judge: Judge, settler: Settler, index: int, entry: Entry) -> list[Line]:
    """Return the lines about one medicine, its decision first.

    Raises:
        LookupError: no decision holds; the knowledge base has a gap.
    """
    scene = judge.scene(
        {**judge.facts.values, **entry.values}, {**judge.facts.moments, **entry.moments}, entry.regimen, medicine=index
    )
    lines = judge.judge(judge.knowledge.entry_rules.get(entry.regimen, ()), scene)
    decisions = sorted(
        (line for line in lines if line.part == "decision"),
        key=lambda line: (RANK[line.verdict], settler.order(line), line.id),
    )
    others = [line for line in lines if line.part != "decision"]
    if not decisions:
        raise LookupError(f"No decision for the regimen {entry.regimen}: the knowledge base has a gap.")
    first = decisions[0]
    stronger = [
        one
        for one in judge.open
        if one.scene.medicine == index
        and one.rule.record.part == "decision"
        and RANK[one.rule.record.verdict] < RANK[first.verdict]
    ]
    missing = tuple(dict.fromkeys(lack for one in stronger for lack in one.missing))
    weaker = tuple(line for line in decisions[1:] if line.verdict == first.verdict)
    return [replace(first, missing=(*first.missing, *missing), also=weaker), *others]


def moud_order(settler: Settler, line: Line) -> tuple[int, int, int, str]:
    """Return the place of a line: by medicine, then by part of the care."""
    return (-1 if line.medicine is None else line.medicine, _PARTS.index(line.part), settler.order(line), line.id)


def medicine(judge: Judge, index: int, entry: Entry, lines: Sequence[Line]) -> Medicine:
    """Return the decision about one medicine for the glance at the top."""
    own = [line for line in lines if line.medicine == index]
    decision = next(line for line in own if line.part == "decision")
    return Medicine(
        index=index,
        label=_product_name(entry),
        dose=_dose_taken(entry),
        regimen=entry.regimen,
        decision=decision.verdict,
        decision_line=decision.id,
        headline=decision.say,
        key_steps=schedule.in_order(step for line in own for step in line.steps),
        incomplete=any(keeps_incomplete(judge.knowledge, line) for line in own),
    )


def keeps_incomplete(knowledge: Knowledge, line: Line) -> bool:
    """Whether a line marks the plan as incomplete."""
    rule = knowledge.by_id.get(line.id)
    return bool(rule and rule.record.incomplete)


def _product_name(entry: Entry) -> str:
    typed = entry.given.product_name
    return f"{entry.product.label}: {typed}" if typed else entry.product.label


def _dose_taken(entry: Entry) -> str:
    """Return the dose as it was said, so that a misread total is seen on the paper."""
    given, product = entry.given, entry.product
    if product.unit == "mcg_per_hour" and given.dose_mcg:
        return words.measured(given.dose_mcg, "mcg an hour")
    if product.unit == "mcg_per_dose" and given.dose_mcg:
        times = f", {plain(given.times_per_day)} times a day" if given.times_per_day else ""
        return words.measured(given.dose_mcg, "mcg") + times
    if given.dose_mg is None:
        return "dose not known"
    if product.unit == "mg_per_dose":
        return words.measured(given.dose_mg, "mg each time")
    total = words.measured(given.dose_mg, "mg a day")
    if given.times_per_day and given.times_per_day > 1:
        each = words.measured(given.dose_mg / given.times_per_day, "mg")
        return f"{total} ({each}, {plain(given.times_per_day)} times a day)"
    return total
