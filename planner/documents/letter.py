"""The last-dose letter: to the clinic that goes on with a medicine for addiction, one page for each medicine.

What the answers hold is printed; what only the ward knows at discharge is a blank to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from planner import choices, words
from planner.documents import glance
from planner.documents.numbering import Data

# What a prescriber asks first, where the plan holds no list of its own for the medicine.
_ASKED = (
    "Days without it during the stay, and why",
    "Opioids given and prescribed: drug, amount, stop date",
    "Benzodiazepines and other sedatives given and prescribed",
    "QT-prolonging medicines added; QTc: day and value",
    "Changes of the dose, and who decided them",
    "Naloxone or nalmefene given to the person and the household",
    "Next dose or injection due: day and time",
    "Whom to call with questions: name and telephone",
)
# Blank rows for the doses given in hospital.
_ROWS = 6


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, about what, what is known, what was planned with dates, and what is to be filled in."""

    to_name: str
    to_phone: str
    to_kind: str
    medicine: str
    dose: str
    confirmed: str
    last_known: str
    decision: str
    headline: str
    steps: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]


def letters(case: Data, plan: Data) -> Iterator[Letter]:
    """Yield a letter for each medicine for addiction that is listed."""
    plan = glance.for_paper(plan)
    for medicine in plan["summary"]["medicines"]:
        entry = case["moud"][medicine["index"]]
        prescriber = entry["prescriber"] or {}
        own = [line for line in plan["moud"] if line["medicine"] == medicine["index"]]
        form = next((line["table"] for line in own if _is_letter_form(line)), None)
        yield Letter(
            to_name=prescriber.get("name") or "",
            to_phone=prescriber.get("phone") or "",
            to_kind=choices.PRESCRIBER_KINDS.get(prescriber.get("kind") or "", ""),
            medicine=medicine["label"],
            dose=medicine["dose"],
            confirmed=_confirmed(entry),
            last_known=_last_known(entry),
            decision=medicine["decision"],
            headline=medicine["headline"],
            steps=tuple(
                (step["at"] or step["on"], step["what"])
                for step in plan["timeline"]
                if step["line_id"] in {line["id"] for line in own}
            ),
            asked=tuple(row[0] for row in form["rows"][1:]) if form else _ASKED,
        )


def view(case: Data, plan: Data) -> dict[str, Any]:
    """Return what ``letter.html`` prints."""
    return {
        "plan": glance.for_paper(plan),
        "patient": case["patient"],
        "letters": tuple(letters(case, plan)),
        "rows": _ROWS,
    }


def _is_letter_form(line: Data) -> bool:
    return bool(line["table"]) and str(line["id"]).endswith("-discharge-letter")


def _confirmed(entry: Data) -> str:
    call = entry["verification"] or {}
    who = " with ".join(filter(None, (call.get("by"), call.get("with_whom"))))
    when = words.moment(datetime.fromisoformat(call["at"])) if call.get("at") else ""
    return ", ".join(filter(None, (who, when)))


def _last_known(entry: Data) -> str:
    """Return the last dose before surgery that the answers hold; the last one in hospital is written by hand."""
    if entry["last_injection_on"]:
        return f"injection on {words.day(date.fromisoformat(entry['last_injection_on']))}"
    if entry["last_dose_at"]:
        return words.moment(datetime.fromisoformat(entry["last_dose_at"]))
    return ""
