"""The thirty invariants on medication for addiction, each on real cases with the real knowledge base.

Each is checked on its meaning (verdicts, words, dates, what is absent) and over a small grid where it says "never". After
each stands a test that runs the same check on a copy of the knowledge base without the records it rests on and expects
it to fail: a rule that can be removed without a failing test is no rule. "one + other" takes out both, where either
alone still keeps the person safe. What rests on Python was broken by hand; the docstring says which line and what was seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from real_plans import (
    AGONISTS,
    BLOCKERS,
    CALL,
    CONTINUED,
    DEPOTS,
    DOES,
    KINDS,
    METHADONE,
    OPERATIONS,
    REAL,
    day,
    decision,
    every_line,
    fails_without,
    film,
    glance,
    headline,
    ids,
    injected,
    instructions,
    methadone,
    on,
    person,
    plan,
    said,
    say,
    stops,
    tablet,
    text,
)

from planner.documents.labels import CONFIRM
from planner.documents.text import plan_text
from planner.knowledge.load import Knowledge
from planner.plan import Line, Plan, as_data

MIXED = ("nalbuphine", "butorphanol", "pentazocine")
FULL_OPIOIDS = re.compile(r"\b(hydromorphone|fentanyl|morphine|oxycodone|hydrocodone|full opioid)\b")
HELD = {
    "clinician": "Dr. Park", "reason": "Joint decision", "prescriber_contacted": True, "restart_by": "Dr. Lee", "restart_on": "2026-12-12",
}  # fmt: skip
# What a hold lacks when one answer is missing, and the words in which the plan says so.
NO_HOLD = {
    "clinician": (None, "clinician who decides"), "reason": (None, "the reason"), "prescriber_contacted": (False, "was contacted"),
    "restart_by": (None, "who restarts it"), "restart_on": (None, "restart date"),
}  # fmt: skip


@pytest.fixture(name="base", scope="module")
def real_base() -> Knowledge:
    """Return the real knowledge base; the companions call the same checks with a mutilated one."""
    return REAL


def shown(made: Plan, *sections: str) -> str:
    """Return all that the sections print."""
    return text(line for line in every_line(made) if line.section in sections)


# --- 1 ---------------------------------------------------------------------------------------------------------------


def test_invariant_01_buprenorphine_and_methadone_continue_and_a_hold_is_documented(base: Knowledge) -> None:
    """Broken: ``_documented`` in facts/entries.py to ``choice is not None``; seen: an empty hold became the decision "hold"."""
    for entry in (
        *AGONISTS.values(),
        *({"product": entry["product"]} for entry in AGONISTS.values()),
        methadone(last=None),
    ):
        for kind in KINDS:
            assert decision(plan(base, person(entry, kind=kind))) in CONTINUED, (entry, kind)
    for name, entry in AGONISTS.items():
        for item, (nothing, words) in NO_HOLD.items():
            made = plan(base, person({**entry, "hold_choice": {**HELD, item: nothing}}))
            assert decision(made) == "stop_and_ask", (name, item)
            assert not made.complete
            assert words in headline(made), (name, item)
        made = plan(base, person({**entry, "hold_choice": HELD}))
        if name == "implant":
            assert decision(made) == "continue"
            continue
        assert decision(made) == "hold", name
        assert "2026-12-12" in {on(step) for line in made.moud if line.part == "restart" for step in line.steps}, name


@pytest.mark.parametrize(
    "records",
    [
        "agonist-hold-not-documented",
        "agonist-hold-documented",
        "agonist-hold-restart",
        "buprenorphine-injection-hold-documented",
        "buprenorphine-injection-hold-restart",
        "buprenorphine-sl-continue",
        "buprenorphine-patch-continue",
        "buprenorphine-buccal-continue",
        "buprenorphine-injection-continue",
        "buprenorphine-implant-continue",
        "methadone-continue-last-dose-open",
        "slow-release-morphine-continue",
    ],
)
def test_invariant_01_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_01_buprenorphine_and_methadone_continue_and_a_hold_is_documented, tmp_path, records)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def blocked_by_injection(base: Knowledge, days: int, kind: str = "emergency") -> Plan:
    return plan(base, person(injected("naltrexone_xr", day(OPERATIONS[kind]["at"], -days), 380), kind=kind))


def blocked_by_mouth(base: Knowledge, hours: float, product: str = "naltrexone_oral", **more: Any) -> Plan:
    last = datetime.fromisoformat("2026-11-23T22:00") - timedelta(hours=hours)
    return plan(
        base, person(tablet(product, last=f"{last:%Y-%m-%dT%H:%M}", **more), kind="emergency"), "2026-11-23T21:30"
    )


def test_invariant_02_a_full_opioid_is_never_printed_as_effective_under_a_block(base: Knowledge) -> None:
    """Broken: ``days <= product.blocked_through_day`` in facts/entries.py to ``<``; seen: day 21 no longer read "blocked".

    Also broken: ``hours < hold`` there to ``hours < 48``; seen: at 71.5 hours no line said not to rely on opioids.
    """
    blocked = [blocked_by_injection(base, days) for days in (0, 12, 21, 22, 27)]
    blocked += [blocked_by_mouth(base, hours) for hours in (1, 24, 71.5)]
    blocked += [
        blocked_by_mouth(base, 48, product, mg=5) for product in ("naltrexone_low_dose", "naltrexone_bupropion")
    ]
    for made in blocked:
        assert stops(made, "Never rely on opioids", "regional anesthesia")
        assert stops(made, "opioid", "resuscitation", "continuous monitoring", verdicts=("avoid",))
        assert [
            line for line in stops(made, "Do not count on an opioid", verdicts=("avoid",)) if line.section == "opioids"
        ]
        assert [line for line in made.monitoring if "resuscitation" in said(line) and "opioid" in said(line)]
        for line in instructions(made):
            assert not (FULL_OPIOIDS.search(say(line)) and "on top of" in say(line)), line.id
        assert not re.search(r"\b\d+(\.\d+)?\s?(-fold|x|times) (the|higher|usual)", shown(made, "moud", "opioids")), (
            "a multiplier"
        )
    assert "this person is blocked: opioids will not work" in shown(blocked_by_injection(base, 21), "moud")
    assert "this person is partly blocked" in shown(blocked_by_injection(base, 22), "moud")
    samidorphan = blocked_by_mouth(base, 119, "olanzapine_samidorphan", mg=10)
    assert stops(samidorphan, "samidorphan", "regional and non-opioid", "continuous monitoring", verdicts=("avoid",))
    for made in (blocked_by_injection(base, 28), blocked_by_mouth(base, 72)):
        assert not stops(made, "Never rely on opioids")
        assert not stops(made, "Do not count on an opioid", verdicts=("avoid",))


@pytest.mark.parametrize(
    "records",
    [
        "naltrexone-xr-on-board",
        "naltrexone-by-mouth-on-board",
        "naltrexone-opioid-against-the-block",
        "rescue-while-blocked",
        "blockade-monitored-place",
        "samidorphan-opioids-on-the-day",
    ],
)
def test_invariant_02_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_02_a_full_opioid_is_never_printed_as_effective_under_a_block, tmp_path, records)


# --- 3 ---------------------------------------------------------------------------------------------------------------


def test_invariant_03_no_elective_operation_under_28_days_after_the_injection(base: Knowledge) -> None:
    """Broken: ``elective_target_day: 30`` in products.yaml to 20; seen: the first usual day, 23 Dec, was not on the plan.

    Also broken: ``days_injection_to_surgery`` in facts/entries.py one day too long; seen: a complete plan at 27 days.
    """
    for days in (15, 21, 27):
        given = day("2026-12-08", -days)
        made = plan(base, person(injected("naltrexone_xr", given, 380)))
        assert decision(made) == "hold"
        assert not made.complete
        assert "postpone" in headline(made)
        assert day(given, 30) in {on(step) for step in made.timeline}, "the first day by the usual interval"
        assert stops(made, "elective operation", "28 days", "documented override")
        choices = " ".join(choice for line in made.moud if line.part == "decision" for choice in line.choices)
        assert "documented override" in choices
    for days in (28, 29, 30, 45):
        made = plan(base, person(injected("naltrexone_xr", day("2026-12-08", -days), 380)))
        assert decision(made) == "hold"
        assert "postpone" not in headline(made)
        assert not stops(made, "elective operation", "28 days")


@pytest.mark.parametrize("records", ["naltrexone-xr-postpone", "naltrexone-xr-elective-day"])
def test_invariant_03_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_03_no_elective_operation_under_28_days_after_the_injection, tmp_path, records)


def test_invariant_03_a_birth_is_not_told_to_wait_for_the_block() -> None:
    answers = person(
        injected("naltrexone_xr", "2026-11-17", 380),
        patient={"pregnant": True, "pregnancy_weeks": 37},
        surgery={"procedure": "cesarean_delivery", "at": "2026-12-07T09:00"},
    )
    assert not stops(plan(REAL, answers), "elective operation", "28 days")


# --- 4 ---------------------------------------------------------------------------------------------------------------


def test_invariant_04_after_a_washout_opioids_are_dosed_as_in_the_naive(base: Knowledge) -> None:
    """Broken: ``worn_off`` in facts/moud.py to False; seen: no line on opioid-naive doses in the opioid section."""
    washed_out = [
        plan(base, person(injected("naltrexone_xr", day("2026-12-08", -days), 380))) for days in (28, 35, 42, 43, 100)
    ]
    washed_out += [plan(base, person(entry)) for name, entry in BLOCKERS.items() if name != "naltrexone injection"]
    for made in washed_out:
        naive = [
            line
            for line in made.moud
            if line.verdict in ("never", "avoid") and "never had opioids" in said(line) and line.medicine == 0
        ]
        assert naive, made.summary.medicines
        assert [line for line in made.opioids if "opioid-naive doses or lower" in said(line)]
        assert [line for line in made.monitoring if "worn off" in said(line)]
        assert "more than usual" not in shown(made, "opioids"), "the words for a tolerant person"
        assert "With tolerance" not in shown(made, "opioids")


@pytest.mark.parametrize(
    "records",
    ["naltrexone-worn-off-small-doses", "samidorphan-worn-off", "rescue-blocker-worn-off", "blockade-worn-off-watch"],
)
def test_invariant_04_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_04_after_a_washout_opioids_are_dosed_as_in_the_naive, tmp_path, records)


# --- 5 ---------------------------------------------------------------------------------------------------------------


def test_invariant_05_no_naltrexone_within_7_or_14_days_of_an_opioid(base: Knowledge) -> None:
    """Broken: ``short`` in ``_restart_moments`` of facts/entry_moments.py to True; seen: 17 Dec instead of 24 Dec after a long-acting opioid."""
    for name, entry in BLOCKERS.items():
        for kind, wait in (("short_acting", 7), ("long_acting", 14), (None, 14)):
            made = plan(base, person(entry, opioids={"last_dose_at": "2026-12-10T08:00", "last_dose_kind": kind}))
            restart = [line for line in made.moud if line.part == "restart"]
            dated = {on(step) for line in restart for step in line.steps if step.on or step.at}
            assert dated, (name, kind)
            assert min(dated) == day("2026-12-10", wait), (name, kind, dated)
            assert any(
                "7 days" in said(line) and "14 days" in said(line) and line.verdict == "avoid" for line in restart
            ), name


@pytest.mark.parametrize(
    "records",
    [
        "naltrexone-restart-dated + naltrexone-oral-restart-schedule",
        "naltrexone-xr-restart-dated + naltrexone-xr-restart-dose",
        "samidorphan-restart-dated",
        "naltrexone-restart-checks",
        "samidorphan-restart",
    ],
)
def test_invariant_05_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_05_no_naltrexone_within_7_or_14_days_of_an_opioid, tmp_path, records)


# --- 6 ---------------------------------------------------------------------------------------------------------------


def test_invariant_06_no_naltrexone_with_a_positive_urine_withdrawal_or_a_failing_liver(base: Knowledge) -> None:
    """Broken: ``urine_opioids_negative`` in ``lab_facts`` to None; seen: a question in place of the "never"."""
    for name, entry in BLOCKERS.items():
        positive = plan(base, person(entry, health={"labs": {"urine_opioids_negative": False}}))
        assert stops(positive, "Never restart naltrexone", "urine", "no naloxone challenge"), name
        if name == "olanzapine/samidorphan":
            continue
        for condition in ("acute_hepatitis", "liver_failure"):
            failing = plan(base, person(entry, health={"conditions": [condition]}))
            assert stops(failing, "Never restart naltrexone", "acute hepatitis or liver failure"), (name, condition)
        well = plan(base, person(entry))
        assert not stops(well, "Never restart naltrexone", "urine")
        assert not stops(well, "Never restart naltrexone", "liver failure")
        checks = text(line for line in well.moud if line.part == "restart" and line.verdict in ("avoid", "caution"))
        assert "Withdrawal | No signs on examination" in checks
        assert "Negative for opioids" in checks
        assert "Do none with signs of withdrawal" in checks
    with_agonist = plan(base, person(film(16), tablet()))
    assert stops(with_agonist, "Never start naltrexone")


@pytest.mark.parametrize(
    "records",
    [
        "naltrexone-restart-never-urine-positive",
        "naltrexone-restart-never-liver",
        "naltrexone-restart-checks",
        "naltrexone-restart-naloxone-challenge",
        "naltrexone-restart-never-with-agonist",
    ],
)
def test_invariant_06_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_06_no_naltrexone_with_a_positive_urine_withdrawal_or_a_failing_liver, tmp_path, records
    )


@pytest.mark.parametrize("condition", ["acute_hepatitis", "liver_failure"])
@pytest.mark.parametrize("entry", ["naltrexone by mouth", "naltrexone injection"])
def test_invariant_06_no_day_is_given_for_naltrexone_in_a_failing_liver(entry: str, condition: str) -> None:
    after = {"last_dose_at": "2026-12-10T08:00", "last_dose_kind": "short_acting"}
    made = plan(REAL, person(BLOCKERS[entry], opioids=after, health={"conditions": [condition]}))
    assert not [step.what for step in made.timeline if re.search(r"Naltrexone .*(first dose|380.mg|50.mg)", step.what)]


# --- 7 ---------------------------------------------------------------------------------------------------------------


def test_invariant_07_the_restart_moves_with_the_last_opioid(base: Knowledge) -> None:
    """Broken: the 7 days out of ``_restart_moments`` in facts/entry_moments.py; seen: a restart on 12 Dec, the day after the stop of 11 Dec.

    Also broken: the wait counted from surgery instead of the last opioid; seen: 15 Dec instead of 16 Dec, and it no longer moved.
    """
    for name, entry in BLOCKERS.items():
        expected = plan(base, person(entry))
        stop = day("2026-12-08", 3)
        restart = [
            step for line in expected.moud if line.part == "restart" for step in line.steps if step.on or step.at
        ]
        given = [on(step) for step in restart if "Last day of opioids" not in step.what]
        assert given, name
        assert day(stop, 7) <= min(given) <= day(stop, 8), name
        if name != "olanzapine/samidorphan":
            assert [one for one in given if day(stop, 14) <= one <= day(stop, 15)], name
        days = []
        for last in ("2026-12-09T08:00", "2026-12-15T23:00", "2027-01-04T06:00"):
            made = plan(base, person(entry, opioids={"last_dose_at": last, "last_dose_kind": "short_acting"}))
            steps = [
                on(step) for line in made.moud if line.part == "restart" for step in line.steps if step.on or step.at
            ]
            assert steps, (name, last)
            assert min(steps) == day(last, 7), (name, last)
            assert min(steps) > last[:10]
            days.append(min(steps))
        assert len(set(days)) == 3, "an opioid that goes on longer moves the restart"


@pytest.mark.parametrize(
    "records",
    [
        "naltrexone-restart-expected",
        "naltrexone-xr-restart-expected",
        "samidorphan-restart-expected",
        "samidorphan-restart-dated",
    ],
)
def test_invariant_07_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_07_the_restart_moves_with_the_last_opioid, tmp_path, records)


# --- 8 ---------------------------------------------------------------------------------------------------------------


def test_invariant_08_no_mixed_opioid_for_anybody_who_depends_on_opioids(base: Knowledge) -> None:
    """Broken: ``agonist`` in facts/moud.py without 24-hour morphine; seen: no stop in the opioid section for it."""
    for name, entry in AGONISTS.items():
        for kind in KINDS:
            made = plan(base, person(entry, kind=kind))
            found = stops(made, *MIXED)
            assert {"moud", "opioids"} <= {line.section for line in found}, (name, kind)
            assert "No nalbuphine, butorphanol or pentazocine." in glance(made), (name, kind)
    for answers in (
        person(recovery={"status": "active_use", "since": None}),
        person(recovery={"status": "recent_return_to_use", "since": None}),
        person({"product": "unknown"}),
        {**person(), "moud": None},
    ):
        made = plan(base, answers)
        assert [line for line in stops(made, *MIXED) if line.section == "opioids"]
        assert not [line for line in instructions(made) if any(word in said(line) for word in MIXED)]


@pytest.mark.parametrize(
    "records",
    [
        "agonist-never-mixed-agonist-antagonists",
        "mixed-agonists-never-with-opioid-dependence",
        "mixed-agonists-never-until-known",
    ],
)
def test_invariant_08_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_08_no_mixed_opioid_for_anybody_who_depends_on_opioids, tmp_path, records)


@pytest.mark.parametrize("typed", ["oxycodone", "morphine extended-release", "fentanyl patch"])
def test_invariant_08_a_home_opioid_for_pain_is_dependence_too(typed: str) -> None:
    made = plan(REAL, person(health={"conditions": ["chronic_pain"], "medicines": [typed]}))
    assert stops(made, *MIXED)
    assert "dose any opioid as for a person who has never had opioids" not in shown(made, "moud")


def test_invariant_08_a_home_opioid_beside_naltrexone_is_a_contradiction() -> None:
    made = plan(REAL, person(tablet(), health={"conditions": ["chronic_pain"], "medicines": ["oxycodone"]}))
    assert not made.complete
    assert decision(made) == "stop_and_ask"


# --- 9 ---------------------------------------------------------------------------------------------------------------


def test_invariant_09_buprenorphine_is_started_only_after_wait_and_score_or_by_low_doses(base: Knowledge) -> None:
    missed = [plan(base, person(film(16, last), kind="urgent")) for last in ("2026-11-18T20:00", "2026-11-10T20:00")]
    held = [plan(base, person({**film(16), "hold_choice": HELD}))]
    for made in (*missed, *held):
        gate = [
            line
            for line in made.moud
            if line.part == "restart"
            and line.verdict == "restart"
            and "COWS" in say(line)
            and "at least 8" in say(line)
        ]
        assert gate
        for wait in ("at least 12 hours", "at least 24 hours", "at least 48 to 72 hours"):
            assert wait in said(gate[0])
        assert "prescriber confirms" in say(gate[0])
        assert any("needs no withdrawal" in say(line) for line in made.moud), "the low-dose way"
        fentanyl = [
            line
            for line in made.moud
            if line.verdict == "caution" and "fentanyl" in say(line) and "at least 13" in say(line)
        ]
        assert fentanyl
        doses = [line for line in made.moud if "at most 12 mg on day 1" in said(line)]
        assert doses
        assert all("ordered by the prescriber" in say(line) for line in doses)
    for made in missed:
        assert not [step for step in made.timeline if re.search(r"uprenorphine .*\d ?mg", step.what)], (
            "no dose before the prescriber's decision"
        )
    used = plan(
        base, person(kind="urgent", recovery={"status": "active_use", "since": None, "substances": ["fentanyl"]})
    )
    assert stops(used, "first buprenorphine dose", "by the clock alone", "low doses", verdicts=("avoid",))


@pytest.mark.parametrize(
    "records",
    [
        "buprenorphine-sl-restart-gate",
        "buprenorphine-sl-low-dose-start",
        "buprenorphine-sl-restart-fentanyl",
        "buprenorphine-sl-restart-doses",
        "active-use-fentanyl-first-buprenorphine",
    ],
)
def test_invariant_09_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_09_buprenorphine_is_started_only_after_wait_and_score_or_by_low_doses, tmp_path, records
    )


# --- 10 --------------------------------------------------------------------------------------------------------------


def test_invariant_10_no_buprenorphine_for_the_pain_of_a_person_on_methadone(base: Knowledge) -> None:
    """Broken: ``group: methadone`` of methadone in products.yaml to ``unknown``; seen: the stop in the opioid section was gone."""
    for name, entry in METHADONE.items():
        for kind in KINDS:
            made = plan(base, person(entry, kind=kind))
            assert {"moud", "opioids"} <= {line.section for line in stops(made, "Never give buprenorphine for")}, (
                name,
                kind,
            )
            assert "No buprenorphine for pain next to methadone." in glance(made)
            for line in instructions(made):
                if line.section != "team":  # a role says there why it is required
                    assert not re.search(r"buprenorphine(?!/naloxone does not count)", say(line), re.I), line.id


@pytest.mark.parametrize("records", ["methadone-never-buprenorphine", "buprenorphine-never-for-methadone-pain"])
def test_invariant_10_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_10_no_buprenorphine_for_the_pain_of_a_person_on_methadone, tmp_path, records)


# --- 11 --------------------------------------------------------------------------------------------------------------

UNCONFIRMED = [
    methadone(call=None),
    methadone(call=None, verified=True),
    *(methadone(call={**CALL, item: None}) for item in ("by", "with_whom", "at")),
    {**methadone(call=None), "verification": {"by": "J. Ortiz RN", "with_whom": "OTP nurse", "at": "2026-11-23T08:30"}},
    methadone(call=None, indication="pain", times_per_day=3),
]


def test_invariant_11_no_methadone_amount_before_the_call_is_on_record(base: Knowledge) -> None:
    """Broken: ``_verified`` in facts/entries.py to ``bool(call)``; seen: a complete plan although nobody's name was on the call."""
    for entry in UNCONFIRMED:
        for kind in OPERATIONS:
            made = plan(base, person(entry, kind=kind))
            assert not made.complete
            assert stops(made, "Never give the stated methadone dose"), kind
            pathway = [line for line in made.moud if "At most 30 mg in any 24 hours" in say(line)]
            assert pathway
            assert "COWS" in say(pathway[0])
            assert [
                line
                for line in made.moud
                if line.part == "verify" and line.verdict == "call" and "before the first methadone dose" in say(line)
            ]
            amounts = shown(made, *(section for section in ("moud", "opioids", "discharge", "monitoring", "team")))
            assert not re.search(r"\b(90|45|22\.5) mg\b", amounts), "the stated dose, its half or its quarter"
            assert "30 mg every" not in amounts
    assert "90 mg" in shown(plan(base, person(methadone())), "moud"), "with the call on record the dose is printed"


