"""Scales and calculators at every edge of their bands, and the numbers of the one MME table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planner.knowledge import load
from planner.scores import (
    COWS,
    FACTORS,
    PRODIGY,
    RIOSORD_COMMERCIAL,
    RIOSORD_VHA,
    SEDATION,
    Scale,
    bazett,
    fridericia,
    mme,
    total,
    with_override,
)

SCALES = (COWS, RIOSORD_VHA, RIOSORD_COMMERCIAL, PRODIGY, SEDATION)


@pytest.mark.parametrize(
    ("points", "label"),
    [
        (0, "None"),
        (4, "None"),
        (5, "Mild"),
        (12, "Mild"),
        (13, "Moderate"),
        (24, "Moderate"),
        (25, "Moderately severe"),
        (36, "Moderately severe"),
        (37, "Severe"),
        (48, "Severe"),
    ],
)
def test_cows_turns_at_5_13_25_and_37(points: int, label: str) -> None:
    assert COWS.band(points).label == label


@pytest.mark.parametrize(
    ("points", "label"), [(7, "Low"), (8, "Intermediate"), (14, "Intermediate"), (15, "High"), (39, "High")]
)
def test_prodigy_turns_at_8_and_15(points: int, label: str) -> None:
    assert PRODIGY.band(points).label == label


def test_a_person_on_moud_is_never_watched_less_than_intermediate() -> None:
    assert with_override(0, False).label == "Low"
    assert with_override(0, True).label == "Intermediate"
    assert with_override(15, True).label == "High"


@pytest.mark.parametrize(
    ("scale", "edges"),
    [
        (
            RIOSORD_VHA,
            {
                0: "3 %",
                24: "3 %",
                25: "14 %",
                32: "14 %",
                33: "24 %",
                37: "24 %",
                38: "34 %",
                42: "34 %",
                43: "46 %",
                46: "46 %",
            }
            | {
                47: "55 %",
                49: "55 %",
                50: "64 %",
                54: "64 %",
                55: "76 %",
                59: "76 %",
                60: "85 %",
                66: "85 %",
                67: "94 %",
            },
        ),
        (
            RIOSORD_COMMERCIAL,
            {0: "1.9 %", 4: "1.9 %", 5: "4.8 %", 7: "4.8 %", 8: "6.8 %", 9: "6.8 %", 10: "15.1 %", 17: "15.1 %"}
            | {18: "29.8 %", 25: "29.8 %", 26: "55.1 %", 41: "55.1 %", 42: "83.4 %", 146: "83.4 %"},
        ),
    ],
    ids=["veterans", "insured"],
)
def test_riosord_turns_at_every_edge_of_its_classes(scale: Scale, edges: dict[int, str]) -> None:
    for points, percent in edges.items():
        assert scale.band(points).label == f"{percent} in the study", points


@pytest.mark.parametrize(("scale", "most"), [(COWS, 48), (PRODIGY, 39), (RIOSORD_VHA, 115), (RIOSORD_COMMERCIAL, 146)])
def test_the_highest_total_is_the_published_one(scale: Scale, most: int) -> None:
    assert scale.most == most


def test_methadone_counts_as_methadone_and_as_a_long_acting_opioid() -> None:
    nothing = {item.id: 0 for item in RIOSORD_VHA.items}
    assert total(RIOSORD_VHA, {**nothing, "methadone": 1, "long_acting": 1}) == 18


def test_a_scale_with_an_open_item_has_no_total() -> None:
    answers = {item.id: 0 for item in COWS.items if item.id != "pulse"}
    with pytest.raises(ValueError, match="Pulse"):
        total(COWS, answers)


def test_a_drowsy_person_gets_no_next_dose() -> None:
    assert "next dose may be given" in SEDATION.band(2).adds
    assert SEDATION.band(3).adds.startswith("Hold the dose")
    assert SEDATION.band(4).adds.startswith("Stop the opioid")


@pytest.mark.parametrize(
    ("opioid", "amount", "times", "expected"),
    [
        ("oxycodone", 5, 3, "22.5"),
        ("hydromorphone", 4, 4, "80"),
        ("fentanyl_patch", 75, 1, "180"),
        ("tramadol", 50, 4, "40"),
        ("methadone", 10, 3, "141"),
        ("codeine", 30, 4, "18"),
        ("tapentadol", 50, 2, "40"),
        ("oxymorphone", 5, 2, "30"),
    ],
)
def test_mme_by_the_table_of_2022(opioid: str, amount: int, times: int, expected: str) -> None:
    assert mme(opioid, Decimal(amount), Decimal(times)) == Decimal(expected)


@pytest.mark.parametrize("opioid", ["buprenorphine", "buprenorphine_patch", "buprenorphine_naloxone_sl"])
def test_buprenorphine_has_no_mme_but_a_reason(opioid: str) -> None:
    assert "partial agonist" in str(mme(opioid, Decimal(16), Decimal(1)))


def test_methadone_for_oud_has_no_mme_but_a_reason() -> None:
    assert "opioid use disorder" in str(mme("methadone", Decimal(90), Decimal(1), for_oud=True))


def test_an_opioid_that_is_not_in_the_table_has_no_mme() -> None:
    assert "not in the table" in str(mme("levorphanol", Decimal(2), Decimal(4)))
    assert set(FACTORS) & {"buprenorphine", "levorphanol", "meperidine"} == set()


def test_both_corrections_leave_the_qt_alone_at_60_a_minute() -> None:
    assert fridericia(Decimal(400), Decimal(60)) == bazett(Decimal(400), Decimal(60)) == 400


def test_bazett_corrects_more_than_fridericia_at_a_fast_pulse() -> None:
    # RR 0.6 s: 360 / 0.6^(1/3) = 426.8; 360 / 0.6^(1/2) = 464.8.
    assert fridericia(Decimal(360), Decimal(100)) == 427
    assert bazett(Decimal(360), Decimal(100)) == 465


def test_every_scale_names_sources_that_exist_and_limits_of_its_use() -> None:
    for scale in SCALES:
        assert scale.limits, scale.id
        assert scale.credit, scale.id
        assert set(scale.sources) <= set(load().sources), scale.id


def test_no_band_takes_pain_relief_away_for_a_risk_score() -> None:
    for scale in (COWS, RIOSORD_VHA, RIOSORD_COMMERCIAL, PRODIGY):
        for band in scale.bands:
            for word in ("cancel", "refuse", "stop the opioid", "less pain relief", "withhold"):
                assert word not in band.adds.lower(), (scale.id, band.adds)
