"""What follows from one medicine against clotting: its facts, its days and clock times, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planner import choices
from planner.case import Anticoagulant, Case
from planner.catalog import Antithrombotic, Interval
from planner.catalog.antithrombotics import FAMILIES, GATES
from planner.facts.clotting.doses import agent_named, counts_as_high, dose_class, read_dose, route_is_open
from planner.facts.clotting.needle import NEEDLE_WORDS, STOPS, interval_of, kidney_of, level_ok, needle_of, then_needs
from planner.facts.declare import FactValue, fact, values_of
from planner.facts.moments import When, hours_later, local
from planner.facts.surgery import hours_between
from planner.facts.values import answer_of, as_float, number_of

# A catheter that would have to go before this many hours after surgery is not worth its risk (design).
_CATHETER_HOURS = 24
# Heparin for longer than this asks for a platelet count (ASRA25).
HEPARIN_DAYS = 4


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """What follows from one medicine against clotting."""

    id: str | None = fact("medicine against clotting")
    label: str | None = fact("medicine against clotting")
    family: str | None = fact("kind of medicine against clotting", words=FAMILIES)
    known: bool | None = fact("the guideline table has this medicine")
    indication: str | None = fact(
        "taken for", question="What is the medicine against clotting taken for?", words=choices.ANTITHROMBOTIC_REASONS
    )
    dose_class: str | None = fact(
        "dose class", question="Dose of the medicine against clotting?", words=choices.ANTITHROMBOTIC_DOSES
    )
    counts_as_high: bool | None = fact("a low dose counts as high")
    counted_high_because: str | None = fact("why the dose counts as high")
    once_daily: bool | None = fact("is taken once a day", question="How many times a day?")
    loading_dose: bool | None = fact("a loading dose is planned")
    last_dose_known: bool | None = fact("the last dose is known")
    hours_since_dose: float | None = fact(
        "hours since the last dose", unit="hours", question="Last dose of the medicine against clotting?"
    )
    hours_dose_to_surgery: float | None = fact(
        "hours from the last dose to surgery", unit="hours", question="Last dose of the medicine against clotting?"
    )
    hold_hours: float | None = fact("interval before the needle", unit="hours")
    hold_hours_least: float | None = fact("shorter published interval before the needle", unit="hours")
    needle: str | None = fact("state of the interval at the time of surgery", words=NEEDLE_WORDS)
    then_needs: str | None = fact("what is needed besides the time")
    then_needs_words: str | None = fact("what is needed besides the time, as the end of a sentence")
    level_known: bool | None = fact("a drug level or anti-Xa is known")
    gate: str | None = fact("test that must be normal besides", words=GATES)
    level_ok: bool | None = fact("the drug level is low enough", question="Drug level or anti-Xa?")
    level_shortens: bool | None = fact("a low drug level allows the needle earlier")
    catheter: str | None = fact("catheter beside this medicine")
    given_with_catheter_hours: float | None = fact("hours from a dose to catheter removal", unit="hours")
    restart_after_needle_hours: float | None = fact("hours from the needle to the restart", unit="hours")
    restart_after_removal_hours: float | None = fact("hours from catheter removal to the restart", unit="hours")
    restart_note: str | None = fact("remark on the restart")
    note: str | None = fact("remark on the interval")
    grade: str | None = fact("grade of the guideline")
    evidence: str | None = fact("how well the interval is traced")
    has_hold: bool | None = fact("an interval in hours is asked for before the needle")
    interval_known: bool | None = fact("dose class, kidney function and age are known, so the interval is")
    lacks: list[str] | None = fact("what is still needed")
    open: bool | None = fact("something is still needed")
    heparin_over_4_days: bool | None = fact("heparin for more than 4 days", question="Days of heparin so far?")
    catheter_out_dated: bool | None = fact("the latest catheter removal is a date")
    restart_dated: bool | None = fact("the earliest restart is a date")
    restart_planned: bool | None = fact("the first dose after surgery is planned")
    restart_too_early: bool | None = fact(
        "the planned first dose is earlier than the interval after a needle at the time of surgery",
        question="First dose planned after surgery?",
    )


@dataclass(frozen=True, slots=True)
class Agent:
    """One medicine against clotting with its facts, its moments and the questions that are its own."""

    values: Mapping[str, FactValue]
    moments: Mapping[str, When]
    questions: Mapping[str, str]
    restart_too_soon: bool = False


def agents_of(
    case: Case,
    agents: Mapping[str, Antithrombotic],
    values: Mapping[str, FactValue],
    surgery_at: datetime | None,
    now: datetime,
) -> tuple[Agent, ...]:
    """Return each listed medicine against clotting with what follows from it.

    Args:
        case: what was said.
        agents: the medicines the guideline has intervals for.
        values: the other facts of this Case (age, weight, kidney function, other medicines).
        surgery_at: when the needle is planned.
        now: the present moment in the clinic's zone.
    """
    return tuple(
        _agent(entry, agent_named(entry.drug, entry.dose, agents), case, values, surgery_at, now)
        for entry in case.health.anticoagulants or []
    )


def _agent(
    entry: Anticoagulant,
    agent: Antithrombotic | None,
    case: Case,
    values: Mapping[str, FactValue],
    surgery_at: datetime | None,
    now: datetime,
) -> Agent:
    last = local(entry.last_dose_at, case.zone, late=True) if entry.last_dose_at else None
    if agent is None:
        return _not_in_the_table(entry, last)
    row, taken, lacks = _interval(entry, agent, case, values)
    level = level_ok(entry, agent)
    to_surgery = hours_between(last, surgery_at) if last and surgery_at else None
    over_4_days = _heparin_over_4_days(entry, agent, case)
    needle = None
    if row is not None:
        if over_4_days is not False and case.health.labs.platelets is None:
            lacks.append("the platelet count" if over_4_days else "the platelet count, or days of heparin so far")
        # What is not taken yet is not in the blood; its restart and a catheter still count.
        state, more = (
            ("clear", [])
            if entry.starts_after_surgery
            else needle_of(row, last is not None, to_surgery, surgery_at is not None, level, case)
        )
        lacks += more
        needle = state if not lacks or state in STOPS else None
    lacks = list(dict.fromkeys(lacks))
    times = read_dose(entry.dose).times
    moments = _moments(entry, row, case, last, surgery_at, needle)
    needs = then_needs(row, agent)
    facts = AgentFacts(
        id=agent.id,
        label=agent.label,
        family=agent.family,
        known=True,
        indication=entry.indication,
        dose_class=taken.dose_class,
        counts_as_high=bool(taken.high_because),
        counted_high_because=taken.high_because or None,
        once_daily=None if times is None else times == 1,
        loading_dose=entry.loading_dose is True,
        last_dose_known=last is not None,
        hours_since_dose=max(0.0, hours_between(last, now)) if last else None,
        hours_dose_to_surgery=to_surgery,
        needle=needle,
        then_needs=needs,
        then_needs_words=f", and then only with {needs}" if needs else "",
        level_known=level is not None,
        level_ok=level,
        has_hold=row is not None and row.hold_hours is not None,
        interval_known=row is not None,
        lacks=lacks,
        open=bool(lacks),
        heparin_over_4_days=over_4_days,
        catheter_out_dated="agent.catheter_out_by" in moments,
        restart_dated="agent.restart_from" in moments,
        restart_planned=entry.restart_at is not None,
        restart_too_early=_restart_too_early(entry, moments, case),
        **(_of_interval(row, entry) if row else {}),
    )
    asked = f"{agent.label}: {', '.join(lacks)}?" if lacks else ""
    return Agent(
        values_of("agent", facts),
        moments,
        dict.fromkeys(("agent.needle", "agent.catheter", "agent.level_shortens"), asked) if asked else {},
        _restart_too_soon(entry, row, case, surgery_at),
    )


def _not_in_the_table(entry: Anticoagulant, last: datetime | None) -> Agent:
    """A medicine that the table does not have is a clinician's decision, never harmless."""
    facts = AgentFacts(
        label=entry.drug or "a medicine without a name",
        known=False,
        needle="clinician",
        catheter="clinician",
        lacks=[],
        open=False,
        has_hold=False,
        level_known=False,
        restart_dated=False,
        catheter_out_dated=False,
        then_needs="",
        then_needs_words="",
        interval_known=False,
        restart_planned=entry.restart_at is not None,
    )
    return Agent(values_of("agent", facts), {"agent.last_dose": last} if last else {}, {})