@pytest.mark.parametrize(
    "records",
    [
        "methadone-never-unverified",
        "methadone-unverified-pathway",
        "methadone-verify-otp",
        "methadone-verify-pain",
    ],
)
def test_invariant_11_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_11_no_methadone_amount_before_the_call_is_on_record, tmp_path, records)


def test_invariant_11_the_cap_of_an_unconfirmed_dose_holds_for_every_day() -> None:
    made = plan(REAL, person(methadone(call=None), kind="urgent"))
    assert re.search(r"30 mg in (any|every) 24 hours", shown(made, "moud"))


# --- 12 --------------------------------------------------------------------------------------------------------------


def after_missed_days(base: Knowledge, days: int, mg: float = 90, kind: str = "urgent") -> Plan:
    return plan(base, person(methadone(mg, f"{day('2026-11-22', -days)}T06:40"), kind=kind))


def test_invariant_12_no_full_methadone_dose_after_three_missed_days(base: Knowledge) -> None:
    """Broken: ``- 1`` of ``missed_days`` in facts/entries.py to ``- 2``; seen: the full 90 mg after three missed days."""
    for days in (0, 1, 2):
        made = after_missed_days(base, days)
        assert decision(made) in CONTINUED
        assert "confirmed dose (90 mg a day)" in shown(made, "moud")
        assert not stops(made, "Never give the full home dose")
    for days in range(3, 12):
        for kind in OPERATIONS:
            made = after_missed_days(base, days, kind=kind)
            assert "90 mg" not in shown(made, "moud", "opioids", "discharge"), (days, kind)
            assert stops(made, "Never give the full home dose of methadone", "named clinician"), days
            assert "No full methadone dose after three missed days without a named decision." in glance(made)
            top = headline(made)
            assert "OTP or prescriber" in top
            assert (decision(made) == "stop_and_ask" and "new start" in top and "at most 30 mg" in top) is (
                days >= 5
            ), days
    third = shown(after_missed_days(base, 3), "moud")
    assert "at most half of the confirmed total (45 mg in the day)" in third
    assert "named decision of the OTP or prescriber" in third
    assert "40 mg in the day" in shown(after_missed_days(base, 4), "moud"), "the lower of 40 mg and half"
    assert "30 mg in the day" in shown(after_missed_days(base, 4, 60), "moud"), "the lower of 40 mg and half"
    table = [
        line
        for line in after_missed_days(base, 3).moud
        if line.table and line.table.title == "Methadone after missed days"
    ]
    assert table
    assert "disagree" in said(table[0])
    assert "drives return to use" in said(table[0])


