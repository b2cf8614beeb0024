"""Facts about recovery: status, months, program, wishes, support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner import choices
from planner.case import Case
from planner.facts.declare import fact

RECENT_USE_DAYS = 30  # design constant: any use within 30 days counts as recent


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """What follows from the answers about recovery."""

    status: str | None = fact("recovery status", question="Recovery status?", words=choices.RECOVERY_STATUSES)
    months: float | None = fact("time in recovery", unit="months", question="In recovery since when?")
    remission: str | None = fact(
        "remission (DSM-5 window)",
        question="Recovery status, or in recovery since when?",
        words={
            "none": "not in remission",
            "early": "early remission (3 to 12 months)",
            "sustained": "sustained remission",
        },
    )
    recent_or_active_use: bool | None = fact("uses now or returned to use within 30 days", question="Recovery status?")
    active_use: bool | None = fact("uses now", question="Recovery status?")
    days_since_opioid_use: float | None = fact(
        "days since the last opioid use", unit="days", question="Last opioid use?"
    )
    status_and_date_disagree: bool | None = fact("recovery status and dates disagree")
    program: str | None = fact("program", question="Which program?", words=choices.PROGRAMS)
    residential: bool | None = fact("lives in a residential program", question="Which program?")
    wishes: str | None = fact(
        "own wish about opioids", question="What does the person wish about opioids?", words=choices.WISHES
    )
    wishes_no_opioids: bool | None = fact("wishes no opioids", question="What does the person wish about opioids?")
    wish_known: bool | None = fact("it is known what the person wishes about opioids")
    wishes_no_mood_altering: bool | None = fact(
        "wishes no medicine that alters mood", question="What does the person wish about opioids?"
    )
    overdose_history: bool | None = fact("has had an overdose", question="Any overdose before?")
    rescue_at_home: bool | None = fact("has a naloxone or nalmefene rescue at home", question="Naloxone at home?")
    has_support_person: bool | None = fact(
        "has a named support person", question="Who can hold the tablets and call for help?"
    )
    practical_help: bool | None = fact("help with housing, child care, transport or insurance is asked for")
    fentanyl: bool | None = fact("has used fentanyl", question="Which substances?")
    alcohol: bool | None = fact("alcohol is among the substances", question="Which substances?")
    benzodiazepines: bool | None = fact("sedatives are among the substances", question="Which substances?")
    stimulants: bool | None = fact("stimulants are among the substances", question="Which substances?")
    gabapentinoids: bool | None = fact("gabapentinoids are among the substances", question="Which substances?")
    ketamine: bool | None = fact(
        "ketamine, PCP or hallucinogens are among the substances", question="Which substances?"
    )
    adulterants: bool | None = fact("the supply may hold xylazine or medetomidine", question="Which substances?")
    tobacco: bool | None = fact("tobacco or nicotine is among the substances", question="Which substances?")


def recovery_facts(case: Case, today: date) -> RecoveryFacts:
    """Return the facts about recovery as of today.

    The DSM-5 windows are 3 to under 12 months (early) and 12 months or longer (sustained); under 3 months is
    not remission (DSMREM). Use within 30 days counts as recent whatever the stated status.
    """
    recovery = case.recovery
    since_use = (today - recovery.last_opioid_use).days if recovery.last_opioid_use else None
    months = _whole_months(recovery.since, today) if recovery.since else None
    recent = _recent(recovery.status, since_use)
    used = None if recovery.substances is None else set(recovery.substances)
    return RecoveryFacts(
        status=recovery.status,
        months=None if months is None else float(months),
        remission=_remission(recovery.status, months, recent),
        recent_or_active_use=recent,
        active_use=None if recovery.status is None else recovery.status == "active_use",
        days_since_opioid_use=None if since_use is None else float(since_use),
        status_and_date_disagree=_disagree(recovery.status, months, since_use),
        program=recovery.program,
        residential=None if recovery.program is None else recovery.program.endswith("_residential"),
        wishes=recovery.wishes,
        wishes_no_opioids=None if recovery.wishes is None else recovery.wishes in ("no_opioids", "no_mood_altering"),
        wish_known=recovery.wishes is not None,
        wishes_no_mood_altering=None if recovery.wishes is None else recovery.wishes == "no_mood_altering",
        overdose_history=recovery.overdose_history,
        rescue_at_home=recovery.naloxone_at_home,
        has_support_person=bool(recovery.support_person and recovery.support_person.name),
        practical_help=bool(recovery.practical_needs),
        fentanyl=_among(used, "fentanyl"),
        alcohol=_among(used, "alcohol"),
        benzodiazepines=_among(used, "benzodiazepines"),
        stimulants=_among(used, "stimulants"),
        gabapentinoids=_among(used, "gabapentinoids"),
        ketamine=_among(used, "ketamine_or_pcp"),
        adulterants=_among(used, "xylazine_or_medetomidine"),
        tobacco=_among(used, "tobacco"),
    )


def _among(used: set[str] | None, substance: str) -> bool | None:
    return None if used is None else substance in used


def _whole_months(start: date, today: date) -> int:
    return (today.year - start.year) * 12 + today.month - start.month - (today.day < start.day)


def _recent(status: str | None, days_since_use: int | None) -> bool | None:
    if days_since_use is not None and days_since_use <= RECENT_USE_DAYS:
        return True
    return None if status is None else status in ("active_use", "recent_return_to_use")


def _remission(status: str | None, months: int | None, recent: bool | None) -> str | None:
    if recent:
        return "none"
    if months is not None:
        return "none" if months < 3 else "early" if months < 12 else "sustained"
    known = {"sustained_remission": "sustained", "early_remission": "early", "under_3_months": "none"}
    return known.get(status) if status else None


def _disagree(status: str | None, months: int | None, days_since_use: int | None) -> bool:
    """Whether the stated status cannot be true with the dates given."""
    if status == "sustained_remission" and months is not None and months < 12:
        return True
    if status == "early_remission" and months is not None and not 3 <= months < 12:
        return True
    if status == "under_3_months" and months is not None and months >= 3:
        return True
    in_remission = status in ("sustained_remission", "early_remission")
    return bool(in_remission and days_since_use is not None and days_since_use < 90)
