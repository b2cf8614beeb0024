"""Load the knowledge base: parse strictly, compile and type-check each condition, refuse what is not cited.

Every error names the file, the record and what would be right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from planner import choices
from planner.case import Case, MoudEntry
from planner.catalog import (
    Antithrombotic,
    Block,
    Catalog,
    Drug,
    LocalAnesthetic,
    MedicineClass,
    PillRange,
    Procedure,
    Product,
    StateLimit,
)
from planner.facts import derive, fact_kinds
from planner.facts.declare import FactKind
from planner.knowledge.conditions import Condition, compiled, environment_of
from planner.knowledge.faults import PLACEHOLDER, catalog_faults, near, record_faults, short, texts_of
from planner.knowledge.founding import FILE as FOUNDING_FILE
from planner.knowledge.founding import Founding, founding_of
from planner.knowledge.records import Record, Source, weights_needed
from planner.knowledge.yamlfile import parse_own
from planner.problems import Problem, Refused

VERSION = "2026-11"
# When the tables of products, operations, techniques and medicines were last looked at, and are due again.
CATALOG_CHECKED_ON = date(2026, 11, 25)
CATALOG_CHECK_AGAIN = date(2027, 5, 25)
HERE = Path(__file__).parent
CATALOG_FILES = (
    "sources.yaml",
    "products.yaml",
    "procedures.yaml",
    "blocks.yaml",
    "medicines.yaml",
    "drugs.yaml",
    "antithrombotics.yaml",
    "local_anesthetics.yaml",
)

# Tables that a knowledge base may do without.
OPTIONAL_FILES = ("states.yaml", "pill_ranges.yaml", FOUNDING_FILE)

# Facts with as many values as the tables have operations and techniques.
_FROM_TABLES = ("surgery.traits", "surgery.region", "surgery.pain", "block.kind", "block.bleeding", "block.traits")

# What an interval of the table gives: a line that prints it is no better traced than its row.
_INTERVAL = (
    "clotting.needle",
    "agent.needle",
    "agent.hold_hours",
    "agent.restart_",
    "agent.catheter",
    "agent.given_with_catheter",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as a line cites it: where in it, how much of it was read."""

    id: str
    citation: str
    year: str
    where: str
    link: str
    read: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A record with its compiled condition and what it needs.

    ``wants`` are the facts and moments its text and dose need, ``shown`` the facts its line says it used. A record
    ``repeats`` when its line hangs on yes-or-no facts and on words of the tables only; such lines are kept in ``made``,
    because most plans print the same ones.
    """

    record: Record
    file: str
    condition: Condition
    placeholders: tuple[str, ...]
    wants: tuple[str, ...]
    shown: tuple[str, ...]
    cites: tuple[Cited, ...]
    repeats: bool
    needs_interval: bool
    made: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole knowledge base, ready to be asked.

    ``needs`` are the facts that the records of one regimen, of techniques, of medicines against clotting or about the
    outcome name.
    """

    version: str
    hash: str
    sources: Mapping[str, Source]
    catalog: Catalog
    kinds: Mapping[str, FactKind]
    environment: Any
    entry_rules: Mapping[str, tuple[Rule, ...]]
    block_rules: tuple[Rule, ...]
    agent_rules: tuple[Rule, ...]
    case_rules: tuple[Rule, ...]
    outcome_rules: tuple[Rule, ...]
    needs: Mapping[str, frozenset[str]]
    by_id: Mapping[str, Rule]
    founding: Founding