@pytest.mark.parametrize(
    "records",
    [
        "methadone-missed-three-or-four",
        "methadone-missed-three",
        "methadone-missed-four",
        "methadone-missed-five",
        "methadone-missed-never-full",
        "methadone-missed-table",
    ],
)
def test_invariant_12_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_12_no_full_methadone_dose_after_three_missed_days, tmp_path, records)


def test_invariant_12_doses_that_nobody_saw_are_not_followed_by_the_full_dose() -> None:
    unseen = {**CALL, "last_observed_dose_at": "2026-11-13T07:00", "take_homes": 2}
    made = plan(REAL, person(methadone(call=unseen)))
    assert stops(made, "Count the doses that nobody saw as missed", verdicts=("caution",))
    assert not made.complete or "the confirmed dose (90 mg a day)" not in shown(made, "moud")


def test_invariant_12_seven_doses_missed_by_the_word_of_the_clinic_are_not_overlooked() -> None:
    made = plan(REAL, person(methadone(call={**CALL, "missed_in_last_7_days": 7})))
    assert made != plan(REAL, person(methadone()))
    assert not made.complete or decision(made) == "stop_and_ask"


def test_invariant_12_a_planned_dose_says_nothing_about_the_days_missed_until_now() -> None:
    made = plan(REAL, person(methadone(last="2026-12-08T05:30")))
    assert not made.complete


