"""Load the knowledge base: parse strictly, compile and type-check each condition, refuse what is not cited.

Every error names the file, the record and what would be right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cel_expr_python import cel
from pydantic import TypeAdapter, ValidationError

from planner import words
from planner.catalog import Block, Catalog, MedicineClass, Procedure, Product
from planner.facts import fact_kinds
from planner.facts.declare import FactKind
from planner.facts.moments import MOMENTS
from planner.knowledge.records import MOUD_DECISIONS, Record, Source
from planner.knowledge.yamlfile import parse_own
from planner.problems import Problem, Refused

VERSION = "2026-11"
HERE = Path(__file__).parent
CATALOG_FILES = ("sources.yaml", "products.yaml", "procedures.yaml", "blocks.yaml", "medicines.yaml")

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
_CEL_TYPES = {bool: cel.Type.BOOL, float: cel.Type.DOUBLE, str: cel.Type.STRING, list[str]: cel.Type.List(cel.Type.STRING)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A record with its compiled condition and what it needs."""

    record: Record
    file: str
    condition: Any
    needs: tuple[str, ...]
    condition_words: str
    placeholders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole knowledge base, ready to be asked."""

    version: str
    hash: str
    sources: Mapping[str, Source]
    catalog: Catalog
    kinds: Mapping[str, FactKind]
    environment: Any
    entry_rules: Mapping[str, tuple[Rule, ...]]
    block_rules: tuple[Rule, ...]
    case_rules: tuple[Rule, ...]

    def rules(self) -> dict[str, Rule]:
        """Return every rule by its id."""
        found = {rule.record.id: rule for rules in self.entry_rules.values() for rule in rules}
        return found | {rule.record.id: rule for rule in (*self.block_rules, *self.case_rules)}


@cache
def load(folder: Path = HERE) -> Knowledge:
    """Return the knowledge base of a folder.

    Raises:
        Refused: with every fault found: file, record, what is wrong, what would be right.
    """
    files = sorted(folder.rglob("*.yaml"))
    parsed = {path.relative_to(folder).as_posix(): parse_own(path) for path in files}
    sources = _sources(parsed["sources.yaml"])
    catalog = _catalog(parsed)
    kinds = fact_kinds(catalog)
    environment = cel.NewEnv(variables={kind.name: _CEL_TYPES[kind.type] for kind in kinds.values()})
    rules = list(_rules(parsed, environment, kinds, catalog, sources))
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
        case_rules=tuple(rule for rule in rules if not rule.record.for_ and not rule.record.blocks),
    )


def _sources(parsed: Mapping[str, Any]) -> dict[str, Source]:
    found, problems = {}, []
    for name, fields in parsed.items():
        try:
            found[name] = Source.model_validate(fields)
        except ValidationError as error:
            problems += _problems(f"sources.yaml, source '{name}'", error)
    if problems:
        raise Refused(problems)
    return found


def _catalog(parsed: Mapping[str, Any]) -> Catalog:
    return Catalog(
        products=_items("products.yaml", parsed, Product),
        procedures=_items("procedures.yaml", parsed, Procedure),
        blocks=_items("blocks.yaml", parsed, Block),
        medicines=_items("medicines.yaml", parsed, MedicineClass),
    )


def _items[T](file: str, parsed: Mapping[str, Any], kind: type[T]) -> dict[str, T]:
    adapter = TypeAdapter(kind)
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name, fields in parsed[file].items():
        try:
            found[name] = adapter.validate_python({"id": name, **fields})
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
    for file, records in parsed.items():
        if file in CATALOG_FILES:
            continue
        for fields in records:
            name = fields.get("id", "without id") if isinstance(fields, dict) else "without id"
            place = f"{file}, record '{name}'"
            try:
                record = Record.model_validate(fields)
            except ValidationError as error:
                problems += _problems(place, error)
                continue
            if record.id in seen:
                problems.append(Problem(place, f"The id is taken by {seen[record.id]}.", "Give it another id."))
            seen[record.id] = file
            faults = list(_faults(record, kinds, catalog, sources))
            problems += [Problem(place, wrong, right) for wrong, right in faults]
            try:
                rules.append(_compiled(record, file, environment, kinds))
            except (ValueError, RuntimeError) as error:
                problems.append(Problem(place, f"The condition “{record.when}” is wrong: {_short(error)}.", _near(error, kinds)))
    if problems:
        raise Refused(problems)
    return rules


def _compiled(record: Record, file: str, environment: Any, kinds: Mapping[str, FactKind]) -> Rule:
    condition = environment.compile(record.when)
    if condition.return_type() != cel.Type.BOOL:
        raise ValueError("it is not a yes or no")
    texts = [record.say, record.because, *(step.what for step in record.steps)]
    placeholders = tuple(dict.fromkeys(name for text in texts for name in _PLACEHOLDER.findall(text)))
    return Rule(
        record, file, condition, words.names_in(record.when), words.condition_in_words(record.when, kinds), placeholders
    )


def _faults(
    record: Record, kinds: Mapping[str, FactKind], catalog: Catalog, sources: Mapping[str, Source]
) -> Iterable[tuple[str, str]]:
    """Say what is wrong with a record beyond its shape."""
    regimens = {product.regimen for product in catalog.products.values()}
    regimens |= {regimen for product in catalog.products.values() for regimen in product.regimen_for.values()}
    for cite in record.sources:
        if cite.id not in sources:
            yield f"It cites '{cite.id}', which is not in sources.yaml.", "Add the source or correct its id."
    for regimen in record.for_:
        if regimen not in regimens:
            yield f"There is no regimen '{regimen}'.", f"Use one of: {', '.join(sorted(regimens))}."
    if record.for_ and record.section == "moud" and record.part is None:
        yield "A MOUD record has no part.", "Say which part of the care it is, such as decision or restart."
    if record.part == "decision" and record.verdict not in MOUD_DECISIONS:
        yield f"A decision cannot be '{record.verdict}'.", f"Use one of: {', '.join(MOUD_DECISIONS)}."
    if record.evidence == "unverified" and record.dose and record.verdict in ("recommend", "consider", "do"):
        yield "An unverified record gives a dose.", "Cite a source that was read, or leave the dose out."
    scoped = {"entry": bool(record.for_), "block": record.blocks}
    texts = [record.say, record.because, *(step.what for step in record.steps)]
    named = [*words.names_in(record.when), *(name for text in texts for name in _PLACEHOLDER.findall(text))]
    for name in named:
        group = name.split(".")[0]
        if name not in kinds and name not in MOMENTS and name != "dose":
            yield f"There is no fact or moment '{name}'.", _near_name(name, kinds)
        elif scoped.get(group) is False:
            yield f"It uses '{name}' but is not judged for each {group}.", "Give it `for:` or `blocks: true`."
        elif name == "dose" and record.dose is None:
            yield "It prints {dose} but has no dose.", "Add the dose or take the word out."
    for step in record.steps:
        if step.at not in MOMENTS:
            yield f"There is no moment '{step.at}'.", f"Use one of: {', '.join(MOMENTS)}."
    if record.table and any(len(row) != len(record.table.columns) for row in record.table.rows):
        yield "A table row has another number of cells than there are columns.", "Give each row the same number of cells."
    if record.checked.again <= record.checked.on:
        yield "The next review is not after the last one.", "Set `again` later than `on`."


def _problems(place: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(f"{place}, {'.'.join(str(step) for step in detail['loc'])}", f"{detail['msg']}.", f"It was: {str(detail['input'])[:80]}")
        for detail in error.errors()
    ]


def _short(error: Exception) -> str:
    text = str(error).removeprefix("INVALID_ARGUMENT: ERROR: ").splitlines()[0]
    return re.sub(r"^<input>:\d+:\d+: ", "", text).removesuffix(" (in container '')").rstrip(".")


def _near(error: Exception, kinds: Mapping[str, FactKind]) -> str:
    name = re.search(r"undeclared reference to '([^']+)'", str(error))
    if name:
        return _near_name(name[1], kinds)
    if "no matching overload" in str(error):
        return "Compare numbers with numbers such as 30.0, words with words in quotation marks."
    return "Use facts, comparisons, &&, ||, ! and lists only."


def _near_name(name: str, kinds: Mapping[str, FactKind]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [*kinds, *MOMENTS], n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else "See `throughline facts` for the names."


