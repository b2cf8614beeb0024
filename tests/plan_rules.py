"""What no plan may do, each rule as a function that returns what breaks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from planner.facts import Facts
from planner.knowledge import load
from planner.knowledge.records import MOUD_DECISIONS
from planner.plan import Line, Plan, Step
from planner.schedule import is_past

STOPS = ("never", "avoid")
OPTIONS = ("recommend", "consider", "do")
SECTIONS = (
    "conflicts", "moud", "non_opioid", "regional", "anticoagulant", "local_anesthetic", "toxicity_card", "team", "monitoring",
    "opioids", "discharge", "aftercare",
)  # fmt: skip


def every_line(plan: Plan) -> Iterator[Line]:
    for line in plan.lines():
        yield line
        yield from line.also


def texts_of(line: Line) -> list[str]:
    found = [line.say, line.because, line.short, *line.choices, *(line.say_patient or {}).values()]
    found += [text for step in line.steps for text in (step.what, step.what_patient)]
    if line.table:
        found += [line.table.title, *line.table.columns, *(cell for row in line.table.rows for cell in row)]
    return found


def lines_without_source_or_id(plan: Plan) -> list[str]:
    return [
        line.say
        for line in every_line(plan)
        if not line.id or not line.sources or not all(cited.citation for cited in line.sources)
    ]


def missing_facts_that_are_not_asked(plan: Plan) -> list[str]:
    asked = {(fact, ask.question) for ask in plan.unknown for fact in ask.fact.split(", ")}
    return [
        f"{line.id}: {lack.name}"
        for line in every_line(plan)
        for lack in line.missing
        if (lack.name, lack.question) not in asked
    ]


def questions_without_words_or_purpose(plan: Plan) -> list[str]:
    return [ask.fact for ask in plan.unknown if not ask.question.strip() or not ask.needed_for]


def texts_that_say_not_known_without_asking(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        if not line.missing
        for text in texts_of(line)
        if "[not known]" in text
    ]


def placeholders_left_open(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        for text in texts_of(line)
        if re.search(r"\{[a-z_0-9]+\.[a-z_0-9.]+\}", text.replace("{labs.egfr}", ""))
    ]


def steps_in_the_past(plan: Plan) -> list[str]:
    steps: Iterable[Step] = (*plan.timeline, *(step for line in every_line(plan) for step in line.steps))
    steps = (*steps, *(step for medicine in plan.summary.medicines for step in medicine.key_steps))
    return [
        f"{step.line_id}: {moment}"
        for step in steps
        if (moment := step.at or step.on) and is_past(moment, plan.made_at)
    ]


def sentences_with_a_planned_day_that_is_past(plan: Plan) -> list[str]:
    # “Not before” the day of restart stays true once that day has come, so `entry.restart_from` may be past.
    planned = {"surgery.day", "opioid.expected_stop", "entry.hold_from", "entry.restart_expected", "entry.hold_restart"}
    return [
        f"{line.id}: {name} {moment}"
        for line in every_line(plan)
        for name, moment in line.dates.items()
        if name in planned and is_past(moment, plan.made_at)
    ]


def holds_without_a_restart(plan: Plan) -> list[str]:
    restarts = {line.medicine for line in plan.moud if line.part == "restart"}
    return [
        medicine.decision_line
        for medicine in plan.summary.medicines
        if medicine.decision == "hold" and medicine.index not in restarts
    ]


def subjects_both_offered_and_stopped(plan: Plan) -> list[str]:
    """The same drug or technique in one section; a stop on a class of drugs is one on each of its members."""
    classes = {drug.heads: drug.id for drug in load().catalog.drugs.values() if drug.heads}
    stopped = {
        (line.section, subject, line.medicine, line.agent)
        for line in plan.lines()
        if line.verdict in STOPS
        for subject in line.subjects
    }
    found = []
    for line in plan.lines():
        # Elsewhere "do" is about what to do, not about what to give; a medicine for addiction is a wide subject with many steps.
        given = line.section in ("non_opioid", "regional", "local_anesthetic")
        offers = OPTIONS if given else OPTIONS[:1] if line.section == "moud" else OPTIONS[:2]
        for subject in line.subjects if line.verdict in offers else ():
            drug = load().catalog.drugs.get(subject) if line.section == "non_opioid" else None
            named = (subject, classes.get(drug.group, "")) if drug else (subject,)
            if any((line.section, name, line.medicine, line.agent) in stopped for name in named):
                found.append(f"{line.id}: {subject}")
    return found


def drugs_of_one_group_given_together(plan: Plan) -> list[str]:
    """Of the members of a group, such as two NSAIDs, one leads and each other says what it stands in for."""
    leaders: dict[str, set[str]] = {}
    for line in plan.non_opioid:
        drug = load().catalog.drugs.get(line.subject)
        if drug and drug.group and line.verdict in (*OPTIONS, "ask") and not line.instead_of:
            leaders.setdefault(drug.group, set()).add(drug.id)
    return [f"{group}: {', '.join(sorted(names))}" for group, names in leaders.items() if len(names) > 1]


def doses_above_their_own_limit(plan: Plan) -> list[str]:
    """One dose, or the doses of one day by their own rhythm, above what the same line allows in a day."""
    found = []
    for line in every_line(plan):
        dose = line.dose
        if dose is None or dose.amount is None or dose.daily_max is None:
            continue
        record = load().by_id[line.id].record.dose
        by_the_hour = record is not None and record.per_hour
        doses_a_day = 24 if by_the_hour else 24 / float(dose.every_hours) if dose.every_hours else 1
        if dose.amount > dose.daily_max or (
            line.verdict in OPTIONS and float(dose.amount) * int(doses_a_day) > dose.daily_max
        ):
            found.append(f"{line.id}: {dose.words}")
    return found


def numbers_of_a_dose_below_zero(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {line.dose.words}"
        for line in every_line(plan)
        if line.dose
        and any(
            number is not None and number < 0
            for number in (line.dose.amount, line.dose.daily_max, line.dose.days_at_most)
        )
    ]


def naltrexone_among_the_pain_medicines(plan: Plan) -> list[str]:
    return [line.id for line in plan.non_opioid if "naltrexone" in " ".join(line.subjects)]


def buprenorphine_counted_in_mme(plan: Plan) -> list[str]:
    counted = re.compile(r"\d[\d.,]*\s*(?:MME|mg (?:of )?(?:oral )?morphine|morphine milligram)")
    return [
        f"{line.id}: {text}"
        for line in every_line(plan)
        for text in texts_of(line)
        if "uprenorphine" in text and counted.search(text)
    ]


def medicines_without_one_decision(plan: Plan) -> list[str]:
    decisions = Counter(line.medicine for line in plan.moud if line.part == "decision")
    return [
        str(medicine.index)
        for medicine in plan.summary.medicines
        if decisions[medicine.index] != 1 or medicine.decision not in MOUD_DECISIONS
    ]


def lines_in_a_section_that_is_not_theirs(plan: Plan) -> list[str]:
    return [
        f"{line.id}: {line.section} in {section}"
        for section in SECTIONS
        for line in getattr(plan, section)
        if line.section != section
    ]


def lines_with_an_id_twice_on_one_subject(plan: Plan) -> list[str]:
    found = Counter((line.id, subject, line.medicine, line.agent) for line in plan.lines() for subject in line.subjects)
    return [str(key) for key, count in found.items() if count > 1]


# --- rules that need the facts of the Case ---------------------------------------------------------------------------


def empty_sections(plan: Plan, facts: Facts) -> list[str]:
    """A section that every such plan needs says at least why it has nothing to offer."""
    needed = ["moud", "non_opioid", "team", "monitoring", "opioids", "aftercare"]
    # After the day of the operation only the way back is planned.
    needed += [] if facts.values["plan.after_surgery"] else ["discharge"]
    if facts.values["plan.operation"]:
        needed += ["regional", "local_anesthetic", "toxicity_card"]
    if facts.agents and facts.values["plan.operation"]:
        needed.append("anticoagulant")
    return [section for section in needed if not getattr(plan, section)]


def needle_state(facts: Facts) -> str:
    """Return the state of the interval before a needle; "unknown" when it is not known."""
    return str(facts.values.get("clotting.needle", "unknown"))


def offered_techniques(plan: Plan, kinds: tuple[str, ...]) -> list[str]:
    """Return the techniques of some kinds that are offered without a question."""
    blocks = load().catalog.blocks
    return [
        f"{line.id}: {line.verdict}"
        for line in plan.regional
        if line.subject in blocks and blocks[line.subject].kind in kinds and line.verdict in OPTIONS
    ]


def deep_needles_at_a_time_that_forbids_them(plan: Plan, facts: Facts) -> list[str]:
    """No neuraxial or deep technique is offered while the interval is too short, forbidden or not known."""
    state = needle_state(facts)
    if state not in ("unknown", "too_early", "forbidden", "gate_failed"):
        return []
    return [f"{found} while {state}" for found in offered_techniques(plan, ("neuraxial", "deep"))]


def deep_needles_before_their_clock(plan: Plan, facts: Facts) -> list[str]:
    """The clock of every medicine, worked out here again from the shorter published interval and the last dose.

    A low drug level may shorten it, where the medicine has such a level; a medicine without a figure is left to the rule above.
    """
    offered = offered_techniques(plan, ("neuraxial", "deep"))
    surgery = facts.moments.get("surgery.at")
    if not offered or not isinstance(surgery, datetime):
        return []
    found = []
    for agent in facts.agents:
        least, last = agent.values.get("agent.hold_hours_least"), agent.moments.get("agent.last_dose")
        by_level = agent.values.get("agent.level_shortens") and agent.values.get("agent.level_ok")
        if isinstance(least, float) and not by_level and agent.values.get("agent.needle") != "no_restriction":
            if not isinstance(last, datetime):
                found.append(f"{agent.values['agent.label']}: last dose not known")
            elif surgery.timestamp() - last.timestamp() < least * 3600:
                found.append(f"{agent.values['agent.label']}: {last} to {surgery}")
    return [f"{one}, offered {offered}" for one in found]


RULES: tuple[Callable[[Plan], list[str]], ...] = (
    lines_without_source_or_id,
    missing_facts_that_are_not_asked,
    questions_without_words_or_purpose,
    texts_that_say_not_known_without_asking,
    placeholders_left_open,
    steps_in_the_past,
    sentences_with_a_planned_day_that_is_past,
    holds_without_a_restart,
    subjects_both_offered_and_stopped,
    drugs_of_one_group_given_together,
    doses_above_their_own_limit,
    numbers_of_a_dose_below_zero,
    naltrexone_among_the_pain_medicines,
    buprenorphine_counted_in_mme,
    medicines_without_one_decision,
    lines_in_a_section_that_is_not_theirs,
    lines_with_an_id_twice_on_one_subject,
)
RULES_WITH_FACTS: tuple[Callable[[Plan, Facts], list[str]], ...] = (
    empty_sections,
    deep_needles_at_a_time_that_forbids_them,
    deep_needles_before_their_clock,
)


def broken(plan: Plan, facts: Facts) -> dict[str, list[str]]:
    """Return what breaks a rule, by the name of the rule."""
    found = {rule.__name__: rule(plan) for rule in RULES}
    found |= {rule.__name__: rule(plan, facts) for rule in RULES_WITH_FACTS}
    return {name: breaks for name, breaks in found.items() if breaks}
