"""A knowledge base of a few lines in a folder of its own, for tests of the engine and of the loader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planner.case import read_case
from planner.facts import derive
from planner.knowledge.load import load
from planner.plan import Plan

CITED = [{"id": "BOOK", "where": "page 1"}]
SOURCES = {
    "BOOK": {
        "citation": "The Book of Pain",
        "year": "2026",
        "where": "https://book.test",
        "grading": "",
        "read": "full",
        "note": "",
    }
}
PRODUCTS = {
    "methadone": {"label": "Methadone", "drug": "methadone", "form": "oral", "group": "methadone", "regimen": "methadone_otp"},
    "naltrexone_oral": {
        "label": "Naltrexone tablet", "drug": "naltrexone", "form": "tablet", "group": "antagonist", "regimen": "naltrexone_oral",
        "hold_hours": 72, "hold_hours_least": 72, "sensitive_through_day": 42, "opioid_free_days_short": 7, "opioid_free_days_long": 14,
    },
    "unknown": {"label": "Not known", "drug": "not known", "form": "", "group": "unknown", "regimen": "unknown"},
}  # fmt: skip
BLOCKS = {
    name: {
        "label": label, "kind": kind, "bleeding": bleeding, "traits": traits, "note": "", "evidence": "read", "sources": CITED,
    }
    for name, label, kind, bleeding, traits in (
        ("spinal", "Spinal anesthesia", "neuraxial", "high", []),
        ("adductor_canal", "Adductor canal block", "superficial", "low", ["leg_weakness"]),
        ("local_infiltration", "Local infiltration", "infiltration", "low", []),
    )
}  # fmt: skip
PROCEDURES = {
    "knee": {
        "label": "Knee replacement", "synonyms": [], "region": "leg", "pain": "severe", "pain_days": "7", "first": ["spinal"],
        "second": ["adductor_canal", "local_infiltration"], "against": [{"what": "Do not use a femoral block.", "why": "Falls."}],
        "traits": ["leg"], "note": "", "evidence": "read", "sources": CITED,
    },
}  # fmt: skip
DRUGS = {
    name: {"label": label, "step": "backbone", "misuse": "none", "watch": "", "evidence": "read", "sources": CITED}
    for name, label in (
        ("acetaminophen", "Acetaminophen"), ("ketorolac", "Ketorolac"), ("ibuprofen", "Ibuprofen"), ("gabapentin", "Gabapentin"),
        ("a", "A"), ("b", "B"), ("z", "Z"), ("drug_0", "Drug 0"), ("drug_1", "Drug 1"), ("drug_2", "Drug 2"),
    )
}  # fmt: skip
ANTITHROMBOTICS = {
    "apixaban": {
        "label": "Apixaban", "names": ["apixaban", "eliquis"], "family": "direct_oral",
        "doses": {"low": [{"each": "2.5", "times": 2}], "high": [{"each": "5", "times": 2}]},
        "becomes_high": {"two_of": True},
        "rows": [
            {"dose": dose, "needle": "by_time", "hold_hours": hold, "level_shortens": True, "catheter": "remove_first",
             "given_with_catheter_hours": hold, "restart_after_needle_hours": restart, "restart_after_removal_hours": restart,
             "grade": "IIC", "evidence": "read"}
            for dose, hold, restart in (("low", "36", "6"), ("high", "72", "24"))
        ],
        "sources": CITED,
    },
}  # fmt: skip
LOCAL_ANESTHETICS = {
    "bupivacaine": {
        "label": "Bupivacaine", "kind": "amide", "plain_mg_per_kg": "2", "plain_most_mg": "175", "epinephrine_mg_per_kg": "3",
        "epinephrine_most_mg": "225", "day_most_mg": "400", "percents": ["0.25", "0.5"], "note": "", "evidence": "read",
        "sources": CITED,
    },
}  # fmt: skip
MEDICINES = {"warfarin": {"label": "warfarin", "names": ["warfarin"], "sources": CITED}}


def record(name: str, **fields: Any) -> dict[str, Any]:
    """Return a record that loads; ``fields`` replace or add to it, ``None`` takes a field away."""
    whole = {
        "id": name,
        "section": "non_opioid",
        "about": "ketorolac",
        "verdict": "recommend",
        "say": f"Say of {name}.",
        "because": f"Because of {name}.",
        "sources": CITED,
        "evidence": "read",
        "checked": {"by": "", "on": "2026-11-24", "again": "2027-05-24"},
        **fields,
    }
    return {key: value for key, value in whole.items() if value is not None}


def entry_record(name: str, regimen: str = "naltrexone_oral", **fields: Any) -> dict[str, Any]:
    """Return a record about one medicine: a decision unless ``fields`` say otherwise."""
    return record(
        name,
        **{"section": "moud", "about": "naltrexone", "for": [regimen], "part": "decision", "verdict": "hold", **fields},
    )


def write(folder: Path, *records: Mapping[str, Any], **files: Any) -> Path:
    """Write a knowledge base; ``files`` replace the catalog (``products=…``) or add a file of records (``moud=…``)."""
    catalog = {
        "sources": SOURCES,
        "products": PRODUCTS,
        "blocks": BLOCKS,
        "procedures": PROCEDURES,
        "medicines": MEDICINES,
        "drugs": DRUGS,
        "antithrombotics": ANTITHROMBOTICS,
        "local_anesthetics": LOCAL_ANESTHETICS,
    }
    for name, content in {**catalog, "rules": list(records), **files}.items():
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def plan_of(
    folder: Path, answers: Mapping[str, Any], now: str = "2026-11-23T09:00", zone: str = "America/New_York"
) -> Plan:
    """Return the plan that the knowledge base of a folder makes."""
    from planner.engine import make_plan

    knowledge = load(folder)
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    return make_plan(derive(read_case(answers, knowledge.catalog, moment), knowledge.catalog, moment), knowledge)