def test_invariant_12_two_sources_of_methadone_are_a_contradiction() -> None:
    made = plan(REAL, person(methadone(), methadone(30, indication="pain", times_per_day=3)))
    assert made.conflicts
    assert not made.complete


# --- 13 --------------------------------------------------------------------------------------------------------------


def test_invariant_13_methadone_by_vein_is_half_of_the_dose_by_mouth(base: Knowledge) -> None:
    """Broken: ``half_mg`` in facts/entries.py to a third; seen: 10 mg instead of 15 mg by vein for 30 mg by mouth."""
    for mg, half in ((30, "15"), (90, "45"), (120, "60"), (95, "47.5")):
        for entry in (methadone(mg), methadone(mg, indication="pain", times_per_day=3)):
            made = plan(base, person(entry))
            assert stops(made, "Never give the oral methadone dose mg for mg into a vein")
            by_vein = [
                line for line in made.moud if "half of the daily amount by mouth is given into a vein" in say(line)
            ]
            assert by_vein
            assert f"{half} mg over 24 hours in divided doses" in said(by_vein[0])
            assert "ordered by the pain service and checked by the pharmacist" in say(by_vein[0])
            assert by_vein[0].verdict == "consider"
    assert not [
        line for line in plan(base, person(methadone(call=None))).moud if "over 24 hours in divided doses" in say(line)
    ]


@pytest.mark.parametrize("records", ["methadone-never-one-to-one", "methadone-cannot-swallow"])
def test_invariant_13_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_13_methadone_by_vein_is_half_of_the_dose_by_mouth, tmp_path, records)


# --- 14 and 15 -------------------------------------------------------------------------------------------------------


def test_invariant_14_buprenorphine_is_never_converted_and_mme_never_doses_treatment(base: Knowledge) -> None:
    for name, entry in AGONISTS.items():
        for kind in KINDS:
            made = plan(base, person(entry, kind=kind))
            whole = plan_text(as_data(made)).replace("\u00a0", " ")
            assert not re.search(r"\d\s*(mg )?MME\b|\bMME\b[^.]*\d", whole), (name, kind)
            note = [line for line in made.opioids if "Do not convert buprenorphine into MME" in say(line)]
            assert note, (name, kind)
            assert "do not use MME to dose MOUD or to switch" in say(note[0])
            assert not [line for line in instructions(made) if re.search(r"\bMME\b", said(line))], name


@pytest.mark.parametrize("records", ["mme-not-for-moud"])
def test_invariant_14_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_14_buprenorphine_is_never_converted_and_mme_never_doses_treatment, tmp_path, records)


CDC_2022 = {
    "codeine": 0.15, "fentanyl_transdermal": 2.4, "hydrocodone": 1.0, "hydromorphone": 5.0, "methadone": 4.7, "morphine": 1.0,
    "oxycodone": 1.5, "oxymorphone": 3.0, "tapentadol": 0.4, "tramadol": 0.2,
}  # fmt: skip


def factor_tables() -> dict[str, dict[str, Any]]:
    """Return each mapping of the core whose name speaks of MME, by module and name."""
    import importlib
    import pkgutil

    import planner

    found = {}
    for module in pkgutil.iter_modules(planner.__path__, "planner."):
        if module.name.split(".")[1] in ("web", "documents", "forms", "store", "fhir", "cli"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if "mme" in name.lower() and isinstance(value, dict):
                found[f"{module.name}.{name}"] = value
    return found


def test_invariant_15_the_only_mme_factors_are_those_of_cdc_2022() -> None:
    """There is no table yet, and no record prints a factor. Whoever adds one meets this test.

    Broken: ``MME_FACTORS = {"hydromorphone": 4}`` added to doses.py; seen: this test failed on hydromorphone. A record "hydromorphone
    counts 4 MME" failed it too.
    """
    for name, table in factor_tables().items():
        for drug, factor in table.items():
            assert float(factor) == CDC_2022.get(str(drug)), f"{name}: {drug}"
    for rule in REAL.by_id.values():
        record = rule.record
        texts = [record.say, record.because, *record.choices, *(step.what for step in record.steps)]
        texts += [cell for row in (record.table.rows if record.table else []) for cell in row]
        for words in texts:
            if "MME" in words:
                assert not re.search(r"\d", words.replace("CDC 2022", "")), (
                    f"{record.id} prints a factor: check it against CDC_2022 and list it here"
                )


# --- 16 --------------------------------------------------------------------------------------------------------------


def with_qtc(
    base: Knowledge, ms: int, kind: str = "scheduled", entry: dict[str, Any] | None = None, **health: Any
) -> Plan:
    return plan(base, person(entry or methadone(), kind=kind, health={"labs": {"qtc_ms": ms}, **health}))


def test_invariant_16_a_long_qtc_adds_no_qt_medicine_and_stops_no_methadone(base: Knowledge) -> None:
    """The edge: sources say over 500 ms, this tool counts 500 itself. Broken: ``>= 500.0`` to ``> 500.0`` in the records; seen: 500 failed."""
    names = base.catalog.medicines["qt_prolonging"].names
    for entry in METHADONE.values():
        for ms in (500, 501, 560):
            for kind in KINDS:
                made = with_qtc(base, ms, kind, entry)
                assert decision(made) in CONTINUED, "methadone is not stopped by a number"
                assert stops(made, "Never add a QT-prolonging medicine")
                assert "No QT-prolonging medicine: QTc 500 ms or more on methadone." in glance(made)
                call = [
                    line
                    for line in made.moud
                    if line.verdict == "call" and "cardiology" in say(line) and "today" in say(line)
                ]
                assert call
                assert "do not stop methadone on your own" in say(call[0])
                assert [line for line in made.team if line.subject == "cardiology" and line.required]
                for line in instructions(made):
                    named = [name for name in names if re.search(rf"\b{re.escape(name)}\b", say(line), re.I)]
                    assert line.section == "team" or not named, line.id
        for ms in (450, 475, 499):
            made = with_qtc(base, ms, "scheduled", entry)
            assert decision(made) in CONTINUED
            assert [
                line
                for line in made.moud
                if "450 ms or more and under 500 ms" in say(line) and "Continue methadone" in say(line)
            ]
            assert not stops(made, "Never add a QT-prolonging medicine")
        assert not [
            line
            for line in with_qtc(base, 449, "scheduled", entry).moud
            if "450 ms or more" in say(line) and line.verdict == "caution"
        ]
    without_ecg = plan(base, person(methadone(), health={"labs": {"qtc_ms": None}}))
    assert decision(without_ecg) in CONTINUED
    assert "Do not hold methadone because the ECG is still outstanding" in shown(without_ecg, "moud")


@pytest.mark.parametrize(
    "records",
    [
        "methadone-qtc-500-never",
        "methadone-qtc-500-call",
        "methadone-qtc-450-to-500",
        "role-cardiology-qtc",
        "methadone-ecg",
    ],
)
def test_invariant_16_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_16_a_long_qtc_adds_no_qt_medicine_and_stops_no_methadone, tmp_path, records)