@cache
def load(folder: Path = HERE) -> Knowledge:
    """Return the knowledge base of a folder.

    Raises:
        Refused: with every fault found: file, record, what is wrong, what would be right.
    """
    files = sorted(folder.rglob("*.yaml"))
    parsed = {path.relative_to(folder).as_posix(): parse_own(path) for path in files}
    missing = [name for name in CATALOG_FILES if not isinstance(parsed.get(name), dict)]
    if missing:
        raise Refused([Problem(name, "The file is missing or empty.", "Put it back.") for name in missing])
    sources = _sources(parsed["sources.yaml"])
    catalog = _catalog(parsed)
    if faults := list(catalog_faults(catalog, sources)):
        raise Refused(faults)
    kinds = fact_kinds(catalog)
    environment = environment_of(kinds)
    rules = list(_rules(parsed, environment, kinds, catalog, sources))
    once = [rule for rule in rules if not (rule.record.for_ or rule.record.blocks or rule.record.agents)]
    by_regimen: dict[str, list[Rule]] = {}
    for rule in rules:
        for regimen in rule.record.for_:
            by_regimen.setdefault(regimen, []).append(rule)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return Knowledge(
        version=VERSION,
        hash=digest.hexdigest(),
        sources=sources,
        catalog=catalog,
        kinds=kinds,
        environment=environment,
        entry_rules={regimen: tuple(found) for regimen, found in by_regimen.items()},
        block_rules=tuple(rule for rule in rules if rule.record.blocks),
        agent_rules=tuple(rule for rule in rules if rule.record.agents),
        case_rules=tuple(rule for rule in once if not _about_outcome(rule)),
        outcome_rules=tuple(rule for rule in once if _about_outcome(rule)),
        needs={
            **{regimen: _needs(found) for regimen, found in by_regimen.items()},
            "block": _needs(rule for rule in rules if rule.record.blocks),
            "agent": _needs(rule for rule in rules if rule.record.agents),
            "outcome": _needs(rule for rule in once if _about_outcome(rule)),
        },
        by_id={rule.record.id: rule for rule in rules},
        founding=founding_of(parsed.get(FOUNDING_FILE), sources),
    )


