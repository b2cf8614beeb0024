"""Facts about medicines against clotting: when a needle may follow, when a catheter may go, when the medicine may restart.

Each medicine of the list is an ``Agent`` with its own facts and moments; the ``clotting`` facts are about all of them.
What is missing leaves the state of the needle unknown: a missing last dose is never read as "long ago".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from planner import choices
from planner.case import Anticoagulant, Case
from planner.catalog import Antithrombotic, Interval
from planner.catalog.antithrombotics import CATHETERS, FAMILIES, GATES
from planner.facts.agent_doses import CLEARANCE_LACKS, agent_named, counts_as_high, dose_class, read_dose, route_is_open
from planner.facts.declare import EVIDENCE, FactValue, fact, values_of
from planner.facts.moments import When, hours_later, local
from planner.facts.surgery import hours_between

NEEDLE_WORDS = {
    "none": "no medicine against clotting",
    "no_restriction": "no interval is asked for",
    "clear": "the interval is over",
    "in_range": "between the shorter and the longer published interval",
    "clinician": "no figure is published",
    "level_needed": "only with a drug level",
    "too_early": "too early",
    "gate_failed": "the laboratory test is not as it must be",
    "forbidden": "no needle",
}
# From the mildest; the worst of several medicines counts.
_NEEDLES = tuple(NEEDLE_WORDS)
_STOPS = ("too_early", "gate_failed", "forbidden")
# States in which a clock time alone says when a needle may follow.
_BY_TIME = ("none", "no_restriction", "clear", "in_range", "too_early")
# A catheter that would have to go before this many hours after surgery is not worth its risk (design).
_CATHETER_HOURS = 24

# Residual effect that the guideline accepts for an early block (ASRA25).
ANTI_XA_LIMIT, LEVEL_LIMIT = Decimal("0.1"), Decimal(30)
# The guideline asks for an INR that is normal for the laboratory; 1.2 is the usual upper limit (design).
NORMAL_INR = Decimal("1.2")
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
class ClottingFacts:
    """What follows from all medicines against clotting together."""

    agents: float | None = fact(
        "medicines against clotting", question="Any medicine against clotting, and its last dose?"
    )
    names: list[str] | None = fact("medicines against clotting")
    needle: str | None = fact(
        "state of the interval before a neuraxial or deep block",
        question="Any medicine against clotting, and its last dose?",
        words=NEEDLE_WORDS,
    )
    needle_open: bool | None = fact("for one of the medicines against clotting no clock time frees a block")
    then_needs_words: str | None = fact("what is needed besides the time, as the end of a sentence")
    restart_before_catheter_end: bool | None = fact(
        "a medicine against clotting is to start again before a catheter could stay a day"
    )
    evidence: str | None = fact("how well the intervals are traced")
    catheter: str | None = fact(
        "catheter beside the medicines against clotting", question="Any medicine against clotting, and its last dose?"
    )
    full_dose_or_p2y12: bool | None = fact(
        "takes a full-dose anticoagulant or a P2Y12 inhibitor", question="Dose of the medicine against clotting?"
    )
    once_daily_lmwh: bool | None = fact(
        "takes a low dose of a low molecular weight heparin once a day",
        question="Any medicine against clotting, and its dose?",
    )
    twice_daily_or_direct: bool | None = fact(
        "takes a twice-daily or high-dose low molecular weight heparin, or a direct oral anticoagulant",
        question="Any medicine against clotting, and its dose?",
    )
    heparin_over_4_days: bool | None = fact("heparin for more than 4 days", question="Days of heparin so far?")


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


def clotting_facts(case: Case, agents: Sequence[Agent]) -> tuple[ClottingFacts, dict[str, When], dict[str, str]]:
    """Return the facts about all of them, the latest earliest needle time, and the questions that are still open."""
    if case.health.anticoagulants is None:
        return ClottingFacts(), {}, {}
    values = [agent.values for agent in agents]
    states = [str(one["agent.needle"]) if "agent.needle" in one else None for one in values]
    catheters = [str(one["agent.catheter"]) if "agent.catheter" in one else None for one in values]
    lmwh = [one for one in values if one.get("agent.family") == "low_molecular_weight_heparin"]
    facts = ClottingFacts(
        agents=float(len(values)),
        names=[str(one["agent.label"]) for one in values],
        needle=_worst(states, _NEEDLES, _STOPS, "none"),
        needle_open=any(state is None or state not in _BY_TIME for state in states),
        then_needs_words="".join(dict.fromkeys(str(one.get("agent.then_needs_words", "")) for one in values)),
        restart_before_catheter_end=any(agent.restart_too_soon for agent in agents),
        evidence=max((str(one.get("agent.evidence", "read")) for one in values), key=EVIDENCE.index, default="read"),
        catheter=_worst(catheters, ("none", *CATHETERS), ("must_not_stay", "never"), "none"),
        full_dose_or_p2y12=_any(_full_dose(one) for one in values),
        once_daily_lmwh=_any(_and(_is_low(one), _known(one, "agent.once_daily")) for one in lmwh),
        twice_daily_or_direct=_any(
            [_not(_and(_is_low(one), _known(one, "agent.once_daily"))) for one in lmwh]
            + [one.get("agent.family") == "direct_oral" for one in values]
        ),
        heparin_over_4_days=_any(_known(one, "agent.heparin_over_4_days") for one in values),
    )
    needles = [moment for agent in agents if isinstance(moment := agent.moments.get("agent.needle_from"), datetime)]
    open_questions = " ".join(question for agent in agents if (question := agent.questions.get("agent.needle")))
    # While one of them is open, the time of another must not look like the time for all.
    by_time = bool(needles) and not facts.needle_open
    moments: dict[str, When] = {"clotting.needle_from": max(needles, key=datetime.timestamp)} if by_time else {}
    return facts, moments, {"clotting.needle": open_questions} if open_questions else {}


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
        label = entry.drug or "a medicine without a name"
        unknown = AgentFacts(
            label=label,
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
        return Agent(values_of("agent", unknown), {"agent.last_dose": last} if last else {}, {})
    kidney, kidney_lacks = _kidney(case, values)
    written = dose_class(entry, agent)
    raised = counts_as_high(
        entry,
        agent,
        age=_number(values, "patient.age_years"),
        weight=_number(values, "patient.weight_kg"),
        creatinine=_number(values, "labs.creatinine_mg_dl"),
        kidney=kidney,
        p_gp=None if (taken := values.get("medicine.p_gp_inhibitor")) is None else taken is True,
    )
    lacks: list[str] = []
    taken_class = written
    if written == "low" and raised.because:
        taken_class = "high"
    elif written == "low" and raised.lacks:
        lacks += raised.lacks
        taken_class = None
    elif written is None:
        lacks.append("the dose")
    row, row_lacks = _row(agent, taken_class, kidney, _number(values, "patient.age_years"), kidney_lacks)
    lacks += row_lacks
    if route_is_open(entry.drug, entry.dose, agent):
        row = None
        lacks.append("by vein or under the skin")
    to_surgery = hours_between(last, surgery_at) if last and surgery_at else None
    level = _level_ok(entry, agent)
    over_4_days = _heparin_over_4_days(entry, agent, case)
    needle = None
    if row is not None:
        if over_4_days is not False and case.health.labs.platelets is None:
            lacks.append("the platelet count" if over_4_days else "the platelet count, or days of heparin so far")
        state, more = _needle(row, last is not None, to_surgery, surgery_at is not None, level, case)
        if entry.starts_after_surgery:
            # Nothing of it is in the blood yet; restart and catheter still count.
            state, more = "clear", []
        lacks += more
        needle = state if not lacks or state in _STOPS else None
    lacks = list(dict.fromkeys(lacks))
    dose = read_dose(entry.dose)
    moments = _moments(entry, row, case, last, surgery_at, needle)
    needs = _then_needs(row, agent)
    facts = AgentFacts(
        id=agent.id,
        label=agent.label,
        family=agent.family,
        known=True,
        indication=entry.indication,
        dose_class=taken_class,
        counts_as_high=bool(written == "low" and raised.because),
        counted_high_because=raised.because or None,
        once_daily=None if dose.times is None else dose.times == 1,
        loading_dose=entry.loading_dose is True,
        last_dose_known=last is not None,
        hours_since_dose=max(0.0, hours_between(last, now)) if last else None,
        hours_dose_to_surgery=to_surgery,
        hold_hours=_float(row.hold_hours) if row else None,
        hold_hours_least=_float(row.hold_hours_least or row.hold_hours) if row else None,
        needle=needle,
        then_needs=needs,
        then_needs_words=f", and then only with {needs}" if needs else "",
        level_known=level is not None,
        gate=(row.gate or "none") if row else None,
        level_ok=level,
        level_shortens=row.level_shortens if row else None,
        catheter=row.catheter if row else None,
        given_with_catheter_hours=_float(row.given_with_catheter_hours) if row else None,
        restart_after_needle_hours=_float(row.restart_after_needle_hours) if row else None,
        restart_after_removal_hours=_float(row.after_removal_hours(entry.loading_dose is True)) if row else None,
        restart_note=row.restart_note if row else None,
        note=row.note if row else None,
        grade=row.grade if row else None,
        evidence=row.evidence if row else None,
        has_hold=row is not None and row.hold_hours is not None,
        interval_known=row is not None,
        lacks=lacks,
        open=bool(lacks),
        heparin_over_4_days=over_4_days,
        catheter_out_dated="agent.catheter_out_by" in moments,
        restart_dated="agent.restart_from" in moments,
        restart_planned=entry.restart_at is not None,
        restart_too_early=_restart_too_early(entry, moments, case),
    )
    asked = f"{agent.label}: {', '.join(lacks)}?" if lacks else ""
    return Agent(
        values_of("agent", facts),
        moments,
        dict.fromkeys(("agent.needle", "agent.catheter", "agent.level_shortens"), asked) if asked else {},
        _restart_too_soon(entry, row, case, surgery_at),
    )


def _kidney(case: Case, values: Mapping[str, FactValue]) -> tuple[float | None, str]:
    """Return the kidney function that an interval may be chosen by, or what is missing.

    The bands are creatinine clearance; an eGFR alone can hide that a small old person's clearance is far lower. Where
    both are known the lower counts. In acute kidney injury neither says anything.
    """
    if "acute_kidney_injury" in (case.health.conditions or []):
        return None, "stable kidney function"
    if _number(values, "patient.crcl_ml_min") is None:
        return None, CLEARANCE_LACKS
    return _number(values, "health.kidney_ml_min"), ""


def _then_needs(row: Interval | None, agent: Antithrombotic) -> str:
    """Return what is needed before a needle besides the time, in words."""
    if row is None:
        return ""
    if row.needle == "with_level":
        xa = " or an anti-Xa of 0.1 IU/mL or less" if "anti_xa" in agent.levels else ""
        level = "a drug level under 30 ng/mL" if "drug_level" in agent.levels else ""
        return f"{level}{xa}" if level else xa.removeprefix(" or ")
    return GATES.get(row.gate, "")


def _restart_too_soon(entry: Anticoagulant, row: Interval | None, case: Case, surgery_at: datetime | None) -> bool:
    """Whether the planned first dose leaves a catheter less than a day."""
    hours = row.after_removal_hours(entry.loading_dose is True) if row else None
    if entry.restart_at is None or surgery_at is None or hours is None:
        return False
    out_by = hours_later(local(entry.restart_at, case.zone), -float(hours))
    return out_by.timestamp() <= hours_later(surgery_at, _CATHETER_HOURS).timestamp()


def _row(
    agent: Antithrombotic,
    taken_class: str | None,
    kidney: float | None,
    age: float | None,
    kidney_lacks: str,
) -> tuple[Interval | None, list[str]]:
    """Return the interval for a dose class, or what is missing to choose it."""
    if taken_class is None:
        return None, []
    rows = [row for row in agent.rows if row.dose in (taken_class, "any")]
    lacks = []
    if kidney is None and any(row.kidney_from is not None or row.kidney_under is not None for row in rows):
        lacks.append(kidney_lacks)
    if age is None and any(row.age_from is not None or row.age_under is not None for row in rows):
        lacks.append("date of birth")
    if lacks:
        return None, lacks
    # The loader has made sure that exactly one fits.
    return next(row for row in rows if row.fits(kidney, age)), []


def _needle(
    row: Interval, last_known: bool, to_surgery: float | None, dated: bool, level: bool | None, case: Case
) -> tuple[str | None, list[str]]:
    """Return the state of the needle at the time of surgery, and what is missing to know it."""
    if row.needle == "no_restriction":
        return "no_restriction", []
    if row.needle == "never":
        return "forbidden", []
    lacks = []
    if row.hold_hours is not None:
        if not last_known:
            lacks.append("time of the last dose")
        if not dated:
            lacks.append("day and time of surgery")
    hold = float(row.hold_hours or 0)
    least = float(row.hold_hours_least or row.hold_hours or 0)
    early = to_surgery is not None and to_surgery < least
    if early and not (row.level_shortens and level):
        return "too_early", lacks
    if level is False:
        return "gate_failed", lacks
    if row.needle == "with_level" and not level:
        return ("level_needed", []) if not lacks else (None, lacks)
    passed, gate_lacks = _gate(row, case)
    lacks += gate_lacks
    if passed is False:
        return "gate_failed", lacks
    if lacks:
        return None, lacks
    if row.needle == "clinician":
        return "clinician", []
    if to_surgery is not None and to_surgery < hold and not (row.level_shortens and level):
        return "in_range", []
    return "clear", []


def _gate(row: Interval, case: Case) -> tuple[bool | None, list[str]]:
    labs = case.health.labs
    if row.gate == "inr_normal":
        return (None, ["INR"]) if labs.inr is None else (labs.inr <= NORMAL_INR, [])
    if row.gate in ("coagulation_normal", "fibrinogen"):
        answer = labs.coagulation_normal
        wanted = "fibrinogen and clotting tests" if row.gate == "fibrinogen" else "clotting test (aPTT or anti-Xa)"
        return (None, [wanted]) if answer is None else (answer, [])
    if row.gate == "platelet_function":
        answer = labs.platelet_function_normal
        return (None, ["platelet function test"]) if answer is None else (answer, [])
    return True, []


def _level_ok(entry: Anticoagulant, agent: Antithrombotic) -> bool | None:
    """Return whether what is left of the medicine is low enough; a test that does not show it is not read."""
    found = []
    if entry.anti_xa is not None and "anti_xa" in agent.levels:
        found.append(entry.anti_xa <= ANTI_XA_LIMIT)
    if entry.level_ng_ml is not None and "drug_level" in agent.levels:
        found.append(entry.level_ng_ml < LEVEL_LIMIT)
    return all(found) if found else None


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
    if needle in (*_STOPS, "level_needed"):
        # No needle at the time of surgery, so nothing is counted from it.
        found.pop("agent.restart_from", None)
    out_by = found.get("agent.catheter_out_by")
    if surgery_at and isinstance(out_by, datetime) and out_by.timestamp() < surgery_at.timestamp() + 3600:
        del found["agent.catheter_out_by"]
    return found


def _worst(states: Sequence[str | None], order: Sequence[str], certain: Sequence[str], nothing: str) -> str | None:
    """Return the worst state; None while an unknown one could be worse than what is known."""
    known = [state for state in states if state is not None]
    worst = max(known, key=order.index) if known else None
    if len(known) < len(states) and worst not in certain:
        return None
    return worst or nothing


def _full_dose(values: Mapping[str, FactValue]) -> bool | None:
    family = values.get("agent.family")
    if family == "aspirin":
        return False
    if family in ("p2y12", "vitamin_k", "thrombin_inhibitor_iv", "gp_iib_iiia", "thrombolytic"):
        return True
    taken = values.get("agent.dose_class")
    if family in ("other_antiplatelet", None):
        return family is None
    return None if taken is None else taken != "low"


def _is_low(values: Mapping[str, FactValue]) -> bool | None:
    taken = values.get("agent.dose_class")
    return None if taken is None else taken == "low"


def _known(values: Mapping[str, FactValue], name: str) -> bool | None:
    value = values.get(name)
    return value if isinstance(value, bool) else None


def _and(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if any(found):
        return True
    return None if any(answer is None for answer in found) else False


def _number(values: Mapping[str, FactValue], name: str) -> float | None:
    value = values.get(name)
    return value if isinstance(value, float) else None


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
