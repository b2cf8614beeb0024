"""What check-knowledge finds: classes of evidence, what nothing cites, what nothing uses."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from small_base import (
    ANTITHROMBOTICS,
    BLOCKS,
    DRUGS,
    LOCAL_ANESTHETICS,
    MEDICINES,
    PROCEDURES,
    SOURCES,
    record,
    write,
)

from planner import review
from planner.catalog import Catalog
from planner.knowledge import load
from planner.knowledge.load import CATALOG_CHECK_AGAIN
from planner.knowledge.load import load as load_from

FACTS = Path(__file__).parent.parent / "planner" / "facts"
OTHER = {"LEAFLET": {**SOURCES["BOOK"], "citation": "A leaflet about pain"}}
BY_LEAFLET = [{"id": "LEAFLET", "where": "page 2"}]


def base(folder: Path, *records: Any, **files: Any) -> Any:
    return load_from(write(folder, *(records or [record("take-ketorolac")]), **{"sources": SOURCES | OTHER, **files}))


def test_each_section_and_table_is_counted_by_class_of_evidence(tmp_path: Path) -> None:
    kinds = {"open": {"label": "Open", "evidence": "unverified"}, "closed": {"label": "Closed"}}
    found = review.counts(
        base(
            tmp_path,
            record("one"),
            record("two", evidence="secondary", verdict="caution"),
            record("three", section="team", about="nurse", verdict="do"),
            procedures={"knee": {**PROCEDURES["knee"], "variants": kinds}},
        )
    )
    assert found["non_opioid"] == Counter(read=1, secondary=1)
    assert found["team"] == Counter(read=1)
    assert found["table of operations"] == Counter(read=1, unverified=1), "each kind for itself"
    assert found["table of intervals against clotting"] == Counter(read=2), "each interval for itself"
    assert found["table of drugs"] == Counter(read=len(DRUGS))
    assert found["table of local anesthetics"] == Counter(read=1)
    assert found["table of techniques"] == Counter(read=len(BLOCKS))


def test_every_table_with_classes_of_evidence_is_counted() -> None:
    found = review.counts(load())
    records = sum(sum(counted.values()) for name, counted in found.items() if not name.startswith("table of"))
    assert records == len(load().by_id)
    assert all(counted.total() for counted in found.values())
    assert sum(found["table of intervals against clotting"].values()) == sum(
        len(agent.rows) for agent in load().catalog.antithrombotics.values()
    )


def test_a_source_that_only_a_table_cites_is_cited(tmp_path: Path) -> None:
    kind = {"open": {"label": "Open", "sources": BY_LEAFLET}}
    places: dict[str, Any] = {
        "a drug": {"drugs": {**DRUGS, "ketorolac": {**DRUGS["ketorolac"], "sources": BY_LEAFLET}}},
        "an interval": {"antithrombotics": {"apixaban": {**ANTITHROMBOTICS["apixaban"], "sources": BY_LEAFLET}}},
        "a limit": {"local_anesthetics": {"bupivacaine": {**LOCAL_ANESTHETICS["bupivacaine"], "sources": BY_LEAFLET}}},
        "a kind": {"procedures": {"knee": {**PROCEDURES["knee"], "variants": kind}}},
        "a class": {"medicines": {"warfarin": {**MEDICINES["warfarin"], "sources": BY_LEAFLET}}},
    }
    for number, (place, files) in enumerate(places.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert review.uncited(base(folder, **files)) == [], place
    bare = tmp_path / "bare"
    bare.mkdir()
    assert review.uncited(base(bare)) == ["LEAFLET"]


def test_a_drug_class_or_technique_that_nothing_names_is_told(tmp_path: Path) -> None:
    blocks = {
        **BLOCKS,
        "lost": {**BLOCKS["spinal"], "label": "Lost block"},
        "kept": {**BLOCKS["spinal"], "label": "Kept block"},
    }
    kind = {"open": {"label": "Open", "second": ["kept"]}}
    found = review.unused(
        base(
            tmp_path,
            record("take-ketorolac"),
            blocks=blocks,
            procedures={"knee": {**PROCEDURES["knee"], "variants": kind}},
            drugs={"ketorolac": DRUGS["ketorolac"], "ibuprofen": DRUGS["ibuprofen"]},
        )
    )
    assert found == ["blocks.yaml, 'lost'", "medicines.yaml, 'warfarin'", "drugs.yaml, 'ibuprofen'"]


def test_the_classes_that_facts_read_themselves_are_read_there() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FACTS.rglob("*.py"))
    for name in review._IN_FACTS:
        assert re.search(rf'"(medicine\.)?{name}"', text), name
        assert name in load().catalog.medicines, name


def test_the_tables_are_due_when_their_day_has_come() -> None:
    assert review.overdue(load(), date(2026, 11, 25)) == []
    assert review.overdue(load(), CATALOG_CHECK_AGAIN)[0].startswith("the tables of products, operations")


def test_every_part_of_the_catalog_is_looked_through_for_sources() -> None:
    names = set(Catalog.__dataclass_fields__)
    assert {
        "drugs",
        "antithrombotics",
        "local_anesthetics",
        "products",
        "procedures",
        "blocks",
        "medicines",
        "states",
        "pill_ranges",
    } == names
