"""The knowledge base as tables to read: first choices for each operation, and what stops each drug.

Markdown, made from the knowledge base alone, so that the tables say what the plans say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from planner import choices, words
from planner.catalog import Drug, Procedure
from planner.catalog.drugs import STEPS
from planner.knowledge import Knowledge
from planner.knowledge.faults import PLACEHOLDER
from planner.knowledge.load import Rule

_STOPS = ("never", "avoid")
_STEP_NAMES = {
    "backbone": "The base: acetaminophen and one NSAID",
    "adjunct": "Added to the base",
    "non_drug": "Without medicine",
    "not_started": "Not started, or not by routine",
}
_MADE_BY = "Made from the knowledge base by `throughline tables docs/tables`. Change the records, not this page."
_EVIDENCE = (
    "Evidence: **read** means that the source was read, at least in its abstract; **secondary** that it was read through "
    "another page; **unverified** that at least part of the line is general knowledge or a choice of this project."
)

_ABOUT_OPERATIONS = """It stands for the first choices of the row. Pain is that expected without treatment.

These are blocks and infiltration only; every row comes on top of acetaminophen and one NSAID where nothing stops them. A choice
falls away when a stop holds for the person: no consent, bleeding risk, infection, allergy."""
_ABOUT_STOPS = """**Never** and **avoid** take a drug out of the plan; a condition that cannot be judged because an answer is missing
turns it into “ask first”. A stop on a class holds for each of its members and stands once, under the class. The misuse tier says
how far people in recovery misuse the drug."""


def tables(knowledge: Knowledge) -> dict[str, str]:
    """Return each page by its file name."""
    return {
        "operation-first-choice.md": operation_page(knowledge),
        "drug-stops.md": stops_page(knowledge),
        "state-limits.md": states_page(knowledge),
    }


def states_page(knowledge: Knowledge) -> str:
    """Return the page of state limits on a first opioid prescription: rule, days held against, day of the last look."""
    rows = []
    for state, name in choices.STATES.items():
        limit = knowledge.catalog.states.get(state)
        if limit is None:
            rows.append(f"| {name} | no row was found | | |")
        else:
            days = "" if limit.days is None else str(limit.days)
            rows.append(f"| {name} | {limit.rule} | {days} | {limit.checked_on.isoformat()} |")
    return "\n".join(
        [
            "# Limits of states on a first opioid prescription",
            "",
            _MADE_BY,
            "",
            "Read in tables of 2019 to 2022 (STATELIM): every row must be verified before use. “No limit was found” is not “no limit”.",
            "A supply after surgery is held against the days.",
            "",
            "| State | Rule | Days | Checked |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def operation_page(knowledge: Knowledge) -> str:
    """Return the page of operations: pain and days, first and second choice, what is advised against, evidence and sources."""
    procedures = [one for one in knowledge.catalog.procedures.values() if one.first or one.second or one.pain]
    regions = {**choices.BODY_REGIONS, "": "Anywhere"}
    cited: dict[str, None] = {}
    parts = [
        "# First choices for each operation",
        f"{_MADE_BY}\n\n{_EVIDENCE} {_ABOUT_OPERATIONS}",
    ]
    for region, title in regions.items():
        kinds = [kind for one in procedures if one.region == region for kind in _kinds(one)]
        if not kinds:
            continue
        rows = [_operation_row(kind, knowledge) for kind in kinds]
        cited |= dict.fromkeys(cite["id"] for kind in kinds for cite in kind.sources)
        head = ("Operation", "Pain, days", "First choice", "Second choice", "Advised against", "Evidence", "Sources")
        parts.append(f"## {title}\n\n{_table(head, rows)}")
    parts.append(_source_list(cited, knowledge))
    return "\n\n".join(parts) + "\n"


def stops_page(knowledge: Knowledge) -> str:
    """Return the page of drugs: step, misuse tier, and every stop with its condition in words, evidence and sources."""
    drugs = knowledge.catalog.drugs.values()
    stops = _stops_by_subject(knowledge)
    cited: dict[str, None] = {}
    parts = [
        "# What stops each drug",
        f"{_MADE_BY}\n\n{_EVIDENCE}\n\n{_ABOUT_STOPS}",
    ]
    for step in STEPS:
        members = [drug for drug in drugs if drug.step == step]
        if not members:
            continue
        parts.append(f"## {_STEP_NAMES[step]}")
        for drug in sorted(members, key=lambda one: (not one.heads, one.group, one.place)):
            rules = stops.get(drug.id, [])
            parts.append(_drug_part(drug, rules, knowledge))
            cited |= dict.fromkeys(cite.id for rule in rules for cite in rule.record.sources)
    parts.append(_source_list(cited, knowledge))
    return "\n\n".join(parts) + "\n"


def _kinds(procedure: Procedure) -> list[Procedure]:
    """Return the kinds of an operation, or the operation itself when it has none."""
    return [procedure.of_kind(kind) for kind in procedure.variants] or [procedure]


def _operation_row(procedure: Procedure, knowledge: Knowledge) -> list[str]:
    blocks = knowledge.catalog.blocks

    def named(techniques: Iterable[str]) -> str:
        return _lines(blocks[name].label for name in techniques)

    days = f", {procedure.pain_days} days" if procedure.pain_days else ""
    second = [name for name in procedure.second if name not in procedure.first]
    return [
        procedure.label,
        f"{choices.EXPECTED_PAIN.get(procedure.pain, '')}{days}",
        named(procedure.first) or "none named",
        named(second),
        _lines(item["what"] for item in procedure.against),
        procedure.evidence,
        _sources([cite["id"] for cite in procedure.sources], knowledge),
    ]


def _stops_by_subject(knowledge: Knowledge) -> Mapping[str, list[Rule]]:
    """Return the stops on each drug, the strongest first and then in the order of the plan."""
    found: dict[str, list[Rule]] = {}
    for rule in knowledge.by_id.values():
        if rule.record.section == "non_opioid" and rule.record.verdict in _STOPS:
            for subject in rule.record.about:
                found.setdefault(subject, []).append(rule)
    for rules in found.values():
        rules.sort(key=lambda rule: (_STOPS.index(rule.record.verdict), rule.record.order, rule.record.id))
    return found


def _drug_part(drug: Drug, rules: Sequence[Rule], knowledge: Knowledge) -> str:
    head = knowledge.catalog.drugs
    class_label = next((one.label for one in head.values() if one.heads and one.heads == drug.group), "")
    facts = [f"Misuse tier: {drug.misuse} ({drug.evidence})."]
    facts += [f"Watch: {drug.watch}"] if drug.watch else []
    facts += [f"Every stop on “{class_label}” holds too."] if class_label else []
    members = [one.label for one in head.values() if drug.heads and one.group == drug.heads]
    facts += [f"Holds for: {', '.join(members)}."] if members else []
    rows = [
        [
            rule.record.verdict,
            _capital(_shorter(rule.condition.in_words)),
            _plain(rule.record.say, knowledge),
            rule.record.evidence,
            _sources([cite.id for cite in rule.record.sources], knowledge),
        ]
        for rule in rules
    ]
    table = (
        _table(("Stop", "When", "What the plan says", "Evidence", "Sources"), rows) if rows else "No stop of its own."
    )
    return f"### {drug.label}\n\n{' '.join(facts)}\n\n{table}"


# Conditions guard themselves against operations that are not listed and plans without one; a reader of a table need not.
_SHORTER = (
    (r"not no operation is planned", "an operation is planned"),
    (r"(?<!not )the operation is on the list and (?=\(?what is special)", ""),
    (r"not the operation is on the list", "the operation is not on the list"),
    (
        r"what is special about the (operation|technique) includes ([a-z ]+?)(?= and | or |\)|$)",
        r"the \1 is marked “\2”",
    ),
)


def _shorter(condition: str) -> str:
    """Return a condition in words without what only protects the program."""
    for long, short in _SHORTER:
        condition = re.sub(long, short, condition)
    return condition


def _sources(ids: Iterable[str], knowledge: Knowledge) -> str:
    return ", ".join(f"{name} ({knowledge.sources[name].year})" for name in dict.fromkeys(ids))


def _source_list(ids: Iterable[str], knowledge: Knowledge) -> str:
    lines = []
    for name in sorted(ids):
        source = knowledge.sources[name]
        how = {"full": "read", "part": "read in part", "secondary": "read through another page", "none": "not read"}
        lines.append(f"- **{name}** {_cell(source.citation)} ({source.year}). {_capital(how[source.read])}.")
    return "## Sources\n\n" + "\n".join(lines)


def _plain(text: str, knowledge: Knowledge) -> str:
    """Return a sentence with the names of facts where a plan prints their values."""

    def named(match: re.Match[str]) -> str:
        kind = knowledge.kinds.get(match[1])
        return f"[{kind.label if kind else words.subject(match[1].split('.')[-1]).lower()}]"

    return PLACEHOLDER.sub(named, text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _lines(items: Iterable[str]) -> str:
    return "<br>".join(items)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
