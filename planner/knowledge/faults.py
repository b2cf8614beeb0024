"""What can be wrong with a record or an item of the catalog beyond its shape, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from planner import choices, words
from planner.catalog import Antithrombotic, Block, Catalog, Drug, LocalAnesthetic, Procedure, Product
from planner.catalog.antithrombotics import CATHETERS, DOSE_CLASSES, FAMILIES, GATES, NEEDLES
from planner.catalog.drugs import MISUSE_TIERS, STEPS
from planner.facts.declare import EVIDENCE, FactKind
from planner.facts.entries import GROUPS
from planner.facts.moments import MOMENTS
from planner.knowledge.records import MOUD_DECISIONS, Record, Source
from planner.problems import Problem

PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")

UNITS = ("mg_per_day", "mg_per_dose", "mcg_per_hour", "mcg_per_dose")


def texts_of(record: Record) -> list[str]:
    """Return every text of a record that may hold placeholders."""
    texts = [record.say, record.short, record.because, *record.choices]
    texts += [text for step in record.steps for text in (step.what, step.patient)]
    if record.table:
        texts += [record.table.title, *(cell for row in record.table.rows for cell in row)]
    if record.patient:
        texts += [record.patient.en, record.patient.es]
    return texts


def record_faults(
    record: Record,
    kinds: Mapping[str, FactKind],
    catalog: Catalog,
    sources: Mapping[str, Source],
    regimens: Collection[str],
) -> Iterable[tuple[str, str]]:
    """Say what is wrong with a record beyond its shape; ``regimens`` are those of the catalog's products."""
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
    if sum((bool(record.for_), record.blocks, record.agents)) > 1:
        yield "It is judged for two kinds of thing.", "Keep one of `for:`, `blocks: true` and `agents: true`."
    if record.section == "non_opioid":
        for name in record.about:
            if name not in catalog.drugs:
                yield f"The subject '{name}' is not in drugs.yaml.", "Add it there with its step and misuse tier."
    if record.dose:
        name = record.dose.days_used
        if name and name not in kinds:
            yield f"Its dose counts '{name}', which is no fact.", near_name(name, kinds)
        if record.dose.days_from and record.dose.days_from not in MOMENTS:
            yield f"There is no moment '{record.dose.days_from}'.", f"Use one of: {', '.join(MOMENTS)}."
    scoped = {"entry": bool(record.for_), "block": record.blocks, "agent": record.agents}
    texts = texts_of(record)
    yield from _brace_faults(texts)
    named = [*_names_in(record.when), *(name for text in texts for name in PLACEHOLDER.findall(text))]
    for name in named:
        group = name.split(".")[0]
        if name not in kinds and name not in MOMENTS and name != "dose":
            yield f"There is no fact or moment '{name}'.", near_name(name, kinds)
        elif scoped.get(group) is False:
            yield (
                f"It uses '{name}' but is not judged for each {group}.",
                "Give it `for:`, `blocks: true` or `agents: true`.",
            )
        elif name == "dose" and record.dose is None:
            yield "It prints {dose} but has no dose.", "Add the dose or take the word out."
    for step in record.steps:
        if step.at not in MOMENTS:
            yield f"There is no moment '{step.at}'.", f"Use one of: {', '.join(MOMENTS)}."
        elif scoped.get(step.at.split(".")[0]) is False:
            yield (
                f"A step counts from '{step.at}' but is not judged for each of them.",
                "Give it `for:` or `agents: true`.",
            )
    if record.table and any(len(row) != len(record.table.columns) for row in record.table.rows):
        yield (
            "A table row has another number of cells than there are columns.",
            "Give each row the same number of cells.",
        )
    if record.checked.again <= record.checked.on:
        yield "The next review is not after the last one.", "Set `again` later than `on`."


def catalog_faults(catalog: Catalog, sources: Mapping[str, Source]) -> Iterable[Problem]:
    """Say what is wrong with products, operations, techniques, medicines and their intervals and limits."""
    groups: dict[str, Mapping[str, Any]] = {
        "products.yaml": catalog.products,
        "procedures.yaml": catalog.procedures,
        "blocks.yaml": catalog.blocks,
        "medicines.yaml": catalog.medicines,
        "drugs.yaml": catalog.drugs,
        "antithrombotics.yaml": catalog.antithrombotics,
        "local_anesthetics.yaml": catalog.local_anesthetics,
        "states.yaml": catalog.states,
        "pill_ranges.yaml": catalog.pill_ranges,
    }
    for file, items in groups.items():
        for name, item in items.items():
            variants = getattr(item, "variants", {}).values()
            for cite in [*item.sources, *(cite for variant in variants for cite in variant.sources or ())]:
                if cite.get("id") not in sources or not cite.get("where"):
                    yield Problem(
                        f"{file}, '{name}'",
                        f"It cites '{cite.get('id')}', which is not in sources.yaml, or gives no place.",
                        "Add the source and the place in it.",
                    )
            for field, given, allowed in _words_of(item, catalog):
                if given not in allowed:
                    right = f"Use one of: {', '.join(word for word in allowed if word)}."
                    yield Problem(f"{file}, '{name}'", f"There is no {field} '{given}'.", right)
    for name, agent in catalog.antithrombotics.items():
        yield from _interval_faults(name, agent)


