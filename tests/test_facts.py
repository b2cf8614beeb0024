"""What follows from a Case: hours across clock changes, days, blockade states, holds, remission, restart days, totals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.case import read_case
from planner.facts import Facts, derive
from planner.facts.moments import days_later, hours_later, local
from planner.facts.person import age_on
from planner.facts.surgery import hours_between
from planner.knowledge import load

NEW_YORK = ZoneInfo("America/New_York")


def facts(now: str = "2026-11-23T09:00", zone: str = "America/New_York", **answers: Any) -> Facts:
    """Return the facts of a Case at a clock time of the clinic."""
    catalog = load().catalog
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    answers["surgery"] = {"time_zone": zone, **answers.get("surgery", {})}
    return derive(read_case(answers, catalog, moment), catalog, moment)


def entry(
    now: str = "2026-11-23T09:00", at: str | None = None, zone: str = "America/New_York", **given: Any
) -> Mapping[str, Any]:
    """Return the facts and moments of one medicine of the list, by their short names."""
    rest = {group: given.pop(group) for group in ("opioids", "health", "patient") if group in given}
    found = facts(now, zone, moud=[given], surgery={"at": at} if at else {}, **rest).entries[0]
    return {name.removeprefix("entry."): value for name, value in {**found.values, **found.moments}.items()}


# --- hours are elapsed hours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "last_dose", "surgery", "hours"),
    [
        ("America/New_York", "2026-12-01T07:30", "2026-12-04T07:30", 72.0),
        # clocks go forward on 8 March: the night has one hour less
        ("America/New_York", "2026-03-07T20:00", "2026-03-08T08:00", 11.0),
        ("America/New_York", "2026-03-06T07:30", "2026-03-09T07:30", 71.0),
        # clocks go back on 1 November: the night has one hour more
        ("America/New_York", "2026-10-31T20:00", "2026-11-01T08:00", 13.0),
        ("America/New_York", "2026-10-30T07:30", "2026-11-02T07:30", 73.0),
        # Lord Howe moves by half an hour: back on 5 April, forward on 4 October
        ("Australia/Lord_Howe", "2026-04-04T20:00", "2026-04-05T08:00", 12.5),
        ("Australia/Lord_Howe", "2026-10-03T20:00", "2026-10-04T08:00", 11.5),
        # no clock changes
        ("Asia/Kolkata", "2026-03-06T07:30", "2026-03-09T07:30", 72.0),
        ("Pacific/Honolulu", "2026-10-30T07:30", "2026-11-02T07:30", 72.0),
    ],
)
def test_hours_from_dose_to_surgery_are_real_hours(zone: str, last_dose: str, surgery: str, hours: float) -> None:
    now = f"{surgery[:10]}T06:00"
    assert (
        entry(now, surgery, zone, product="naltrexone_oral", last_dose_at=last_dose)["hours_dose_to_surgery"] == hours
    )


def test_a_dose_in_the_hour_that_happens_twice_is_read_as_the_later_one() -> None:
    # 01:30 to 01:30 three days later is 72 h, or 73 h if the dose was in the first of the two hours.
    found = entry("2026-11-04T01:00", "2026-11-04T01:30", product="naltrexone_oral", last_dose_at="2026-11-01T01:30")
    assert found["hours_dose_to_surgery"] == 72.0


def test_surgery_in_the_hour_that_happens_twice_is_read_as_the_earlier_one() -> None:
    found = entry("2026-10-31T09:00", "2026-11-01T01:30", product="naltrexone_oral", last_dose_at="2026-10-29T01:30")
    assert found["hours_dose_to_surgery"] == 72.0


def test_a_dose_in_the_hour_that_is_skipped_is_read_as_late_as_it_can_be() -> None:
    # 02:30 on 8 March does not exist; it is 03:30 summer time at the latest, so 71 h and not 72 to 02:30 three days later.
    found = entry("2026-03-11T01:00", "2026-03-11T02:30", product="naltrexone_oral", last_dose_at="2026-03-08T02:30")
    assert found["hours_dose_to_surgery"] == 71.0


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata"]
)
def test_an_interval_from_a_late_reading_to_an_early_one_is_the_shortest_of_all_readings(zone: str) -> None:
    place = ZoneInfo(zone)
    hours = [datetime(2026, 1, 1) + timedelta(minutes=30 * step) for step in range(365 * 48)]
    assert all(local(clock, place, late=True).timestamp() >= local(clock, place).timestamp() for clock in hours)


def test_hours_are_rounded_down_so_that_71_59_is_not_72() -> None:
    start = datetime(2026, 12, 1, 7, 30, tzinfo=NEW_YORK)
    assert hours_between(start, datetime(2026, 12, 4, 7, 29, tzinfo=NEW_YORK)) == 71.9


@pytest.mark.parametrize(("hours", "clock"), [(-72, "2026-10-30T08:30-04:00"), (-24, "2026-11-01T07:30-05:00")])
def test_so_many_hours_earlier_are_real_hours_too(hours: int, clock: str) -> None:
    surgery = datetime(2026, 11, 2, 7, 30, tzinfo=NEW_YORK)
    assert hours_later(surgery, hours).isoformat(timespec="minutes") == clock


def test_hours_and_their_way_back_meet_on_every_day_of_the_year() -> None:
    place = ZoneInfo("America/New_York")
    noons = [datetime(2026, 1, 1, 12, tzinfo=place) + timedelta(days=step) for step in range(365)]
    assert [noon for noon in noons if hours_between(hours_later(noon, -72), noon) != 72.0] == []


# --- days are calendar days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "missed"),
    [
        ("2026-11-23T06:00", 0),
        ("2026-11-22T23:59", 0),
        ("2026-11-22T00:01", 0),
        ("2026-11-21T23:59", 1),
        ("2026-11-20T06:40", 2),
        ("2026-11-18T06:40", 4),
    ],
)
def test_missed_days_are_whole_days_without_a_dose(last: str, missed: int) -> None:
    assert entry(product="methadone", last_dose_at=last)["missed_days"] == missed


def test_missed_days_count_on_the_clinics_calendar() -> None:
    catalog = load().catalog
    now = datetime(2026, 11, 24, 3, 0, tzinfo=NEW_YORK)  # still the 23rd in Honolulu
    answers = {
        "surgery": {"time_zone": "Pacific/Honolulu"},
        "moud": [{"product": "methadone", "last_dose_at": "2026-11-22T08:00"}],
    }
    assert derive(read_case(answers, catalog, now), catalog, now).entries[0].values["entry.missed_days"] == 0


def test_days_since_an_injection_are_calendar_days() -> None:
    assert entry("2026-11-23T00:05", product="sublocade", last_injection_on="2026-11-02")["days_since_injection"] == 21


def test_days_to_surgery_count_from_the_injection() -> None:
    found = entry(at="2026-12-02T10:00", product="naltrexone_xr", last_injection_on="2026-11-11")
    assert found["days_injection_to_surgery"] == 21


def test_an_injection_given_as_a_last_dose_counts_by_its_day() -> None:
    assert entry(product="sublocade", last_dose_at="2026-11-02T16:00")["days_since_injection"] == 21


def test_the_next_injection_follows_from_the_last_one_and_the_label() -> None:
    assert entry(product="brixadi_weekly", last_injection_on="2026-11-20")["next_due"] == date(2026, 11, 27)


def test_the_label_window_opens_and_closes_around_the_due_day() -> None:
    found = entry(product="brixadi_weekly", last_injection_on="2026-11-20")
    assert (found["window_opens"], found["window_closes"]) == (date(2026, 11, 25), date(2026, 11, 29))


def test_a_stated_due_day_outranks_the_labels_rhythm() -> None:
    assert entry(product="brixadi_weekly", last_injection_on="2026-11-20", next_due_on="2026-11-28")[
        "next_due"
    ] == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("due", "before", "same"), [("2026-12-01", True, False), ("2026-12-02", False, True), ("2026-12-03", False, False)]
)
def test_a_due_day_falls_before_on_or_after_the_day_of_surgery(due: str, before: bool, same: bool) -> None:
    found = entry(at="2026-12-02T10:00", product="sublocade", next_due_on=due)
    assert (found["due_before_surgery"], found["due_day_of_surgery"]) == (before, same)


@pytest.mark.parametrize(("due", "overdue"), [("2026-11-20", 3), ("2026-11-23", 0), ("2026-11-25", 0)])
def test_an_injection_is_overdue_from_the_day_after(due: str, overdue: int) -> None:
    assert entry(product="sublocade", next_due_on=due)["days_overdue"] == overdue


# --- the naltrexone injection, day by day --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (0, "blocked"), (1, "blocked"), (21, "blocked"),
        (22, "partial"), (27, "partial"),
        (28, "waned_sensitive"), (42, "waned_sensitive"),
        (43, "cleared"), (400, "cleared"),
    ],
)  # fmt: skip
def test_the_injection_blocks_then_fades_then_leaves_the_person_sensitive(day: int, state: str) -> None:
    injected = days_later(date(2026, 11, 23), -day)
    assert entry(product="naltrexone_xr", last_injection_on=injected.isoformat())["state"] == state


def test_the_state_is_that_of_the_day_of_surgery_when_there_is_one() -> None:
    assert entry(at="2026-12-02T10:00", product="naltrexone_xr", last_injection_on="2026-11-11")["state"] == "blocked"
    assert (
        entry(at="2026-12-09T10:00", product="naltrexone_xr", last_injection_on="2026-11-11")["state"]
        == "waned_sensitive"
    )


def test_the_days_of_the_injection_are_dated() -> None:
    found = entry(product="naltrexone_xr", last_injection_on="2026-11-11")
    named = ("blocked_until", "partial_until", "elective_from", "elective_target")
    assert [found[name].isoformat() for name in named] == ["2026-12-02", "2026-12-08", "2026-12-09", "2026-12-11"]


def test_without_the_day_of_the_injection_the_state_is_not_known() -> None:
    assert "state" not in entry(product="naltrexone_xr")


# --- naltrexone by mouth -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ("2026-11-29T07:31", "blocked"),
        ("2026-11-29T07:30", "partial"),
        ("2026-11-27T07:36", "partial"),
        ("2026-11-27T07:31", "partial"),
        ("2026-11-27T07:30", "waned_sensitive"),
        ("2026-10-19T08:30", "waned_sensitive"),
        ("2026-10-19T08:00", "cleared"),
    ],
    ids=["23.9 h", "24 h", "71.9 h", "71 h 59 min", "72 h", "42 days", "over 42 days"],
)
def test_the_tablet_blocks_for_a_day_fades_until_72_hours_and_then_leaves_the_person_sensitive(
    last: str, state: str
) -> None:
    # Surgery Monday 30 November 07:30; 42 times 24 hours before that, the clocks had not yet gone back.
    assert entry(at="2026-11-30T07:30", product="naltrexone_oral", last_dose_at=last)["state"] == state


@pytest.mark.parametrize(
    ("product", "chosen", "hours"),
    [
        ("naltrexone_oral", None, 72),
        ("naltrexone_oral", 96, 96),
        ("naltrexone_oral", 73, 73),
        ("naltrexone_oral", 48, 72),
        ("naltrexone_oral", 24, 72),
        ("naltrexone_low_dose", None, 72),
        ("naltrexone_low_dose", 24, 24),
        ("naltrexone_low_dose", 48, 48),
        ("naltrexone_bupropion", 48, 72),
        ("olanzapine_samidorphan", 72, 120),
        ("olanzapine_samidorphan", 168, 168),
    ],
)
def test_a_longer_hold_may_be_chosen_a_shorter_one_only_where_the_product_allows(
    product: str, chosen: int | None, hours: int
) -> None:
    dose = "4.5" if product == "naltrexone_low_dose" else None
    assert entry(product=product, hold_hours=chosen, dose_mg=dose)["hold_hours"] == hours


@pytest.mark.parametrize("dose", [None, "5.5", "50"])
def test_a_hold_is_shortened_only_for_a_dose_known_to_be_low(dose: str | None) -> None:
    assert entry(product="naltrexone_low_dose", hold_hours=24, dose_mg=dose)["hold_hours"] == 72


@pytest.mark.parametrize(
    "health",
    [
        {"child_pugh": "C", "conditions": []},
        {"conditions": ["liver_failure"]},
        {"conditions": ["acute_hepatitis"]},
        {"conditions": ["dialysis"]},
        {"labs": {"egfr": 29}},
    ],
    ids=str,
)
def test_slow_clearance_makes_the_hold_96_hours(health: dict[str, Any]) -> None:
    assert entry(product="naltrexone_oral", health=health)["hold_hours"] == 96


@pytest.mark.parametrize("health", [{"labs": {"egfr": 30}}, {"child_pugh": "B", "conditions": []}, {}], ids=str)
def test_clearance_that_is_not_slow_leaves_72_hours(health: dict[str, Any]) -> None:
    assert entry(product="naltrexone_oral", health=health)["hold_hours"] == 72


def test_slow_clearance_outranks_a_short_hold_of_low_dose_naltrexone() -> None:
    assert entry(product="naltrexone_low_dose", hold_hours=24, health={"conditions": ["dialysis"]})["hold_hours"] == 96


def test_the_last_dose_falls_so_many_real_hours_before_surgery() -> None:
    # 72 real hours before Monday 2 November 07:30; the night to 1 November had one hour more.
    found = entry("2026-10-26T09:00", "2026-11-02T07:30", product="naltrexone_oral")
    assert found["hold_from"].isoformat(timespec="minutes") == "2026-10-30T08:30-04:00"


# now: 23 November 09:00. Surgery in 7 days leaves time to hold, surgery in 2 days does not.
@pytest.mark.parametrize(
    ("at", "last", "ahead", "met", "impossible"),
    [
        ("2026-11-30T07:30", "2026-11-22T21:00", True, True, False),
        ("2026-11-30T07:30", "2026-11-28T21:00", True, False, False),
        ("2026-11-30T07:30", None, True, None, None),
        ("2026-11-25T07:30", "2026-11-20T21:00", False, True, False),
        ("2026-11-25T07:30", "2026-11-22T21:00", False, False, True),
        ("2026-11-25T07:30", None, False, None, None),
        (None, "2026-11-22T21:00", None, None, None),
        ("2026-11-26T09:00", "2026-11-23T09:00", True, True, False),
        ("2026-11-26T08:59", "2026-11-23T09:00", False, False, True),
    ],
    ids=[
        "time left, last dose long ago", "time left, a dose planned too late", "time left, last dose not known",
        "no time left, last dose long ago", "no time left, last dose too late", "no time left, last dose not known",
        "no date of surgery", "exactly 72 h, last dose now", "one minute short",
    ],
)  # fmt: skip
def test_a_hold_is_ahead_met_or_impossible(
    at: str | None, last: str | None, ahead: bool | None, met: bool | None, impossible: bool | None
) -> None:
    found = entry(at=at, product="naltrexone_oral", last_dose_at=last)
    assert (found.get("hold_ahead"), found.get("hold_met"), found.get("hold_cannot_be_met")) == (ahead, met, impossible)


# --- restart after the last opioid ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "restart"), [("short_acting", "2026-12-17"), ("long_acting", "2026-12-24"), (None, "2026-12-24")]
)
def test_naltrexone_restarts_7_days_after_a_short_acting_opioid_and_14_after_a_long_one_or_an_unknown_one(
    kind: str | None, restart: str
) -> None:
    opioids = {"last_dose_at": "2026-12-10T08:00", "last_dose_kind": kind}
    found = entry("2026-12-11T09:00", product="naltrexone_oral", opioids=opioids)
    # By the clock: at the hour of the last dose.
    assert found["restart_from"].isoformat() == f"{restart}T08:00:00-05:00"


def test_the_restart_moves_when_the_last_opioid_moves() -> None:
    def restart(last: str) -> datetime:
        opioids = {"last_dose_at": last, "last_dose_kind": "short_acting"}
        return entry("2026-12-20T09:00", product="naltrexone_xr", opioids=opioids)["restart_from"]

    assert restart("2026-12-13T22:00") - restart("2026-12-10T08:00") == timedelta(days=3, hours=14)


def test_before_the_last_opioid_is_known_the_restart_is_expected_after_three_days_with_and_seven_without_an_opioid() -> (
    None
):
    found = entry(at="2026-12-08T07:30", product="naltrexone_oral")
    assert (found.get("restart_from"), found["restart_expected"]) == (None, date(2026, 12, 19))


def test_a_buprenorphine_film_has_no_opioid_free_restart() -> None:
    found = entry(
        at="2026-12-08T07:30", product="buprenorphine_naloxone_sl", opioids={"last_dose_at": "2026-12-10T08:00"}
    )
    assert {"restart_from", "restart_expected"} & found.keys() == set()


def test_an_opioid_taken_in_the_morning_before_the_operation_is_not_the_last_one_around_it() -> None:
    opioids = {"last_dose_at": "2026-12-08T06:00", "last_dose_kind": "short_acting"}
    found = entry(at="2026-12-08T07:30", product="naltrexone_oral", opioids=opioids)
    assert (found.get("restart_from"), found["restart_expected"]) == (None, date(2026, 12, 19))


def test_a_long_acting_opioid_in_the_morning_before_the_operation_moves_the_expected_restart() -> None:
    opioids = {"last_dose_at": "2026-12-08T06:00", "last_dose_kind": "long_acting"}
    found = entry(at="2026-12-08T07:30", product="naltrexone_oral", opioids=opioids)
    assert found["restart_expected"] == date(2026, 12, 26)


def test_a_planned_last_opioid_after_the_operation_dates_the_restart() -> None:
    opioids = {"last_dose_at": "2026-12-12T20:00", "last_dose_kind": "short_acting"}
    restart = entry(at="2026-12-08T07:30", product="naltrexone_oral", opioids=opioids)["restart_from"]
    assert restart.isoformat() == "2026-12-19T20:00:00-05:00"


# --- buprenorphine -------------------------------------------------------------------------------------------------


def moud(*entries: dict[str, Any]) -> Mapping[str, Any]:
    found = facts(moud=list(entries))
    return {name.removeprefix("moud."): value for name, value in found.values.items() if name.startswith("moud.")}


def test_two_film_entries_add_up_to_one_daily_total() -> None:
    found = moud(
        {"product": "buprenorphine_naloxone_sl", "dose_mg": 16},
        {"product": "zubsolv", "dose_mg": "5.7", "times_per_day": 1},
    )
    assert found["buprenorphine_film_mg"] == 24


def test_a_daily_total_with_one_part_not_known_is_not_known() -> None:
    found = moud({"product": "buprenorphine_naloxone_sl", "dose_mg": 16}, {"product": "buprenorphine_sl"})
    assert "buprenorphine_film_mg" not in found


def test_an_injection_does_not_count_in_the_daily_film_total() -> None:
    found = moud({"product": "buprenorphine_naloxone_sl", "dose_mg": 8}, {"product": "sublocade", "dose_mg": 300})
    assert found["buprenorphine_film_mg"] == 8


@pytest.mark.parametrize(
    ("product", "dose", "film"), [("zubsolv", "5.7", 8), ("bunavail", "4.2", 8), ("buprenorphine_sl", "24", 24)]
)
def test_a_dose_is_compared_in_film_equivalents(product: str, dose: str, film: int) -> None:
    assert entry(product=product, dose_mg=dose)["film_mg"] == film


def test_a_film_strength_entered_for_zubsolv_leaves_the_dose_unknown_and_says_that_it_does_not_fit() -> None:
    found = entry(product="zubsolv", dose_mg=8)
    assert (found.get("film_mg"), found["strength_fits"]) == (None, False)


@pytest.mark.parametrize(
    ("product", "given", "fits"),
    [
        ("buprenorphine_naloxone_sl", {"dose_mg": 16}, True),
        ("buprenorphine_naloxone_sl", {"dose_mg": 15}, False),
        ("sublocade", {"dose_mg": 300}, True),
        ("sublocade", {"dose_mg": 200}, False),
        ("buprenorphine_patch", {"dose_mcg": 10}, True),
        ("buprenorphine_patch", {"dose_mcg": 12}, False),
        ("buprenorphine_buccal_pain", {"dose_mcg": 450}, True),
        ("methadone", {"dose_mg": 90}, True),
    ],
)
def test_a_dose_fits_the_strengths_of_its_product_or_does_not(product: str, given: dict[str, int], fits: bool) -> None:
    assert entry(product=product, **given)["strength_fits"] is fits


@pytest.mark.parametrize(("dose", "implausible"), [(24, False), (40, False), (41, True)])
def test_over_24_mg_is_no_error_and_over_40_mg_is_looked_at_twice(dose: int, implausible: bool) -> None:
    assert entry(product="buprenorphine_naloxone_sl", dose_mg=dose)["implausible_dose"] is implausible


def test_a_bunavail_dose_whose_split_would_need_another_product_is_not_split() -> None:
    found = entry(product="bunavail", dose_mg="4.2")
    assert (found["can_split"], found.get("split")) == (False, None)


# --- methadone -----------------------------------------------------------------------------------------------------

CALL = {"by": "J. Ortiz RN", "with_whom": "OTP nurse", "at": "2026-11-23T08:30", "dose_mg": 110}


def test_methadone_is_verified_by_a_call_on_record() -> None:
    assert entry(product="methadone", dose_mg=110, verification=CALL)["verified"] is True


@pytest.mark.parametrize("lacking", ["by", "with_whom", "at", "dose_mg"])
def test_a_call_without_one_of_its_four_answers_verifies_nothing(lacking: str) -> None:
    assert entry(product="methadone", verification={**CALL, lacking: None})["verified"] is False


def test_a_confirmed_dose_that_differs_from_the_stated_one_is_seen() -> None:
    assert entry(product="methadone", dose_mg=90, verification=CALL)["verified_dose_differs"] is True


def test_parts_of_methadone_are_those_of_the_confirmed_dose() -> None:
    assert entry(product="methadone", dose_mg=90, verification=CALL)["half_mg"] == 55


@pytest.mark.parametrize(("dose", "restart"), [(60, 30), (80, 40), (120, 40)])
def test_after_four_missed_days_methadone_restarts_at_half_and_at_most_40_mg(dose: int, restart: int) -> None:
    assert entry(product="methadone", dose_mg=dose)["restart_mg_after_4_days"] == restart


@pytest.mark.parametrize(
    ("indication", "regimen"), [("oud", "methadone_otp"), ("pain", "methadone_pain"), (None, "methadone_otp")]
)
def test_methadone_for_pain_is_another_regimen(indication: str | None, regimen: str) -> None:
    assert entry(product="methadone", indication=indication)["regimen"] == regimen


HOLD = {
    "clinician": "Dr. Kim",
    "reason": "QTc 520",
    "prescriber_contacted": True,
    "restart_by": "Dr. Lee",
    "restart_on": "2026-12-10",
}


def test_a_hold_is_documented_by_who_why_contact_and_restart() -> None:
    assert entry(product="methadone", hold_choice=HOLD)["hold_documented"] is True


@pytest.mark.parametrize("lacking", HOLD)
def test_a_hold_without_one_of_its_five_answers_is_not_documented(lacking: str) -> None:
    assert entry(product="methadone", hold_choice={**HOLD, lacking: None})["hold_documented"] is False


def test_a_prescriber_who_was_not_contacted_leaves_the_hold_undocumented() -> None:
    assert entry(product="methadone", hold_choice={**HOLD, "prescriber_contacted": False})["hold_documented"] is False


# --- the list as a whole: not known, none, one not known -----------------------------------------------------------


def about_all(given: Any, *names: str) -> tuple[Any, ...]:
    values = facts(moud=given).values
    return tuple(values.get(f"moud.{name}") for name in names)


@pytest.mark.parametrize(
    ("given", "known", "unknown", "none"),
    [(None, False, True, None), ([], True, False, True), ([{"product": "methadone"}], True, False, False)],
    ids=["not asked", "none", "methadone"],
)
def test_not_known_and_none_are_different_answers(given: Any, known: bool, unknown: bool, none: bool | None) -> None:
    assert about_all(given, "known", "unknown", "none") == (known, unknown, none)


def test_a_medicine_not_known_by_name_leaves_open_which_one_it_is() -> None:
    assert about_all([{"product": "unknown"}], "known", "methadone", "antagonist", "tolerant") == (
        False,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("given", "in_treatment"),
    [
        ([], False),
        ([{"product": "unknown"}], None),
        ([{"product": "methadone", "indication": "oud"}], True),
        ([{"product": "methadone"}], True),
        ([{"product": "methadone", "indication": "pain"}], False),
        ([{"product": "naltrexone_xr"}], True),
    ],
    ids=str,
)
def test_in_treatment_is_known_from_what_is_taken_and_for_what(given: Any, in_treatment: bool | None) -> None:
    assert about_all(given, "in_treatment") == (in_treatment,)


def test_methadone_for_pain_leaves_a_person_tolerant_all_the_same() -> None:
    assert about_all([{"product": "methadone", "indication": "pain"}], "tolerant") == (True,)


def test_a_medicine_not_known_by_name_is_not_no_medicine() -> None:
    assert about_all([{"product": "unknown"}], "none") != (True,)


def test_one_known_medicine_beside_an_unknown_one_decides_what_it_can() -> None:
    given = [{"product": "unknown"}, {"product": "methadone"}]
    assert about_all(given, "methadone", "agonist", "antagonist") == (True, True, None)


@pytest.mark.parametrize(
    ("given", "contradiction"),
    [
        (["brixadi_weekly", "naltrexone_oral"], True),
        (["methadone", "naltrexone_xr"], True),
        (["methadone", "methylnaltrexone"], False),
        (["methadone"], False),
    ],
)
def test_an_opioid_and_a_blocker_in_one_list_contradict_each_other(given: list[str], contradiction: bool) -> None:
    assert about_all([{"product": product} for product in given], "agonist_and_antagonist") == (contradiction,)


def test_methadone_and_buprenorphine_are_two_agonists() -> None:
    assert about_all([{"product": "methadone"}, {"product": "sublocade"}], "two_agonists") == (True,)


def test_two_buprenorphine_products_are_one_agonist() -> None:
    assert about_all([{"product": "buprenorphine_naloxone_sl"}, {"product": "sublocade"}], "two_agonists") == (False,)


def test_the_strongest_blockade_of_two_blockers_counts() -> None:
    given = [
        {"product": "naltrexone_xr", "last_injection_on": "2026-09-01"},
        {"product": "naltrexone_oral", "last_dose_at": "2026-11-23T08:00"},
    ]
    assert about_all(given, "antagonist_state", "blocked_or_partial") == ("blocked", True)


def test_a_blocker_without_a_last_dose_leaves_the_blockade_open() -> None:
    given = [{"product": "naltrexone_xr", "last_injection_on": "2026-09-01"}, {"product": "naltrexone_oral"}]
    assert about_all(given, "antagonist_state", "blocked_or_partial", "worn_off") == (None, None, None)


def test_without_a_blocker_nothing_is_blocked() -> None:
    assert about_all([{"product": "methadone"}], "blocked_or_partial", "worn_off") == (False, False)


@pytest.mark.parametrize(("last", "missed"), [("2026-11-22T07:00", False), ("2026-11-21T07:00", True), (None, None)])
def test_missed_doses_of_methadone_are_seen_or_open(last: str | None, missed: bool | None) -> None:
    assert about_all([{"product": "methadone", "last_dose_at": last}], "doses_missed") == (missed,)

    given = [
        {
            "product": "methadone",
            "last_dose_at": "2026-11-23T07:00",
            "verification": {**CALL, "missed_in_last_7_days": 4},
        }
    ]
    assert about_all(given, "doses_missed") == (True,)


# --- facts from lists and laboratory -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"health": {}}, "condition.copd"),
        ({"health": {}}, "medicine.benzodiazepine"),
        ({"health": {}}, "health.takes_anticoagulant"),
        ({"health": {}}, "labs.egfr"),
        ({"patient": {}}, "allergy.nsaid"),
        ({"recovery": {}}, "recovery.fentanyl"),
        ({"moud": None}, "moud.methadone"),
        ({"surgery": {}}, "surgery.severe_pain"),
        ({"opioids": {}}, "opioid.planned"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_was_not_given_leaves_no_fact(answers: dict[str, Any], name: str) -> None:
    assert name not in facts(**answers).values


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"health": {"conditions": []}}, "condition.copd"),
        ({"health": {"medicines": []}}, "medicine.benzodiazepine"),
        ({"health": {"anticoagulants": []}}, "health.takes_anticoagulant"),
        ({"patient": {"allergies": []}}, "allergy.nsaid"),
        ({"recovery": {"substances": []}}, "recovery.fentanyl"),
        ({"moud": []}, "moud.methadone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_none_of_these_is_a_no(answers: dict[str, Any], name: str) -> None:
    assert facts(**answers).values[name] is False


def test_a_medicine_is_known_by_its_name_within_what_was_typed() -> None:
    assert facts(health={"medicines": ["Lorazepam 1 mg at night"]}).values["medicine.benzodiazepine"] is True


@pytest.mark.parametrize(
    ("health", "sedative"),
    [
        ({}, None),
        ({"medicines": []}, False),
        ({"medicines": ["lisinopril"]}, False),
        ({"medicines": ["gabapentin"]}, True),
        ({"medicines": ["cyclobenzaprine"]}, True),
    ],
    ids=str,
)
def test_a_sedative_is_ruled_out_only_when_the_medicines_are_known(
    health: dict[str, Any], sedative: bool | None
) -> None:
    assert facts(health=health).values.get("health.sedative_on_board") is sedative


@pytest.mark.parametrize(
    ("health", "severe"),
    [
        ({"child_pugh": "C"}, True),
        ({"conditions": ["liver_failure"]}, True),
        ({"child_pugh": "none"}, None),
        ({"conditions": []}, None),
        ({"child_pugh": "B", "conditions": []}, False),
    ],
    ids=str,
)
def test_severe_liver_disease_is_ruled_out_only_by_both_answers(health: dict[str, Any], severe: bool | None) -> None:
    assert facts(health=health).values.get("health.severe_liver_disease") is severe


# --- the operation -------------------------------------------------------------------------------------------------


def test_a_listed_operation_brings_its_pain_and_region() -> None:
    values = facts(surgery={"procedure": "total_knee_arthroplasty"}).values
    assert (values["surgery.severe_pain"], values["surgery.region"]) == (True, "leg")


def test_a_stated_pain_outranks_that_of_the_list() -> None:
    values = facts(surgery={"procedure": "total_knee_arthroplasty", "expected_pain": "mild"}).values
    assert values["surgery.moderate_or_severe_pain"] is False


@pytest.mark.parametrize("name", ["pain", "moderate_or_severe_pain", "severe_pain", "region", "traits"])
def test_an_operation_that_is_not_on_the_list_leaves_its_pain_and_region_open(name: str) -> None:
    values = facts(surgery={"procedure": "other", "procedure_text": "Removal of a toe"}).values
    assert f"surgery.{name}" not in values


def test_an_operation_that_is_not_on_the_list_keeps_its_typed_name() -> None:
    values = facts(surgery={"procedure": "other", "procedure_text": "Removal of a toe"}).values
    assert (values["surgery.procedure"], values["surgery.procedure_listed"]) == ("Removal of a toe", False)


def test_surgery_on_the_same_day_is_no_days_away() -> None:
    assert facts("2026-11-23T18:00", surgery={"at": "2026-11-23T22:00"}).values["surgery.days_away"] == 0


@pytest.mark.parametrize(
    ("opioids", "planned", "home"),
    [
        ({}, None, None),
        ({"planned": False}, False, False),
        ({"home_supply": True}, True, True),
        ({"planned": True}, True, None),
        ({"last_dose_at": "2026-11-22T08:00"}, True, None),
    ],
    ids=str,
)
def test_a_supply_for_home_means_that_opioids_are_planned(
    opioids: dict[str, Any], planned: bool | None, home: bool | None
) -> None:
    values = facts(opioids=opioids).values
    assert (values.get("opioid.planned"), values.get("opioid.home_supply")) == (planned, home)


# --- recovery ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "today", "months", "remission"),
    [
        ("2026-09-23", "2026-11-23", 2, "none"),
        ("2026-08-24", "2026-11-23", 2, "none"),
        ("2026-08-23", "2026-11-23", 3, "early"),
        ("2025-12-23", "2026-11-23", 11, "early"),
        ("2025-11-24", "2026-11-23", 11, "early"),
        ("2025-11-23", "2026-11-23", 12, "sustained"),
        # month ends: three months from 30 November are not over on 28 February
        ("2026-11-30", "2027-02-28", 2, "none"),
        ("2026-11-30", "2027-03-01", 3, "early"),
        # leap day: a year from 29 February is over on 1 March
        ("2028-02-29", "2029-02-28", 11, "early"),
        ("2028-02-29", "2029-03-01", 12, "sustained"),
    ],
)
def test_remission_is_early_from_three_and_sustained_from_twelve_whole_months(
    since: str, today: str, months: int, remission: str
) -> None:
    values = facts(f"{today}T09:00", recovery={"since": since}).values
    assert (values["recovery.months"], values["recovery.remission"]) == (months, remission)


@pytest.mark.parametrize(("days", "recent"), [(0, True), (30, True), (31, False)])
def test_use_within_30_days_is_recent_whatever_the_stated_status(days: int, recent: bool) -> None:
    used = days_later(date(2026, 11, 23), -days).isoformat()
    values = facts(recovery={"status": "sustained_remission", "last_opioid_use": used}).values
    assert values["recovery.recent_or_active_use"] is recent


def test_recent_use_is_not_remission() -> None:
    values = facts(recovery={"since": "2021-01-01", "last_opioid_use": "2026-11-20"}).values
    assert values["recovery.remission"] == "none"


def test_without_dates_the_stated_status_gives_the_remission() -> None:
    assert facts(recovery={"status": "early_remission"}).values["recovery.remission"] == "early"


@pytest.mark.parametrize(
    ("recovery", "disagree"),
    [
        ({"status": "sustained_remission", "since": "2026-01-01"}, True),
        ({"status": "early_remission", "since": "2021-01-01"}, True),
        ({"status": "early_remission", "since": "2026-10-01"}, True),
        ({"status": "under_3_months", "since": "2021-01-01"}, True),
        ({"status": "sustained_remission", "since": "2021-01-01", "last_opioid_use": "2026-10-01"}, True),
        ({"status": "sustained_remission", "since": "2021-01-01"}, False),
        ({"status": "under_3_months", "since": "2026-10-01"}, False),
        ({"status": "early_remission"}, False),
    ],
    ids=str,
)
def test_a_status_that_the_dates_contradict_is_seen(recovery: dict[str, Any], disagree: bool) -> None:
    assert facts(recovery=recovery).values["recovery.status_and_date_disagree"] is disagree


@pytest.mark.parametrize(
    ("program", "residential"),
    [("long_term_residential", True), ("short_term_residential", True), ("day_program", False), ("none", False)],
)
def test_a_residential_program_is_lived_in(program: str, residential: bool) -> None:
    assert facts(recovery={"program": program}).values["recovery.residential"] is residential


# --- the person ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "age"), [("2026-02-28", 25), ("2026-03-01", 26), ("2028-02-28", 27), ("2028-02-29", 28), ("2028-03-01", 28)]
)
def test_a_person_born_on_february_29_turns_a_year_older_on_march_1_of_common_years(day: str, age: int) -> None:
    assert age_on(date(2000, 2, 29), date.fromisoformat(day)) == age


def test_age_is_that_on_the_day_of_surgery() -> None:
    assert (
        facts(patient={"birth_date": "1980-12-08"}, surgery={"at": "2026-12-08T07:30"}).values["patient.age_years"]
        == 46
    )


@pytest.mark.parametrize(
    ("patient", "pregnant", "trimester"),
    [
        ({"sex": "male"}, False, 0),
        ({"sex": "female"}, None, None),
        ({"sex": "female", "pregnant": False}, False, 0),
        ({"sex": "female", "pregnant": True}, True, None),
        ({"sex": "female", "pregnancy_weeks": 13}, True, 1),
        ({"sex": "female", "pregnancy_weeks": 14}, True, 2),
        ({"sex": "female", "pregnancy_weeks": 27}, True, 2),
        ({"sex": "female", "pregnancy_weeks": 28}, True, 3),
        ({"sex": "female", "birth_date": "1960-01-01"}, False, 0),
        ({"sex": "intersex"}, None, None),
    ],
    ids=str,
)
def test_pregnancy_and_its_trimester(patient: dict[str, Any], pregnant: bool | None, trimester: int | None) -> None:
    values = facts(patient=patient).values
    assert (values.get("patient.pregnant"), values.get("patient.trimester")) == (pregnant, trimester)


def test_creatinine_clearance_uses_the_actual_weight_near_the_ideal_one() -> None:
    # Age 54 (born 4 March 1972), 66 kg, 165 cm: ideal 56.91 kg, and 66 is under 1.2 x 56.91 = 68.3.
    # (140 - 54) x 66 / (72 x 0.9) x 0.85 = 5676 / 64.8 x 0.85 = 74.5 mL/min
    patient = {"sex": "female", "birth_date": "1972-03-04", "weight_kg": 66, "height_cm": 165}
    values = facts(patient=patient, health={"labs": {"creatinine_mg_dl": "0.9"}}).values
    assert values["patient.crcl_ml_min"] == 74.5


def test_creatinine_clearance_uses_the_adjusted_weight_from_20_percent_over_the_ideal() -> None:
    # 81 kg is over 68.3; adjusted 56.91 + 0.4 x (81 - 56.91) = 66.55 kg.
    # (140 - 54) x 66.55 / (72 x 0.9) x 0.85 = 5723.0 / 64.8 x 0.85 = 75.1 mL/min; the actual weight would give 91.4.
    patient = {"sex": "female", "birth_date": "1972-03-04", "weight_kg": 81, "height_cm": 165}
    values = facts(patient=patient, health={"labs": {"creatinine_mg_dl": "0.9"}}).values
    assert values["patient.crcl_ml_min"] == 75.1


@pytest.mark.parametrize("lacking", ["sex", "birth_date", "weight_kg"])
def test_creatinine_clearance_is_not_guessed_when_a_part_is_missing(lacking: str) -> None:
    patient = {"sex": "male", "birth_date": "1972-03-04", "weight_kg": 80, "height_cm": 180}
    values = facts(patient={**patient, lacking: None}, health={"labs": {"creatinine_mg_dl": "1"}}).values
    assert "patient.crcl_ml_min" not in values


@pytest.mark.parametrize(("born", "decided"), [("1961-02-03", True), ("1971-02-03", False)])
def test_above_60_an_unanswered_question_about_birth_and_breastfeeding_is_answered_no(born: str, decided: bool) -> None:
    found = facts(patient={"sex": "female", "birth_date": born}).values
    assert ("patient.postpartum" in found, "patient.breastfeeding" in found) == (decided, decided)


# --- weeks of pregnancy, names as typed, acetaminophen ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "surgery", "weeks"),
    [
        (19, "2026-11-23T12:00", 19),  # today
        (19, "2026-11-26T07:30", 20),  # in 3 days, and the course lasts 4 more: a week
        (19, "2026-11-25T07:30", 19),
        (19, "2026-12-08T07:30", 21),
        (28, "2026-12-03T07:30", 30),
    ],
)
def test_weeks_of_pregnancy_are_counted_to_the_end_of_a_course_after_surgery(
    given: int, surgery: str, weeks: int
) -> None:
    patient = {"sex": "female", "pregnant": True, "pregnancy_weeks": given}
    found = facts(patient=patient, surgery={"at": surgery, "procedure": "laparoscopic_appendectomy"})
    assert found.values["patient.pregnancy_weeks"] == weeks


def test_a_birth_ends_the_count() -> None:
    patient = {"sex": "female", "pregnancy_weeks": 38}
    found = facts(patient=patient, surgery={"at": "2026-12-07T07:30", "procedure": "cesarean_delivery"})
    assert found.values["patient.pregnancy_weeks"] == 40


@pytest.mark.parametrize(
    ("typed", "group", "taken"),
    [
        ("St. John\u2019s wort", "cyp3a_inducer", True),
        ("Naproxen-sodium 220 mg", "nsaid_at_home", True),
        ("hydrocodone/acetaminophen", "acetaminophen_product", True),
        ("aspirin81", "aspirin", False),
        ("prilocaine cream", "ace_inhibitor_or_arb", False),
    ],
)
def test_a_typed_medicine_is_read_by_whole_words(typed: str, group: str, taken: bool) -> None:
    assert facts(health={"medicines": [typed]}).values[f"medicine.{group}"] is taken


@pytest.mark.parametrize(
    ("health", "weight", "limit"),
    [
        ({}, 50, 4000),
        ({}, 49, 3675),
        ({"alcohol_drinks_per_day": 3}, 80, 2000),
        ({"child_pugh": "A"}, 80, 2000),
        ({"child_pugh": "C"}, 25, 1875),
        ({"child_pugh": None}, 80, None),
    ],
)
def test_the_most_acetaminophen_of_a_day(health: dict[str, Any], weight: float, limit: float | None) -> None:
    known = {"conditions": [], "child_pugh": "none", "alcohol_drinks_per_day": 0, "medicines": []}
    found = facts(patient={"weight_kg": weight}, recovery={"substances": []}, health={**known, **health})
    assert found.values.get("health.acetaminophen_limit_mg") == limit


def test_what_is_taken_at_home_leaves_less_of_the_day() -> None:
    known = {"conditions": [], "child_pugh": "none", "alcohol_drinks_per_day": 0, "medicines": ["Tylenol"]}
    found = facts(patient={"weight_kg": 80}, health={**known, "acetaminophen_mg_at_home": 2600})
    assert found.values["health.acetaminophen_left_mg"] == 1400
    assert "health.acetaminophen_left_mg" not in facts(patient={"weight_kg": 80}, health=known).values
