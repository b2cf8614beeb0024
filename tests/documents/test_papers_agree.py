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
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (20\d\d)\b")


def has(document: str, letter: str) -> bool:
    _, plan = example(letter)
    if document == "standing":
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
    return {(amount.replace(",", ""), unit) for amount, unit in DOSE.findall(text)}


def numbers(value: object) -> set[str]:
    """Return every number of the limits and of the answers, as paper writes it."""
    if isinstance(value, dict):
        return {found for item in value.values() for found in numbers(item)}
    if isinstance(value, (list, tuple)):
        return {found for item in value for found in numbers(item)}
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return set()
    try:
        return {f"{float(value):g}"}
    except ValueError:
        return set()


@each_paper
def test_every_dose_stands_in_the_plan(document: str, letter: str) -> None:
    case, plan = example(letter)
    amounts = {amount for amount, _ in doses_in(known(letter))} | numbers(plan["budget"]) | numbers(case)
    for amount, unit in doses_in(text_of(document, letter)):
        assert f"{float(amount):g}" in {f"{float(one):g}" for one in amounts}, f"{amount} {unit}"


@each_paper
def test_every_date_stands_in_the_plan(document: str, letter: str) -> None:
    said = known(letter)
    for day, month, year in DAY.findall(text_of(document, letter)):
        iso = date(int(year), MONTHS.index(month) + 1, int(day)).isoformat()
        assert iso in said or f"{day} {month} {year}" in said, iso


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
