"""Facts about all medicines for addiction together: what is taken, what contradicts, how opioids will act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.facts.declare import fact
from planner.facts.entries import ANTAGONIST_STATES, EntryFacts


@dataclass(frozen=True, slots=True)
class MoudFacts:
    """What follows from all entries together."""

    known: bool | None = fact("it is known which medicines for addiction are taken")
    none: bool | None = fact("takes no medicine for addiction", question="Which medicines for addiction, if any?")
    unknown: bool | None = fact("the regimen is not known")
    any: bool | None = fact("takes a medicine for addiction", question="Which medicines for addiction, if any?")
    buprenorphine: bool | None = fact("takes buprenorphine", question="Which medicines for addiction, if any?")
    methadone: bool | None = fact("takes methadone", question="Which medicines for addiction, if any?")
    agonist: bool | None = fact("takes buprenorphine or methadone", question="Which medicines for addiction, if any?")
    antagonist: bool | None = fact(
        "takes naltrexone or another opioid blocker", question="Which medicines for addiction, if any?"
    )
    alcohol_medicine: bool | None = fact(
        "takes a medicine for alcohol use disorder", question="Which medicines for addiction, if any?"
    )
    in_treatment: bool | None = fact(
        "is in treatment with a medicine", question="Which medicines for addiction, if any?"
    )
    own_strengths: bool | None = fact("takes a buprenorphine product whose mg differ from film mg")
    hold_chosen: bool | None = fact("a clinician chose to hold a medicine")
    count: float | None = fact("number of medicines listed", unit="medicines")
    products: list[str] | None = fact("products", question="Which medicines for addiction, if any?")
    regimens: list[str] | None = fact("regimens", question="Which medicines for addiction, if any?")
    agonist_and_antagonist: bool | None = fact("an opioid medicine and an opioid blocker are both listed")
    two_agonists: bool | None = fact("two opioid medicines are both listed")
    repeated: bool | None = fact("the same medicine is listed twice with different details")
    same_drug_twice: bool | None = fact("two daily products of the same drug are listed")
    buprenorphine_film_mg: float | None = fact(
        "buprenorphine a day, in film equivalents", unit="mg a day", question="Buprenorphine product, total mg a day?"
    )
    antagonist_state: str | None = fact(
        "opioid blockade on the day it matters",
        question="Date and time of the last naltrexone dose?",
        words=ANTAGONIST_STATES,
    )
    blocked_or_partial: bool | None = fact(
        "opioids are blocked, wholly or in part", question="Date and time of the last naltrexone dose?"
    )
    worn_off: bool | None = fact("naltrexone has worn off", question="Date and time of the last naltrexone dose?")
    tolerant: bool | None = fact("is tolerant to opioids", question="Which medicines for addiction, if any?")
    doses_missed: bool | None = fact(
        "doses of an opioid medicine were missed", question="Date and time of the last dose?"
    )
    all_documented: bool | None = fact("every hold of an opioid medicine is documented")


def moud_facts(entries: Sequence[EntryFacts] | None) -> MoudFacts:
    """Return the facts about all entries; ``None`` when it is not known whether there are any."""
    if entries is None:
        return MoudFacts(
            known=False,
            unknown=True,
            count=0.0,
            agonist_and_antagonist=False,
            two_agonists=False,
            repeated=False,
            same_drug_twice=False,
        )
    groups = [entry.group for entry in entries]
    unsure = "unknown" in groups
    agonists = [group for group in groups if group in ("buprenorphine", "methadone", "slow_release_morphine")]
    regimens = [(entry.regimen, entry.product) for entry in entries]
    return MoudFacts(
        known=not unsure,
        none=None if unsure else not entries,
        unknown=unsure,
        any=True if set(groups) - {"unknown"} else None if unsure else False,
        buprenorphine=_some(groups, unsure, "buprenorphine"),
        methadone=_some(groups, unsure, "methadone"),
        agonist=_some(groups, unsure, "buprenorphine", "methadone", "slow_release_morphine"),
        antagonist=_some(groups, unsure, "antagonist"),
        alcohol_medicine=True if any(entry.for_aud for entry in entries) else _some(groups, unsure, "alcohol"),
        in_treatment=_in_treatment(entries, unsure),
        own_strengths=any(entry.own_strengths for entry in entries),
        hold_chosen=any(entry.hold_chosen for entry in entries),
        count=float(len(entries)),
        products=[entry.product or "" for entry in entries],
        regimens=sorted({entry.regimen or "" for entry in entries}),
        agonist_and_antagonist=bool(agonists) and "antagonist" in groups,
        two_agonists=len(set(agonists)) > 1,
        repeated=len(regimens) != len(set(regimens)),
        same_drug_twice=_same_drug_twice(entries),
        buprenorphine_film_mg=_total_film(entries),
        antagonist_state=_worst_state(entries),
        blocked_or_partial=_blocked(entries, unsure),
        worn_off=_worn_off(entries, unsure),
        tolerant=_some(groups, unsure, "buprenorphine", "methadone", "slow_release_morphine"),
        doses_missed=_missed(entries, unsure),
        all_documented=all(entry.hold_documented for entry in entries if entry.hold_chosen),
    )


def _same_drug_twice(entries: Sequence[EntryFacts]) -> bool:
    """Whether two daily products of buprenorphine for addiction, or two of methadone, are listed."""
    daily = [
        entry.group for entry in entries if entry.regimen in ("buprenorphine_sl", "methadone_otp", "methadone_pain")
    ]
    return len(daily) != len(set(daily))


def _some(groups: Sequence[str | None], unsure: bool, *wanted: str) -> bool | None:
    if any(group in wanted for group in groups):
        return True
    return None if unsure else False


def _in_treatment(entries: Sequence[EntryFacts], unsure: bool) -> bool | None:
    """A person on naltrexone is in treatment too; weight-loss tablets or a pain patch are not treatment."""
    agonists = [entry for entry in entries if entry.group in ("buprenorphine", "methadone", "slow_release_morphine")]
    if any(entry.indication not in ("pain", "other") for entry in agonists):
        return True
    if any(entry.regimen in ("naltrexone_oral", "naltrexone_xr") for entry in entries):
        return True
    return None if unsure else False


def _total_film(entries: Sequence[EntryFacts]) -> float | None:
    sublingual = [entry for entry in entries if entry.regimen == "buprenorphine_sl"]
    if not sublingual:
        return None
    known = [entry.film_mg for entry in sublingual if entry.film_mg is not None]
    return sum(known) if len(known) == len(sublingual) else None


def _worst_state(entries: Sequence[EntryFacts]) -> str | None:
    """Return the strongest blockade of all antagonists; None when one of them is not known."""
    antagonists = [entry for entry in entries if entry.group == "antagonist"]
    states = [entry.state for entry in antagonists]
    for state in ("blocked", "partial"):
        if state in states:
            return state
    if not antagonists or None in states:
        return None
    return "waned_sensitive" if "waned_sensitive" in states else "cleared"


def _blocked(entries: Sequence[EntryFacts], unsure: bool) -> bool | None:
    state = _worst_state(entries)
    if state:
        return state in ("blocked", "partial")
    return None if unsure or any(entry.group == "antagonist" for entry in entries) else False


def _worn_off(entries: Sequence[EntryFacts], unsure: bool) -> bool | None:
    state = _worst_state(entries)
    if state:
        return state in ("waned_sensitive", "cleared")
    return None if unsure or any(entry.group == "antagonist" for entry in entries) else False


def _missed(entries: Sequence[EntryFacts], unsure: bool) -> bool | None:
    daily = [entry for entry in entries if entry.regimen in ("buprenorphine_sl", "methadone_otp", "methadone_pain")]
    if any((entry.missed_days or 0) >= 1 or (entry.missed_in_last_7_days or 0) >= 1 for entry in daily):
        return True
    return None if unsure or any(entry.missed_days is None for entry in daily) else False
