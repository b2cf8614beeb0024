"""The tables in docs/ say what the knowledge base says, and everything that a clinician looks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_base import BLOCKS, DRUGS, PROCEDURES, record, write

from planner.cli import main
from planner.knowledge import load
from planner.knowledge.load import load as load_from
from planner.tables import operation_page, stops_page, tables

DOCS = Path(__file__).parent.parent / "docs" / "tables"
PAGES = tables(load())


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_docs_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "Run `throughline tables docs/tables`."


def test_there_is_no_other_page_in_docs() -> None:
    assert {path.name for path in DOCS.iterdir()} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name: str) -> None:
    width = 0
    for line in PAGES[name].splitlines():
        if not line.startswith("| "):
            width = 0
            continue
        cells = len(re.split(r"(?<!\\)\|", line)) - 2
        assert cells == (width or cells), line
        width = cells


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_the_program_shows_through(name: str) -> None:
    for raw in ("{", "&&", "||", "surgery.traits", "_of_", "None", "not no operation", "\u00a0"):
        assert raw not in PAGES[name], raw


def test_every_operation_and_each_of_its_kinds_has_its_row() -> None:
    page = PAGES["operation-first-choice.md"]
    for procedure in load().catalog.procedures.values():
        if procedure.id == "other":
            continue
        for kind in [procedure.of_kind(name) for name in procedure.variants] or [procedure]:
            row = next((line for line in page.splitlines() if line.startswith(f"| {kind.label} |")), "")
            assert row, kind.label
            assert all(load().catalog.blocks[name].label in row for name in (*kind.first, *kind.second)), kind.label
            assert all(" ".join(item["what"].split()) in row for item in kind.against), kind.label
            assert all(f"{cite['id']} ({load().sources[cite['id']].year})" in row for cite in kind.sources), kind.label
            assert f"| {kind.evidence} |" in row, kind.label


def test_every_stop_on_a_drug_stands_under_that_drug_with_its_sources() -> None:
    page = PAGES["drug-stops.md"]
    parts = {part.split("\n", 1)[0]: part for part in page.split("\n### ")[1:]}
    for rule in load().by_id.values():
        if rule.record.section != "non_opioid" or rule.record.verdict not in ("never", "avoid"):
            continue
        for subject in rule.record.about:
            part = parts[load().catalog.drugs[subject].label]
            assert all(cite.id in part for cite in rule.record.sources), rule.record.id
            assert f"| {rule.record.verdict} |" in part, rule.record.id
    assert set(parts) == {drug.label for drug in load().catalog.drugs.values()}


def test_a_stop_on_a_class_stands_once_and_each_member_points_to_it() -> None:
    page = PAGES["drug-stops.md"]
    heads = [drug for drug in load().catalog.drugs.values() if drug.heads]
    for head in heads:
        members = [drug for drug in load().catalog.drugs.values() if drug.group == head.heads]
        assert members
        assert page.count(f"Every stop on “{head.label}” holds too.") == len(members)
        assert page.index(f"### {head.label}\n") < min(page.index(f"### {drug.label}\n") for drug in members)


def test_a_small_base_gives_these_rows(tmp_path: Path) -> None:
    drugs = {
        "nsaids": {**DRUGS["ketorolac"], "label": "NSAIDs", "heads": "nsaid"},
        "ketorolac": {
            **DRUGS["ketorolac"],
            "label": "Ketorolac",
            "group": "nsaid",
            "misuse": "none",
            "watch": "Creatinine.",
        },
        "gabapentin": {**DRUGS["gabapentin"], "step": "not_started", "misuse": "medium"},
    }
    knee = {
        **PROCEDURES["knee"],
        "variants": {
            "one": {"label": "One side"},
            "both": {"label": "Both sides", "first": ["adductor_canal"], "second": [], "evidence": "unverified"},
        },
    }
    base = load_from(
        write(
            tmp_path,
            record(
                "no-nsaid", about="nsaids", verdict="never", when="labs.egfr < 30.0", say="Do not give | any NSAID."
            ),
            record("no-ketorolac", verdict="avoid", when="plan.operation && patient.age_years >= 65.0"),
            drugs=drugs,
            procedures={"knee": knee},
            blocks=BLOCKS,
        )
    )
    page = operation_page(base)
    assert (
        "| Knee replacement: One side | Severe, 7 days | Spinal anesthesia | Adductor canal block<br>Local infiltration "
        "| Do not use a femoral block. | read | BOOK (2026) |"
    ) in page
    assert "| Knee replacement: Both sides | Severe, 7 days | Adductor canal block |  |" in page
    assert "- **BOOK** The Book of Pain (2026). Read." in page
    stops = stops_page(base)
    assert "| never | EGFR is under 30 mL/min/1.73 m² | Do not give \\| any NSAID. | read | BOOK (2026) |" in stops
    assert "Misuse tier: none (read). Watch: Creatinine. Every stop on “NSAIDs” holds too." in stops
    assert "| avoid | An operation is ahead and age is at least 65 years | Say of no-ketorolac. |" in stops
    assert "### Gabapentin\n\nMisuse tier: medium (read).\n\nNo stop of its own." in stops


def test_the_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "tables"
    assert main(["tables", str(folder)]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == PAGES
    assert capsys.readouterr().out.split() == [str(folder / name) for name in PAGES]
