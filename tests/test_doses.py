"""Arithmetic on doses: splitting in whole films, product equivalence, weights, kidney function, numbers on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planner.doses import (
    FILM_SIZES_MG,
    adjusted_weight_kg,
    creatinine_clearance,
    equal_parts,
    film_equivalent_mg,
    films_for,
    ideal_weight_kg,
    plain,
    smallest,
    split_doses,
    split_in_words,
)

EVEN_TOTALS = [Decimal(total) for total in range(4, 41, 2)]

# ASAM 2020 pocket table 5: mg of the product, mg of film.
ZUBSOLV = {Decimal(a): Decimal(b) for a, b in {"1.4": "2", "2.9": "4", "5.7": "8", "8.6": "12", "11.4": "16"}.items()}
BUNAVAIL = {Decimal(a): Decimal(b) for a, b in {"2.1": "4", "4.2": "8", "6.3": "12"}.items()}


def mg(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


# --- splitting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", EVEN_TOTALS)
def test_a_split_keeps_the_daily_total(total: Decimal) -> None:
    assert sum(split_doses(total) or ()) == total


@pytest.mark.parametrize("total", EVEN_TOTALS)
def test_every_part_of_a_split_is_made_of_whole_films(total: Decimal) -> None:
    assert all(set(films_for(part)) <= set(FILM_SIZES_MG) for part in split_doses(total) or ())


@pytest.mark.parametrize("total", EVEN_TOTALS)
def test_a_split_is_at_most_four_doses_a_day(total: Decimal) -> None:
    assert 2 <= len(split_doses(total) or ()) <= 4


@pytest.mark.parametrize("total", EVEN_TOTALS)
def test_the_parts_of_a_split_differ_by_one_film_of_2_mg_at_most_and_the_largest_comes_first(total: Decimal) -> None:
    parts = split_doses(total) or ()
    assert list(parts) == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] in (0, 2)


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        ("4", mg("2", "2")),
        ("6", mg("2", "2", "2")),
        ("8", mg("2", "2", "2", "2")),
        ("12", mg("4", "4", "4")),
        ("16", mg("4", "4", "4", "4")),
        ("18", mg("6", "6", "6")),
        ("20", mg("6", "6", "4", "4")),
        ("24", mg("6", "6", "6", "6")),
        ("32", mg("8", "8", "8", "8")),
    ],
)
def test_the_usual_totals_split_as_a_clinic_would(total: str, parts: tuple[Decimal, ...]) -> None:
    assert split_doses(Decimal(total)) == parts


@pytest.mark.parametrize("total", ["0", "1", "2", "3", "5", "7", "15", "16.5", "0.5"])
def test_a_total_that_whole_films_do_not_make_is_not_split(total: str) -> None:
    assert split_doses(Decimal(total)) is None


def test_films_for_one_dose_are_the_fewest() -> None:
    assert films_for(Decimal(14)) == mg("12", "2")


@pytest.mark.parametrize("dose", ["0", "-2", "3", "2.5"])
def test_a_dose_that_needs_cutting_has_no_films(dose: str) -> None:
    with pytest.raises(ValueError, match="cannot be made of whole"):
        films_for(Decimal(dose))


def test_16_mg_reads_as_a_nurse_would_write_it() -> None:
    assert split_in_words(Decimal(16), {}) == "4\u00a0mg, 4 times a day (every 6 hours)"


def test_an_uneven_split_names_each_dose() -> None:
    assert split_in_words(Decimal(10), {}) == "4\u00a0mg, 2\u00a0mg, 2\u00a0mg and 2\u00a0mg (every 6 hours)"


def test_a_zubsolv_split_names_zubsolv_tablets() -> None:
    assert split_in_words(Decimal(16), ZUBSOLV) == "2.9\u00a0mg, 4 times a day (every 6 hours)"


def test_a_zubsolv_split_adds_tablets_where_one_does_not_do() -> None:
    assert split_in_words(Decimal(18), ZUBSOLV) == "2.9\u00a0mg + 1.4\u00a0mg, 3 times a day (every 8 hours)"


def test_a_bunavail_split_never_prints_the_strength_of_another_product() -> None:
    # 4.2 mg of Bunavail is 8 mg of film; a quarter of it would be a 2 mg film, which Bunavail does not have.
    assert split_in_words(Decimal(8), BUNAVAIL) is None


def test_a_bunavail_split_that_its_films_allow_is_named() -> None:
    assert split_in_words(Decimal(16), BUNAVAIL) == "2.1\u00a0mg, 4 times a day (every 6 hours)"


# --- product equivalence -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tablet", "film"), ZUBSOLV.items())
def test_one_zubsolv_tablet_a_day_is_its_film_strength(tablet: Decimal, film: Decimal) -> None:
    assert film_equivalent_mg(ZUBSOLV, tablet, 1) == film


@pytest.mark.parametrize(("total", "times", "film"), [("11.4", 2, 16), ("17.1", 3, 24), ("5.8", 2, 8), ("8.7", 3, 12)])
def test_the_number_of_doses_names_the_zubsolv_tablet(total: str, times: int, film: int) -> None:
    assert film_equivalent_mg(ZUBSOLV, Decimal(total), times) == film


@pytest.mark.parametrize(("total", "film"), [("4.3", 6), ("17.1", 24), ("28.5", 40)])
def test_a_zubsolv_total_of_several_tablets_is_added_up(total: str, film: int) -> None:
    assert film_equivalent_mg(ZUBSOLV, Decimal(total), None) == film


@pytest.mark.parametrize("total", ["16", "8", "2", "1", "5.75", "100"])
def test_a_zubsolv_total_that_no_tablets_make_has_no_equivalent(total: str) -> None:
    assert film_equivalent_mg(ZUBSOLV, Decimal(total), None) is None


@pytest.mark.parametrize(("total", "film"), [("2.1", 4), ("4.2", 8), ("6.3", 12), ("8.4", 16), ("12.6", 24)])
def test_bunavail_is_about_half_of_the_film_strength(total: str, film: int) -> None:
    assert film_equivalent_mg(BUNAVAIL, Decimal(total), None) == film


def test_a_film_strength_given_for_bunavail_has_no_equivalent() -> None:
    assert film_equivalent_mg(BUNAVAIL, Decimal(8), 1) is None


# --- weights and kidneys -------------------------------------------------------------------------------------------


def test_ideal_weight_of_a_woman_of_165_cm() -> None:
    # 165 / 2.54 = 64.961 in; 4.961 in over 5 feet; 45.5 + 2.3 x 4.961 = 56.91 kg
    assert round(ideal_weight_kg(Decimal(165), female=True), 2) == Decimal("56.91")


def test_ideal_weight_of_a_man_of_180_cm() -> None:
    # 180 / 2.54 = 70.866 in; 10.866 in over 5 feet; 50 + 2.3 x 10.866 = 74.99 kg
    assert round(ideal_weight_kg(Decimal(180), female=False), 2) == Decimal("74.99")


@pytest.mark.parametrize(
    ("height", "female", "kg"), [("152.4", True, "45.5"), ("140", True, "45.5"), ("120", False, "50")]
)
def test_ideal_weight_does_not_fall_below_its_base_at_five_feet(height: str, female: bool, kg: str) -> None:
    assert ideal_weight_kg(Decimal(height), female) == Decimal(kg)


def test_adjusted_weight_counts_four_tenths_of_the_excess() -> None:
    # 60 + 0.4 x (100 - 60) = 76 kg
    assert adjusted_weight_kg(Decimal(100), Decimal(60)) == 76


@pytest.mark.parametrize("kg", ["60", "48"])
def test_adjusted_weight_is_the_actual_weight_at_or_under_the_ideal(kg: str) -> None:
    assert adjusted_weight_kg(Decimal(kg), Decimal(60)) == Decimal(kg)


def test_creatinine_clearance_of_a_man() -> None:
    # (140 - 60) x 72 kg / (72 x 1.0 mg/dL) = 80 mL/min
    assert creatinine_clearance(60, Decimal(72), Decimal(1), female=False) == 80


def test_creatinine_clearance_of_a_woman_is_85_percent() -> None:
    # (140 - 54) x 66.5 / (72 x 0.9) x 0.85 = 5719 / 64.8 x 0.85 = 88.256 x 0.85 = 75.02 mL/min
    assert round(creatinine_clearance(54, Decimal("66.5"), Decimal("0.9"), female=True), 2) == Decimal("75.02")


def test_creatinine_clearance_falls_as_creatinine_rises() -> None:
    # (140 - 85) x 50 / (72 x 2.5) = 2750 / 180 = 15.28 mL/min
    assert round(creatinine_clearance(85, Decimal(50), Decimal("2.5"), female=False), 2) == Decimal("15.28")


# --- parts and least -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "parts", "each"), [("90", 2, "45"), ("90", 4, "22.5"), ("100", 3, "33.3"), ("110", 3, "36.7")]
)
def test_methadone_is_split_by_volume_to_a_tenth_of_a_mg(total: str, parts: int, each: str) -> None:
    assert equal_parts(Decimal(total), parts) == Decimal(each)


def test_the_smallest_leaves_out_what_is_not_known() -> None:
    assert smallest([None, Decimal(40), Decimal(30)]) == 30


def test_the_smallest_of_nothing_known_is_not_known() -> None:
    assert smallest([None, None]) is None


# --- numbers on paper ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "paper"),
    [
        ("0", "0"),
        ("10", "10"),
        ("100", "100"),
        ("10.0", "10"),
        ("20.50", "20.5"),
        ("0.5", "0.5"),
        ("1000", "1,000"),
        ("1234.5", "1,234.5"),
        ("1000000", "1,000,000"),
        ("1E+2", "100"),
    ],
)
def test_a_number_has_no_trailing_zero_a_leading_zero_and_commas_from_a_thousand(value: str, paper: str) -> None:
    assert plain(Decimal(value)) == paper


@pytest.mark.parametrize("value", ["0.25", "0.15", "0.05", "2.88", "0.18", "0.025", "100.04", "0.001"])
def test_a_given_dose_is_never_rounded_on_paper(value: str) -> None:
    assert plain(Decimal(value)) == value


@pytest.mark.parametrize(
    ("total", "times", "paper"), [(20, 3, "6.667"), (100, 3, "33.333"), (1, 8, "0.125"), (2, 3, "0.667")]
)
def test_what_a_division_leaves_is_cut_to_three_decimals(total: int, times: int, paper: str) -> None:
    assert plain(Decimal(total) / times) == paper
