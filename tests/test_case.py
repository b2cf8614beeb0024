"""What a Case refuses and how it says so: the field, what is wrong, what would be right; and what it keeps apart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.case import Case, label_of, questions, read_case
from planner.casefile import moment_for, read_answers
from planner.knowledge import load
from planner.knowledge.yamlfile import parse
from planner.problems import Refused
from planner.review import EXAMPLES_MADE_AT
from planner.schema import case_schema

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=NEW_YORK)
EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.yaml"))


def read(answers: Mapping[str, Any], now: datetime = NOW) -> Case:
    return read_case(answers, load().catalog, now)


def refusal(answers: Mapping[str, Any], now: datetime = NOW) -> dict[str, str]:
    """Return each refused field with its whole message."""
    with pytest.raises(Refused) as caught:
        read(answers, now)
    return {problem.path: f"{problem.wrong} {problem.right}" for problem in caught.value.problems}


def wrong(answers: Mapping[str, Any], now: datetime = NOW) -> str:
    """Return the one message, "field: what is wrong, what would be right"."""
    found = refusal(answers, now)
    assert len(found) == 1
    return next(f"{path}: {message}" for path, message in found.items())


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused_file(folder: Path, name: str, text: str) -> str:
    with pytest.raises(Refused) as caught:
        read_answers(file(folder, name, text))
    return str(caught.value)


# --- each refusal names the field, what is wrong, what would be right ------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"patient": {"weight_kg": 7000}}, "patient.weight_kg: 7000 is out of range. Weight must be 25.0 to 350.0 kg."),
        ({"patient": {"weight_kg": "-70"}}, "patient.weight_kg: -70 is out of range. Weight must be 25.0 to 350.0 kg."),
        ({"patient": {"weight_kg": 0}}, "patient.weight_kg: 0 is out of range. Weight must be 25.0 to 350.0 kg."),
        (
            {"moud": [{"product": "methadone", "dose_mg": "8,5"}]},
            "moud.0.dose_mg: “8,5” has a comma. Use a point for decimals and no separator for thousands.",
        ),
        (
            {"moud": [{"product": "methadone", "dose_mg": "90mg"}]},
            "moud.0.dose_mg: “90mg” is not a plain number. Write digits only, such as 16 or 2.5, without the unit.",
        ),
        (
            {"moud": [{"product": "methadone"}, {"product": "buprenorphine_patch", "dose_mcg": 8000}]},
            "moud.1.dose_mcg: 8000 is out of range. Dose in micrograms must be 1.0 to 2000.0 mcg.",
        ),
        (
            {"patient": {"birth_date": "2026-02-30"}},
            "patient.birth_date: “2026-02-30” is not a day in the calendar. Check the day and the month.",
        ),
        (
            {"surgery": {"at": "31/12/2026"}},
            "surgery.at: “31/12/2026” is not a date with a time. Write it as 2026-12-08T07:30, in the clinic's own time.",
        ),
        (
            {"patient": {"sex": "F"}},
            "patient.sex: “F” is not one of the answers. Use female, male, intersex or leave it empty.",
        ),
        (
            {"patient": {"pregnant": "no"}},
            "patient.pregnant: “no” is not true or false. Leave it empty when it is not known.",
        ),
        (
            {"patient": {"mrn": 1234}},
            "patient.mrn: “1234” is not text. Put it in quotation marks.",
        ),
        (
            {"health": {"notes": "x" * 100_000}},
            "health.notes: The text has 100,000 characters. Use at most 4,000.",
        ),
        (
            {"patient": {"name": "x" * 100_000}},
            "patient.name: The text has 100,000 characters. Use at most 200.",
        ),
        (
            {"patient": {"wieght_kg": 80}},
            "patient.wieght_kg: There is no such field. Did you mean weight_kg?",
        ),
        ({"colour": "red"}, "colour: There is no such field. Remove it."),
        (
            {"moud": {"product": "methadone"}},
            "moud: The value has the wrong shape. This needs a list, each line with a dash.",
        ),
        ({"patient": "Ana"}, "patient: The value has the wrong shape. This needs a group of fields."),
        ({"moud": [{}]}, "moud.0.product: An answer is missing. Choose the product, not only the drug."),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value.split(":")[0],
)
def test_a_refusal_names_the_field_what_is_wrong_and_what_would_be_right(answers: dict[str, Any], message: str) -> None:
    # “25.0” and “25” are the same limit to a reader.
    assert wrong(answers).replace(".0 ", " ") == message.replace(".0 ", " ")


def test_a_period_in_the_value_does_not_cut_the_message_in_two() -> None:
    assert wrong({"patient": {"weight_kg": "approx. 80"}}).startswith(
        "patient.weight_kg: “approx.\u00a080” is not a plain number. "
    )


def test_every_wrong_field_is_told_at_once() -> None:
    answers = {
        "patient": {"weight_kg": "x", "birth_date": "x"},
        "surgery": {"at": "x"},
        "moud": [{"product": "methadone", "dose_mg": "x"}],
    }
    assert list(refusal(answers)) == ["patient.birth_date", "patient.weight_kg", "moud.0.dose_mg", "surgery.at"]


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(wrong({"patient": {"weight_kg": "9" * 400}})) < 250


@pytest.mark.parametrize("answers", [{1: 2}, {None: 1}, {"patient": {1: 2}}, {True: 1}], ids=str)
def test_a_field_without_a_name_is_refused(answers: Mapping[Any, Any]) -> None:
    with pytest.raises(Refused, match="Keys should be strings"):
        read(answers)


def test_half_a_character_is_refused_and_does_not_break_the_message() -> None:
    refusal({"patient": {"sex": "\ud800"}})["patient.sex"].encode()


def test_labels_lead_from_the_group_to_the_question() -> None:
    assert label_of(("moud", 0, "dose_mg")) == "Medication for addiction (MAT / MOUD) 1: Dose"


@pytest.mark.parametrize(
    "model", [Case, *(type(getattr(Case(), name)) for name in ("patient", "recovery", "surgery", "opioids", "health"))]
)
def test_every_question_has_a_label(model: Any) -> None:
    assert [name for name, field in questions(model).items() if not field.title] == []


# --- products and operations -----------------------------------------------------------------------------------------


def test_an_unknown_product_is_refused_with_its_nearest_names() -> None:
    assert "Did you mean naltrexone_xr or naltrexone_oral" in wrong({"moud": [{"product": "naltrexone"}]})


def test_an_unknown_product_says_how_to_enter_one_that_is_not_listed() -> None:
    assert "Use “other” with product_name, or “unknown”." in wrong({"moud": [{"product": "ibogaine"}]})


def test_an_unknown_operation_is_refused_with_its_nearest_names() -> None:
    assert "Did you mean total_knee_arthroplasty" in wrong({"surgery": {"procedure": "total_knee_arthoplasty"}})


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({"moud": [{"product": "other"}]}, "moud.0.product_name"),
        ({"surgery": {"procedure": "other"}}, "surgery.procedure_text"),
    ],
)
def test_other_needs_a_name(answers: dict[str, Any], path: str) -> None:
    assert list(refusal(answers)) == [path]


def test_a_product_of_100_000_characters_is_refused() -> None:
    assert "moud.0.product" in refusal({"moud": [{"product": "x" * 100_000}]})


def test_a_thousand_medicines_are_refused() -> None:
    assert "1000 medicines are listed." in refusal({"moud": [{"product": "methadone"}] * 1000})["moud"]


# --- dates that cannot be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "path", "says"),
    [
        (
            {"surgery": {"at": "2026-11-22T23:59"}},
            "surgery.at",
            "The operation is in the past. Give a day from 2026-11-23 on.",
        ),
        ({"surgery": {"at": "1900-01-01T08:00"}}, "surgery.at", "The operation is in the past."),
        ({"surgery": {"at": "2056-01-01T08:00"}}, "surgery.at", "more than three years away"),
        (
            {"surgery": {"at": "2027-03-14T02:30"}},
            "surgery.at",
            "skipped when the clocks go forward. Give a time one hour later.",
        ),
        (
            {"kind": "standing", "surgery": {"at": "2026-12-08T07:30"}},
            "surgery.at",
            "A standing plan has no operation date.",
        ),
        (
            {"surgery": {"time_zone": "Mars/Olympus"}},
            "surgery.time_zone",
            "is not a time zone. Use a name such as America/New_York",
        ),
        ({"surgery": {"time_zone": "../../etc/passwd"}}, "surgery.time_zone", "is not a time zone."),
        ({"patient": {"birth_date": "2026-11-24"}}, "patient.birth_date", "The date of birth is in the future."),
        ({"patient": {"birth_date": "2009-11-23"}}, "patient.birth_date", "The age would be 17 years."),
        ({"patient": {"birth_date": "1905-11-23"}}, "patient.birth_date", "The age would be 121 years."),
        ({"recovery": {"since": "2026-11-24"}}, "recovery.since", "The date is in the future."),
        ({"recovery": {"last_opioid_use": "2026-11-24"}}, "recovery.last_opioid_use", "The date is in the future."),
        (
            {"patient": {"birth_date": "1980-05-05"}, "recovery": {"since": "1970-01-01"}},
            "recovery.since",
            "The date is before the date of birth.",
        ),
        (
            {
                "moud": [{"product": "methadone", "last_dose_at": "2026-12-08T07:31"}],
                "surgery": {"at": "2026-12-08T07:30"},
            },
            "moud.0.last_dose_at",
            "The last dose is after the operation. Give a moment before 2026-12-08T07:30.",
        ),
        (
            {"moud": [{"product": "methadone", "last_dose_at": "2026-11-23T09:01"}]},
            "moud.0.last_dose_at",
            "The last dose is after now.",
        ),
        (
            {
                "patient": {"birth_date": "1980-05-05"},
                "moud": [{"product": "methadone", "last_dose_at": "1970-01-01T08:00"}],
            },
            "moud.0.last_dose_at",
            "The last dose is before the date of birth.",
        ),
        (
            {
                "moud": [{"product": "methadone", "last_dose_at": "2026-11-23T08:30"}],
                "surgery": {"at": "2026-11-23T07:30"},
            },
            "moud.0.last_dose_at",
            "The last dose is after the operation.",
        ),
        (
            {"moud": [{"product": "sublocade", "last_injection_on": "2026-11-24"}]},
            "moud.0.last_injection_on",
            "in the future",
        ),
        (
            {"moud": [{"product": "sublocade", "last_injection_on": "2026-11-02", "next_due_on": "2026-11-02"}]},
            "moud.0.next_due_on",
            "The next injection is not after the last one.",
        ),
        (
            {
                "moud": [{"product": "methadone", "hold_choice": {"restart_on": "2026-12-07"}}],
                "surgery": {"at": "2026-12-08T07:30"},
            },
            "moud.0.hold_choice.restart_on",
            "The restart is before the operation.",
        ),
        (
            {"moud": [{"product": "methadone", "verification": {"at": "2026-11-23T09:01"}}]},
            "moud.0.verification.at",
            "in the future",
        ),
        (
            {"moud": [{"product": "methadone", "verification": {"last_observed_dose_at": "2026-11-24T08:30"}}]},
            "moud.0.verification.last_observed_dose_at",
            "in the future",
        ),
        ({"opioids": {"pdmp_checked_on": "2026-11-24"}}, "opioids.pdmp_checked_on", "in the future"),
        (
            {"patient": {"birth_date": "1980-05-05"}, "opioids": {"last_dose_at": "1970-11-24T08:00"}},
            "opioids.last_dose_at",
            "The last opioid dose is before the date of birth.",
        ),
        (
            {"opioids": {"last_dose_at": "2026-12-07T20:00"}, "surgery": {"at": "2026-12-08T07:30"}},
            "opioids.last_dose_at",
            "The last opioid dose is before the operation.",
        ),
        (
            {
                "health": {"anticoagulants": [{"drug": "apixaban", "last_dose_at": "2026-12-08T08:00"}]},
                "surgery": {"at": "2026-12-08T07:30"},
            },
            "health.anticoagulants.0.last_dose_at",
            "The last dose is after the operation.",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused(answers: dict[str, Any], path: str, says: str) -> None:
    assert says in refusal(answers)[path]


@pytest.mark.parametrize(
    "answers",
    [
        {"surgery": {"at": "2026-11-23T22:00"}},
        {"surgery": {"at": "2029-11-23T08:00"}},
        {"patient": {"birth_date": "2008-11-23"}},
        {"patient": {"birth_date": "1906-11-23"}},
        {"moud": [{"product": "methadone", "last_dose_at": "2026-12-08T07:30"}], "surgery": {"at": "2026-12-08T07:30"}},
        {"moud": [{"product": "methadone", "last_dose_at": "2026-11-23T09:00"}]},
        {"moud": [{"product": "sublocade", "last_injection_on": "2026-11-23"}]},
        {
            "moud": [{"product": "methadone", "hold_choice": {"restart_on": "2026-12-08"}}],
            "surgery": {"at": "2026-12-08T07:30"},
        },
    ],
    ids=[
        "tonight",
        "in three years",
        "18 today",
        "120",
        "last dose at the time of surgery",
        "dose now",
        "injected today",
        "restart on the day",
    ],
)
def test_a_date_on_the_edge_is_taken(answers: dict[str, Any]) -> None:
    assert read(answers)


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        pytest.param(
            {"surgery": {"time_zone": "localtime"}},
            "surgery.time_zone",
        ),
        pytest.param(
            {"moud": [{"product": "buprenorphine_patch", "dose_mg": 10}]},
            "moud.0.dose_mg",
        ),
        pytest.param(
            {"moud": [{"product": "buprenorphine_naloxone_sl", "dose_mcg": 2000}]},
            "moud.0.dose_mcg",
        ),
    ],
)
def test_an_answer_that_nothing_could_be_made_of_is_refused(answers: dict[str, Any], path: str) -> None:
    assert path in refusal(answers)


def test_after_the_operation_the_last_dose_may_be_today() -> None:
    answers = {
        "surgery": {"at": "2026-11-20T07:30"},
        "opioids": {"last_dose_at": "2026-11-21T07:30"},
        "moud": [{"product": "methadone", "last_dose_at": "2026-11-23T07:00"}],
    }
    assert read(answers)


def test_yesterday_is_judged_on_the_clinics_calendar_not_on_that_of_the_server() -> None:
    # 03:00 in New York on the 24th is 22:00 on the 23rd in Honolulu.
    answers = {"surgery": {"at": "2026-11-23T22:30", "time_zone": "Pacific/Honolulu"}}
    assert read(answers, datetime(2026, 11, 24, 3, 0, tzinfo=NEW_YORK))


def test_an_hour_that_happens_twice_is_a_time_one_can_operate_at() -> None:
    assert read({"surgery": {"at": "2027-11-07T01:30"}})


def test_a_person_born_on_february_29_is_18_from_march_1() -> None:
    answers = {"patient": {"birth_date": "2008-02-29"}}
    assert "17 years" in refusal(answers, datetime(2026, 2, 28, 9, 0, tzinfo=NEW_YORK))["patient.birth_date"]
    assert read(answers, datetime(2026, 3, 1, 9, 0, tzinfo=NEW_YORK))


@pytest.mark.parametrize(
    ("patient", "path"),
    [
        ({"sex": "male", "pregnant": True}, "patient.pregnant"),
        ({"sex": "male", "pregnancy_weeks": 20}, "patient.pregnant"),
        ({"pregnant": False, "pregnancy_weeks": 20}, "patient.pregnancy_weeks"),
    ],
)
def test_a_pair_of_answers_that_exclude_each_other_is_refused(patient: dict[str, Any], path: str) -> None:
    assert list(refusal({"patient": patient})) == [path]


def test_a_folder_of_the_time_zone_database_is_not_a_time_zone() -> None:
    # Python 3.11 opens it as a file and raises IsADirectoryError.
    assert "surgery.time_zone" in refusal({"surgery": {"time_zone": "America"}})


# --- not known, none, and an answer --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "moud",
        "health.conditions",
        "health.medicines",
        "health.anticoagulants",
        "patient.allergies",
        "recovery.substances",
    ],
)
def test_not_known_and_none_of_these_are_kept_apart(path: str) -> None:
    def found(value: object) -> object:
        group, _, name = path.rpartition(".")
        case = read({group: {name: value}} if group else {name: value})
        return getattr(getattr(case, group) if group else case, name)

    assert (found(None), found([])) == (None, [])


@pytest.mark.parametrize(
    "path",
    [
        "moud",
        "health.conditions",
        "health.medicines",
        "health.anticoagulants",
        "patient.allergies",
        "recovery.substances",
    ],
)
def test_a_list_that_was_not_asked_is_not_known(path: str) -> None:
    case: Any = Case()
    for step in path.split("."):
        case = getattr(case, step)
    assert case is None


@pytest.mark.parametrize(
    "answers",
    [{"health": {"conditions": ["unknown"]}}, {"recovery": {"substances": [""]}}, {"patient": {"allergies": [" "]}}],
)
def test_a_list_that_holds_only_not_known_does_not_become_none_of_these(answers: dict[str, dict[str, Any]]) -> None:
    try:
        case = read(answers)
    except Refused:
        return
    (group, (name,)) = next((group, fields) for group, fields in answers.items())
    assert getattr(getattr(case, group), name) is None


@pytest.mark.parametrize("value", [None, "", "unknown"])
def test_a_choice_that_was_not_answered_is_not_known(value: object) -> None:
    assert read({"recovery": {"status": value}}).recovery.status is None


def test_the_kind_of_plan_is_scheduled_unless_said_otherwise() -> None:
    assert read({}).kind == "scheduled"


def test_a_list_filled_in_the_other_way_round_is_the_same_case() -> None:
    assert read({"health": {"conditions": ["asthma", "copd"]}}) == read({"health": {"conditions": ["copd", "asthma"]}})


def test_a_condition_named_twice_counts_once() -> None:
    assert read({"health": {"conditions": ["copd", "asthma", "copd"]}}).health.conditions == ["copd", "asthma"]


@pytest.mark.parametrize("value", ["hypertension", {"hypertension": True}, 5])
def test_a_list_given_as_something_else_is_refused(value: object) -> None:
    assert "A list is needed" in refusal({"health": {"conditions": value}})["health.conditions"]


def test_a_choice_in_a_list_that_does_not_exist_is_refused() -> None:
    assert "“flu” is not one of the answers." in refusal({"health": {"conditions": ["flu"]}})["health.conditions"]


# --- files -----------------------------------------------------------------------------------------------------------

YAML = """
kind: urgent
patient: {name: Ana "Lee", birth_date: 1980-05-05, weight_kg: 81.5, mrn: "0007", pregnant: false, allergies: []}
moud: [{product: methadone, dose_mg: 90, times_per_day: 2, last_dose_at: 2026-11-23T06:40}]
surgery: {procedure: total_knee_arthroplasty, at: 2026-12-08T07:30}
health: {conditions: [copd], labs: {inr: 1.0}, alcohol_drinks_per_day: 0}
"""
JSON = """{
 "kind": "urgent",
 "patient": {"name": "Ana \\"Lee\\"", "birth_date": "1980-05-05", "weight_kg": 81.5, "mrn": "0007", "pregnant": false, "allergies": []},
 "moud": [{"product": "methadone", "dose_mg": 90, "times_per_day": 2, "last_dose_at": "2026-11-23T06:40"}],
 "surgery": {"procedure": "total_knee_arthroplasty", "at": "2026-12-08T07:30"},
 "health": {"conditions": ["copd"], "labs": {"inr": 1.0}, "alcohol_drinks_per_day": 0}
}"""
FORM: dict[str, Any] = {
    "kind": "urgent",
    "patient": {
        "name": ' Ana "Lee" ', "birth_date": "1980-05-05", "weight_kg": "81.5", "mrn": "0007", "pregnant": "false", "allergies": [],
        "height_cm": "", "sex": "",
    },
    "moud": [{"product": "methadone", "dose_mg": "90", "times_per_day": "2", "last_dose_at": "2026-11-23T06:40", "indication": ""}],
    "surgery": {"procedure": "total_knee_arthroplasty", "at": "2026-12-08 07:30", "setting": "unknown"},
    "health": {"conditions": ["copd"], "labs": {"inr": "1.0"}, "alcohol_drinks_per_day": "0"},
}  # fmt: skip


def test_a_yaml_file_and_a_json_file_are_the_same_case(tmp_path: Path) -> None:
    assert read(read_answers(file(tmp_path, "a.yaml", YAML))) == read(read_answers(file(tmp_path, "a.json", JSON)))


def test_a_form_and_a_file_are_the_same_case(tmp_path: Path) -> None:
    assert read(FORM) == read(read_answers(file(tmp_path, "a.yaml", YAML)))


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_text_field_left_empty_is_not_known(nothing: str | None) -> None:
    assert read({"patient": {"name": nothing}, "health": {"notes": nothing}}) == Case()


def test_a_case_written_out_and_read_again_is_the_same_case() -> None:
    case = read(FORM)
    assert read(case.model_dump(mode="json")) == case


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "kind: urgent\nkind: scheduled\n"),
        ("a.yaml", "patient: {name: Ana, name: Bea}\n"),
        ("a.json", '{"patient": {"name": "Ana", "name": "Bea"}}'),
    ],
)
def test_a_repeated_key_is_refused_because_one_answer_would_be_lost(tmp_path: Path, name: str, text: str) -> None:
    assert "stands there twice. Keep one of them." in refused_file(tmp_path, name, text)


def test_a_repeated_key_is_named_with_its_line(tmp_path: Path) -> None:
    assert "line 3: The key “kind”" in refused_file(tmp_path, "a.yaml", "kind: urgent\npatient: {}\nkind: urgent\n")


def test_an_alias_is_refused_because_a_few_lines_could_grow_to_gigabytes(tmp_path: Path) -> None:
    text = "patient: &one {name: Ana}\nrecovery: *one\n"
    assert "line 2: The file uses a YAML alias (*). Write the value out." in refused_file(tmp_path, "a.yaml", text)


@pytest.mark.parametrize("depth", [40, 900, 100_000])
@pytest.mark.parametrize(("name", "text"), [("a.yaml", "a: {}{}"), ("a.json", '{{"a": {}{}}}')])
def test_a_file_nested_too_deeply_is_refused(tmp_path: Path, name: str, text: str, depth: int) -> None:
    message = refused_file(tmp_path, name, text.format("[" * depth, "]" * depth))
    assert re.search("nested too deeply|maximum nesting depth", message)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_over_one_megabyte_is_refused(tmp_path: Path, name: str) -> None:
    text = json.dumps({"health": {"notes": "x" * 1_100_000}})
    assert "The file is over 1 MiB." in refused_file(tmp_path, name, text)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
@pytest.mark.parametrize("text", ['["a", "b"]', "5", '"kind"', "null"])
def test_a_file_that_is_not_a_group_of_fields_is_not_a_case(tmp_path: Path, name: str, text: str) -> None:
    assert "The file is not a case. Start with fields such as kind: and patient:." in refused_file(tmp_path, name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", "a: b: c"), ("a.yaml", "\t- x"), ("a.yaml", "a: \x01"), ("a.json", "{'a': 1}"), ("a.json", "")],
)
def test_a_file_with_an_error_of_form_is_refused_with_what_to_check(tmp_path: Path, name: str, text: str) -> None:
    assert re.search(r"This is not (YAML|JSON): .* Check ", refused_file(tmp_path, name, text))


def test_a_file_in_latin_1_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("patient: {name: Zoë}".encode("latin-1"))
    with pytest.raises(Refused, match=r"The file is not UTF-8 text\. Save it as UTF-8\."):
        read_answers(path)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_json_file_holds_no_infinity(tmp_path: Path, constant: str) -> None:
    message = refused_file(tmp_path, "a.json", f'{{"patient": {{"weight_kg": {constant}}}}}')
    assert f"{constant} is not a number that a case can hold." in message


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", "patient: {{weight_kg: {}}}"), ("a.json", '{{"patient": {{"weight_kg": {}}}}}')]
)
@pytest.mark.parametrize("digits", ["9" * 400, "1e309", "80.0000000000001"])
def test_absurd_digits_in_a_file_are_refused_by_the_field(tmp_path: Path, name: str, text: str, digits: str) -> None:
    answers = read_answers(file(tmp_path, name, text.format(digits)))
    assert list(refusal(answers)) == ["patient.weight_kg"]


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "NO", "2026-12-08", "0555", "1_000", "0x10", "1:30", ".inf", ".nan", "12e3"]
)
def test_yaml_words_that_look_like_something_else_stay_text(tmp_path: Path, word: str) -> None:
    assert read_answers(file(tmp_path, "a.yaml", f"patient: {{name: {word}}}")) == {"patient": {"name": word}}


@pytest.mark.parametrize(
    "text",
    [
        "a: !!int abc",
        "a: !!timestamp soon",
        "a: !!bool maybe",
        'a: !!int "0x10"',
        "a: !!set {b}",
        "!!merge a: {kind: urgent}\nkind: standing",
    ],
)
def test_a_yaml_tag_is_refused_because_it_smuggles_in_another_type(tmp_path: Path, text: str) -> None:
    assert "line 1" in refused_file(tmp_path, "a.yaml", text)


def test_a_yaml_key_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert "line 1" in refused_file(tmp_path, "a.yaml", "? [a, b]\n: c")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(categories=("L", "N", "P")), max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_whatever_json_says_yaml_reads_the_same(value: Any) -> None:
    assert parse(json.dumps(value, ensure_ascii=False)) == value


def test_a_stated_moment_is_read_in_the_clinics_zone() -> None:
    assert (
        moment_for({"surgery": {"time_zone": "Asia/Kolkata"}}, "2026-11-23T09:00").isoformat()
        == "2026-11-23T09:00:00+05:30"
    )


@pytest.mark.parametrize(
    "surgery", [None, "soon", {"time_zone": "Mars/Olympus"}, {"time_zone": ["a"]}, {"time_zone": "America"}], ids=str
)
def test_a_wrong_zone_does_not_keep_the_moment_from_being_read(surgery: object) -> None:
    assert moment_for({"surgery": surgery}, "2026-11-23T09:00") == NOW


def test_a_stated_moment_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="--now: “tomorrow” is not a date with a time"):
        moment_for({}, "tomorrow")


# --- the examples and the schema -----------------------------------------------------------------------------------


def faults(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], path: str = "case") -> list[str]:
    """Return where a value does not fit a JSON Schema; knows the words that our schema uses."""
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole, path)
    found: list[str] = []
    if "anyOf" in schema:
        tried = [faults(value, option, whole, path) for option in schema["anyOf"]]
        found += [] if [] in tried else max(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is not among the choices")
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float)}
    if "type" in schema and (
        not isinstance(value, types[schema["type"]]) or (schema["type"] == "number" and isinstance(value, bool))
    ):
        return [*found, f"{path}: {value!r} is not of type {schema['type']}"]
    if isinstance(value, str):
        if not re.search(schema.get("pattern", ""), value):
            found.append(f"{path}: {value!r} does not match {schema['pattern']}")
        if schema.get("format") == "date":
            date.fromisoformat(value)
        if schema.get("format") == "date-time":
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found += [f"{path}: {value} is too small"] * (value < schema.get("minimum", value))
        found += [f"{path}: {value} is too large"] * (value > schema.get("maximum", value))
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [
            f"{path}.{name}: no such field"
            for name in value
            if name not in properties and schema.get("additionalProperties") is False
        ]
        found += [f"{path}.{name}: missing" for name in schema.get("required", []) if name not in value]
        for name in value.keys() & properties.keys():
            found += faults(value[name], properties[name], whole, f"{path}.{name}")
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += faults(item, schema.get("items", {}), whole, f"{path}[{index}]")
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_published_schema(path: Path) -> None:
    schema = case_schema(load().catalog)
    assert faults(read_answers(path), schema, schema) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"kind": "elective"},
        {"colour": "red"},
        {"patient": {"sex": "F"}},
        {"patient": {"weight_kg": 7000}},
        {"moud": [{"product": "heroin"}]},
        {"moud": [{}]},
        {"surgery": {"at": "tomorrow"}},
        {"health": {"conditions": "hypertension"}},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_case_refuses(answers: dict[str, Any]) -> None:
    schema = case_schema(load().catalog)
    assert faults(answers, schema, schema) != []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_taken(path: Path) -> None:
    answers = read_answers(path)
    assert read(answers, moment_for(answers, EXAMPLES_MADE_AT.get(path.stem, "2026-11-23T09:00")))
