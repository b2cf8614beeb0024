"""Arithmetic on doses, weights and kidney function. Each function names its source; none reads a Case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import combinations_with_replacement

# Film and tablet strengths that can be dispensed without cutting (Suboxone film label strengths).
FILM_SIZES_MG = (Decimal(2), Decimal(4), Decimal(8), Decimal(12))


def ideal_weight_kg(height_cm: Decimal, female: bool) -> Decimal:
    """Return the ideal body weight in kg (Devine): 45.5 kg (female) or 50 kg plus 2.3 kg an inch over 5 feet.

    Below 5 feet the formula is not defined; the base weight is returned.
    Source: LADOSE uses ideal weight; formula Devine 1974.
    """
    inches_over_five_feet = max(Decimal(0), height_cm / Decimal("2.54") - 60)
    return (Decimal("45.5") if female else Decimal(50)) + Decimal("2.3") * inches_over_five_feet


def adjusted_weight_kg(weight_kg: Decimal, ideal_kg: Decimal) -> Decimal:
    """Return the adjusted body weight in kg: ideal plus 40 % of the excess; never more than the actual weight."""
    if weight_kg <= ideal_kg:
        return weight_kg
    return ideal_kg + Decimal("0.4") * (weight_kg - ideal_kg)


def creatinine_clearance(age_years: int, weight_kg: Decimal, creatinine_mg_dl: Decimal, female: bool) -> Decimal:
    """Return creatinine clearance in mL/min by Cockcroft-Gault.

    Give the actual weight unless it exceeds the ideal weight by 20 %; then give the adjusted weight.
    Not valid in unstable kidney function. Source: Cockcroft and Gault 1976.
    """
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
    return clearance * Decimal("0.85") if female else clearance


def film_equivalent_mg(strengths: Mapping[Decimal, Decimal], total_mg: Decimal, times: int | None) -> Decimal | None:
    """Return the daily dose in sublingual-film equivalents, or None when no tablets of this product add up to it.

    Args:
        strengths: product strength to film strength, both in mg of buprenorphine (5.7 to 8 for Zubsolv).
        total_mg: total of one day in mg of this product.
        times: doses a day, when known; tried first, because it names the tablet.

    Source: ASAM2020 pocket table 5; LBL-ZUB.
    """
    if times and (per_dose := total_mg / times) in strengths:
        return strengths[per_dose] * times
    for count in range(1, 5):
        for tablets in combinations_with_replacement(sorted(strengths), count):
            if sum(tablets) == total_mg:
                return sum((strengths[tablet] for tablet in tablets), Decimal(0))
    return None


def split_doses(total_mg: Decimal) -> tuple[Decimal, ...] | None:
    """Return the same daily total as 3 or 4 doses in whole films, largest first; None when films do not allow it.

    Equal doses are preferred, four before three (every 6 or every 8 hours). Films are made in 2, 4, 8 and
    12 mg and are not cut, so every dose is a multiple of 2 mg: 16 mg is 4 mg four times, 12 mg is 4 mg three
    times, 20 mg is 6, 6, 4 and 4 mg. A total of 2 mg or an odd total is not split.
    Source: CABRIDGE (every 6 to 8 hours, 16 mg as 4 mg four times); label strengths.
    """
    films, rest = divmod(total_mg, 2)
    if rest or films < 2:
        return None
    count = int(films)
    if count == 2:
        return (Decimal(2), Decimal(2))
    parts = 4 if count % 4 == 0 else 3 if count % 3 == 0 or count < 4 else 4
    base, extra = divmod(count, parts)
    return tuple(Decimal(2 * (base + 1 if index < extra else base)) for index in range(parts))


def split_in_words(total_mg: Decimal, strengths: Mapping[Decimal, Decimal]) -> str | None:
    """Return a split as a nurse would write it: "4 mg, 4 times a day (every 6 hours)"; None when not splittable.

    ``strengths`` maps a product's own strengths to film strengths; when given, the product's tablets are named.
    """
    parts = split_doses(total_mg)
    own = {film: tablet for tablet, film in strengths.items()}
    # Never a film strength under the name of another product: 2 mg of film has no equal among Bunavail films.
    if parts is None or (own and any(film not in own for part in parts for film in films_for(part))):
        return None
    rhythm = {2: "every 12 hours", 3: "every 8 hours", 4: "every 6 hours"}[len(parts)]
    names = [_dose_in_words(part, own) for part in parts]
    if len(set(names)) == 1:
        return f"{names[0]}, {len(parts)} times a day ({rhythm})"
    return f"{', '.join(names[:-1])} and {names[-1]} ({rhythm})"


def _dose_in_words(part_mg: Decimal, own: Mapping[Decimal, Decimal]) -> str:
    pieces = [own.get(film, film) for film in films_for(part_mg)]
    if not own:
        return f"{plain(part_mg)}\u00a0mg"
    return " + ".join(f"{plain(piece)}\u00a0mg" for piece in pieces)


def films_for(dose_mg: Decimal) -> tuple[Decimal, ...]:
    """Return the fewest whole films that make one dose: 6 mg is 4 mg and 2 mg.

    Raises:
        ValueError: the dose is not a positive multiple of 2 mg.
    """
    if dose_mg <= 0 or dose_mg % 2:
        raise ValueError(f"{dose_mg} mg cannot be made of whole 2, 4, 8 and 12 mg films")
    films: list[Decimal] = []
    for size in sorted(FILM_SIZES_MG, reverse=True):
        while dose_mg >= size:
            films.append(size)
            dose_mg -= size
    return tuple(films)


# Upper end of what a 5 % lidocaine patch gives to the body: 5 % of its 700 mg (LIDODERM, absorption: 3 ± 2 %).
PATCH_ABSORBED_MG = Decimal(35)

# In old age, frailty, heart or liver disease the compilations take about 30 % off (LADOSE).
LOCAL_ANESTHETIC_REDUCED = Decimal("0.7")


def local_anesthetic_limit_mg(
    weight_kg: Decimal | None, mg_per_kg: Decimal | None, most_mg: Decimal | None, reduced: bool
) -> Decimal | None:
    """Return the most of one local anesthetic in mg, rounded down; None when the weight or the limit is missing.

    The smaller of the limit by weight and the absolute limit holds; 30 % less when ``reduced``.
    Source: LADOSE. Takes no account of the site of injection.
    """
    if weight_kg is None or mg_per_kg is None:
        return None
    limit = min(mg_per_kg * weight_kg, most_mg if most_mg is not None else Decimal("Infinity"))
    return (limit * (LOCAL_ANESTHETIC_REDUCED if reduced else 1)).quantize(Decimal(1), ROUND_FLOOR)


def milliliters(mg: Decimal, percent: Decimal) -> Decimal:
    """Return the volume in mL that holds an amount, rounded down to whole mL; 1 % is 10 mg in each mL."""
    return (mg / (percent * 10)).quantize(Decimal(1), ROUND_FLOOR)


@dataclass(frozen=True, slots=True)
class LipidDoses:
    """Lipid emulsion 20 % for local anesthetic toxicity, in mL for one weight.

    Under 70 kg the bolus and the rate go by weight; from 70 kg they are fixed (100 mL, then 200 to 250 mL).
    """

    bolus_ml: Decimal
    rate_ml_min: Decimal | None
    most_ml: Decimal


def lipid_doses(weight_kg: Decimal, dosing_kg: Decimal) -> LipidDoses:
    """Return the lipid emulsion doses: 1.5 mL/kg and 0.25 mL/kg/min under 70 kg, 100 mL from 70 kg; at most 12 mL/kg.

    Args:
        weight_kg: the actual weight, which decides between the two schemes.
        dosing_kg: the weight that the doses are counted with (ideal, never more than actual).

    Source: LAST20, LAST17.
    """
    most = (12 * dosing_kg).quantize(Decimal(1), ROUND_FLOOR)
    if weight_kg >= 70:
        return LipidDoses(Decimal(100), None, most)
    bolus = (Decimal("1.5") * dosing_kg).quantize(Decimal(1), ROUND_HALF_UP)
    return LipidDoses(bolus, (Decimal("0.25") * dosing_kg).quantize(Decimal(1), ROUND_HALF_UP), most)


def equal_parts(total_mg: Decimal, parts: int) -> Decimal:
    """Return one of ``parts`` equal doses of a liquid, rounded to 0.1 mg (methadone is split by volume)."""
    return (total_mg / parts).quantize(Decimal("0.1"))


def smallest(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the smallest of the known values, or None when none is known."""
    known = [value for value in values if value is not None]
    return min(known) if known else None


def plain(value: Decimal) -> str:
    """Return a number as paper shows it: no trailing zero, leading zero always, comma from 1,000.

    A given dose is never rounded (0.25 mg stays 0.25 mg); only what a division leaves is cut to three decimals.
    """
    text = f"{value.quantize(Decimal('0.001'), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