def test_invariant_16_the_call_for_a_long_qtc_is_on_the_glance() -> None:
    assert "cardiology and OTP today" in glance(with_qtc(REAL, 520))


# --- 17 --------------------------------------------------------------------------------------------------------------


def test_invariant_17_a_depot_is_never_removed_waited_out_or_added_up(base: Knowledge) -> None:
    for name, entry in DEPOTS.items():
        for kind in KINDS:
            for more in ({}, {"hold_choice": HELD}) if kind != "standing" else ({},):
                made = plan(base, person({**entry, **more}, kind=kind))
                assert stops(made, "Never cut out a buprenorphine depot because of surgery or pain"), (name, kind)
                assert "No removal of a buprenorphine depot for surgery." in glance(made)
                assert not re.search(
                    r"\b(excise|remove the depot|(?<!not )wait (until|for) it)", shown(made, "moud")
                ), (name, kind)
            if kind != "standing":
                assert "never delay needed surgery" in headline(plan(base, person(entry, kind=kind)))
            else:
                assert "does not remove it and does not wait" in shown(plan(base, person(entry, kind=kind)), "moud")
            if kind in ("urgent", "emergency"):
                made = plan(base, person(entry, kind=kind))
                assert "do not delay the urgent operation" in shown(made, "moud")
        if name.startswith("Brixadi"):
            assert stops(plan(base, person(entry)), "Never add Brixadi weekly doses together")
    both = plan(base, person(DEPOTS["Brixadi weekly"], DEPOTS["Brixadi monthly"]))
    assert {medicine.decision for medicine in both.summary.medicines} == {"stop_and_ask"}


@pytest.mark.parametrize(
    "records",
    [
        "buprenorphine-monthly-do-not-remove",
        "buprenorphine-injection-continue",
        "buprenorphine-injection-unscheduled",
        "buprenorphine-injection-standing-day-of",
        "brixadi-never-sum",
        "two-buprenorphine-depots-listed",
    ],
)
def test_invariant_17_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_17_a_depot_is_never_removed_waited_out_or_added_up, tmp_path, records)


def test_invariant_17_a_due_day_before_the_minimum_interval_is_questioned() -> None:
    early = injected("sublocade", "2026-11-10", 300, injections_received=4, next_due_on="2026-11-24")
    made = plan(REAL, person(early))
    due = [on(step) for step in made.timeline if "next injection is due" in step.what]
    earliest = [on(step) for step in made.timeline if "Earliest day for the next Sublocade dose" in step.what]
    assert not due or due[0] >= earliest[0]


# --- 18 --------------------------------------------------------------------------------------------------------------


def test_invariant_18_over_24_mg_is_neither_an_error_nor_capped(base: Knowledge) -> None:
    """Broken: ``split_doses`` in doses.py capped at 24 mg; seen: 26 mg was no longer split into 8, 6, 6 and 6 mg."""
    for mg, parts in (
        (24.5, None),
        (26, "8 mg, 6 mg, 6 mg and 6 mg"),
        (32, "8 mg, 4 times a day"),
        (40, "10 mg, 4 times a day"),
        (48, "12 mg, 4 times a day"),
    ):
        made = plan(base, person(film(mg)))
        assert made.complete
        assert decision(made) == "continue_with_change"
        top = headline(made)
        assert f"{mg:g} mg a day" in top
        assert "full usual daily amount" in top
        assert "prescriber must be called and the addiction service consulted" in top
        assert "no error and there is no cap" in shown(made, "moud")
        assert "over 24 mg a day: prescriber and addiction consult, no cut" in glance(made)
        if parts:
            assert parts in shown(made, "moud"), mg
        assert ("check it for a slip of the pen" in shown(made, "moud")) is (mg > 40)
        assert not [
            line for line in instructions(made) if re.search(r"\b(reduce|lower|cut|taper)\b .*\bto\b \d", say(line))
        ]
        assert "It is not one: continue the dose that works" in shown(made, "moud"), "16 and 24 mg are no maximum"
    assert decision(plan(base, person(film(24)))) == "continue_with_change"
    assert "prescriber must be called" not in headline(plan(base, person(film(24))))


@pytest.mark.parametrize(
    "records",
    [
        "buprenorphine-sl-over-24",
        "buprenorphine-sl-over-24-consult",
        "buprenorphine-sl-implausible",
        "buprenorphine-sl-dose-limit-disagreement",
    ],
)
def test_invariant_18_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_18_over_24_mg_is_neither_an_error_nor_capped, tmp_path, records)


# --- 19 --------------------------------------------------------------------------------------------------------------


def test_invariant_19_an_unknown_regimen_is_asked_about_and_gets_no_advice_on_a_drug(base: Knowledge) -> None:
    """Broken: ``unsure`` in ``moud_facts`` to False; seen: "No MOUD is taken … opioid-naive doses" for a person whose medicine is not known."""
    for entry in (
        {"product": "unknown"},
        {"product": "other", "product_name": "green pill"},
        {"product": "morphine_naltrexone_er"},
    ):
        for kind in KINDS:
            made = plan(base, person(entry, kind=kind))
            assert decision(made) == "stop_and_ask"
            assert not made.complete
            own_files = {
                base.by_id[line.id].file
                for line in every_line(made)
                if line.id in base.by_id and line.section == "moud"
            }
            assert own_files == {"moud/none_unknown_active.yaml"}, "no line on one particular medicine"
            assert stops(made, "give no buprenorphine, no naltrexone", "naloxone only for dangerously slow breathing")
            rescue = [line for line in made.opioids if line.subject == "rescue_opioid"]
            assert rescue
            assert all(line.verdict not in DOES for line in rescue)
            assert "small single doses" in text(rescue)
            assert not ids(made) & {
                "rescue-no-tolerance",
                "no-medication-opioid-naive-doses",
                "no-medication-nothing-to-hold",
            }
    not_asked = plan(base, {**person(), "moud": None})
    assert not not_asked.complete
    assert stops(not_asked, "give no buprenorphine, no naltrexone")


