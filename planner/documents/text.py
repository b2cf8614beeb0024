"""The plan as plain text for the command line: the order of the paper, 100 columns, nothing to fetch or render."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from planner import words
from planner.documents import budget
from planner.documents.labels import (
    CONFIRM,
    DECISION_SUPPORT,
    MISUSE_WORDS,
    PART_2,
    PART_LABELS,
    PLACE_TITLES,
    VERDICT_WORDS,
)
from planner.documents.numbering import lines_at

Data = Mapping[str, Any]

WIDTH = 100


def plan_text(plan: Data) -> str:
    """Return a plan as text: the glance, the days, each section, what is unknown, the sources.

    Args:
        plan: ``planner.plan.as_data(plan)``.
    """
    numbers = _source_numbers(plan)
    parts: list[Iterable[str]] = [_head(plan), _glance(plan), _days(plan)]
    parts += [_section(name, plan, numbers) for name in PLACE_TITLES]
    parts += [_unknown(plan), _sources(plan, numbers), _foot(plan)]
    return "\n".join(line.rstrip() for part in parts for line in part)


def _head(plan: Data) -> Iterator[str]:
    summary = plan["summary"]
    yield "PERIOPERATIVE PAIN PLAN"
    yield from _wrapped(
        ", ".join(filter(None, (summary["person"] or "name not given", summary["operation"], summary["when"])))
    )
    if not plan["complete"]:
        yield from ("", "INCOMPLETE. Settle this before the plan is used:")
        for reason in plan["incomplete_because"]:
            yield from _wrapped(reason, "  - ")
    if plan["open_roles"]:
        yield ""
        yield from _wrapped(f"NOT FINAL. Nobody named with a number yet: {'; '.join(plan['open_roles'])}.")


def _glance(plan: Data) -> Iterator[str]:
    summary = plan["summary"]
    yield from _title("At a glance")
    for medicine in summary["medicines"]:
        yield from _wrapped(f"{VERDICT_WORDS[medicine['decision']]}: {medicine['label']}, {medicine['dose']}.")
        yield from _wrapped(medicine["headline"], "  ")
    for word, sentences in (("NEVER", summary["never"]), ("CALL", summary["call"])):
        for sentence in sentences:
            yield from _wrapped(sentence, f"{word}: ")


def _days(plan: Data) -> Iterator[str]:
    if not plan["timeline"]:
        return
    yield from _title("Days")
    for step in plan["timeline"]:
        when = words.moment(_parsed(step["at"] or step["on"]))
        yield from _wrapped(f"{step['what']} ({step['who']})", f"{when:<24}")


def _section(name: str, plan: Data, numbers: Mapping[str, int]) -> Iterator[str]:
    lines = tuple(lines_at(name, plan))
    limits = plan["budget"] if name == "local_anesthetic" else None
    if not lines and not limits:
        return
    yield from _title(PLACE_TITLES[name])
    yield from _budget(limits, lines, numbers)
    labels = {
        medicine["index"]: f"{medicine['label']}, {medicine['dose']}" for medicine in plan["summary"]["medicines"]
    }
    for medicine, own in groupby(lines, lambda line: line["medicine"]):
        if medicine is not None:
            yield from _wrapped(labels[medicine])
        for heading, together in groupby(own, _heading):
            yield from _wrapped(heading, "  ")
            for line in together:
                yield from _person(line)
                for one in (line, *line["also"]):
                    yield from _line(one, numbers)


def _person(line: Data) -> Iterator[str]:
    """Yield who takes a role, or the blank that is left."""
    if line["section"] != "team":
        return
    contact = line["contact"] or {"name": "", "phone": ""}
    need = "REQUIRED" if line["required"] else "recommended"
    said = f"{contact['name'] or '____ (name)'}, {contact['phone'] or '____ (telephone)'}"
    yield from _wrapped(f"{need}: {said}", "    ")


def _budget(limits: Data | None, lines: Sequence[Data], numbers: Mapping[str, int]) -> Iterator[str]:
    """Yield the local anesthetic budget: for whom, what is used, and a row for each drug."""
    found = budget.view(limits, [(place, line) for place, line in enumerate(lines, 1)])
    if not found:
        return
    if found.warning:
        yield from _wrapped(found.warning, "  ")
    if found.counted:
        yield from _wrapped(f"Counted for {'; '.join(found.counted)}", "  ")
    for used in found.used:
        yield from _wrapped(used, "  Given or planned: ")
    if found.used and found.left:
        yield from _wrapped(found.left, "  ")
    for row in found.rows:
        mark = f" {CONFIRM}" if row.unverified else ""
        said = f"{VERDICT_WORDS['never']}, see below" if row.stop else f"{row.mg}; in mL: {row.in_words}"
        yield from _wrapped(f"{row.name}: {said}{mark}", "    - ")
    if found.cites:
        cited = ", ".join(str(numbers[name]) for name in found.cites)
        yield from _wrapped(f"[{cited}]", "    ")


def _line(line: Data, numbers: Mapping[str, int]) -> Iterator[str]:
    cites = ", ".join(str(number) for number in dict.fromkeys(numbers[cited["id"]] for cited in line["sources"]))
    mark = f" {CONFIRM}" if line["evidence"] == "unverified" else ""
    missing = "".join(f" Find out: {lack['question']}" for lack in line["missing"])
    instead = f" In place of {line['instead_of']}, never beside it:" if line["instead_of"] else ""
    misuse = f" ({MISUSE_WORDS[line['misuse']]})" if line["misuse"] in MISUSE_WORDS else ""
    # A role that is required is no longer merely recommended.
    verdict = "REQUIRED" if line["required"] else VERDICT_WORDS[line["verdict"]]
    yield from _wrapped(f"{verdict}:{instead} {line['say']}{misuse}{missing} [{cites}]{mark}", "    - ")
    for choice in line["choices"]:
        yield from _wrapped(choice, "      or: ")
    for step in line["steps"]:
        if not step["at"] and not step["on"]:
            yield from _wrapped(f"{step['what']} ({step['who']})", f"      {step['day'] or 'When due'}: ")
    if line["table"]:
        yield from _wrapped(line["table"]["title"], "      ")
        for row in line["table"]["rows"]:
            pieces = (f"{name}: {cell}" for name, cell in zip(line["table"]["columns"], row, strict=False))
            yield from _wrapped("; ".join(pieces), "        ")


def _unknown(plan: Data) -> Iterator[str]:
    if not plan["unknown"]:
        return
    yield from _title("Still to find out")
    for ask in plan["unknown"]:
        subjects = dict.fromkeys(needed["subject_label"] for needed in ask["needed_for"])
        yield from _wrapped(f"{ask['question']} Decides: {', '.join(subjects)}.", "  - ")


def _sources(plan: Data, numbers: Mapping[str, int]) -> Iterator[str]:
    if not numbers:
        return
    yield from _title("Sources")
    cited = {one["id"]: one for one in _cited(plan)}
    for name, number in numbers.items():
        yield from _wrapped(f"{cited[name]['citation']}. {cited[name]['year']}.", f"[{number}] ")


def _foot(plan: Data) -> Iterator[str]:
    knowledge = plan["knowledge"]
    made = words.moment(_parsed(plan["made_at"]))
    yield ""
    yield from _wrapped(f"{DECISION_SUPPORT} {PART_2}")
    yield from _wrapped(
        f"Made {made}. Knowledge {knowledge['version']}, {knowledge['hash'][:12]}. {CONFIRM}: not yet traced to its source."
    )


def _source_numbers(plan: Data) -> dict[str, int]:
    names = dict.fromkeys(cited["id"] for cited in _cited(plan))
    return {name: number for number, name in enumerate(names, 1)}


def _cited(plan: Data) -> Iterator[Data]:
    for name in PLACE_TITLES:
        if name == "local_anesthetic" and plan["budget"]:
            for limit in plan["budget"]["limits"]:
                yield from limit["sources"]
        for line in lines_at(name, plan):
            for one in (line, *line["also"]):
                yield from one["sources"]


def _heading(line: Data) -> str:
    return PART_LABELS.get(line["part"] or "") or str(line["subject_label"])


def _parsed(value: str) -> date | datetime:
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


def _title(text: str) -> tuple[str, str, str]:
    return ("", text, "-" * len(text))


def _wrapped(text: str, lead: str = "") -> list[str]:
    """Return a paragraph in lines of at most 100 columns, hanging under its lead; a dose stays on one line."""
    found = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * min(len(lead), 24),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return found or [lead]
