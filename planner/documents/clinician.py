"""The plan sheet: what to do, when, and what is open, on at most three pages for a usual case.

Notes, points where sources differ, tables, forms and reasons stand in the details. A never, an avoid, a caution, a
decision, a dose and a dated step are always on the sheet, and in full; tasks of the ward and the way home
may be told by their first sentence, several things to consider by their names, members of the team by their role.
A caution about something that is stopped is named by its number. Lines that say the same of several blocks are one,
medicines that stand in for another stand beside it, and a stop that stands under a medicine is not told twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from planner.documents import alternatives, budget, clock, glance, patient, roles, techniques
from planner.documents.entries import Block, Entry, Group
from planner.documents.labels import DEFINITIONS, LIPID_FOR_THIS_PERSON, PLACE_TITLES, STOPS
from planner.documents.numbering import Data, Shown, medicines, numbered

# Printed in full, also when they are a further reason for another line.
FIRM = frozenset({"stop_and_ask", "hold", "clinician_choice", "never", "avoid", "caution"})

# Parts whose tasks may be told by their first sentence.
_MAY_BE_BRIEF = frozenset({"monitoring", "discharge", "aftercare", "team"})

# Parts whose lines may follow each other in one paragraph when the sheet is long.
RUN_IN = ("monitoring", "discharge", "aftercare")

# What a sentence must not hold to be left to the details: a quantity, a limit, a stop.
_LIMIT = re.compile(
    r"\d[\s\u00a0]*(%|mg|mcg|ml|kg|ms|mmhg|hours?|minutes?|seconds?|days?|weeks?|months?|times|breaths)"
    r"|\b(never|not|no|nobody|nothing|avoid|stop|hold|until|only|except|unless|at most|hours?|days?|weeks?|naloxone|911)\b",
    re.IGNORECASE,
)
# What a measure without medicine must not hold to be told by its name.
_STOP_WORD = re.compile(r"\b(never|not|no|avoid)\b", re.IGNORECASE)

# Subjects whose notes change what the sheet says: what is left of the base, and that one technique is enough.
_BASE, _ONE_OF_THEM = "base_of_the_plan", "one_technique_is_enough"

# Several lines of one part with these verdicts may stand on the sheet under their names alone.
_NAMED_TOGETHER = ("recommend", "consider")

_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bvs)(?<!\b[a-z]\.[a-z])[.?!](?=\s+[A-Z“])")


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return everything that ``clinician.html`` prints."""
    plan = glance.for_paper(plan)
    lines = numbered(plan)
    by_id = {shown.line["id"]: shown for shown in reversed(lines)}
    by_number = {shown.number: shown for shown in lines}
    headlines = {medicine["headline"] for medicine in plan["summary"]["medicines"]}
    told = headlines | set(plan["incomplete_because"])
    kept = [
        shown
        for shown in lines
        if _on_sheet(shown, by_number) and (shown.line["say"] not in told or shown.line["dose"])
    ]
    kept = [shown for shown in kept if not _told_before(shown, kept)]
    who = tuple(glance.people(case, plan))
    timed = clock.clock(case, lines)
    blocks = {name: tuple(_blocks(name, plan, kept, lines)) for name in PLACE_TITLES}
    return {
        "case": case,
        "plan": plan,
        "patient": case["patient"],
        "to_settle": tuple(reason for reason in plan["incomplete_because"] if reason not in headlines),
        "facts": tuple(glance.key_facts(case)),
        "options": tuple(glance.options(plan)),
        "people": who,
        "decisions": {
            medicine["index"]: entry_of(by_id[medicine["decision_line"]])
            for medicine in plan["summary"]["medicines"]
            if medicine["decision_line"] in by_id
        },
        "known_people": any(name or phone for _, name, phone in who),
        "short_calls": tuple(
            dict.fromkeys(line["short"] for line in plan["moud"] if line["part"] == "call" and line["short"])
        ),
        "definitions": tuple(_needed_definitions(plan, kept)),
        "days": tuple(
            glance.days(plan["timeline"], case["surgery"]["at"], {name: shown.number for name, shown in by_id.items()})
        ),
        "blocks": blocks,
        "titles": PLACE_TITLES,
        "clock": timed,
        "clock_years": clock.years(timed),
        "budget": budget.view(
            plan["budget"], [(shown.number, shown.line) for shown in lines if shown.place == "local_anesthetic"]
        ),
        "never_beside": alternatives.NEVER_BESIDE,
        "all_routes": alternatives.ALL_ROUTES,
        "team": tuple(roles.roles(plan)),
        "team_lines": span(lines, "team"),
    }