@dataclass(frozen=True, slots=True)
class _Taken:
    """The dose class that counts for this person, and why a low dose counts as high."""

    dose_class: str | None
    high_because: str = ""


def _interval(
    entry: Anticoagulant, agent: Antithrombotic, case: Case, values: Mapping[str, FactValue]
) -> tuple[Interval | None, _Taken, list[str]]:
    """Return the interval for this dose and person, the dose class, and what is missing to know them."""
    kidney, kidney_lacks = kidney_of(case, values)
    age = number_of(values, "patient.age_years")
    taken = _Taken(dose_class(entry, agent))
    lacks: list[str] = []
    if taken.dose_class is None:
        lacks.append("the dose")
    elif taken.dose_class == "low":
        raised = counts_as_high(
            entry,
            agent,
            age=age,
            weight=number_of(values, "patient.weight_kg"),
            creatinine=number_of(values, "labs.creatinine_mg_dl"),
            kidney=kidney,
            p_gp=answer_of(values, "medicine.p_gp_inhibitor"),
        )
        if raised.because:
            taken = _Taken("high", raised.because)
        elif raised.lacks:
            taken = _Taken(None)
            lacks += raised.lacks
    row, row_lacks = interval_of(agent, taken.dose_class, kidney, age, kidney_lacks)
    lacks += row_lacks
    if route_is_open(entry.drug, entry.dose, agent):
        return None, taken, [*lacks, "by vein or under the skin"]
    return row, taken, lacks