@pytest.mark.parametrize(
    "records",
    [
        "unknown-medicine-stop-and-ask",
        "unknown-medicine-do-not-give",
        "medicines-not-asked",
        "medicines-not-asked-do-not-give",
        "rescue-regimen-unknown",
    ],
)
def test_invariant_19_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_19_an_unknown_regimen_is_asked_about_and_gets_no_advice_on_a_drug, tmp_path, records)


# --- 20 --------------------------------------------------------------------------------------------------------------

UNDATED = {
    "methadone, confirmed": methadone(last=None),
    "methadone for pain, confirmed": methadone(30, last=None, indication="pain", times_per_day=3),
    **{name: {**entry, "last_injection_on": None} for name, entry in DEPOTS.items()},
    "naltrexone injection": {**BLOCKERS["naltrexone injection"], "last_injection_on": None},
    **{name: {**entry, "last_dose_at": None} for name, entry in BLOCKERS.items() if name != "naltrexone injection"},
}


def test_invariant_20_without_the_last_dose_the_plan_is_incomplete_and_asks(base: Knowledge) -> None:
    """Broken: ``last_dose_known`` in facts/entries.py to True; seen: a complete plan on methadone without the day of the last dose."""
    for name, entry in UNDATED.items():
        for kind in OPERATIONS:
            made = plan(base, person(entry, kind=kind))
            assert not made.complete, (name, kind)
            asked = [
                ask.question
                for ask in made.unknown
                if re.search(r"last (dose|injection|naltrexone dose)", ask.question)
            ]
            told = [
                line
                for line in made.moud
                if re.search(r"(last (dose|injection|naltrexone|methadone|olanzapine)|day it was given)", say(line))
            ]
            assert asked or told, (name, kind)
            if "methadone" in name:
                assert "confirmed dose (" not in shown(made, "moud"), "no dose without the day of the last one"
    for name, entry in {**METHADONE, **DEPOTS, **BLOCKERS}.items():
        if name in ("methadone from an OTP, not confirmed", "olanzapine/samidorphan"):
            continue
        assert plan(base, person(entry)).complete, name


@pytest.mark.parametrize(
    "records",
    [
        "methadone-last-dose-unknown",
        "buprenorphine-injection-date-unknown",
        "naltrexone-xr-date-unknown",
        "naltrexone-last-dose-unknown-hold-ahead",
        "naltrexone-last-dose-unknown-unscheduled",
        "samidorphan-ask-psychiatry",
    ],
)
def test_invariant_20_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_20_without_the_last_dose_the_plan_is_incomplete_and_asks, tmp_path, records)


# --- 21 --------------------------------------------------------------------------------------------------------------

EVERYBODY: dict[str, list[dict[str, Any]]] = {
    "nobody's medicine": [],
    **{name: [entry] for name, entry in {**AGONISTS, **BLOCKERS}.items()},
    "unknown": [{"product": "unknown"}],
}


def test_invariant_21_no_long_acting_opioid_and_no_patch_for_acute_pain(base: Knowledge) -> None:
    for name, moud in EVERYBODY.items():
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind))
            assert [
                line
                for line in stops(made, "Never start an extended-release opioid or a fentanyl patch")
                if line.section == "opioids"
            ], (name, kind)
            assert "No new extended-release opioid and no fentanyl patch for acute pain." in glance(made)
            for line in instructions(made):
                if line.section != "moud":
                    assert not re.search(r"extended-release|long-acting opioid|fentanyl patch|OxyContin", say(line)), (
                        line.id
                    )


@pytest.mark.parametrize("records", ["long-acting-never-for-acute-pain"])
def test_invariant_21_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_21_no_long_acting_opioid_and_no_patch_for_acute_pain, tmp_path, records)


# --- 22 and 23 -------------------------------------------------------------------------------------------------------


def home_opioids(base: Knowledge, moud: list[dict[str, Any]], **changes: Any) -> Plan:
    return plan(base, person(*moud, **{"opioids": {"planned": True, "home_supply": True}, **changes}))


def checklist(made: Plan) -> dict[str, str]:
    tables = [line.table for line in made.opioids if line.table and line.table.title == "Before an opioid goes home"]
    assert len(tables) == 1
    return {row[0]: row[1].replace("\u00a0", " ") for row in tables[0].rows}


def test_invariant_22_no_pill_table_is_applied_and_the_state_limit_stands(base: Knowledge) -> None:
    for name, moud in EVERYBODY.items():
        made = home_opioids(base, moud)
        assert "never above the state's limit" in checklist(made)["Quantity"], name
        if any(line.id.startswith("pill-range-opioid-naive") for line in made.opioids):
            # Only who takes no opioid and no MOUD may be shown a range, as a reference that begins at zero.
            assert moud == [], name
            assert "For reference only" in shown(made, "opioids")
            continue
        note = [line for line in made.opioids if "pill-count tables" in say(line)]
        assert note, name
        assert "Do not take a quantity" in say(note[0])
        whole = shown(made, "opioids", "discharge")
        assert not re.search(r"\b\d+\s*(to|-|–)\s*\d+\s*(tablets|pills|tabs)\b", whole), name


@pytest.mark.parametrize("records", ["pill-tables-not-for-this-population", "home-opioid-checklist-dated"])
def test_invariant_22_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_22_no_pill_table_is_applied_and_the_state_limit_stands, tmp_path, records)


def test_invariant_22_a_supply_over_the_state_s_limit_is_stopped(base: Knowledge) -> None:
    for stop, over in (("2026-12-11", False), ("2026-12-12", True)):
        made = home_opioids(
            base,
            [film(16)],
            opioids={"planned": True, "home_supply": True, "state": "KY", "home_stop_on": stop},
        )
        assert ("Do not send this supply home" in shown(made, "opioids")) is over, stop
    # Whoever plans no opioid at home is not asked about a state.
    none = home_opioids(base, [film(16)], opioids={"planned": True, "home_supply": False})
    assert not any("state" in ask.question for ask in none.unknown)


def test_invariant_22_the_state_and_the_stop_date_are_asked_before_a_supply_goes_home(base: Knowledge) -> None:
    made = home_opioids(base, [film(16)])
    assert any("in which state" in ask.question for ask in made.unknown)


@pytest.mark.parametrize(
    "check",
    [
        test_invariant_22_a_supply_over_the_state_s_limit_is_stopped,
        test_invariant_22_the_state_and_the_stop_date_are_asked_before_a_supply_goes_home,
    ],
)
def test_invariant_22_on_the_state_fails_without_its_record(check: Callable[[Knowledge], None], tmp_path: Path) -> None:
    fails_without(check, tmp_path, "state-limit-passed")


def test_invariant_22_a_range_is_for_people_without_opioids_and_medication(base: Knowledge) -> None:
    known = {"health": {"medicines": []}, "recovery": {"status": "sustained_remission"}}
    shown_to = home_opioids(base, [], **known, surgery={"procedure": "total_hip_arthroplasty"})
    assert "0 to 30 tablets of oxycodone 5 mg" in shown(shown_to, "opioids").replace("\u00a0", " ")
    for moud, changes in (
        ([film(16)], known),
        ([], {**known, "health": {"medicines": ["oxycodone"]}}),
        ([], {**known, "recovery": {"status": "active_use"}}),
        ([], {**known, "health": {"medicines": None}}),
    ):
        made = home_opioids(base, moud, **changes, surgery={"procedure": "total_hip_arthroplasty"})
        assert "0 to 30" not in shown(made, "opioids"), changes


def test_invariant_22_on_ranges_fails_without_its_record(tmp_path: Path) -> None:
    fails_without(
        test_invariant_22_a_range_is_for_people_without_opioids_and_medication, tmp_path, "pill-range-opioid-naive"
    )


