"""What the engine makes of a few records: the worst verdict wins, no reason is lost, the unknown is asked, dates stay ahead."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from small_base import BLOCKS, PROCEDURES, entry_record, plan_of, record, write

from planner.plan import Line, Plan, to_json

KNEE = {"surgery": {"procedure": "knee", "at": "2026-12-08T07:30"}}
NALTREXONE = {
    "moud": [{"product": "naltrexone_oral", "last_dose_at": "2026-11-22T21:00"}],
    "surgery": {"at": "2026-12-08T07:30"},
}


def made(
    folder: Path,
    *records: dict[str, Any],
    answers: dict[str, Any] | None = None,
    now: str = "2026-11-23T09:00",
    **files: Any,
) -> Plan:
    return plan_of(write(folder, *records, **files), answers or {}, now)


def ids(lines: tuple[Line, ...]) -> list[str]:
    return [line.id for line in lines]


def asked(plan: Plan) -> dict[str, list[str]]:
    """Return each fact to find out with the lines that hang on it."""
    return {
        fact: [needed.line_id for needed in ask.needed_for] for ask in plan.unknown for fact in ask.fact.split(", ")
    }


# --- competing lines -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worse", "better"),
    [("never", "avoid"), ("never", "recommend"), ("avoid", "caution"), ("avoid", "consider"), ("avoid", "do")],
)
def test_the_worst_verdict_on_a_subject_wins(tmp_path: Path, worse: str, better: str) -> None:
    plan = made(tmp_path, record("a-better", verdict=better), record("b-worse", verdict=worse))
    assert ids(plan.non_opioid) == ["b-worse"]


def test_the_other_reasons_against_a_medicine_are_kept_with_the_worst(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("kidney", verdict="avoid"),
        record("bleeding", verdict="never"),
        record("age", verdict="caution"),
        record("pain", verdict="recommend"),
    )
    assert ids(plan.non_opioid[0].also) == ["kidney", "age"]


def test_a_reason_that_was_merged_is_still_found_by_its_id(tmp_path: Path) -> None:
    plan = made(tmp_path, record("kidney", verdict="avoid"), record("bleeding", verdict="never"))
    assert plan.line("kidney").say == "Say of kidney."  # type: ignore[union-attr]


def test_a_caution_stands_beside_a_recommendation_and_before_it(tmp_path: Path) -> None:
    plan = made(tmp_path, record("a-use", verdict="recommend"), record("z-watch", verdict="caution"))
    assert ids(plan.non_opioid) == ["z-watch", "a-use"]


def test_a_stop_on_one_medicine_leaves_another_alone(tmp_path: Path) -> None:
    plan = made(tmp_path, record("stop", about="ketorolac", verdict="never"), record("use", about="acetaminophen"))
    assert ids(plan.non_opioid) == ["use", "stop"]


def test_a_line_about_several_medicines_stops_each_of_them(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("stop", about=["ketorolac", "ibuprofen"], verdict="never"),
        record("use-ibuprofen", about="ibuprofen"),
        record("use-ketorolac", about="ketorolac"),
    )
    assert [(line.id, set(line.subjects)) for line in plan.non_opioid] == [("stop", {"ibuprofen", "ketorolac"})]


def test_a_line_about_several_medicines_is_told_apart_where_the_reasons_differ(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("stop", about=["ketorolac", "ibuprofen"], verdict="never"),
        record("watch", about="ibuprofen", verdict="caution"),
    )
    assert [(line.subjects, ids(line.also)) for line in plan.non_opioid] == [
        (("ibuprofen",), ["watch"]),
        (("ketorolac",), []),
    ]


def test_a_role_that_one_record_requires_is_required_and_stays_one_line(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("pharmacist", section="team", about="pharmacist", verdict="consider", order=10),
        record("pharmacist-for-methadone", section="team", about="pharmacist", verdict="do", required=True),
    )
    assert [(line.id, line.required, ids(line.also)) for line in plan.team] == [
        ("pharmacist", True, ["pharmacist-for-methadone"])
    ]


def test_a_role_that_nothing_requires_is_not_required(tmp_path: Path) -> None:
    assert made(tmp_path, record("pharmacist", section="team", about="pharmacist")).team[0].required is False


def test_lines_keep_the_order_that_the_records_ask_for(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("second", about="b", order=20),
        record("first", about="z", order=10),
        record("third", about="a"),
    )
    assert ids(plan.non_opioid) == ["first", "second", "third"]


# --- unknown is an answer --------------------------------------------------------------------------------------------


def test_a_caution_that_cannot_be_judged_is_asked_with_what_hangs_on_it(tmp_path: Path) -> None:
    plan = made(tmp_path, record("watch-kidney", verdict="caution", when="labs.egfr < 60.0"))
    assert asked(plan) == {"labs.egfr": ["watch-kidney"]}


def test_the_question_is_the_one_declared_with_the_fact(tmp_path: Path) -> None:
    plan = made(tmp_path, record("watch-kidney", verdict="caution", when="labs.egfr < 60.0"))
    assert plan.unknown[0].question == "eGFR?"


def test_a_question_says_which_verdict_hangs_on_it(tmp_path: Path) -> None:
    plan = made(tmp_path, record("stop-kidney", verdict="never", when="labs.egfr < 30.0"))
    needed = plan.unknown[0].needed_for[0]
    assert (needed.subject_label, needed.verdict) == ("Ketorolac", "never")


def test_a_caution_that_does_not_hold_asks_nothing(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("watch-kidney", verdict="caution", when="labs.egfr < 60.0"),
        answers={"health": {"labs": {"egfr": 90}}},
    )
    assert (plan.non_opioid, plan.unknown) == ((), ())


@pytest.mark.parametrize("stop", ["never", "avoid"])
@pytest.mark.parametrize("option", ["recommend", "consider", "do"])
def test_an_option_whose_stop_is_unknown_becomes_ask_first(tmp_path: Path, option: str, stop: str) -> None:
    plan = made(tmp_path, record("use", verdict=option), record("stop", verdict=stop, when="labs.egfr < 30.0"))
    assert [(line.id, line.verdict, [lack.name for lack in line.missing]) for line in plan.non_opioid] == [
        ("use", "ask", ["labs.egfr"])
    ]


def test_an_option_whose_caution_is_unknown_stays_an_option(tmp_path: Path) -> None:
    plan = made(tmp_path, record("use"), record("watch", verdict="caution", when="labs.egfr < 30.0"))
    assert plan.non_opioid[0].verdict == "recommend"


def test_an_unknown_stop_on_another_medicine_leaves_an_option_alone(tmp_path: Path) -> None:
    plan = made(
        tmp_path, record("use", about="acetaminophen"), record("stop", verdict="never", when="labs.egfr < 30.0")
    )
    assert plan.non_opioid[0].verdict == "recommend"


def test_a_known_stop_outranks_an_unknown_one(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("use"),
        record("known", verdict="avoid"),
        record("open", verdict="never", when="labs.egfr < 30.0"),
    )
    assert [(line.id, line.verdict) for line in plan.non_opioid] == [("known", "avoid")]


@pytest.mark.parametrize(
    ("when", "answers", "printed", "asks"),
    [
        ("labs.inr > 1.5 || medicine.warfarin", {"medicines": ["warfarin"]}, True, []),
        ("labs.inr > 1.5 || medicine.warfarin", {"labs": {"inr": 2}}, True, []),
        ("labs.inr > 1.5 || medicine.warfarin", {"labs": {"inr": 1}}, False, ["medicine.warfarin"]),
        ("labs.inr > 1.5 || medicine.warfarin", {"medicines": []}, False, ["labs.inr"]),
        ("labs.inr > 1.5 || medicine.warfarin", {}, False, ["labs.inr", "medicine.warfarin"]),
        ("labs.inr > 1.5 || medicine.warfarin", {"labs": {"inr": 1}, "medicines": []}, False, []),
        ("labs.inr > 1.5 && medicine.warfarin", {"medicines": []}, False, []),
        ("labs.inr > 1.5 && medicine.warfarin", {"labs": {"inr": 1}}, False, []),
        ("labs.inr > 1.5 && medicine.warfarin", {"labs": {"inr": 2}}, False, ["medicine.warfarin"]),
        ("!(medicine.warfarin)", {}, False, ["medicine.warfarin"]),
        ("!(medicine.warfarin)", {"medicines": []}, True, []),
    ],
)
def test_a_condition_is_decided_by_one_side_when_one_side_decides(
    tmp_path: Path, when: str, answers: dict[str, Any], printed: bool, asks: list[str]
) -> None:
    plan = made(tmp_path, record("line", verdict="caution", when=when), answers={"health": answers})
    assert (bool(plan.non_opioid), sorted(asked(plan))) == (printed, asks)


def test_one_question_carries_every_line_that_hangs_on_it(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("watch", about="ketorolac", verdict="caution", when="labs.egfr < 60.0"),
        record("stop", about="gabapentin", verdict="avoid", when="labs.egfr < 30.0"),
    )
    assert [sorted(lines) for lines in asked(plan).values()] == [["stop", "watch"]]


def test_a_question_that_a_never_hangs_on_comes_before_one_for_a_caution(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("watch", about="a", verdict="caution", when="labs.egfr < 60.0"),
        record("stop", about="b", verdict="never", when="labs.inr > 1.5"),
    )
    assert list(asked(plan)) == ["labs.inr", "labs.egfr"]


# --- words and placeholders ------------------------------------------------------------------------------------------


def test_a_placeholder_is_filled_with_the_fact_and_its_unit(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", say="The eGFR is {labs.egfr}."), answers={"health": {"labs": {"egfr": 74}}})
    assert plan.non_opioid[0].say == "The eGFR is 74\u00a0mL/min/1.73\u00a0m²."


def test_a_placeholder_that_is_not_known_says_so(tmp_path: Path) -> None:
    assert (
        made(tmp_path, record("line", say="The eGFR is {labs.egfr}.")).non_opioid[0].say == "The eGFR is [not known]."
    )


def test_a_placeholder_that_is_not_known_is_asked(tmp_path: Path) -> None:
    assert asked(made(tmp_path, record("line", say="The eGFR is {labs.egfr}."))) == {"labs.egfr": ["line"]}


def test_a_moment_is_filled_as_a_day_with_its_clock_time(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", say="Surgery is on {surgery.at}."), answers=KNEE)
    assert plan.non_opioid[0].say.replace("\u00a0", " ") == "Surgery is on Tue 8 Dec 2026, 07:30."


def test_a_moment_that_is_not_known_is_asked(tmp_path: Path) -> None:
    assert asked(made(tmp_path, record("line", say="Surgery is on {surgery.at}."))) != {}


@pytest.mark.parametrize(
    "fields",
    [
        {"table": {"title": "Doses", "columns": ["a"], "rows": [["{labs.egfr}"]]}},
        {"choices": ["Give less when eGFR is {labs.egfr}."]},
        {"patient": {"en": "Your eGFR is {labs.egfr}."}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_placeholder_anywhere_on_the_line_is_asked_when_it_is_not_known(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    assert asked(made(tmp_path, record("line", **fields))) == {"labs.egfr": ["line"]}


def test_a_placeholder_with_a_digit_in_its_name_is_filled(tmp_path: Path) -> None:
    rule = entry_record(
        "line", regimen="methadone_otp", verdict="continue", say="Restart at {entry.restart_mg_after_4_days}."
    )
    plan = made(tmp_path, rule, answers={"moud": [{"product": "methadone", "dose_mg": 60}]})
    assert plan.moud[0].say == "Restart at 30\u00a0mg."


def test_what_a_person_typed_is_not_read_as_a_placeholder(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("line", say="Before {surgery.procedure}."),
        answers={"surgery": {"procedure_text": "{labs.egfr} {dose}"}, "health": {"labs": {"egfr": 74}}},
    )
    assert plan.non_opioid[0].say == "Before {labs.egfr} {dose}."


def test_the_condition_is_printed_in_words(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", when="labs.egfr < 30.0"), answers={"health": {"labs": {"egfr": 20}}})
    assert plan.non_opioid[0].condition.replace("\u00a0", " ") == "eGFR is under 30 mL/min/1.73 m²"


def test_the_facts_that_decided_are_printed(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", when="labs.egfr < 30.0"), answers={"health": {"labs": {"egfr": 20}}})
    assert [used.words.replace("\u00a0", " ") for used in plan.non_opioid[0].facts_used] == ["eGFR 20 mL/min/1.73 m²"]


def test_a_line_carries_its_source_with_the_place_in_it(tmp_path: Path) -> None:
    cited = made(tmp_path, record("line")).non_opioid[0].sources[0]
    assert (cited.id, cited.citation, cited.year, cited.where) == ("BOOK", "The Book of Pain", "2026", "page 1")


# --- doses -----------------------------------------------------------------------------------------------------------


def dose_words(folder: Path, dose: dict[str, Any], weight: float | None) -> str:
    plan = made(
        folder,
        record("line", say="Give {dose}.", dose={"route": "by mouth", **dose}),
        answers={"patient": {"weight_kg": weight}},
    )
    return plan.non_opioid[0].say.replace("\u00a0", " ")


def test_a_dose_reads_as_a_nurse_would_write_it(tmp_path: Path) -> None:
    dose = {"amount": "1000", "every_hours": "6", "daily_max": "3000", "days_at_most": 5}
    words = "Give 1,000 mg by mouth every 6 hours, at most 3,000 mg in 24 hours over all routes and products, for at most 5 days."
    assert dose_words(tmp_path, dose, None) == words


def test_a_dose_by_weight_is_worked_out(tmp_path: Path) -> None:
    assert dose_words(tmp_path, {"per_kg": "15", "every_hours": "6"}, 40) == "Give 600 mg by mouth every 6 hours."


def test_a_dose_by_weight_never_exceeds_its_cap(tmp_path: Path) -> None:
    assert dose_words(tmp_path, {"per_kg": "15", "most": "1000", "once": True}, 90) == "Give 1,000 mg by mouth once."


def test_a_dose_whose_weight_is_not_known_stays_per_kg(tmp_path: Path) -> None:
    assert dose_words(tmp_path, {"per_kg": "0.25", "once": True}, None) == "Give 0.25 mg/kg by mouth once."


def test_a_dose_by_weight_is_not_rounded_over_what_the_weight_allows(tmp_path: Path) -> None:
    # 4.5 mg/kg x 75 kg = 337.5 mg
    assert dose_words(tmp_path, {"per_kg": "4.5", "once": True}, 75) in (
        "Give 337 mg by mouth once.",
        "Give 337.5 mg by mouth once.",
    )


def test_a_small_dose_by_weight_keeps_its_decimals(tmp_path: Path) -> None:
    # 0.01 mg/kg x 70 kg = 0.7 mg
    assert dose_words(tmp_path, {"per_kg": "0.01", "once": True}, 70) == "Give 0.7 mg by mouth once."


def test_a_weight_that_a_dose_needs_is_asked(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", dose={"per_kg": "15", "route": "by mouth"}))
    assert asked(plan) == {"patient.weight_kg": ["line"]}


# --- medicines for addiction -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("stop_and_ask", "hold"),
        ("hold", "clinician_choice"),
        ("clinician_choice", "continue_with_change"),
        ("continue_with_change", "continue"),
    ],
)
def test_the_strongest_decision_about_a_medicine_is_the_decision(tmp_path: Path, stronger: str, weaker: str) -> None:
    plan = made(
        tmp_path,
        entry_record("a-weaker", verdict=weaker),
        entry_record("b-stronger", verdict=stronger),
        answers=NALTREXONE,
    )
    assert plan.summary.medicines[0].decision_line == "b-stronger"


def test_of_two_equal_decisions_the_first_in_order_is_printed_and_the_other_kept(tmp_path: Path) -> None:
    plan = made(tmp_path, entry_record("a-later"), entry_record("b-first", order=10), answers=NALTREXONE)
    assert [(line.id, ids(line.also)) for line in plan.moud] == [("b-first", ["a-later"])]


def test_a_stronger_decision_that_cannot_be_judged_is_asked_on_the_decision(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        entry_record("usual"),
        entry_record("stop", verdict="stop_and_ask", when="labs.egfr < 30.0"),
        answers=NALTREXONE,
    )
    assert [(line.id, [lack.name for lack in line.missing]) for line in plan.moud] == [("usual", ["labs.egfr"])]


def test_a_regimen_without_a_decision_stops_the_program(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="No decision for the regimen naltrexone_oral"):
        made(tmp_path, entry_record("call", part="call", verdict="call"), answers=NALTREXONE)


def test_two_medicines_get_a_decision_each_in_the_order_given(tmp_path: Path) -> None:
    answers = {"moud": [{"product": "methadone"}, {"product": "naltrexone_oral"}]}
    plan = made(
        tmp_path,
        entry_record("hold-it"),
        entry_record("keep-it", regimen="methadone_otp", verdict="continue"),
        answers=answers,
    )
    assert [(medicine.label, medicine.decision) for medicine in plan.summary.medicines] == [
        ("Methadone", "continue"),
        ("Naltrexone tablet", "hold"),
    ]


def test_the_lines_about_a_medicine_stand_in_the_order_of_care(tmp_path: Path) -> None:
    parts = {"restart": "restart", "decision": "hold", "call": "call", "day_of": "do", "verify": "do", "before": "do"}
    records = [
        entry_record(f"line-{part}".replace("_", "-"), part=part, verdict=verdict) for part, verdict in parts.items()
    ]
    plan = made(tmp_path, *records, answers=NALTREXONE)
    assert [line.part for line in plan.moud] == ["decision", "verify", "before", "day_of", "restart", "call"]


def test_a_line_that_marks_the_plan_incomplete_says_why(tmp_path: Path) -> None:
    plan = made(tmp_path, record("gap", incomplete=True, say="The last dose is not known."))
    assert (plan.complete, plan.incomplete_because) == (False, ("The last dose is not known.",))


def test_a_merged_line_still_keeps_the_plan_incomplete(tmp_path: Path) -> None:
    plan = made(tmp_path, record("gap", verdict="avoid", incomplete=True), record("worse", verdict="never"))
    assert plan.complete is False


def test_a_question_about_two_medicines_names_both(tmp_path: Path) -> None:
    answers = {"moud": [{"product": "naltrexone_oral"}, {"product": "naltrexone_copy"}]}
    products = {"naltrexone_oral": 1, "naltrexone_copy": 2}
    from small_base import PRODUCTS

    catalog = {
        name: {**PRODUCTS["naltrexone_oral"], "label": f"Naltrexone {number}"} for name, number in products.items()
    }
    plan = made(
        tmp_path, entry_record("hold-it"), entry_record("watch", part="red_flag", verdict="caution", when="entry.hours_since_dose < 24.0"),
        answers=answers, products=catalog,
    )  # fmt: skip
    assert sorted(needed.subject_label for needed in plan.unknown[0].needed_for) == ["Naltrexone 1", "Naltrexone 2"]


# --- dates -----------------------------------------------------------------------------------------------------------


def step(at: str, what: str = "Do this on that day.", **more: Any) -> dict[str, Any]:
    return {"at": at, "what": what, **more}


def test_a_step_is_counted_in_days_from_its_moment(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", steps=[step("surgery.day", days=7)]), answers=KNEE)
    assert plan.non_opioid[0].steps[0].on == date(2026, 12, 15)


def test_a_step_is_counted_in_real_hours_from_its_moment(tmp_path: Path) -> None:
    answers = {"surgery": {"at": "2026-11-02T07:30"}}
    plan = made(
        tmp_path, record("line", steps=[step("surgery.at", hours="-24")]), answers=answers, now="2026-10-26T09:00"
    )
    assert plan.non_opioid[0].steps[0].at == datetime.fromisoformat("2026-11-01T07:30-05:00")


@pytest.mark.parametrize("moved", [{"hours": "-384"}, {"days": -16}], ids=["hours", "days"])
def test_a_step_whose_time_is_past_is_left_out(tmp_path: Path, moved: dict[str, Any]) -> None:
    # Surgery on 8 December; 16 days before is 22 November, yesterday.
    plan = made(
        tmp_path,
        record("line", steps=[step("surgery.at", **moved), step("surgery.day", what="Operate on this day.")]),
        answers=KNEE,
    )
    assert [found.what for found in plan.non_opioid[0].steps] == ["Operate on this day."]


def test_a_step_for_today_is_kept(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", steps=[step("surgery.day", days=-15)]), answers=KNEE)
    assert plan.non_opioid[0].steps[0].on == date(2026, 11, 23)


def test_a_step_without_its_moment_keeps_its_day_label_and_stays_off_the_timeline(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", steps=[step("surgery.day", day="Day 0")]))
    assert [(found.on, found.at, found.day) for found in plan.non_opioid[0].steps] == [(None, None, "Day 0")]
    assert plan.timeline == ()


def test_the_timeline_goes_by_day_then_by_the_clock_with_surgery_in_its_place(tmp_path: Path) -> None:
    steps = [
        step("surgery.at", "Two hours later than surgery.", hours="2"), step("surgery.day", "On the day of surgery."),
        step("surgery.at", "One hour before surgery.", hours="-1"), step("today", "Today already."), step("surgery.day", "The day after it.", days=1),
    ]  # fmt: skip
    plan = made(tmp_path, record("line", steps=steps), answers=KNEE)
    assert [found.what for found in plan.timeline] == [
        "Today already.", "On the day of surgery.", "One hour before surgery.", "Surgery: Knee replacement",
        "Two hours later than surgery.", "The day after it.",
    ]  # fmt: skip


def test_the_same_step_of_two_lines_stands_once_on_the_timeline(tmp_path: Path) -> None:
    steps = [step("surgery.day", "Call the clinic today.")]
    plan = made(tmp_path, record("one", about="a", steps=steps), record("two", about="b", steps=steps), answers=KNEE)
    assert [found.what for found in plan.timeline].count("Call the clinic today.") == 1


def test_the_steps_of_a_merged_line_stay_on_the_timeline(tmp_path: Path) -> None:
    plan = made(
        tmp_path,
        record("worse", verdict="never"),
        record("avoid-it", verdict="avoid", steps=[step("surgery.day", "Check the kidneys.")]),
        answers=KNEE,
    )
    assert "Check the kidneys." in [found.what for found in plan.timeline]


def test_a_last_dose_time_that_is_past_is_no_instruction(tmp_path: Path) -> None:
    hold = entry_record("hold-it", steps=[step("entry.hold_from", "Take the last dose.")])
    answers = {"moud": [{"product": "naltrexone_oral"}], "surgery": {"at": "2026-11-25T07:30"}}
    assert made(tmp_path, hold, answers=answers).moud[0].steps == ()


def test_moments_are_read_in_the_clinics_zone(tmp_path: Path) -> None:
    folder = write(tmp_path, record("line", steps=[step("today")]))
    # 09:00 in Kolkata on the 24th is 22:30 in New York on the 23rd.
    plan = plan_of(folder, {}, "2026-11-24T09:00", "Asia/Kolkata")
    assert plan.non_opioid[0].steps[0].on == date(2026, 11, 23)


# --- regional anesthesia ---------------------------------------------------------------------------------------------

BLEEDING = record(
    "bleeding-neuraxial",
    section="regional",
    about="neuraxial",
    blocks=True,
    verdict="avoid",
    when="block.kind == 'neuraxial' && labs.inr > 1.5",
)


def regional(folder: Path, *records: dict[str, Any], inr: float | None = 1.0, **files: Any) -> dict[str, str]:
    plan = made(folder, *records, answers={**KNEE, "health": {"labs": {"inr": inr}}}, **files)
    return {line.subject: line.verdict for line in plan.regional}


def test_an_operation_brings_its_first_and_second_choices_and_what_is_advised_against(tmp_path: Path) -> None:
    assert regional(tmp_path) == {
        "spinal": "recommend", "adductor_canal": "consider", "local_infiltration": "consider", "advised_against": "avoid",
    }  # fmt: skip


def test_a_stop_by_kind_takes_only_the_techniques_of_that_kind_away(tmp_path: Path) -> None:
    found = regional(tmp_path, BLEEDING, inr=2.0)
    assert (found["spinal"], found["adductor_canal"]) == ("avoid", "consider")


def test_a_stop_that_cannot_be_judged_makes_the_technique_ask_first(tmp_path: Path) -> None:
    found = regional(tmp_path, BLEEDING, inr=None)
    assert (found["spinal"], found["adductor_canal"]) == ("ask", "consider")


def test_when_the_first_choice_is_out_the_next_best_is_named(tmp_path: Path) -> None:
    plan = made(tmp_path, BLEEDING, answers={**KNEE, "health": {"labs": {"inr": 2}}})
    named = [line.subject for line in plan.regional if "next best" in line.say]
    assert named == ["adductor_canal"]


@pytest.mark.parametrize("inr", [1.0, None])
def test_while_the_first_choice_is_not_out_no_next_best_is_named(tmp_path: Path, inr: float | None) -> None:
    plan = made(tmp_path, BLEEDING, answers={**KNEE, "health": {"labs": {"inr": inr}}})
    assert [line.subject for line in plan.regional if "next best" in line.say] == []


def test_when_every_technique_is_out_the_plan_says_so(tmp_path: Path) -> None:
    every = record("refused", section="regional", about="any_block", blocks=True, verdict="never")
    plan = made(tmp_path, every, answers=KNEE)
    assert plan.regional[0].say.startswith("No technique that the source names for Knee replacement is left here.")


def test_an_operation_without_a_first_choice_does_not_say_that_one_is_out(tmp_path: Path) -> None:
    plan = made(tmp_path, answers=KNEE, procedures={"knee": {**PROCEDURES["knee"], "first": []}})
    assert [line.subject for line in plan.regional if "first choice is out" in line.say] == []


def test_a_technique_is_called_by_its_label(tmp_path: Path) -> None:
    plan = made(tmp_path, answers=KNEE)
    assert plan.regional[0].subject_label == BLOCKS["spinal"]["label"]


# --- the same inputs -------------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    rules = [
        record(f"line-{number}", about=f"drug_{number % 3}", verdict=verdict)
        for number, verdict in enumerate(["avoid", "recommend", "caution"] * 3)
    ]
    folder = write(tmp_path, *rules, entry_record("hold-it"))
    assert to_json(plan_of(folder, NALTREXONE)) == to_json(plan_of(folder, NALTREXONE))


def test_the_order_of_records_in_a_file_changes_nothing_but_the_hash(tmp_path: Path) -> None:
    rules = [
        record(f"line-{number}", about=f"drug_{number % 3}", verdict=verdict)
        for number, verdict in enumerate(["avoid", "recommend", "caution"] * 3)
    ]

    def lines(name: str, *order: dict[str, Any]) -> Any:
        (tmp_path / name).mkdir()
        return json.loads(to_json(plan_of(write(tmp_path / name, *order), KNEE))) | {"knowledge": None}

    assert lines("forth", *rules) == lines("back", *reversed(rules))


def test_a_plan_names_the_knowledge_it_rests_on(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (
        made(tmp_path / "one", record("line")),
        made(tmp_path / "two", record("line", say="Said in another way.")),
    )
    assert one.knowledge.hash != two.knowledge.hash


def test_a_dose_is_a_number_in_the_json_form(tmp_path: Path) -> None:
    plan = made(tmp_path, record("line", dose={"amount": "0.5", "daily_max": "3000", "route": "by mouth"}))
    dose = json.loads(to_json(plan))["non_opioid"][0]["dose"]
    assert (dose["amount"], dose["daily_max"]) == (0.5, 3000)
