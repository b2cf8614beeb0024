"""What stands at the top of the clinician's paper: key facts, the options in one line each, whom to call, the days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from planner import choices, words
from planner.documents.numbering import Data


def key_facts(case: Data) -> Iterator[tuple[str, str]]:
    """Yield what must be seen beside the name: allergies, weight, kidney, pregnancy, recovery and wish."""
    patient, recovery, labs = case["patient"], case["recovery"], case["health"]["labs"]
    allergies = patient["allergies"]
    yield "Allergies", "not known" if allergies is None else ", ".join(map(_allergy, allergies)) or "none"
    weight = f"{_number(patient['weight_kg'])}\u00a0kg" if patient["weight_kg"] else "not known"
    yield "Weight", weight + (f", {_number(patient['height_cm'])}\u00a0cm" if patient["height_cm"] else "")
    if patient["pregnant"]:
        weeks = f", {_number(patient['pregnancy_weeks'])}\u00a0weeks" if patient["pregnancy_weeks"] else ""
        yield "Pregnant", f"yes{weeks}"
    if labs["egfr"]:
        yield "eGFR", f"{_number(labs['egfr'])}\u00a0mL/min/1.73\u00a0m²"
    if recovery["status"]:
        since = f" since {words.day(date.fromisoformat(recovery['since']))}" if recovery["since"] else ""
        yield "Recovery", choices.RECOVERY_STATUSES[recovery["status"]].partition(" (")[0].lower() + since
    if recovery["wishes"] not in (None, "no_preference"):
        yield "Own wish", choices.WISHES[recovery["wishes"]].removeprefix("Wishes ")


def _allergy(name: str) -> str:
    return choices.ALLERGIES.get(name, name).partition(" (")[0]


def _number(value: Any) -> str:
    return words.number(value)


def options(plan: Data) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield base, blocks and what is added for the glance: for each verdict the subjects it falls on.

    Techniques only, without the general lines on regional anesthesia; what must never be done has its own row.
    """
    techniques = [
        line
        for line in plan["regional"]
        if (line["condition"].startswith("operation is ") and not line["subject"].endswith("_this_operation"))
        or (line["id"].startswith("block-") and line["verdict"] in ("never", "avoid"))
    ]
    medicines = {
        step: [line for line in plan["non_opioid"] if line["step"] == step] for step in ("backbone", "adjunct")
    }
    for title, lines in (
        ("Base", _without_class(medicines["backbone"])),
        ("Regional", [line for line in techniques if line["subject"] != "advised_against"]),
        ("Added", medicines["adjunct"]),
    ):
        grouped: dict[str, list[str]] = {}
        for line in lines:
            label = line["short"] or line["subject_label"]
            named = grouped.setdefault(f"instead {line['instead_of']}" if line["instead_of"] else line["verdict"], [])
            # "Acetaminophen" says enough for "Full-dose acetaminophen at home".
            better = (*named, *(grouped.get("recommend", ()) if line["verdict"] == "consider" else ()))
            if not any(other.lower() in label.lower() for other in better):
                named.append(label)
        # A stop on a medicine stands in the row of its own, one on a block here.
        order = (*_GLANCE_ORDER, "never") if title == "Regional" else _GLANCE_ORDER
        found = [(verdict, _names(grouped, verdict)) for verdict in order if grouped.get(verdict)]
        if found:
            yield title, found


_GLANCE_ORDER = ("recommend", "do", "ask", "consider", "avoid")
_CLASS = "anti_inflammatory_medicines"


def _without_class(lines: Sequence[Data]) -> list[Data]:
    """Return the lines without the general one on NSAIDs where the plan names the NSAID."""
    led = any(line["instead_of"] for line in lines)
    return [line for line in lines if not (led and line["subject"] == _CLASS and line["verdict"] == "recommend")]


def _names(grouped: Mapping[str, Sequence[str]], verdict: str) -> str:
    """Return the subjects under a verdict, each leader with the medicines that may stand in for it."""
    found = []
    for label in grouped[verdict]:
        others = dict.fromkeys(map(_inside, grouped.get(f"instead {label}", ())))
        others.pop(_inside(label), None)
        found.append(f"{label} (in its place: {', '.join(others)})" if others else label)
    return "; ".join(found)


def _inside(label: str) -> str:
    """Return a medicine without its route, as it stands inside a sentence."""
    name = label.partition(" by ")[0]
    return name[:1].lower() + name[1:]


def for_paper(plan: Data) -> Data:
    """Return the plan as paper words it: quantities held on one line, products by their short name in running text.

    "Buprenorphine/naloxone" is enough where the whole product stands in a heading.
    """
    long = sorted((medicine["label"] for medicine in plan["summary"]["medicines"]), key=len, reverse=True)
    worded: Data = _worded(plan, {label: short_name(label) for label in long if short_name(label) != label})
    medicines = [
        {**medicine, "label": words.held_together(whole["label"])}
        for medicine, whole in zip(worded["summary"]["medicines"], plan["summary"]["medicines"], strict=True)
    ]
    return {**worded, "summary": {**worded["summary"], "medicines": medicines}}


def short_name(label: str) -> str:
    """Return a product's name without its form and brand: "Naltrexone monthly injection 380 mg"."""
    return label.partition(",")[0].partition(" (")[0]


def _worded(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for long, short in names.items():
            value = value.replace(long, short)
        return words.held_together(value)
    if isinstance(value, Mapping):
        return {key: _worded(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_worded(item, names) for item in value]
    return value


def people(case: Data, plan: Data) -> Iterator[tuple[str, str, str]]:
    """Yield who can be called and is known by name: role, name, telephone."""
    labels = {medicine["index"]: medicine["label"] for medicine in plan["summary"]["medicines"]}
    for index, entry in enumerate(case["moud"] or []):
        prescriber = entry["prescriber"] or {}
        name = short_name(labels.get(index, entry["product"]))
        yield f"Prescriber of {name[:1].lower()}{name[1:]}", prescriber.get("name") or "", prescriber.get("phone") or ""
    support = case["recovery"]["support_person"] or {}
    yield "Support person", support.get("name") or "", support.get("phone") or ""


def days(
    timeline: Sequence[Data], surgery_at: str | None, by_id: Mapping[str, int]
) -> Iterator[tuple[str, str, list[Data]]]:
    """Yield the timeline by day: ISO day, its place relative to surgery, and the steps with their line numbers."""
    grouped: dict[str, list[Data]] = {}
    for step in timeline:
        grouped.setdefault((step["at"] or step["on"])[:10], []).append({**step, "number": by_id.get(step["line_id"])})
    for iso, steps in grouped.items():
        yield iso, _relative(iso, surgery_at), steps


def _relative(iso: str, surgery_at: str | None) -> str:
    """Return a day's place counted from surgery: "−14 days", "day 0", "+3 days"."""
    if not surgery_at:
        return ""
    apart = (date.fromisoformat(iso) - date.fromisoformat(surgery_at[:10])).days
    if apart == 0:
        return "day 0"
    return f"{'−' if apart < 0 else '+'}{abs(apart)}\u00a0day{'s' if abs(apart) > 1 else ''}"
