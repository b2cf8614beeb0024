"""Morphine milligram equivalents by the one table of CDC 2022. An estimate of risk, never a dose to switch to."""

from __future__ import annotations

from decimal import Decimal

# mg of morphine by mouth for each mg a day; for fentanyl through the skin, for each mcg an hour. Source: CDC2022.
FACTORS = {
    "codeine": Decimal("0.15"),
    "fentanyl_patch": Decimal("2.4"),
    "hydrocodone": Decimal(1),
    "hydromorphone": Decimal(5),
    "methadone": Decimal("4.7"),
    "morphine": Decimal(1),
    "oxycodone": Decimal("1.5"),
    "oxymorphone": Decimal(3),
    "tapentadol": Decimal("0.4"),
    "tramadol": Decimal("0.2"),
}

NO_NUMBER = {
    "buprenorphine": "Buprenorphine has no MME, in any form and for any reason: it is a partial agonist, and the table leaves it out.",
    "for_oud": "A dose for opioid use disorder has no MME: the table is for pain, and its limits do not apply to treatment.",
    "not_listed": "This opioid is not in the table of CDC 2022, so there is no number for it.",
}


def mme(opioid: str, amount: Decimal, times_a_day: Decimal, *, for_oud: bool = False) -> Decimal | str:
    """Return the MME a day of one opioid for pain, or the reason why there is no number.

    Args:
        opioid: a key of ``FACTORS``, ``buprenorphine``, or another name.
        amount: mg of one dose; for the fentanyl patch mcg an hour.
        times_a_day: doses a day; 1 for a patch.
        for_oud: the medicine is taken for opioid use disorder.

    Source: CDC2022.
    """
    if opioid.startswith("buprenorphine"):
        return NO_NUMBER["buprenorphine"]
    if for_oud:
        return NO_NUMBER["for_oud"]
    if opioid not in FACTORS:
        return NO_NUMBER["not_listed"]
    return FACTORS[opioid] * amount * times_a_day
