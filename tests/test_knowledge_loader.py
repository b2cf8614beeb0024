"""A fault in the knowledge base stops the program and names file, record and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_base import BLOCKS, MEDICINES, PROCEDURES, PRODUCTS, SOURCES, entry_record, record, write

from planner.knowledge import load
from planner.problems import Refused


def refusal(folder: Path, *records: Any, **files: Any) -> list[str]:
    """Return every fault that keeps the knowledge base from loading, one text each."""
    with pytest.raises(Refused) as caught:
        load(write(folder, *records, **files))
    return [str(problem) for problem in caught.value.problems]


def fault(folder: Path, *records: Any, **files: Any) -> str:
    found = refusal(folder, *records, **files)
    assert len(found) == 1, found
    return found[0]


def test_a_base_without_faults_loads(tmp_path: Path) -> None:
    assert list(load(write(tmp_path, record("one"), entry_record("two"))).by_id) == ["one", "two"]


def test_records_may_lie_in_folders(tmp_path: Path) -> None:
    (tmp_path / "moud").mkdir()
    write(tmp_path, record("one"))
    (tmp_path / "moud" / "naltrexone.yaml").write_text(json.dumps([entry_record("two")]))
    assert load(tmp_path).by_id["two"].file == "moud/naltrexone.yaml"


def test_every_fault_of_every_record_is_told_at_once(tmp_path: Path) -> None:
    found = refusal(
        tmp_path, record("one", when="labs.egrf < 30.0"), record("two", sources=[{"id": "NOBOOK", "where": "p. 1"}])
    )
    assert {name for name in ("one", "two") for line in found if f"record '{name}'" in line} == {"one", "two"}


# --- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sources", [None, []], ids=["no field", "empty"])
def test_a_record_that_nothing_supports_is_refused(tmp_path: Path, sources: object) -> None:
    assert fault(tmp_path, record("bare", sources=sources)).startswith("rules.yaml, record 'bare', sources: ")


def test_a_source_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, record("bare", sources=[{"id": "NOBOOK", "where": "page 1"}])) == (
        "rules.yaml, record 'bare': It cites 'NOBOOK', which is not in sources.yaml. Add the source or correct its id."
    )


def test_a_source_without_the_place_in_it_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, record("bare", sources=[{"id": "BOOK"}])).startswith(
        "rules.yaml, record 'bare', sources.0.where: "
    )


@pytest.mark.parametrize("lacking", ["citation", "year", "where", "grading", "read", "note"])
def test_a_source_says_what_it_is_and_how_much_was_read(tmp_path: Path, lacking: str) -> None:
    source = {name: value for name, value in SOURCES["BOOK"].items() if name != lacking}
    assert fault(tmp_path, sources={"BOOK": source}).startswith(f"sources.yaml, source 'BOOK', {lacking}: ")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (
            "products",
            {**PRODUCTS, "methadone": {**PRODUCTS["methadone"], "sources": [{"id": "NOBOOK", "where": "page 1"}]}},
        ),
        ("procedures", {"knee": {**PROCEDURES["knee"], "sources": [{"id": "NOBOOK", "where": "page 1"}]}}),
        ("blocks", {**BLOCKS, "spinal": {**BLOCKS["spinal"], "sources": [{"id": "NOBOOK", "where": "page 1"}]}}),
        ("medicines", {"warfarin": {**MEDICINES["warfarin"], "sources": [{"id": "NOBOOK", "where": "page 1"}]}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_source_of_the_catalog_that_is_not_listed_is_refused(tmp_path: Path, file: str, content: Any) -> None:
    assert f"{file}.yaml" in fault(tmp_path, **{file: content})


# --- conditions ------------------------------------------------------------------------------------------------------


def test_a_typo_in_a_fact_is_refused_with_its_nearest_names(tmp_path: Path) -> None:
    found = refusal(tmp_path, record("typo", when="labs.egrf < 30.0"))
    assert all(line.startswith("rules.yaml, record 'typo': ") and "Did you mean labs.egfr" in line for line in found)


def test_a_wrong_type_is_refused_with_what_to_compare(tmp_path: Path) -> None:
    line = fault(tmp_path, record("typo", when="labs.egfr < '30'"))
    assert line.startswith("rules.yaml, record 'typo': The condition “labs.egfr < '30'” is wrong: ")
    assert line.endswith("Compare numbers with numbers such as 30.0, words with words in quotation marks.")


@pytest.mark.parametrize("when", ["labs.egfr < 30", "condition.copd == 'yes'", "surgery.pain in [1.0]"])
def test_other_wrong_types_are_refused_too(tmp_path: Path, when: str) -> None:
    assert f"“{when}”" in refusal(tmp_path, record("typo", when=when))[-1]


def test_a_condition_that_is_not_a_yes_or_no_is_refused(tmp_path: Path) -> None:
    assert "The condition “labs.egfr” is wrong: it is not a yes or no." in fault(
        tmp_path, record("typo", when="labs.egfr")
    )


@pytest.mark.parametrize("when", ["labs.egfr <", "(condition.copd", ""])
def test_a_condition_that_does_not_parse_is_refused(tmp_path: Path, when: str) -> None:
    assert any("rules.yaml, record 'typo': " in line for line in refusal(tmp_path, record("typo", when=when)))


@pytest.mark.parametrize(
    "when",
    [
        "surgery.pain == severe",
        "condition.copd and condition.asthma",
        "labs.egfr + 1.0 < 30.0",
        "size(surgery.traits) > 0",
        "condition.copd ? true : false",
        "surgery.traits.exists(t, t == 'leg')",
    ],
)
def test_a_condition_that_cannot_be_put_into_words_is_refused(tmp_path: Path, when: str) -> None:
    assert fault(tmp_path, record("typo", when=when)).startswith("rules.yaml, record 'typo': ")


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("entry.dose_mg > 8.0", "Give it `for:`, `blocks: true` or `agents: true`."),
        ("block.kind == 'neuraxial'", "Give it `for:`, `blocks: true` or `agents: true`."),
    ],
)
def test_a_fact_of_one_medicine_or_technique_needs_a_record_that_is_judged_for_each(
    tmp_path: Path, name: str, right: str
) -> None:
    assert fault(tmp_path, record("line", when=name)).endswith(right)


# --- shape -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"id": "Not A Slug"}, "id"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"section": "weather"}, "section"),
        ({"evidence": "hearsay"}, "evidence"),
        ({"say": "Short."}, "say"),
        ({"about": "Not A Name"}, "about.0"),
        ({"checked": {"by": "", "on": "2026-02-30", "again": "2027-01-01"}}, "checked.on"),
        ({"dose": {"amount": "5", "route": "by mouth", "unit": "grams"}}, "dose.unit"),
        ({"steps": [{"at": "surgery.day"}]}, "steps.0.what"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_field_is_named_with_its_path(tmp_path: Path, fields: dict[str, Any], path: str) -> None:
    name = fields.get("id", "line")
    assert fault(tmp_path, record("line", **fields)).startswith(f"rules.yaml, record '{name}', {path}: ")


def test_a_wrong_field_shows_what_was_there(tmp_path: Path) -> None:
    assert fault(tmp_path, record("line", verdict="perhaps")).endswith("It was: perhaps")


def test_a_product_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    found = fault(tmp_path, products={**PRODUCTS, "methadone": {**PRODUCTS["methadone"], "halflife": 30}})
    assert found.startswith("products.yaml, 'methadone': There is no field 'halflife'. Use one of: ")


def test_an_id_used_twice_is_refused_with_the_file_that_has_it(tmp_path: Path) -> None:
    found = fault(tmp_path, record("twice"), more=[record("twice", about="gabapentin")])
    assert found in (
        "rules.yaml, record 'twice': The id is taken by more.yaml. Give it another id.",
        "more.yaml, record 'twice': The id is taken by rules.yaml. Give it another id.",
    )


def test_a_repeated_key_is_refused_with_its_line(tmp_path: Path) -> None:
    found = fault(tmp_path, rules="- id: one\n  say: This is one.\n  say: This is two.\n")
    assert found == "rules.yaml, line 3: The key “say” stands there twice. Keep one of them."


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, rules="- id: one: two\n").startswith("rules.yaml, line 1: This is not YAML: ")


@pytest.mark.parametrize("text", ["", "# only a comment\n"], ids=["empty", "a comment"])
def test_an_empty_file_of_records_is_refused(tmp_path: Path, text: str) -> None:
    assert fault(tmp_path, record("one"), more=text).startswith("more.yaml: The file holds no list of records.")


@pytest.mark.parametrize("file", ["sources", "products"])
def test_a_missing_file_of_the_catalog_is_named(tmp_path: Path, file: str) -> None:
    folder = write(tmp_path, record("one"))
    (folder / f"{file}.yaml").unlink()
    with pytest.raises(Refused, match=f"{file}.yaml"):
        load(folder)


# --- medicines, doses, dates -----------------------------------------------------------------------------------------


def test_an_unknown_regimen_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    assert fault(tmp_path, entry_record("line", regimen="naltrexone_orall")) == (
        "rules.yaml, record 'line': There is no regimen 'naltrexone_orall'. Use one of: methadone_otp, naltrexone_oral, unknown."
    )


def test_a_record_about_a_medicine_says_which_part_of_the_care_it_is(tmp_path: Path) -> None:
    assert fault(tmp_path, entry_record("line", part=None)).startswith(
        "rules.yaml, record 'line': A MOUD record has no part."
    )


def test_a_decision_about_a_medicine_is_one_of_the_five(tmp_path: Path) -> None:
    assert "A decision cannot be 'never'. Use one of: stop_and_ask, hold, " in fault(
        tmp_path, entry_record("line", verdict="never")
    )


@pytest.mark.parametrize("verdict", ["recommend", "consider", "do"])
def test_an_unverified_record_unlocks_no_dose(tmp_path: Path, verdict: str) -> None:
    found = fault(
        tmp_path, record("line", evidence="unverified", verdict=verdict, dose={"amount": "5", "route": "by mouth"})
    )
    assert (
        found
        == "rules.yaml, record 'line': An unverified record gives a dose. Cite a source that was read, or leave the dose out."
    )


def test_an_unverified_record_may_caution_against_a_dose(tmp_path: Path) -> None:
    assert load(
        write(
            tmp_path,
            record("line", evidence="unverified", verdict="caution", dose={"amount": "5", "route": "by mouth"}),
        )
    )


@pytest.mark.parametrize("field", ["say", "because"])
def test_a_typo_in_a_placeholder_is_refused_with_its_nearest_names(tmp_path: Path, field: str) -> None:
    found = fault(tmp_path, record("line", **{field: "The eGFR is {labs.egrf}."}))
    assert found.startswith("rules.yaml, record 'line': There is no fact or moment 'labs.egrf'. Did you mean labs.egfr")


def test_a_typo_in_a_placeholder_of_a_step_is_refused(tmp_path: Path) -> None:
    assert "'surgery.atx'" in fault(
        tmp_path, record("line", steps=[{"at": "surgery.day", "what": "Operate at {surgery.atx}."}])
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"table": {"title": "Doses", "columns": ["a"], "rows": [["{labs.egrf}"]]}},
        {"choices": ["Give less at {labs.egrf}."]},
        {"patient": {"en": "Your eGFR is {labs.egrf}."}},
        {"short": "At {labs.egrf}."},
        {"steps": [{"at": "surgery.day", "what": "Do this then.", "patient": "At {labs.egrf}."}]},
    ],
    ids=["table", "choices", "patient", "short", "step for the patient"],
)
def test_a_typo_in_a_placeholder_is_refused_wherever_it_stands(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert "rules.yaml, record 'line': " in fault(tmp_path, record("line", **fields))


@pytest.mark.parametrize(
    "typo", ["{entry.restart_mg_after_4_dayz}", "{Labs.egfr}", "{labs.egfr", "labs.egfr}", "{ labs.egfr }", "{}"]
)
def test_a_brace_that_is_no_placeholder_is_refused(tmp_path: Path, typo: str) -> None:
    assert "rules.yaml, record 'line': " in fault(tmp_path, record("line", say=f"The value is {typo}."))


def test_a_record_that_prints_its_dose_needs_one(tmp_path: Path) -> None:
    assert "It prints {dose} but has no dose." in fault(tmp_path, record("line", say="Give {dose} now."))


def test_a_step_counts_from_a_moment_that_exists(tmp_path: Path) -> None:
    found = fault(tmp_path, record("line", steps=[{"at": "surgery.dya", "what": "Do this then."}]))
    assert found.startswith(
        "rules.yaml, record 'line': There is no moment 'surgery.dya'. Use one of: now, today, surgery.at, "
    )


def test_a_step_counts_from_a_medicine_only_where_there_is_one(tmp_path: Path) -> None:
    assert "entry.last_dose" in fault(
        tmp_path, record("line", steps=[{"at": "entry.last_dose", "what": "Do this then."}])
    )


def test_a_ragged_table_is_refused(tmp_path: Path) -> None:
    table = {"title": "Doses", "columns": ["day", "dose"], "rows": [["1", "4 mg"], ["2"]]}
    assert "A table row has another number of cells than there are columns." in fault(
        tmp_path, record("line", table=table)
    )


@pytest.mark.parametrize("again", ["2026-11-24", "2026-05-24"], ids=["the same day", "earlier"])
def test_the_next_review_is_later_than_the_last(tmp_path: Path, again: str) -> None:
    checked = {"by": "", "on": "2026-11-24", "again": again}
    assert "The next review is not after the last one. Set `again` later than `on`." in fault(
        tmp_path, record("line", checked=checked)
    )


# --- the catalog -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"), [("first", ["spinnal"]), ("pain", "sever"), ("region", "knee"), ("second", ["adductor"])]
)
def test_an_operation_with_a_typo_is_refused(tmp_path: Path, field: str, value: Any) -> None:
    assert "procedures.yaml, 'knee'" in fault(tmp_path, procedures={"knee": {**PROCEDURES["knee"], field: value}})


@pytest.mark.parametrize(("field", "value"), [("unit", "mg_per_week"), ("group", "buprenorfine")])
def test_a_product_with_a_typo_is_refused(tmp_path: Path, field: str, value: str) -> None:
    assert "products.yaml, 'methadone'" in fault(
        tmp_path, products={**PRODUCTS, "methadone": {**PRODUCTS["methadone"], field: value}}
    )


def test_a_regimen_of_the_catalog_that_no_decision_covers_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, entry_record("hold-it", when="labs.egfr < 30.0"))
    assert any("naltrexone_oral" in line for line in found)


# --- the real one ----------------------------------------------------------------------------------------------------


def test_the_real_knowledge_base_loads() -> None:
    assert load().by_id


def test_every_regimen_of_the_real_products_has_a_decision() -> None:
    knowledge = load()
    regimens = {
        regimen
        for product in knowledge.catalog.products.values()
        for regimen in (product.regimen, *product.regimen_for.values())
    }
    decided = {
        regimen for regimen, rules in knowledge.entry_rules.items() for rule in rules if rule.record.part == "decision"
    }
    assert regimens - decided == set()


def test_every_source_that_the_real_catalog_cites_is_listed() -> None:
    knowledge = load()
    catalog = knowledge.catalog
    cited = {
        cite["id"]
        for group in (catalog.products, catalog.procedures, catalog.blocks, catalog.medicines)
        for item in group.values()
        for cite in item.sources
    }
    assert cited - knowledge.sources.keys() == set()


def test_every_technique_that_a_real_operation_names_exists() -> None:
    catalog = load().catalog
    named = {
        technique for procedure in catalog.procedures.values() for technique in (*procedure.first, *procedure.second)
    }
    assert named - catalog.blocks.keys() == set()
