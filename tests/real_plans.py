"""Plans for real cases with the real knowledge base, or with a copy of it from which records were taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge.load import HERE, Knowledge, load
from planner.plan import Line, Plan, Step
from planner.problems import Refused

REAL = load()
# Read together with the real one, so that both are of the same moment.
TEXTS = {path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(HERE.rglob("*.yaml"))}
NOW = "2026-11-23T09:00"

# Verdicts that tell somebody to do something; the others stop, warn, ask or remark.
DOES = ("continue", "continue_with_change", "restart", "do", "recommend", "consider")
CONTINUED = ("continue", "continue_with_change")

KNEE = {"procedure": "total_knee_arthroplasty", "at": "2026-12-08T07:30", "setting": "inpatient"}
OPERATIONS: Mapping[str, dict[str, Any]] = {
    "scheduled": KNEE,
    "urgent": {"procedure": "ankle_fracture_fixation", "at": "2026-11-24T11:00", "setting": "inpatient"},
    "emergency": {"procedure": "laparoscopic_appendectomy", "at": "2026-11-23T22:00", "setting": "inpatient"},
}
KINDS = (*OPERATIONS, "standing")

# A person about whom everything is known and nothing is wrong; a test changes what it is about.
WELL: Mapping[str, Any] = {
    "patient": {
        "name": "Maria Alvarez", "birth_date": "1980-03-04", "sex": "female", "weight_kg": 81, "height_cm": 165, "pregnant": False,
        "postpartum": False, "breastfeeding": False, "allergies": [],
    },
    "recovery": {
        "status": "sustained_remission", "since": "2021-05-01", "program": "none", "substances": ["heroin"], "overdose_history": False,
        "wishes": "no_preference", "naloxone_at_home": False, "support_person": {"name": "Ana", "phone": "555-0134"},
    },
    "opioids": {"planned": True, "home_supply": False},
    "health": {
        "conditions": [], "child_pugh": "none", "anticoagulants": [], "medicines": [], "alcohol_drinks_per_day": 0,
        "labs": {
            "egfr": 90, "creatinine_mg_dl": 0.9, "platelets": 250, "inr": 1, "qtc_ms": 430, "ast_alt_x_uln": 1,
            "urine_opioids_negative": None,
        },
    },
}  # fmt: skip

CALL = {"by": "J. Ortiz RN", "with_whom": "OTP nurse", "at": "2026-11-23T08:30", "dose_mg": 90}


def film(mg: float, last: str = "2026-11-22T20:00", **more: Any) -> dict[str, Any]:
    return {
        "product": "buprenorphine_naloxone_sl",
        "dose_mg": mg,
        "times_per_day": 1,
        "last_dose_at": last,
        "indication": "oud",
        **more,
    }


def methadone(
    mg: float = 90, last: str | None = "2026-11-23T06:40", call: Mapping[str, Any] | None = CALL, **more: Any
) -> dict[str, Any]:
    confirmed = {"verification": {**call, "dose_mg": mg}} if call else {}
    taken = {"last_dose_at": last} if last else {}
    return {
        "product": "methadone",
        "dose_mg": mg,
        "times_per_day": 1,
        "indication": "oud",
        **taken,
        **confirmed,
        **more,
    }


def injected(product: str, on: str, mg: float, **more: Any) -> dict[str, Any]:
    return {"product": product, "dose_mg": mg, "last_injection_on": on, "indication": "oud", **more}


METHADONE: Mapping[str, dict[str, Any]] = {
    "methadone from an OTP, confirmed": methadone(),
    "methadone from an OTP, not confirmed": methadone(call=None),
    "methadone for pain, confirmed": methadone(30, indication="pain", times_per_day=3),
}
DEPOTS: Mapping[str, dict[str, Any]] = {
    "Sublocade": injected("sublocade", "2026-11-10", 300, injections_received=4),
    "Brixadi weekly": injected("brixadi_weekly", "2026-11-19", 24),
    "Brixadi monthly": injected("brixadi_monthly", "2026-11-10", 96),
}
AGONISTS: Mapping[str, dict[str, Any]] = {
    "film 8 mg": film(8),
    "film 16 mg": film(16),
    "film 24 mg": film(24),
    "film 32 mg": film(32),
    "Zubsolv 11.4 mg": film(11.4, product="zubsolv"),
    "patch for pain": {"product": "buprenorphine_patch", "dose_mcg": 10, "last_dose_at": "2026-11-20T08:00", "indication": "pain"},
    "cheek film for pain": {
        "product": "buprenorphine_buccal_pain", "dose_mcg": 450, "times_per_day": 2, "last_dose_at": "2026-11-23T07:00", "indication": "pain",
    },
    **DEPOTS,
    "implant": {"product": "probuphine", "last_injection_on": "2026-08-01", "indication": "oud"},
    **METHADONE,
    "24-hour morphine": {
        "product": "slow_release_oral_morphine", "dose_mg": 600, "times_per_day": 1, "last_dose_at": "2026-11-23T07:00", "indication": "oud",
    },
}  # fmt: skip


def tablet(
    product: str = "naltrexone_oral", mg: float = 50, last: str | None = "2026-11-22T21:30", **more: Any
) -> dict[str, Any]:
    return {"product": product, "dose_mg": mg, "indication": "oud", **({"last_dose_at": last} if last else {}), **more}


BLOCKERS: Mapping[str, dict[str, Any]] = {
    "naltrexone by mouth": tablet(),
    "naltrexone injection": injected("naltrexone_xr", "2026-10-20", 380),
    "low-dose naltrexone": tablet("naltrexone_low_dose", 4.5),
    "naltrexone/bupropion": tablet("naltrexone_bupropion", 32, indication="other"),
    "olanzapine/samidorphan": tablet("olanzapine_samidorphan", 10, indication="other"),
}


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with the changes; groups are changed field by field."""
    found = dict(deepcopy(base))
    for name, value in changes.items():
        found[name] = (
            merged(found[name], value) if isinstance(value, Mapping) and isinstance(found.get(name), Mapping) else value
        )
    return found