def _needed_definitions(plan: Data, kept: Sequence[Shown]) -> Iterator[tuple[str, str]]:
    """Yield the words that need a meaning on this sheet."""
    verdicts = " ".join(str(shown.line["verdict"]).replace("ask", "ask first") for shown in kept)
    steps = " ".join(step["what"] for step in plan["timeline"])
    text = " ".join((verdicts, steps, *(shown.line["say"] for shown in kept), *_headlines(plan))).lower()
    for word, meaning in DEFINITIONS:
        if word == "Day 0" or word.lower() in text:
            yield word, meaning


def _headlines(plan: Data) -> Iterator[str]:
    for medicine in plan["summary"]["medicines"]:
        yield f"{medicine['decision']} {medicine['headline']}"


def span(lines: Sequence[Shown], place: str) -> str:
    """Return the numbers of a part of the details: "101 to 116"."""
    numbers = [shown.number for shown in lines if shown.place == place]
    return f"{numbers[0]} to {numbers[-1]}" if numbers else "none"


def entry_of(shown: Shown, lines: Sequence[Shown] = ()) -> Entry:
    """Return a line as the sheet words it; ``lines`` are all lines of the plan."""
    say, cut = _brief(shown)
    if told := _told_under_a_medicine(shown, lines):
        say, cut = f"As in {told}.", True
    # The same rule stands once on the sheet, with the cautions of every line that it is on.
    same = {other.number for other in lines if (other.place, other.line["id"]) == (shown.place, shown.line["id"])}
    cautions = tuple(
        other.number
        for other in lines
        if other.owner in same and other.line["verdict"] == "caution" and shown.line["verdict"] == "avoid"
    )
    return Entry((shown.number,), shown.line["verdict"], say, shown.cites, shown, cut, cautions=cautions)


def _told_under_a_medicine(shown: Shown, lines: Sequence[Shown]) -> int | None:
    """Return the number of the line under a medicine for addiction that forbids the same."""
    if shown.place != "opioids" or shown.line["verdict"] != "never":
        return None
    same = (
        other.number
        for other in lines
        if other.place == "moud" and other.line["verdict"] == "never" and other.line["subject"] == shown.line["subject"]
    )
    return next(same, None)


def _on_sheet(shown: Shown, by_number: dict[int, Shown]) -> bool:
    line = shown.line
    owner = by_number[shown.owner] if shown.owner else None
    if line["verdict"] == "caution" and owner and owner.line["verdict"] in STOPS:
        return False
    if budget.said_above(line):
        return False
    if line["verdict"] in FIRM:
        return True
    if shown.place == "toxicity_card":
        # The card has the steps; the sheet says how much lipid emulsion this person gets.
        return bool(line["subject"] == LIPID_FOR_THIS_PERSON)
    if owner is not None or line["part"] == "disagreement":
        return False
    if line["verdict"] == "note":
        return bool(line["dose"]) or line["subject"] == _BASE
    return not _told_elsewhere(line)


def _told_before(shown: Shown, kept: Sequence[Shown]) -> bool:
    """Whether the same rule says the same of another medicine just before: a further reason, or a stop of two forms."""
    if shown.place in ("regional", "moud") or shown.line["dose"] or shown.line["missing"]:
        return False
    before = (other for other in kept if other.place == shown.place and other.number < shown.number)
    return any(other.line["id"] == shown.line["id"] and other.line["say"] == shown.line["say"] for other in before)


def _told_elsewhere(line: Data) -> bool:
    """Whether the days tell all of it: planned visits, and calls that stand in the glance as well."""
    dated = bool(line["steps"]) and all(step["at"] or step["on"] for step in line["steps"])
    return dated and not line["dose"] and (line["subject"] == "follow_up" or (line["part"] == "call" and line["short"]))


