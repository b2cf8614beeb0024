"""What a keyboard slip, a spreadsheet or an attack may put into one field, and what the parsers make of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from planner.inputs import (
    calendar_date,
    clock_time,
    is_empty,
    number,
    one_line,
    plain_text,
    shown,
    whole_number,
    yes_or_no,
)

# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("16", "16"), ("2.5", "2.5"), (" 16 ", "16"), (16, "16"), (0.5, "0.5"), ("0", "0"), ("-3", "-3"), ("007", "7")],
)
def test_a_plainly_written_number_is_taken_exactly(typed: object, meant: str) -> None:
    assert number(typed) == Decimal(meant)


@pytest.mark.parametrize("nothing", [None, "", " ", "\u00a0", "\t\n"])
def test_an_unanswered_number_is_not_known(nothing: object) -> None:
    assert number(nothing) is None


def test_a_comma_is_refused_because_it_means_thousands_to_one_reader_and_decimals_to_another() -> None:
    with pytest.raises(ValueError, match=r"“8,5” has a comma\. Use a point for decimals"):
        number("8,5")


@pytest.mark.parametrize("written", ["8.", ".5", "8..5", "1.5.2", "--8", "+8", "8-", "1 6", "1_000", "1'000"])
def test_a_half_typed_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(written)


@pytest.mark.parametrize("written", ["8mg", "8 mg", "8000mcg", "~8", "8?", "<8", "8/2", "8x2", "½", "eight"])
def test_a_unit_or_a_guess_in_the_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="without the unit"):
        number(written)


@pytest.mark.parametrize("written", ["0x10", "0o20", "0b11", "1e3", "1E3", "8e0"])
def test_programmers_numbers_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(written)


@pytest.mark.parametrize("written", ["NaN", "nan", "-NaN", "sNaN", "Infinity", "-inf", "1e309"])
def test_text_that_python_would_read_as_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(written)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), float("-inf"), 1e309, Decimal("NaN"), Decimal("Infinity")]
)
def test_not_a_number_and_infinity_are_refused_as_values_too(value: object) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(value)


@pytest.mark.parametrize("written", ["１６", "١٦", "१६", "²", "Ⅷ", "1\u200b6"])
def test_digits_of_other_scripts_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(written)


@pytest.mark.parametrize(
    "value", ["9" * 400, "0." + "1" * 400, 10**400, 10**5000, -(10**5000)], ids=lambda value: "long"
)
def test_hundreds_of_digits_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not a plain number|too many digits"):
        number(value)


@pytest.mark.parametrize("value", [True, False])
def test_a_yes_is_not_the_number_one(value: bool) -> None:
    with pytest.raises(ValueError, match="A yes or no was given where a number belongs"):
        number(value)


@pytest.mark.parametrize("value", [[16], {"mg": 16}, (16,), b"16"], ids=str)
def test_a_list_is_not_a_number(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not a plain number|has a comma"):
        number(value)


@pytest.mark.parametrize("written", ["1.5", "0.1", 2.5])
def test_half_a_dose_a_day_is_refused_where_whole_numbers_are_counted(written: object) -> None:
    with pytest.raises(ValueError, match="is not a whole number"):
        whole_number(written)


@pytest.mark.parametrize("written", ["3", "3.0", 3, 3.0])
def test_a_whole_number_may_be_written_with_a_zero_after_the_point(written: object) -> None:
    assert whole_number(written) == 3


# --- days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2026-12-08", " 2026-12-08 ", date(2026, 12, 8), datetime(2026, 12, 8, 7, 30)])
def test_a_day_is_taken_as_written(typed: object) -> None:
    assert calendar_date(typed) == date(2026, 12, 8)


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u00a0"])
def test_an_unanswered_day_is_not_known(nothing: object) -> None:
    assert calendar_date(nothing) is None


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-04-31", "2027-02-29", "2026-13-01", "2026-00-10", "2026-01-00"]
)
def test_a_day_that_no_calendar_has_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=f"“{written}” is not a day in the calendar"):
        calendar_date(written)


def test_february_29_of_a_leap_year_is_a_day() -> None:
    assert calendar_date("2028-02-29") == date(2028, 2, 29)


def test_an_empty_date_of_a_database_is_not_a_day() -> None:
    with pytest.raises(ValueError, match="is not a day in the calendar"):
        calendar_date("0000-00-00")


@pytest.mark.parametrize("written", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_far_from_now_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is outside 1900 to 2100"):
        calendar_date(written)


@pytest.mark.parametrize("written", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_year_are_taken(written: str) -> None:
    assert calendar_date(written).isoformat() == written


@pytest.mark.parametrize(
    "written",
    [
        "31/12/2026",
        "12/31/2026",
        "26-12-08",
        "8 Dec 2026",
        "2026-12-8",
        "2026/12/08",
        "20261208",
        "today",
        "2026-W50-2",
    ],
)
def test_a_day_in_another_order_is_refused_rather_than_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date\. Write year-month-day, such as 2026-12-08"):
        calendar_date(written)


@pytest.mark.parametrize("stamp", [1796688000, "1796688000", 1796688000.0, 0, True])
def test_a_unix_timestamp_is_not_a_day(stamp: object) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        calendar_date(stamp)


@pytest.mark.parametrize("written", ["2026-12-08T07:30", "2026-12-08 07:30:00Z", "２０２６-12-08", "2026-12-08\x00"])
def test_a_day_with_more_around_it_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        calendar_date(written)


# --- clock times ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["2026-12-08T07:30", "2026-12-08 07:30", "2026-12-08T07:30:00", " 2026-12-08T07:30 ", datetime(2026, 12, 8, 7, 30)],
)
def test_a_clock_time_is_taken_without_a_zone(typed: object) -> None:
    assert clock_time(typed) == datetime(2026, 12, 8, 7, 30)


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_an_unanswered_clock_time_is_not_known(nothing: object) -> None:
    assert clock_time(nothing) is None


@pytest.mark.parametrize("written", ["2026-12-08T24:00", "2026-12-08T07:60", "2026-12-08T25:30"])
def test_an_hour_that_no_clock_shows_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time of day\. Use 00:00 to 23:59"):
        clock_time(written)


@pytest.mark.parametrize("written", ["2026-02-30T07:30", "2027-02-29T07:30", "0000-00-00T00:00"])
def test_a_clock_time_on_a_day_that_no_calendar_has_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a day in the calendar"):
        clock_time(written)


def test_a_clock_time_in_year_one_is_refused() -> None:
    with pytest.raises(ValueError, match="The year 0001 is outside 1900 to 2100"):
        clock_time("0001-01-01T07:30")


@pytest.mark.parametrize(
    "written", ["2026-12-08T07:30Z", "2026-12-08T07:30+05:30", "2026-12-08T07:30:15", "2026-12-08T07:30:00.5"]
)
def test_an_offset_or_seconds_are_refused_because_the_zone_is_asked_once(written: str) -> None:
    with pytest.raises(ValueError, match="in the clinic's own time"):
        clock_time(written)


def test_a_moment_that_carries_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a date with a time"):
        clock_time(datetime(2026, 12, 8, 7, 30, tzinfo=timezone(timedelta(hours=-5))))


@pytest.mark.parametrize(
    "written", ["2026-12-08", "7:30 am", "2026-12-08T7:30", "08/12/2026 07:30", 1796688000, "2026-12-08T０7:30"]
)
def test_a_clock_time_in_another_shape_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is not a date with a time"):
        clock_time(written)


# --- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "Robert'); DROP TABLE patients;--",
        "Null",
        "NaN",
        "True",
        "undefined",
        "-",
        'Sr., John "JJ"',
        "<script>alert(1)</script>",
        "{{7*7}} ${7*7} %s",
        "../../etc/passwd",
        "Łukasz Żółć",
        "محمد 123",
        "משה 42",
        "王小明",
        "สมชาย",
        "अनिता",
        "👨‍👩‍👧 family",
        "Zoë\u200bAnne",
    ],
)
def test_a_strange_name_is_kept_as_typed(name: str) -> None:
    assert plain_text(name) == name


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u00a0\u00a0", "\n\n", "\r\n"])
def test_only_spaces_are_not_a_name(nothing: str | None) -> None:
    assert plain_text(nothing) is None


def test_accents_typed_as_two_characters_become_one() -> None:
    assert plain_text("Jose\u0301") == "José"


@pytest.mark.parametrize(
    "code", [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x1C), 0x7F, 0x80, 0x9B, 0xFFFE, 0xFFFF, 0xE000]
)
def test_a_character_that_cannot_be_printed_is_refused_by_its_number(code: int) -> None:
    with pytest.raises(ValueError, match=rf"cannot be printed \(U\+{code:04X}\)"):
        plain_text(f"Ana{chr(code)}Lee")


def test_nul_inside_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+0000"):
        plain_text("a\x00b")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+D800"):
        plain_text("Ana\ud800")


@pytest.mark.parametrize(
    "mark", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"), ids=ascii
)
def test_a_mark_that_could_turn_15_into_51_on_paper_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="changes the reading order"):
        plain_text(f"dose {mark}1.5")


@pytest.mark.parametrize("value", [5, 5.0, True, date(2026, 1, 1), ["Ana"], {"name": "Ana"}, b"Ana"], ids=str)
def test_what_is_not_text_is_refused_and_told_to_use_quotation_marks(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not text\. Put it in quotation marks"):
        plain_text(value)


def test_stacked_accents_that_fit_the_field_are_kept() -> None:
    zalgo = "á" + "\u0301" * 19
    assert plain_text(zalgo * 100) == zalgo * 100


def test_text_as_long_as_the_limit_is_taken() -> None:
    assert plain_text("x" * 4000) == "x" * 4000


@pytest.mark.parametrize(
    "text",
    ["x" * 4001, "x" * 100_000, "\n" * 50_000 + "x" + "\n" * 50_000 + "x", "a" + "\u0301\u0323" * 50_000],
    ids=len,
)
def test_longer_text_is_refused_with_its_length_and_the_limit(text: str) -> None:
    with pytest.raises(ValueError, match=rf"The text has {len(text):,} characters\. Use at most 4,000\."):
        plain_text(text)


def test_a_name_stays_on_one_line_so_that_it_cannot_pass_for_a_line_of_the_plan() -> None:
    assert one_line("Ana\nGive 100 mg\tnow") == "Ana Give 100 mg now"


def test_a_note_keeps_its_lines() -> None:
    assert plain_text("first\r\nsecond\rthird") == "first\nsecond\nthird"


# --- yes or no -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "meant"), [(True, True), ("true", True), (False, False), ("false", False)])
def test_true_and_false_are_answers(given: object, meant: bool) -> None:
    assert yes_or_no(given) is meant


@pytest.mark.parametrize("nothing", [None, "", " ", "unknown"])
def test_an_unanswered_yes_or_no_is_not_a_no(nothing: object) -> None:
    assert yes_or_no(nothing) is None


@pytest.mark.parametrize("given", ["yes", "no", "on", "off", "y", "True", "FALSE", "1", 1, 0, 1.0, [], "null"])
def test_words_and_numbers_are_not_a_yes(given: object) -> None:
    with pytest.raises(ValueError, match=r"is not true or false\. Leave it empty when it is not known"):
        yes_or_no(given)


# --- what a message repeats ----------------------------------------------------------------------------------------


def test_a_message_shows_only_the_beginning_of_a_long_value() -> None:
    assert shown("9" * 400) == "9" * 40 + "…"


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\x00", "\ud800", "\u202e", "\u2028"], ids=ascii)
def test_a_message_never_carries_what_it_refuses_to_print(hidden: str) -> None:
    assert hidden[0] not in shown(f"16{hidden}")


def test_a_period_inside_the_value_does_not_end_the_first_sentence_of_the_message() -> None:
    assert ". " not in shown("approx. 8")


@pytest.mark.parametrize("value", [0, False, [], "0", "-"], ids=repr)
def test_zero_no_and_none_of_these_are_answers(value: object) -> None:
    assert not is_empty(value)