def test_invariant_23_what_is_settled_stands_in_the_list_and_the_rest_is_blank(base: Knowledge) -> None:
    settled = {
        "planned": True,
        "home_supply": True,
        "home_opioid": "oxycodone 5 mg",
        "home_quantity": 6,
        "home_stop_on": "2026-12-11",
        "home_prescriber": {"name": "Dr. Ruiz", "phone": "555-0170"},
        "pdmp_checked_on": "2026-11-20",
        "lockbox": True,
        "tablets_held_by": "Ana",
        "dispensing": "daily",
        "disposal_at": "Main Street Pharmacy",
    }
    assert filled_in(home_opioids(base, [film(16)], opioids=settled)) == {
        "Stop date": "Fri 11 Dec 2026",
        "Quantity": "6 tablets of oxycodone 5 mg",
        "Single prescriber": "Dr. Ruiz, 555-0170",
        "PDMP": "checked Fri 20 Nov 2026; on the day of the prescription ____",
        "Naloxone": "____",
        "Lockbox": "yes",
        "Support person": "Ana",
        "Dispensed": "Every day, with do-not-fill dates",
        "Refills": "____",
        "Other sedatives": "____",
        "Disposal": "Main Street Pharmacy",
    }
    assert all("____" in value for value in filled_in(home_opioids(base, [film(16)])).values())


def filled_in(made: Plan) -> dict[str, str]:
    [table] = [line.table for line in made.opioids if line.table and line.table.title == "Before an opioid goes home"]
    return {row[0]: row[2].replace("\u00a0", " ") for row in table.rows}


@pytest.mark.parametrize(
    ("name", "stopped"),
    [
        ("oxycodone 5 mg", False),
        ("oxycodone ER 20 mg", True),
        ("fentanyl patch 25 mcg/h", True),
        ("MS Contin", True),
        ("Mercer pharmacy oxycodone", False),
        ("nalbuphine", True),
    ],
)
def test_invariant_21_an_opioid_named_for_home_is_short_acting(base: Knowledge, name: str, stopped: bool) -> None:
    opioids = {"planned": True, "home_supply": True, "home_opioid": name}
    assert bool(stops(home_opioids(base, [film(16)], opioids=opioids), "Never send this home")) is stopped


def test_invariant_21_on_names_fails_without_its_record(tmp_path: Path) -> None:
    fails_without(
        lambda base: test_invariant_21_an_opioid_named_for_home_is_short_acting(base, "oxycodone ER 20 mg", True),
        tmp_path,
        "home-opioid-not-for-home",
    )


def test_a_given_stop_date_takes_the_place_of_the_default(base: Knowledge) -> None:
    opioids = {"planned": True, "home_supply": True, "home_stop_on": "2026-12-14"}
    told = shown(home_opioids(base, [film(16)], opioids=opioids), "opioids").replace("\u00a0", " ")
    assert "ends on Mon 14 Dec 2026" in told
    assert "the last dose is on Fri 11 Dec 2026" not in told


def test_a_given_stop_date_fails_without_its_record(tmp_path: Path) -> None:
    fails_without(test_a_given_stop_date_takes_the_place_of_the_default, tmp_path, "opioid-time-limit-given")


def test_invariant_23_a_home_opioid_prints_stop_date_quantity_prescriber_naloxone_lockbox_pdmp(base: Knowledge) -> None:
    for name, moud in EVERYBODY.items():
        boxes = checklist(home_opioids(base, moud))
        assert {"Stop date", "Quantity", "Single prescriber", "Naloxone", "Lockbox", "PDMP"} <= boxes.keys(), name
        assert "Fri 11 Dec 2026" in boxes["Stop date"], name
        assert "one prescriber" in boxes["Single prescriber"]
    undated = home_opioids(base, [film(16)], surgery={"at": None})
    assert {"Stop date", "Quantity", "Single prescriber", "Naloxone", "Lockbox", "PDMP"} <= checklist(undated).keys()
    assert "at most 3 days" in checklist(undated)["Stop date"]
    assert any("PDMP has not been checked" in say(line) for line in undated.opioids)
    checked = home_opioids(
        base, [film(16)], opioids={"planned": True, "home_supply": True, "pdmp_checked_on": "2026-11-22"}
    )
    assert not any("PDMP has not been checked" in say(line) for line in checked.opioids)


@pytest.mark.parametrize(
    "records", ["home-opioid-checklist-dated", "home-opioid-checklist-undated", "pdmp-not-checked"]
)
def test_invariant_23_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_23_a_home_opioid_prints_stop_date_quantity_prescriber_naloxone_lockbox_pdmp, tmp_path, records
    )


# --- 24 to 26 --------------------------------------------------------------------------------------------------------


def test_invariant_24_naloxone_is_on_every_plan(base: Knowledge) -> None:
    for name, moud in EVERYBODY.items():
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind))
            rescue = [
                line
                for line in made.discharge
                if line.subject == "naloxone" and line.verdict == "do" and "naloxone or nalmefene" in say(line)
            ]
            assert any("household" in say(line) for line in rescue), (name, kind)
            assert any("does not count as rescue" in say(line) for line in rescue), (name, kind)


@pytest.mark.parametrize("records", ["naloxone-at-discharge", "naloxone-standing"])
def test_invariant_24_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_24_naloxone_is_on_every_plan, tmp_path, records)


def test_invariant_25_an_opioid_by_injection_means_continuous_oximetry_and_oxygen_means_capnography(
    base: Knowledge,
) -> None:
    for name, moud in EVERYBODY.items():
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind))
            watch = [
                line
                for line in made.monitoring
                if "continuous pulse oximetry" in say(line) and "injection" in say(line)
            ]
            assert watch, (name, kind)
            assert "capnography as soon as oxygen is given" in say(watch[0])
            assert watch[0].verdict == "do"


@pytest.mark.parametrize("records", ["oximetry-parenteral-opioid"])
def test_invariant_25_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_25_an_opioid_by_injection_means_continuous_oximetry_and_oxygen_means_capnography,
        tmp_path,
        records,
    )


def test_invariant_26_a_sedative_or_alcohol_adds_a_warning_and_monitoring(base: Knowledge) -> None:
    """Broken: "zolpidem" out of medicines.yaml; seen: no warning for a sleeping tablet. A medicine the list lacks is told as unmatched."""
    for name, moud in EVERYBODY.items():
        plain = plan(base, person(*moud))
        for medicine in ("lorazepam 1 mg", "Xanax", "zolpidem"):
            made = plan(base, person(*moud, health={"medicines": [medicine]}))
            warned = [
                line for line in every_line(made) if line.section == "monitoring" and "can stop breathing" in say(line)
            ]
            assert warned, (name, medicine)
            assert "continuous oximetry" in say(warned[0])
            assert not [line for line in plain.monitoring if "can stop breathing" in say(line)]
            if name in AGONISTS:
                assert "A sedative is taken as well" in shown(made, "moud"), (name, medicine)
                assert len(ids(made)) > len(ids(plain)), "more watching, not less"
        for changes in ({"health": {"alcohol_drinks_per_day": 3}}, {"recovery": {"substances": ["alcohol"]}}):
            made = plan(base, person(*moud, **changes))
            assert [
                line for line in every_line(made) if "continuous oximetry if an opioid meets alcohol" in said(line)
            ], (name, changes)
    both = plan(base, person(film(16), health={"medicines": ["lorazepam"]}))
    assert [line for line in both.monitoring if "capnography with any opioid by injection" in say(line)]


@pytest.mark.parametrize(
    "records",
    ["opioid-with-sedative", "opioid-with-alcohol", "agonist-with-sedative", "capnography-moud-sedative-or-apnea"],
)
def test_invariant_26_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_26_a_sedative_or_alcohol_adds_a_warning_and_monitoring, tmp_path, records)


# --- 27 --------------------------------------------------------------------------------------------------------------

STATUSES = ("sustained_remission", "early_remission", "under_3_months", "recent_return_to_use", "active_use")


def pain_relief(made: Plan) -> set[tuple[str, str]]:
    return {(line.id, line.verdict) for line in (*made.non_opioid, *made.regional)}


