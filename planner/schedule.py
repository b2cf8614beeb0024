"""Steps of a plan as dated days and clock times in the clinic's zone.

Records say what to do and from which named moment it is counted; this module finds the date. A step whose date
is past is left out: a past date is never printed as an instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from planner.facts.moments import When, days_later, hours_later
from planner.knowledge.records import Step as StepRecord
from planner.plan import Step


def dated(
    steps: Iterable[StepRecord],
    moments: Mapping[str, When],
    now: datetime,
    line_id: str,
    words: Callable[[str], str],
) -> tuple[Step, ...]:
    """Return the steps with their dates; without the moment they count from, they keep their day label only.

    Args:
        steps: as the record gives them.
        moments: named days and clock times of this Case.
        now: the present moment in the clinic's zone.
        line_id: the line the steps belong to.
        words: fills the placeholders of a text.
    """
    found = []
    for step in steps:
        moment = moments.get(step.at)
        if moment is not None:
            moment = _moved(moment, step)
            if is_past(moment, now):
                continue
        found.append(
            Step(
                at=moment if isinstance(moment, datetime) else None,
                on=moment if moment is not None and not isinstance(moment, datetime) else None,
                day=step.day,
                what=words(step.what),
                who=step.who,
                line_id=line_id,
                what_patient=words(step.patient) if step.patient else "",
            )
        )
    return tuple(found)


def is_past(moment: When, now: datetime) -> bool:
    """Whether a clock time is before now, or a day before today."""
    if isinstance(moment, datetime):
        return moment.timestamp() < now.timestamp()
    return moment < now.date()


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the dated steps by day, steps with a clock time by the clock, each once."""
    unique = {(step.at, step.on, step.what, step.who): step for step in steps if step.at or step.on}
    return tuple(sorted(unique.values(), key=_place))


def _place(step: Step) -> tuple[date, int, float, str]:
    if step.at:
        return (step.at.date(), 1, step.at.timestamp(), step.line_id)
    return (step.on or date.max, 0, 0.0, step.line_id)


def _moved(moment: When, step: StepRecord) -> When:
    if isinstance(moment, datetime):
        if step.days:
            day = days_later(moment.date(), step.days)
            return (
                day
                if not step.hours
                else hours_later(moment.replace(year=day.year, month=day.month, day=day.day), float(step.hours))
            )
        return hours_later(moment, float(step.hours)) if step.hours else moment
    return days_later(moment, step.days)
