"""Every drug, dose and date on any paper stands in the Plan, or in the answers it was made from."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache

import pytest
from paper import EXAMPLES, HARD, example, printed, tool

from planner.documents.alternatives import NEVER_BESIDE
from planner.knowledge import load

PAPERS = ("clinician", "patient", "local_anesthetic_card", "wallet", "letter", "standing")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - the order is the point
DOSE = re.compile(r"(?<![\d.,/])(\d[\d,]*(?:\.\d+)?)\s*(mg|mcg|mL|g)\b(?!/)")
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) ((?:19|20)\d\d)\b")


def has(document: str, letter: str) -> bool:
    _, plan = example(letter)
    if document in ("standing", "wallet"):
        return bool(plan["kind"] == "standing")
    if document == "letter":
        return bool(plan["summary"]["medicines"])
    # Without a weight the card tells limits for each kg, which its own tests hold against the table.
    return document != "local_anesthetic_card" or bool(plan["budget"] and plan["budget"]["limits"])


each_paper = pytest.mark.parametrize(
    ("document", "letter"),
    [(document, letter) for document in PAPERS for letter in (*EXAMPLES, *HARD) if has(document, letter)],
)


def text_of(document: str, letter: str) -> str:
    return re.sub(r"\s+", " ", tool("pdftotext", printed(document, letter), "-raw", "-enc", "UTF-8"))


@cache
def known(letter: str) -> str:
    """Everything the Plan and the answers say, as text with plain spaces."""
    return re.sub(r"\s+", " ", json.dumps(example(letter), ensure_ascii=False).replace("\\n", " "))


def doses_in(text: str) -> set[tuple[str, str]]:
    return {(f"{float(amount.replace(',', '')):g}", unit) for amount, unit in DOSE.findall(text)}


def amounts_in(value: object, name: str = "") -> set[tuple[str, str]]:
    """Return every amount of the limits and of the answers with the unit that its field says."""
    if isinstance(value, dict):
        return {found for field, item in value.items() for found in amounts_in(item, field)}
    if isinstance(value, (list, tuple)):
        return {found for item in value for found in amounts_in(item, name)}
    unit = next((unit for end, unit in (("mcg", "mcg"), ("mg", "mg"), ("ml", "mL")) if name.endswith(end)), "")
    if not unit or value is None or isinstance(value, bool):
        return set()
    return {(f"{float(str(value)):g}", unit)}


def days_in(text: str) -> set[str]:
    """Return every day that a text names, as ISO text."""
    return {date(int(year), MONTHS.index(month) + 1, int(day)).isoformat() for day, month, year in DAY.findall(text)}


@each_paper
def test_every_dose_stands_in_the_plan(document: str, letter: str) -> None:
    case, plan = example(letter)
    allowed = doses_in(known(letter)) | amounts_in(plan["budget"]) | amounts_in(case)
    allowed.add(("0", "mg"))  # what is ruled out
    assert doses_in(text_of(document, letter)) <= allowed


@each_paper
def test_every_date_stands_in_the_plan(document: str, letter: str) -> None:
    said = known(letter)
    assert days_in(text_of(document, letter)) <= days_in(said) | set(re.findall(r"\d{4}-\d\d-\d\d", said))


@cache
def drug_names() -> frozenset[str]:
    """The generic names that the catalog knows, those of one word."""
    catalog = load().catalog
    named = [drug.id.split("_")[0] for drug in catalog.drugs.values()]
    named += [name for group in catalog.medicines.values() for name in group.names]
    named += [name for agent in catalog.antithrombotics.values() for name in agent.names]
    return frozenset(name.lower() for name in named if re.fullmatch(r"[A-Za-z]{6,}", name))


@each_paper
def test_every_drug_stands_in_the_plan(document: str, letter: str) -> None:
    said = set(re.findall(r"[a-z]+", f"{known(letter)} {NEVER_BESIDE}".lower()))
    if document == "local_anesthetic_card":
        said |= set(
            re.findall(r"[a-z]+", " ".join(one.label.lower() for one in load().catalog.local_anesthetics.values()))
        )
    on_paper = set(re.findall(r"[a-z]+", text_of(document, letter).lower()))
    assert (on_paper & drug_names()) <= said
