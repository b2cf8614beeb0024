"""What follows from all medicines against clotting together: the worst state, and the time after all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.case import Case
from planner.catalog.antithrombotics import CATHETERS
from planner.facts.clotting.agent import Agent
from planner.facts.clotting.needle import NEEDLE_WORDS, STOPS
from planner.facts.declare import EVIDENCE, FactValue, fact
from planner.facts.moments import When
from planner.facts.values import all_of, answer_of, any_of, negated

# States in which a clock time alone says when a needle may follow.
_BY_TIME = ("none", "no_restriction", "clear", "in_range", "too_early")


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
        needle=_worst(states, tuple(NEEDLE_WORDS), STOPS, "none"),
        needle_open=any(state is None or state not in _BY_TIME for state in states),
        then_needs_words="".join(dict.fromkeys(str(one.get("agent.then_needs_words", "")) for one in values)),
        restart_before_catheter_end=any(agent.restart_too_soon for agent in agents),
        evidence=max((str(one.get("agent.evidence", "read")) for one in values), key=EVIDENCE.index, default="read"),
        catheter=_worst(catheters, ("none", *CATHETERS), ("must_not_stay", "never"), "none"),
        full_dose_or_p2y12=any_of(*(_full_dose(one) for one in values)),
        once_daily_lmwh=any_of(*(_low_once_daily(one) for one in lmwh)),
        twice_daily_or_direct=any_of(
            *(negated(_low_once_daily(one)) for one in lmwh),
            *(one.get("agent.family") == "direct_oral" for one in values),
        ),
        heparin_over_4_days=any_of(*(answer_of(one, "agent.heparin_over_4_days") for one in values)),
    )
    needles = [moment for agent in agents if isinstance(moment := agent.moments.get("agent.needle_from"), datetime)]
    open_questions = " ".join(question for agent in agents if (question := agent.questions.get("agent.needle")))
    # While one of them is open, the time of another must not look like the time for all.
    by_time = bool(needles) and not facts.needle_open
    moments: dict[str, When] = {"clotting.needle_from": max(needles, key=datetime.timestamp)} if by_time else {}
    return facts, moments, {"clotting.needle": open_questions} if open_questions else {}


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


def _low_once_daily(values: Mapping[str, FactValue]) -> bool | None:
    taken = values.get("agent.dose_class")
    return all_of(None if taken is None else taken == "low", answer_of(values, "agent.once_daily"))
