"""The knowledge base looked at as a whole: what rests on what, what nothing reaches, what is due for review."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.catalog import Antithrombotic, Procedure, Variant
from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge.load import CATALOG_CHECK_AGAIN, Knowledge
from planner.knowledge.yamlfile import parse_own

# Words that blame the person, and shortcuts that are misread on paper.
_BANNED = re.compile(
    r"\b(addicts?|abus\w*|junkie|alcoholic|drug habit|clean urine|dirty urine|substance misuser|relaps\w*|"
    r"QD|QOD|BID|TID|QID|PRN|prn|q\d+h|qhs|HS|SC|SQ|MS|MSO4|µg|ug)\b"
)
_TRAILING_ZERO = re.compile(r"\d\.\d*0\s*(mg|mcg|mL|g)\b|(?<![\d.])\.\d")


# The tables of the knowledge base, by the words under which their classes of evidence are counted.
_TABLES = {
    "table of operations": "procedures",
    "table of techniques": "blocks",
    "table of drugs": "drugs",
    "table of intervals against clotting": "antithrombotics",
    "table of local anesthetics": "local_anesthetics",
}


def counts(knowledge: Knowledge) -> dict[str, Counter[str]]:
    """Return for each section and each table how many of its lines rest on each class of evidence.

    A kind of an operation, and each interval of a medicine against clotting, is a line of its own.
    """
    found: dict[str, Counter[str]] = {}
    for rule in knowledge.by_id.values():
        found.setdefault(rule.record.section, Counter())[rule.record.evidence] += 1
    for name, table in _TABLES.items():
        found[name] = Counter(
            line.evidence for item in getattr(knowledge.catalog, table).values() for line in _lines(item)
        )
    return found


def _lines(item: Any) -> Sequence[Any]:
    """Return the parts of an item that carry evidence of their own."""
    if isinstance(item, Antithrombotic):
        return item.rows
    if isinstance(item, Procedure):
        return [item.of_kind(kind) for kind in item.variants] or [item]
    return [item]


def uncited(knowledge: Knowledge) -> list[str]:
    """Return the sources that nothing cites."""
    cited = {cite.id for rule in knowledge.by_id.values() for cite in rule.record.sources}
    for table in fields(knowledge.catalog):
        for item in getattr(knowledge.catalog, table.name).values():
            kinds = getattr(item, "variants", {}).values()
            cited |= {cite["id"] for part in (item, *kinds) for cite in part.sources or ()}
    cited |= {cite.id for cite in knowledge.founding.cites()}
    return sorted(knowledge.sources.keys() - cited)


def overdue(knowledge: Knowledge, today: date) -> list[str]:
    """Return the records whose date for another look has come."""
    tables = (
        ["the tables of products, operations, techniques, medicines and local anesthetics"]
        if today >= CATALOG_CHECK_AGAIN
        else []
    )
    return tables + sorted(rule.record.id for rule in knowledge.by_id.values() if rule.record.checked.again <= today)


def wording(knowledge: Knowledge) -> list[str]:
    """Return each record with a word that does not belong on paper."""
    found = []
    for rule in knowledge.by_id.values():
        record = rule.record
        texts = [record.say, record.because, *record.choices, *(step.what for step in record.steps)]
        if record.table:
            texts += [record.table.title, *record.table.columns, *(cell for row in record.table.rows for cell in row)]
        if record.patient:
            texts += [record.patient.en, record.patient.es]
        for text in texts:
            for match in (*_BANNED.finditer(text), *_TRAILING_ZERO.finditer(text)):
                found.append(f"{rule.file}, record '{record.id}': “{match[0]}” in “{text[:70]}”")
    return found


# Classes of medicines that the facts read themselves (planner/facts), without a condition.
_IN_FACTS = {
    "acetaminophen_product",
    "addiction_medicine",
    "anticoagulant_or_antiplatelet",
    "aspirin",
    "benzodiazepine",
    "gabapentinoid",
    "muscle_relaxant",
    "opioid_for_pain",
    "p_gp_inhibitor",
}


def unused(knowledge: Knowledge) -> list[str]:
    """Return techniques, classes of medicines and drugs that nothing names."""
    catalog = knowledge.catalog
    kinds: list[Procedure | Variant] = [*catalog.procedures.values()]
    kinds += [kind for procedure in catalog.procedures.values() for kind in procedure.variants.values()]
    offered = {block for kind in kinds for block in (*(kind.first or ()), *(kind.second or ()))}
    asked = {name for rule in knowledge.by_id.values() for name in rule.condition.needs}
    subjects = {
        name for rule in knowledge.by_id.values() if rule.record.section == "non_opioid" for name in rule.record.about
    }
    classes = (name for name in catalog.medicines if f"medicine.{name}" not in asked and name not in _IN_FACTS)
    lost = [f"blocks.yaml, '{block}'" for block in catalog.blocks if block not in offered]
    lost += [f"medicines.yaml, '{name}'" for name in classes]
    lost += [f"drugs.yaml, '{name}'" for name in catalog.drugs if name not in subjects]
    return lost


def unreached(knowledge: Knowledge, cases: Iterable[tuple[Mapping[str, Any], datetime]]) -> list[str]:
    """Return the records that none of the cases prints."""
    reached: set[str] = set()
    for answers, now in cases:
        case = read_case(answers, knowledge.catalog, now)
        plan = make_plan(derive(case, knowledge.catalog, now), knowledge)
        reached |= {found.id for line in plan.lines() for found in (line, *line.also)}
    return sorted(knowledge.by_id.keys() - reached)


def cases_in(folders: Iterable[Path]) -> list[tuple[Mapping[str, Any], datetime]]:
    """Return the cases of vignette files (lists with ``case`` and ``now``) and of plain case files."""
    found: list[tuple[Mapping[str, Any], datetime]] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            content = parse_own(path)
            for item in content if isinstance(content, list) else [{"case": content}]:
                zone = item["case"].get("surgery", {}).get("time_zone", DEFAULT_TIME_ZONE)
                stated = item.get("now", EXAMPLES_MADE_AT.get(path.stem, "2026-11-23T09:00"))
                found.append((item["case"], datetime.fromisoformat(stated).replace(tzinfo=ZoneInfo(zone))))
    return found


# The examples were written for plans made on this day; the emergency one for the evening.
EXAMPLES_MADE_AT = {"f-monthly-buprenorphine-appendix": "2026-11-23T18:00"}
