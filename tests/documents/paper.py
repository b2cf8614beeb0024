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


@cache
def _example(letter: str) -> tuple[Data, Data]:
    path = next((ROOT / "examples").glob(f"{letter}-*.yaml"))
    hour = 18 if letter == "f" else 9
    case, plan = plan_for(read_answers(path), datetime.fromisoformat(f"2026-11-23T{hour:02}:00-05:00"))
    return case.model_dump(mode="json"), as_data(plan)


def example(letter: str) -> tuple[Data, Data]:
    """Return the case and the plan of an example as plain data, free to be changed."""
    return deepcopy(_example(letter))


@cache
def printed(document: str, letter: str) -> bytes:
    """Return a document of an example as PDF."""
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
        "opioids",
        "monitoring",
        "team",
        "discharge",
        "aftercare",
    )
    return [one for name in sections for line in plan[name] for one in (line, *line["also"])]


def faults(pdf: bytes) -> list[str]:
    """Return the rules of PDF/UA-1 that a document breaks."""
    return [failure.message for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures]