def _of_interval(row: Interval, entry: Anticoagulant) -> dict[str, Any]:
    """Return the facts that are the row's own, as it says them."""
    return {
        "hold_hours": as_float(row.hold_hours),
        "hold_hours_least": as_float(row.hold_hours_least or row.hold_hours),
        "gate": row.gate or "none",
        "level_shortens": row.level_shortens,
        "catheter": row.catheter,
        "given_with_catheter_hours": as_float(row.given_with_catheter_hours),
        "restart_after_needle_hours": as_float(row.restart_after_needle_hours),
        "restart_after_removal_hours": as_float(row.after_removal_hours(entry.loading_dose is True)),
        "restart_note": row.restart_note,
        "note": row.note,
        "grade": row.grade,
        "evidence": row.evidence,
    }


def _restart_too_soon(entry: Anticoagulant, row: Interval | None, case: Case, surgery_at: datetime | None) -> bool:
    """Whether the planned first dose leaves a catheter less than a day."""
    hours = row.after_removal_hours(entry.loading_dose is True) if row else None
    if entry.restart_at is None or surgery_at is None or hours is None:
        return False
    out_by = hours_later(local(entry.restart_at, case.zone), -float(hours))
    return out_by.timestamp() <= hours_later(surgery_at, _CATHETER_HOURS).timestamp()


def _heparin_over_4_days(entry: Anticoagulant, agent: Antithrombotic, case: Case) -> bool | None:
    """Whether the platelets may have fallen: heparin for more than 4 days, or HIT now or earlier."""
    if agent.family not in ("heparin", "low_molecular_weight_heparin"):
        return False
    if "heparin_thrombocytopenia" in (case.health.conditions or []):
        return True
    return None if entry.days_taken is None else entry.days_taken > HEPARIN_DAYS


def _restart_too_early(entry: Anticoagulant, moments: Mapping[str, When], case: Case) -> bool | None:
    """Whether the planned first dose comes before the earliest restart; unknown without either."""
    earliest = moments.get("agent.restart_from")
    if entry.restart_at is None or not isinstance(earliest, datetime):
        return None
    return local(entry.restart_at, case.zone).timestamp() < earliest.timestamp()


def _moments(
    entry: Anticoagulant,
    row: Interval | None,
    case: Case,
    last: datetime | None,
    surgery_at: datetime | None,
    needle: str | None,
) -> dict[str, When]:
    found: dict[str, When] = {"agent.last_dose": last} if last else {}
    if row is None:
        return found
    restart = local(entry.restart_at, case.zone) if entry.restart_at else None
    after_removal = row.after_removal_hours(entry.loading_dose is True)
    with_catheter = local(entry.restart_at, case.zone, late=True) if entry.restart_at else last
    for name, start, hours in (
        ("agent.needle_from", last, row.hold_hours),
        ("agent.last_dose_by", surgery_at, -row.hold_hours if row.hold_hours is not None else None),
        ("agent.restart_from", surgery_at, row.restart_after_needle_hours),
        ("agent.catheter_out_from", with_catheter, row.given_with_catheter_hours),
        (
            "agent.catheter_out_by",
            restart,
            None if after_removal is None else -after_removal,
        ),
    ):
        if start is not None and hours is not None:
            found[name] = hours_later(start, float(hours))
    if needle in (*STOPS, "level_needed"):
        # No needle at the time of surgery, so nothing is counted from it.
        found.pop("agent.restart_from", None)
    out_by = found.get("agent.catheter_out_by")
    if surgery_at and isinstance(out_by, datetime) and out_by.timestamp() < surgery_at.timestamp() + 3600:
        del found["agent.catheter_out_by"]
    return found