def _needs(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(name for rule in rules for name in rule.condition.needs)


def _about_outcome(rule: Rule) -> bool:
    """Whether a record can only be judged when the plan knows what is left."""
    return any(name.startswith("outcome.") for name in rule.condition.needs)


def _sources(parsed: Mapping[str, Any]) -> dict[str, Source]:
    found, problems = {}, []
    for name, given in parsed.items():
        try:
            found[name] = Source.model_validate(given)
        except ValidationError as error:
            problems += _problems(f"sources.yaml, source '{name}'", error)
    if problems:
        raise Refused(problems)
    return found


def _catalog(parsed: Mapping[str, Any]) -> Catalog:
    agents = _items("antithrombotics.yaml", parsed, Antithrombotic)
    return Catalog(
        products=_items("products.yaml", parsed, Product),
        procedures=_items("procedures.yaml", parsed, Procedure),
        blocks=_items("blocks.yaml", parsed, Block),
        medicines=_with_clotting_names(_items("medicines.yaml", parsed, MedicineClass), agents),
        drugs=_items("drugs.yaml", parsed, Drug),
        antithrombotics=agents,
        local_anesthetics=_items("local_anesthetics.yaml", parsed, LocalAnesthetic),
        states=_items("states.yaml", parsed, StateLimit),
        pill_ranges=_items("pill_ranges.yaml", parsed, PillRange),
    )


def _with_clotting_names(
    classes: dict[str, MedicineClass], agents: Mapping[str, Antithrombotic]
) -> dict[str, MedicineClass]:
    """Return the classes with every name of the interval table in the class of medicines against clotting.

    Whatever has an interval must be noticed when it is typed among the other medicines; aspirin is a class of its own.
    """
    own = classes.get("anticoagulant_or_antiplatelet")
    if own is None:
        return classes
    table = [name for agent in agents.values() if agent.family != "aspirin" for name in agent.names]
    names = tuple(dict.fromkeys((*own.names, *(name.lower() for name in table))))
    return {**classes, own.id: replace(own, names=names)}


def _items(file: str, parsed: Mapping[str, Any], kind: type[T]) -> dict[str, T]:
    adapter = TypeAdapter(kind)
    allowed = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name, given in (parsed.get(file) or {}).items():
        for strange in given.keys() - allowed:
            problems.append(
                Problem(
                    f"{file}, '{name}'", f"There is no field '{strange}'.", f"Use one of: {', '.join(sorted(allowed))}."
                )
            )
        try:
            found[name] = adapter.validate_python({"id": name, **given})
        except ValidationError as error:
            problems += _problems(f"{file}, '{name}'", error)
    if problems:
        raise Refused(problems)
    return found


def _rules(
    parsed: Mapping[str, Any],
    environment: Any,
    kinds: Mapping[str, FactKind],
    catalog: Catalog,
    sources: Mapping[str, Source],
) -> Iterable[Rule]:
    problems: list[Problem] = []
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    products = catalog.products.values()
    regimens = {name for product in products for name in (product.regimen, *product.regimen_for.values())}

    @cache  # Half of the records share their condition with another.
    def condition_of(text: str) -> Condition:
        return compiled(text, environment, kinds)

    for file, records in parsed.items():
        if file in (*CATALOG_FILES, *OPTIONAL_FILES):
            continue
        if not isinstance(records, list):
            problems.append(
                Problem(
                    file,
                    "The file holds no list of records.",
                    "Start each record with a dash and its id, or remove the file.",
                )
            )
            continue
        for given in records:
            name = given.get("id", "without id") if isinstance(given, dict) else "without id"
            place = f"{file}, record '{name}'"
            try:
                record = Record.model_validate(given)
            except ValidationError as error:
                problems += _problems(place, error)
                continue
            if record.id in seen:
                problems.append(Problem(place, f"The id is taken by {seen[record.id]}.", "Give it another id."))
            seen[record.id] = file
            faults = list(record_faults(record, kinds, catalog, sources, regimens))
            problems += [Problem(place, wrong, right) for wrong, right in faults]
            try:
                rules.append(_rule(record, file, condition_of(record.when), kinds, sources))
            except (ValueError, RuntimeError) as error:
                problems.append(
                    Problem(place, f"The condition “{record.when}” is wrong: {short(error)}.", near(error, kinds))
                )
    problems += _undecided(rules, environment, catalog)
    if problems:
        raise Refused(problems)
    return rules


def _undecided(rules: list[Rule], environment: Any, catalog: Catalog) -> Iterable[Problem]:
    """Say for which regimen no decision holds when nothing but the product and the kind of plan is known."""
    decisions: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.record.part == "decision":
            for regimen in rule.record.for_:
                decisions.setdefault(regimen, []).append(rule)
    every = [
        MoudEntry(product=product.id, indication=indication)
        for product in catalog.products.values()
        for indication in (None, *product.regimen_for)
    ]
    for kind in choices.KINDS:
        # With nothing dated, no fact depends on the moment.
        facts = derive(Case(kind=kind, moud=every), catalog, datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]
        plan_only = {name: value for name, value in facts.values.items() if name.startswith("plan.")}
        for regimen, values in {entry.regimen: entry.values for entry in facts.entries}.items():
            known = {**plan_only, **values}
            prepared = environment.Activation(known)
            found = decisions.get(regimen, [])
            if found and not any(rule.condition.holds(known, prepared) for rule in found):
                right = "Add a decision that holds when nothing else is known."
                yield Problem(f"regimen '{regimen}'", f"No decision is certain in a plan of the kind {kind}.", right)


def cited(sources: Mapping[str, Source], source_id: str, where: str) -> Cited:
    """Return a source as a line cites it."""
    source = sources[source_id]
    return Cited(source_id, source.citation, source.year, where, source.where, source.read)


def _rule(
    record: Record, file: str, condition: Condition, kinds: Mapping[str, FactKind], sources: Mapping[str, Source]
) -> Rule:
    texts = texts_of(record)
    placeholders = tuple(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))
    shown = tuple(dict.fromkeys((*condition.needs, *(name for name in placeholders if name in kinds))))
    interval = any(name.startswith(_INTERVAL) for name in (*condition.needs, *placeholders))
    per_plan = bool(placeholders or record.steps or record.dose or record.for_ or record.agents or interval)
    return Rule(
        record=record,
        file=file,
        condition=condition,
        placeholders=placeholders,
        wants=(*placeholders, *weights_needed(record.dose)),
        shown=shown,
        needs_interval=interval,
        repeats=not per_plan and all(kinds[name].type is bool or name in _FROM_TABLES for name in shown),
        cites=tuple(cited(sources, cite.id, cite.where) for cite in record.sources if cite.id in sources),
    )


def _problems(place: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(
            f"{place}, {'.'.join(str(step) for step in detail['loc'])}",
            f"{detail['msg']}.",
            f"It was: {str(detail['input'])[:80]}",
        )
        for detail in error.errors()
    ]