def person(*moud: Mapping[str, Any], kind: str = "scheduled", **changes: Any) -> dict[str, Any]:
    """Return the answers for the well person with these medicines and these changes."""
    surgery = {} if kind == "standing" else {"surgery": OPERATIONS[kind]}
    return merged({"kind": kind, "moud": [dict(entry) for entry in moud], **WELL, **surgery}, changes)


def plan(base: Knowledge, answers: Mapping[str, Any], now: str = NOW) -> Plan:
    """Return the plan by a knowledge base."""
    at = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
    return make_plan(derive(read_case(answers, base.catalog, at), base.catalog, at), base)


def decision(made: Plan) -> str:
    """Return the decision for the first medicine."""
    return made.summary.medicines[0].decision


def every_line(made: Plan) -> Iterator[Line]:
    for line in made.lines():
        yield line
        yield from line.also


def ids(made: Plan) -> set[str]:
    return {line.id for line in every_line(made)}


def said(line: Line) -> str:
    """Return all that a line prints for the clinician, with plain spaces."""
    parts = [line.say, line.because, line.short, *line.choices, *(step.what for step in line.steps)]
    if line.table:
        parts += [line.table.title, *(" | ".join(row) for row in line.table.rows)]
    return " ".join(parts).replace("\u00a0", " ")


def say(line: Line) -> str:
    """Return the sentence of a line with plain spaces."""
    return line.say.replace("\u00a0", " ")


def glance(made: Plan) -> str:
    """Return what stands in the glance under "never" and "call", a line each."""
    return "\n".join((*made.summary.never, *made.summary.call)).replace("\u00a0", " ")


def headline(made: Plan) -> str:
    """Return the headline of the first medicine."""
    return made.summary.medicines[0].headline.replace("\u00a0", " ")


def text(lines: Iterable[Line]) -> str:
    return "\n".join(said(line) for line in lines)


def on(step: Step) -> str:
    """Return the day of a dated step."""
    return str(step.on or (step.at and step.at.date()))


def stops(made: Plan, *words: str, verdicts: tuple[str, ...] = ("never",)) -> list[Line]:
    """Return the lines that stop something and name all of the words."""
    return [line for line in every_line(made) if line.verdict in verdicts and all(word in said(line) for word in words)]


def instructions(made: Plan) -> list[Line]:
    """Return the lines that tell somebody to do something."""
    return [line for line in every_line(made) if line.verdict in DOES]


def day(moment: str, days: int) -> str:
    return str(datetime.fromisoformat(moment).date() + timedelta(days=days))


def without(folder: Path, *records: str) -> Knowledge:
    """Return the knowledge base of a copy of the folder from which the records were cut out of the YAML text."""
    left = set(records)
    for name, whole in TEXTS.items():
        head, *blocks = re.split(r"(?m)^(?=- id: )", whole)
        kept = [block for block in blocks if _record_id(block) not in records]
        left -= {_record_id(block) for block in blocks}
        copy = folder / "knowledge" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(head + "".join(kept) if kept or not blocks else "[]\n", encoding="utf-8")
    assert not left, f"no such records: {left}"
    return load.__wrapped__(folder / "knowledge")  # not the cached one: each copy is used once


def _record_id(block: str) -> str:
    return block.split("\n", 1)[0].removeprefix("- id: ").strip()


def fails_without(check: Callable[[Knowledge], None], folder: Path, records: str) -> None:
    """Run the check on a base without the records ("one + other" takes out both), and expect it to fail.

    A base that the loader refuses, because a medicine would be left without any decision, has failed before the check.
    """
    try:
        base = without(folder, *records.split(" + "))
    except Refused as refusal:
        if "No decision is certain" not in str(refusal):
            raise
        return
    with pytest.raises((AssertionError, LookupError)):
        check(base)