def test_invariant_27_no_status_takes_away_pain_relief_or_cancels_surgery(base: Knowledge) -> None:
    """Broken: ``|| recovery.active_use`` added to the stop on acetaminophen; seen: "never" in place of "recommend" for active use."""
    for moud in ([], [film(16)], [methadone()]):
        for kind in KINDS:
            plans = {
                status: plan(
                    base, person(*moud, kind=kind, recovery={"status": status, "since": None, "overdose_history": True})
                )
                for status in STATUSES
            }
            best = plans["sustained_remission"]
            for status, made in plans.items():
                assert pain_relief(made) == pain_relief(best), (status, kind)
                if moud:
                    assert decision(made) == decision(best), status
                rescue = [line for line in made.opioids if line.subject == "rescue_opioid"]
                assert rescue, (status, kind)
                assert all(line.verdict not in ("never", "avoid") for line in rescue), status
                assert [line for line in made.monitoring if "less pain relief or to cancel surgery" in say(line)], (
                    status
                )
                assert not re.search(
                    r"\b(cancel|refuse|postpone) (the|this) (operation|surgery)\b(?! because)",
                    shown(made, "team", "monitoring", "discharge"),
                )
            for status in ("recent_return_to_use", "active_use"):
                assert stops(plans[status], "Never cut pain relief or cancel the operation because of use")
                assert len(plans[status].monitoring) >= len(best.monitoring), "more watching, not less"


@pytest.mark.parametrize("records", ["scores-never-limit-care", "use-never-cancels-pain-relief"])
def test_invariant_27_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_27_no_status_takes_away_pain_relief_or_cancels_surgery, tmp_path, records)


# --- 28 --------------------------------------------------------------------------------------------------------------


def test_invariant_28_methadone_for_oud_is_never_prescribed_at_discharge(base: Knowledge) -> None:
    for entry in (methadone(), methadone(call=None), methadone(indication=None), methadone(indication="other")):
        for kind in KINDS:
            made = plan(base, person(entry, kind=kind))
            law = stops(made, "Never write an outpatient prescription of methadone for OUD")
            assert law
            assert "dispensing for at most 3 days" in say(law[0])
            assert {cited.id for cited in law[0].sources} >= {"CFR1306"}
            assert [line for line in made.discharge if "book the next day's dose with the OTP" in said(line)]
            for line in instructions(made):
                assert not re.search(
                    r"(prescribe|prescription (of|for)) methadone|methadone prescription\b", say(line)
                ), line.id
    assert not stops(
        plan(base, person(methadone(30, indication="pain", times_per_day=3))), "Never write an outpatient prescription"
    )


@pytest.mark.parametrize("records", ["methadone-no-prescription-for-oud", "methadone-otp-no-gap"])
def test_invariant_28_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_invariant_28_methadone_for_oud_is_never_prescribed_at_discharge, tmp_path, records)


# --- 29 --------------------------------------------------------------------------------------------------------------

PREGNANT = {"pregnant": True, "pregnancy_weeks": 30}


def test_invariant_29_in_pregnancy_treatment_goes_on_with_obstetrics_and_without_mixed_opioids(base: Knowledge) -> None:
    """Broken: ``_pregnant`` in facts/person.py without the weeks; seen: no obstetrics for a person with only the weeks filled in."""
    for name, entry in AGONISTS.items():
        for kind in KINDS:
            for patient in (PREGNANT, {"pregnant": None, "pregnancy_weeks": 8}):
                made = plan(base, person(entry, kind=kind, patient=patient))
                assert decision(made) in CONTINUED, (name, kind)
                assert [line for line in made.team if line.subject == "obstetrics_and_neonatal" and line.required], (
                    name,
                    kind,
                )
                assert [
                    line
                    for line in made.moud
                    if line.verdict == "do" and "through pregnancy, labor, birth" in say(line)
                ], (name, kind)
                assert [
                    line
                    for line in made.moud
                    if line.verdict == "call" and "obstetrics" in say(line) and "newborn team" in say(line)
                ], (name, kind)
                assert [line for line in stops(made, *MIXED) if line.section == "opioids"], (name, kind)
        made = plan(base, person({**entry, "hold_choice": HELD}, patient=PREGNANT))
        assert decision(made) == "stop_and_ask", name
        assert "Do not hold" in headline(made)
        assert "in pregnancy" in headline(made)
    without_medicine = plan(base, person(patient=PREGNANT))
    assert stops(without_medicine, *MIXED)
    assert not [line for line in plan(base, person(film(16))).team if line.subject == "obstetrics_and_neonatal"]


@pytest.mark.parametrize(
    "records",
    [
        "role-obstetrics-pregnant",
        "agonist-pregnancy-continue",
        "agonist-pregnancy-team",
        "agonist-hold-in-pregnancy",
        "mixed-agonists-never-in-pregnancy",
    ],
)
def test_invariant_29_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_29_in_pregnancy_treatment_goes_on_with_obstetrics_and_without_mixed_opioids, tmp_path, records
    )


# --- 30 --------------------------------------------------------------------------------------------------------------

RESTARTED = {
    **BLOCKERS,
    "film, held": {**film(16), "hold_choice": HELD},
    "film, missed": film(16, "2026-11-15T20:00"),
    "methadone, three days missed": methadone(last="2026-11-19T06:40"),
    "methadone, six days missed": methadone(last="2026-11-16T06:40"),
}


def printed(made: Plan) -> str:
    return re.sub(r"\s+", " ", plan_text(as_data(made)).replace("\u00a0", " "))


def unmarked(made: Plan) -> list[str]:
    """Return the lines without a traced source that the paper prints without the mark."""
    paper = printed(made)
    found = []
    for line in every_line(made):
        words = re.escape(re.sub(r"\s+", " ", say(line).replace("\u00a0", " ")))
        if line.evidence == "unverified" and not re.search(
            rf"{words}(?: \(misuse: \w+\))?(?: Find out: [^\[]*)? \[[\d, ]+\] {re.escape(CONFIRM)}", paper
        ):
            found.append(line.id)
    return found


def doses_without_source(lines: list[Line]) -> list[str]:
    return [
        line.id
        for line in lines
        if not line.sources
        or line.evidence not in ("read", "secondary", "unverified")
        or not all(cited.citation and cited.year and cited.where for cited in line.sources)
        or (line.dose is not None and line.verdict in DOES and line.evidence == "unverified")
    ]


def test_invariant_30_every_dose_has_a_source_a_class_and_a_prescriber_and_the_paper_is_private(
    base: Knowledge,
) -> None:
    """Broken: ``mark`` in documents/text.py to ""; seen: each unverified line was listed as unmarked.

    That nothing of a person is stored in the clear is held by the sealed columns of store/models.py (tests/web/test_store.py).
    The consent that this invariant also asks for before storing has no question in ``case.py`` yet: reported.
    """
    for name, moud in EVERYBODY.items():
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind))
            assert not doses_without_source(list(every_line(made))), (name, kind)
            assert not unmarked(made), (name, kind)
            assert [
                line
                for line in made.aftercare
                if "hand it only to those the person agrees to" in say(line) and "42 CFR Part 2" in say(line)
            ]
    for name, entry in RESTARTED.items():
        made = plan(base, person(entry, kind="scheduled"))
        restart = [
            line
            for line in made.moud
            if line.part in ("restart", "decision") and re.search(r"\d ?mg", said(line).replace("mg a day", ""))
        ]
        for line in restart:
            assert re.search(r"prescriber|OTP|psychiatry|pain service|addiction service|the team", said(line)), (
                name,
                line.id,
            )
        assert not doses_without_source(list(every_line(made)))


@pytest.mark.parametrize("records", ["privacy-part-2"])
def test_invariant_30_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_invariant_30_every_dose_has_a_source_a_class_and_a_prescriber_and_the_paper_is_private, tmp_path, records
    )


def test_a_record_without_a_source_stops_the_program(tmp_path: Path) -> None:
    """The other half of invariant 30: an uncited record never loads."""
    from shutil import copytree, ignore_patterns

    from planner.knowledge.load import HERE, load
    from planner.problems import Refused

    copy = tmp_path / "knowledge"
    copytree(HERE, copy, ignore=ignore_patterns("*.py", "__pycache__"))
    path = copy / "moud" / "methadone.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^  sources: .*$", "  sources: []", whole, count=1), encoding="utf-8")
    with pytest.raises(Refused, match=r"moud/methadone\.yaml.*sources"):
        load.__wrapped__(copy)