def _brief(shown: Shown) -> tuple[str, bool]:
    """Return what the sheet says of a line, and whether the details say more."""
    line = shown.line
    say: str = line["say"]
    if shown.place == "team" and line["verdict"] not in FIRM and not line["dose"]:
        return "", True
    if shown.place not in _MAY_BE_BRIEF or line["verdict"] in FIRM or line["dose"] or _is_trigger(line):
        return say, False
    if line["short"] and not _LIMIT.search(say):
        return line["short"], True
    end = _SENTENCE_END.search(say)
    if end is None or _LIMIT.search(say[end.end() :]):
        return say, False
    return say[: end.end()], True


def _is_trigger(line: Data) -> bool:
    return bool(line["subject"] == "stop_triggers")


def _blocks(name: str, plan: Data, kept: Sequence[Shown], lines: Sequence[Shown]) -> Iterator[Block]:
    """Yield the blocks of a part: one, or one for each medicine."""
    own = [shown for shown in kept if shown.place == name]
    if name != "moud":
        groups = tuple(_groups(name, own, kept, lines))
        if groups:
            yield Block(groups)
        return
    for medicine in medicines(plan):
        of_medicine = [shown for shown in own if shown.line["medicine"] == medicine["index"]]
        groups = tuple(_groups(name, of_medicine, kept, lines))
        if groups:
            yield Block(groups, medicine)


def _groups(place: str, own: Sequence[Shown], kept: Sequence[Shown], lines: Sequence[Shown]) -> Iterator[Group]:
    """Yield lines that follow each other under the same label, then what is only named as to be considered.

    Args:
        place: the part of the sheet.
        own: the lines of that part.
        kept: every line of the sheet.
        lines: every line of the plan.
    """
    beside = alternatives.beside_leaders(kept)
    placed = {shown.number for found in beside.values() for shown in found}
    own = [shown for shown in own if shown.number not in placed]
    if place == "regional":
        of_techniques = techniques.about_techniques(own)
        one_of_them = any(shown.line["subject"] == _ONE_OF_THEM for shown in lines)
        yield from techniques.groups(of_techniques, one_of_them)
        own = [shown for shown in own if shown not in of_techniques]
    if place == "not_started":
        yield from _stopped(own)
        own = [shown for shown in own if shown.line["verdict"] not in STOPS]
    named = {verdict: [shown for shown in own if _can_be_named(shown, verdict)] for verdict in _NAMED_TOGETHER}
    together_by_verdict = {verdict: found for verdict, found in named.items() if len(found) > 1}
    joined = [shown.number for found in together_by_verdict.values() for shown in found]
    apart = [shown for shown in own if shown.number not in joined]
    for heading, together in groupby(apart, lambda shown: shown.heading):
        yield Group(heading, alternatives.led([entry_of(shown, lines) for shown in together], beside, kept))
    for verdict, found in together_by_verdict.items():
        yield Group("", (_joined(verdict, found),))


def _stopped(lines: Sequence[Shown]) -> Iterator[Group]:
    """Yield what is not started, one statement after the other under each stop."""
    for verdict in STOPS:
        found = tuple(entry_of(shown) for shown in lines if shown.line["verdict"] == verdict)
        if found:
            yield Group("", found, verdict)


def _joined(verdict: str, lines: Sequence[Shown]) -> Entry:
    labels = dict.fromkeys(shown.line["short"] or shown.line["subject_label"] for shown in lines)
    cites = dict.fromkeys(cited for shown in lines for cited in shown.cites)
    say = "; ".join(label.rstrip(".") for label in labels) + "."
    return Entry(tuple(shown.number for shown in lines), verdict, say, tuple(cites), cut=True)


def _can_be_named(shown: Shown, verdict: str) -> bool:
    """Whether the name of a line may stand for it.

    So it is for things to consider, for measures without medicine, and for help lines, whose numbers the patient's
    sheet has.
    """
    line = shown.line
    if line["verdict"] != verdict or line["medicine"] is not None:
        return False
    if line["dose"] or line["missing"] or shown.undated:
        return False
    if shown.place == "aftercare" and line["say_patient"] and patient.HELP.search(line["say_patient"]["en"]):
        return True
    if shown.place == "non_drug":
        return not _STOP_WORD.search(line["say"])
    return bool(verdict == "consider" and not _LIMIT.search(line["say"]))