def _words_of(item: Any, catalog: Catalog) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    """Yield each word of an item that must be one out of a few: field, word, words allowed."""
    match item:
        case Product():
            yield "unit", item.unit, UNITS
            yield "group", item.group, tuple(GROUPS)
        case Procedure():
            # "other" leaves pain and region to the form.
            yield "region", item.region, ("", *choices.BODY_REGIONS)
            kinds = [item, *(item.of_kind(variant) for variant in item.variants)]
            for kind in kinds:
                yield "pain", kind.pain, ("", *choices.EXPECTED_PAIN)
                yield "evidence", kind.evidence, EVIDENCE
                for place, block in enumerate((*kind.first, *kind.second)):
                    yield f"technique {place + 1}", block, tuple(catalog.blocks)
        case Drug():
            yield "step", item.step, STEPS
            yield "misuse tier", item.misuse, MISUSE_TIERS
            yield "evidence", item.evidence, EVIDENCE
        case Block():
            yield "kind", item.kind, ("neuraxial", "deep", "superficial", "fascial", "infiltration")
            yield "bleeding tier", item.bleeding, ("high", "intermediate", "low")
            yield "evidence", item.evidence, EVIDENCE
        case Antithrombotic():
            yield "family", item.family, tuple(FAMILIES)
            for row in item.rows:
                yield "dose class", row.dose, ("any", *DOSE_CLASSES)
                yield "needle", row.needle, NEEDLES
                yield "gate", row.gate, ("", *GATES)
                yield "catheter", row.catheter, CATHETERS
                yield "evidence", row.evidence, EVIDENCE
        case LocalAnesthetic():
            yield "evidence", item.evidence, EVIDENCE


def _interval_faults(name: str, agent: Antithrombotic) -> Iterable[Problem]:
    """Say where no interval, or more than one, fits a dose class at some kidney function and age."""
    for dose in dict.fromkeys(row.dose for row in agent.rows):
        rows = [row for row in agent.rows if row.dose == dose]
        kidneys = sorted({limit for row in rows for limit in (row.kidney_from, row.kidney_under) if limit is not None})
        ages = sorted({limit for row in rows for limit in (row.age_from, row.age_under) if limit is not None})
        for kidney in (Decimal(0), *kidneys):
            for age in (0, *ages):
                fits = [row for row in rows if row.fits(kidney, age)]
                if len(fits) != 1:
                    yield Problem(
                        f"antithrombotics.yaml, '{name}'",
                        f"{len(fits)} intervals fit the dose class {dose} at a kidney function of {kidney} and age {age}.",
                        "Make the bounds meet without overlap.",
                    )


def _names_in(condition: str) -> tuple[str, ...]:
    """A condition that cannot be read is reported once, when it is compiled."""
    try:
        return words.names_in(condition)
    except ValueError:
        return ()


def _brace_faults(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            yield f"A brace in “{text[:60]}” is no placeholder.", "Write {group.name} in small letters, without spaces."


def short(error: Exception) -> str:
    """Return the first line of a compiler's message, without its position."""
    text = str(error).removeprefix("INVALID_ARGUMENT: ERROR: ").splitlines()[0]
    return re.sub(r"^<input>:\d+:\d+: ", "", text).removesuffix(" (in container '')").rstrip(".")


def near(error: Exception, kinds: Mapping[str, FactKind]) -> str:
    """Return what would be right where a condition is wrong."""
    name = re.search(r"undeclared reference to '([^']+)'", str(error))
    if name:
        return near_name(name[1], kinds)
    if "no matching overload" in str(error):
        return "Compare numbers with numbers such as 30.0, words with words in quotation marks."
    return "Use facts, comparisons, &&, ||, ! and lists only."


def near_name(name: str, kinds: Mapping[str, FactKind]) -> str:
    """Return the facts and moments whose names are like the one that does not exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, [*kinds, *MOMENTS], n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else "See `throughline facts` for the names."
