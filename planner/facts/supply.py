"""Facts about opioids that go home: what is settled and what is a blank, the state's limit, and ranges that may not apply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner import choices
from planner.case import Case
from planner.catalog import Catalog, StateLimit
from planner.facts.declare import FactValue, fact
from planner.facts.moments import named

_BLANK = "____"
_MOST_DAYS = 7

# Names that no opioid for acute pain at home may have: extended release, patches, methadone, mixed agonist-antagonists.
_NOT_FOR_HOME = re.compile(
    r"\b(er|xr|sr|cr|la|extended|long[- ]acting|slow[- ]release|patch\w*|transdermal|fentanyl|methadone|ms contin|oxycontin|"
    r"nalbuphine|butorphanol|pentazocine)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """What follows from the answers about opioids at home; an open item is a blank to be filled in by hand."""

    stop_on: str | None = fact("stop date of the opioid at home")
    stop_known: bool | None = fact("a stop date of the opioid at home is given")
    slow_named: bool | None = fact("the opioid named for home is long-acting, a patch or a mixed agonist-antagonist")
    quantity: str | None = fact("opioid, strength and quantity")
    prescriber: str | None = fact("the one prescriber of the opioid")
    pdmp: str | None = fact("day on which the PDMP was checked")
    lockbox: str | None = fact("a lockbox")
    holder: str | None = fact("who holds the tablets")
    dispensing: str | None = fact("how the opioid is dispensed")
    disposal: str | None = fact("where leftover opioid goes")
    days: float | None = fact("days of opioid at home", unit="days")
    planned: bool | None = fact("an opioid is to go home")
    over_7_days: bool | None = fact(
        "the stop date is more than 7 days after going home or surgery", question="Stop date of the opioid at home?"
    )
    state_rule: str | None = fact("the state's limit")
    over_state_limit: bool | None = fact(
        "the days of opioid are over what was found of the state's limit",
        question="Stop date of the opioid at home, and in which state is it prescribed?",
    )
    range_applies: bool | None = fact("takes no opioid and no medication for addiction, and uses none")
    tablets: str | None = fact("range of tablets for the operation")
    tablets_traced: bool | None = fact("the range of tablets was seen in its source")
    tablets_listed: bool | None = fact("a range of tablets is listed for the operation")


def supply_facts(case: Case, catalog: Catalog, values: Mapping[str, FactValue]) -> SupplyFacts:
    """Return the facts. ``values`` are those about MOUD, health and recovery of the same Case."""
    opioids = case.opioids
    days = _days(case)
    limit = catalog.states.get(opioids.state or "")
    listed = catalog.pill_ranges.get(case.surgery.procedure or "")
    prescriber = opioids.home_prescriber
    return SupplyFacts(
        stop_known=opioids.home_stop_on is not None,
        slow_named=bool(_NOT_FOR_HOME.search(opioids.home_opioid or "")),
        stop_on=named(opioids.home_stop_on) if opioids.home_stop_on else _BLANK,
        quantity=f"{_whole(opioids.home_quantity)} of {opioids.home_opioid or _BLANK}",
        prescriber=", ".join(filter(None, (prescriber.name, prescriber.phone))) or _BLANK if prescriber else _BLANK,
        # A check before surgery is not the one on the day of the prescription.
        pdmp=f"checked {named(opioids.pdmp_checked_on)}; on the day of the prescription {_BLANK}"
        if opioids.pdmp_checked_on
        else _BLANK,
        lockbox=_BLANK if opioids.lockbox is None else "yes" if opioids.lockbox else "NO: get one first",
        holder=opioids.tablets_held_by or _BLANK,
        dispensing=choices.DISPENSING[opioids.dispensing] if opioids.dispensing else _BLANK,
        disposal=opioids.disposal_at or _BLANK,
        days=days,
        planned=opioids.home_supply is True,
        over_7_days=None if days is None else days > _MOST_DAYS,
        state_rule=_rule(opioids.state, catalog),
        over_state_limit=_over(opioids.state, limit, days),
        # Each part must be known: a range for other people is never printed by default.
        range_applies=values.get("moud.none") is True
        and case.health.medicines is not None
        and values.get("health.opioid_at_home") is False
        and values.get("recovery.recent_or_active_use") is False,
        tablets=listed.tablets if listed else "",
        tablets_traced=bool(listed and listed.traced),
        tablets_listed=listed is not None,
    )


def _days(case: Case) -> float | None:
    """Return on how many days opioid is taken at home: the day of going home and the stop date both count.

    Without a day of going home it is counted from the day after surgery.
    """
    stop, leaves, surgery = case.opioids.home_stop_on, case.going_home.discharge_on, case.surgery.at
    if stop is None:
        return None
    if leaves:
        return float((stop - leaves).days + 1)
    return float((stop - surgery.date()).days) if surgery else None


def _over(state: str | None, limit: StateLimit | None, days: float | None) -> bool | None:
    """Return whether the days are over the limit; unknown without a state or a stop date."""
    if state is None:
        return None
    if limit is None or limit.days is None:
        return False
    return None if days is None else days > limit.days


def _rule(state: str | None, catalog: Catalog) -> str:
    if state is None:
        return "The state is not given: look up its limit before the prescription"
    limit = catalog.states.get(state)
    name = choices.STATES[state]
    if limit is None:
        return f"{name}: no row was found. Look up the limit before the prescription"
    return f"{name}: {limit.rule}, by tables of 2019 to 2022. Verify before use"


def _whole(count: object) -> str:
    return _BLANK + " tablets" if count is None else f"{count} tablets"
