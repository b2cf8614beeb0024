"""What can be wrong with a record or an item of the catalog beyond its shape, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from planner import choices, words
from planner.catalog import Block, Catalog, MedicineClass, Procedure, Product
from planner.facts.declare import FactKind
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
    texts = texts_of(record)
    yield from _brace_faults(texts)
    named = [*_names_in(record.when), *(name for text in texts for name in PLACEHOLDER.findall(text))]
    for name in named:
        group = name.split(".")[0]
        if name not in kinds and name not in MOMENTS and name != "dose":
            yield f"There is no fact or moment '{name}'.", near_name(name, kinds)
        elif scoped.get(group) is False:
            yield f"It uses '{name}' but is not judged for each {group}.", "Give it `for:` or `blocks: true`."
        elif name == "dose" and record.dose is None:
            yield "It prints {dose} but has no dose.", "Add the dose or take the word out."
    for step in record.steps:
        if step.at not in MOMENTS:
            yield f"There is no moment '{step.at}'.", f"Use one of: {', '.join(MOMENTS)}."
        elif step.at.startswith("entry.") and not record.for_:
            yield f"A step counts from '{step.at}' but is not judged for each medicine.", "Give it `for:`."
    if record.table and any(len(row) != len(record.table.columns) for row in record.table.rows):
        yield (
            "A table row has another number of cells than there are columns.",
            "Give each row the same number of cells.",
        )
    if record.checked.again <= record.checked.on:
        yield "The next review is not after the last one.", "Set `again` later than `on`."


def catalog_faults(catalog: Catalog, sources: Mapping[str, Source]) -> Iterable[Problem]:
    """Say what is wrong with products, operations, techniques and classes of medicines."""
    groups: dict[str, Mapping[str, Product | Procedure | Block | MedicineClass]] = {
        "products.yaml": catalog.products,
        "procedures.yaml": catalog.procedures,
        "blocks.yaml": catalog.blocks,
        "medicines.yaml": catalog.medicines,
    }
    for file, items in groups.items():
        for name, item in items.items():
            for cite in item.sources:
                if cite.get("id") not in sources or not cite.get("where"):
                    yield Problem(
                        f"{file}, '{name}'",
                        f"It cites '{cite.get('id')}', which is not in sources.yaml, or gives no place.",
                        "Add the source and the place in it.",
                    )
    for name, product in catalog.products.items():
        for field, given, allowed in (("unit", product.unit, UNITS), ("group", product.group, tuple(GROUPS))):
            if given not in allowed:
                yield Problem(
                    f"products.yaml, '{name}'", f"There is no {field} '{given}'.", f"Use one of: {', '.join(allowed)}."
                )
    for name, procedure in catalog.procedures.items():
        # "other" leaves pain and region to the form.
        known = {
            "pain": (procedure.pain, ("", *choices.EXPECTED_PAIN)),
            "region": (procedure.region, ("", *choices.BODY_REGIONS)),
        }
        known |= {
            f"technique {index + 1}": (block, tuple(catalog.blocks))
            for index, block in enumerate((*procedure.first, *procedure.second))
        }
        for field, (given, allowed) in known.items():
            if given not in allowed:
                yield Problem(
                    f"procedures.yaml, '{name}'",
                    f"There is no {field} '{given}'.",
                    f"Use one of: {', '.join(allowed)}.",
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
