"""Real plans of the examples, printed once, and ways to read a PDF back."""

from __future__ import annotations

import re
import subprocess
import tempfile
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import page

from planner.casefile import read_answers
from planner.documents import documents
from planner.documents.alternatives import ALL_ROUTES
from planner.plan import as_data
from planner.planning import plan_for

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tuple(path.name[0] for path in sorted((ROOT / "examples").glob("*.yaml")))

Data = dict[str, Any]


class Text(str):
    """Text read from a PDF, as ``plain`` gives it; ``in`` does not care where a line breaks."""

    def __contains__(self, wanted: str) -> bool:
        return super().__contains__(plain(wanted))


# Between the running head and the running foot, in points.
_BODY = ("-x", "0", "-y", "33", "-W", "612", "-H", "731")


# Cases that the examples leave out, by a name that is no letter: what is different from example (b), an open hysterectomy.
_ENOXAPARIN = {
    "drug": "enoxaparin", "dose": "40 mg once daily", "indication": "prevention", "last_dose_at": "2026-11-25T20:00", "days_taken": 3,
    "restart_at": "2026-11-27T20:00",
}  # fmt: skip
_GIVEN = [
    {"drug": "bupivacaine", "percent": 0.25, "volume_ml": 20, "with_epinephrine": True, "route": "wound", "at": "2026-11-26T09:30"},
    {"drug": "lidocaine", "percent": 1, "volume_ml": 5, "route": "wound", "at": "2026-11-26T09:15"},
]  # fmt: skip
_EVERYTHING = [
    *_GIVEN,
    {"drug": "liposomal_bupivacaine", "mg": 266, "route": "wound", "site": "around the wound", "at": "2026-11-26T10:30"},
    {"drug": "lidocaine", "mg": 90, "route": "vein", "at": "2026-11-26T09:00"},
    {"drug": "lidocaine", "patches": 2, "route": "patch", "at": "2026-11-26T15:00"},
]  # fmt: skip
HARD: dict[str, Data] = {
    "clot": {"health": {"labs": {"creatinine_mg_dl": 0.8}, "anticoagulants": [_ENOXAPARIN]}},
    "hip": {
        "patient": {"birth_date": "1942-05-11", "sex": "male", "pregnant": None, "weight_kg": 95, "height_cm": 172},
        "surgery": {"procedure": "hip_fracture_repair"},
        "health": {
            "labs": {"egfr": 48, "creatinine_mg_dl": 1.6},
            "anticoagulants": [
                {"drug": "apixaban", "dose": "2.5 mg twice daily", "indication": "atrial_fibrillation", "last_dose_at": "2026-11-24T20:00"}
            ],
        },
    },
    "heavy, part used": {
        "patient": {"weight_kg": 95, "height_cm": 160},
        "surgery": {"local_anesthetics": _GIVEN},
    },
    "light": {"patient": {"weight_kg": 44}},
    "no weight": {"patient": {"weight_kg": None, "height_cm": None}},
    "amount not known": {"surgery": {"local_anesthetics": [{"drug": "lidocaine", "route": "wound"}]}},
    "allergy": {"patient": {"allergies": ["amide_local_anesthetic", "ester_local_anesthetic"]}},
    "everything": {
        "patient": {"weight_kg": 38, "height_cm": 150, "allergies": ["amide_local_anesthetic", "ester_local_anesthetic"]},
        "surgery": {"local_anesthetics": _EVERYTHING, "both_sides": True},
        "health": {"conditions": ["frailty", "heart_failure"]},
    },
}  # fmt: skip


def _merged(base: Data, changes: Data) -> Data:
    found = dict(base)
    for name, value in changes.items():
        inner = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = _merged(found[name], value) if inner else value
    return found


@cache
def _example(letter: str) -> tuple[Data, Data]:
    if letter in HARD:
        answers = _merged(read_answers(next((ROOT / "examples").glob("b-*.yaml"))), HARD[letter])
        case, plan = plan_for(answers, datetime.fromisoformat("2026-11-23T09:00-05:00"))
        return case.model_dump(mode="json"), as_data(plan)
    path = next((ROOT / "examples").glob(f"{letter}-*.yaml"))
    hour = 18 if letter == "f" else 9
    case, plan = plan_for(read_answers(path), datetime.fromisoformat(f"2026-11-23T{hour:02}:00-05:00"))
    return case.model_dump(mode="json"), as_data(plan)


def example(letter: str) -> tuple[Data, Data]:
    """Return the case and the plan of an example, or of a hard case, as plain data, free to be changed."""
    return deepcopy(_example(letter))


@cache
def printed(document: str, letter: str) -> bytes:
    """Return a document of an example, or of a hard case, as PDF."""
    return documents.make(document, *_example(letter))


def tool(name: str, pdf: bytes, *options: str) -> str:
    """Return what a program of poppler-utils or qpdf says about a PDF."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        to_stdout = ("-",) if name in ("pdftotext", "qpdf") else ()
        done = subprocess.run([name, *options, file.name, *to_stdout], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def pages(pdf: bytes, *, body: bool = False) -> list[Text]:
    """Return the text of each page as it is drawn, as ``plain`` gives it; ``body`` leaves out running heads and feet."""
    text = tool("pdftotext", pdf, "-raw", "-enc", "UTF-8", *(_BODY if body else ()))
    return [Text(plain(found)) for found in text.split("\f")[:-1]]


def body(pdf: bytes) -> Text:
    """Return the text of all pages as one, without running heads and feet."""
    return Text("".join(pages(pdf, body=True)))


def plain(text: str) -> str:
    """Return text without spaces, line ends and hyphens: where a line breaks makes no difference."""
    return re.sub(r"[\s-]+", "", text)


def all_lines(plan: Data) -> list[Data]:
    """Return every line of every section, with the reasons that were merged into others."""
    sections = (
        "conflicts",
        "moud",
        "non_opioid",
        "regional",
        "anticoagulant",
        "local_anesthetic",
        "toxicity_card",
        "opioids",
        "monitoring",
        "team",
        "discharge",
        "aftercare",
    )
    return [one for name in sections for line in plan[name] for one in (line, *line["also"])]


def on_sheet(say: str) -> str:
    """Return a sentence as the plan sheet prints it: what is said once at its top is not said again."""
    return say.replace(ALL_ROUTES, "")


def faults(pdf: bytes) -> list[str]:
    """Return the rules of PDF/UA-1 that a document breaks."""
    return [failure.message for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures]
