"""Papers for an emergency team that has never met the person: the standing plan on one page, and the wallet card.

Every sentence is a line of the Plan; what is chosen here is which of them stand where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner import words
from planner.documents import glance, roles
from planner.documents.numbering import Data, Shown, numbered

_STOPS = ("never", "avoid")
_DO = ("do", "call", "recommend", "caution", "restart", "ask", "hold", "continue_with_change")

# Parts of a medicine's care that matter on the day of an injury.
_DAY_PARTS = ("verify", "day_of", "after")
# What is watched and how breathing is brought back.
_WATCH = ("blockade_watch", "oximetry", "reversal", "stop_triggers")

# What the card says of naloxone comes from this subject's short wording.
_NALOXONE = "reversal"
# What stands at the head of the sheet is the short wording of the line on carrying it.
_CARRIED = "standing_plan"


@dataclass(frozen=True, slots=True)
class Taken:
    """One medicine for addiction: its decision, what is taken, and the day of the last injection that is known."""

    label: str
    dose: str
    last: str
    decision: str
    headline: str
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement on the sheet with the number of its line in the details."""

    number: int
    verdict: str
    say: str
    dagger: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody to call; an empty name or number is a blank."""

    role: str
    name: str
    phone: str


def sheet(case: Data, plan: Data, optional: int | None = None) -> dict[str, Any]:
    """Return what ``standing.html`` prints; ``optional`` is how many of the lines that may be left out stay."""
    plan = glance.for_paper(plan)
    lines = [shown for shown in numbered(plan) if not shown.owner]
    must, may = _chosen(lines)
    kept = {shown.number for shown in (*must, *(may if optional is None else may[:optional]))}
    found = [shown for shown in lines if shown.number in kept]
    medicines = tuple(taken(case, plan))
    said = {medicine.headline for medicine in medicines}
    return {
        "plan": plan,
        "patient": case["patient"],
        "facts": tuple(glance.key_facts(case)),
        "taken": medicines,
        "takes_none": case["moud"] == [],
        "do": tuple(
            _entry(shown) for shown in found if shown.line["verdict"] not in _STOPS and shown.line["say"] not in said
        ),
        # What the list of stops says already is not told twice.
        "do_not": tuple(
            _entry(shown)
            for shown in found
            if shown.line["verdict"] in _STOPS
            and shown.line["short"] not in plan["summary"]["never"]
            and shown.line["say"] not in said
        ),
        "never": tuple(_never_of_moud_first(plan)),
        "first": next((line["short"] for line in plan["discharge"] if line["subject"] == _CARRIED), ""),
        "callers": tuple(callers(case, plan)),
        "valid_until": valid_until(plan),
        "left_out": len(may) - (len(may) if optional is None else optional),
        "can_leave_out": len(may),
    }


def _chosen(lines: Sequence[Shown]) -> tuple[list[Shown], list[Shown]]:
    """Return the lines that must stand on the sheet, and those that may, the most important first."""
    must: list[Shown] = []
    may: list[Shown] = []
    for shown in lines:
        rank = _rank(shown)
        if rank:
            (must if rank == _MUST else may).append(shown)
    return must, may


_MUST, _MAY = 2, 1


def _rank(shown: Shown) -> int:
    """Return whether a line must stand on the sheet, may, or does not."""
    line, place, verdict = shown.line, shown.place, shown.line["verdict"]
    if place == "moud":
        if line["part"] in _DAY_PARTS:
            return _MUST if verdict in (*_DO, *_STOPS) else 0
        if line["part"] == "red_flag" and verdict == "never":
            return _MUST
        return _MAY if line["part"] in ("call", "restart", "red_flag") and verdict in _DO else 0
    if place == "opioids":
        wanted = line["part"] != "disagreement" and verdict in ("recommend", *_STOPS, "caution")
        return 0 if not wanted else _MUST if line["id"].startswith("rescue-") else _MAY
    return {
        "conflicts": _MUST if verdict in (*_STOPS, "call", "caution") else 0,
        "regional": _MUST if verdict in ("recommend", "do") else 0,
        "anticoagulant": _MAY if verdict in (*_STOPS, "call", "caution") else 0,
        "monitoring": _MUST if line["subject"] in _WATCH and verdict in ("do", "caution") else 0,
        "backbone": _MUST
        if verdict == "never" or (verdict in ("recommend", "do") and line["dose"] and line["phase"] != "home")
        else 0,
        "not_started": _MUST if verdict == "never" else 0,
    }.get(place, 0)


def _entry(shown: Shown) -> Entry:
    line = shown.line
    return Entry(shown.number, line["verdict"], line["say"], line["evidence"] == "unverified")


def taken(case: Data, plan: Data) -> Iterator[Taken]:
    """Yield each medicine with the day of the last injection, as the answers give it."""
    entries = case["moud"] or []
    for medicine in plan["summary"]["medicines"]:
        entry = entries[medicine["index"]]
        # A daily dose is taken again tomorrow; only the day of an injection is still true when the paper is read.
        injected = entry["last_injection_on"]
        last = f"last known injection {words.day(date.fromisoformat(injected))}" if injected else ""
        decision, say = _on_the_day(medicine, plan)
        yield Taken(medicine["label"], medicine["dose"], last, decision, say, medicine["incomplete"])


def _on_the_day(medicine: Data, plan: Data) -> tuple[str, str]:
    """Return what to do with a medicine on the day of an injury: its strongest line for that day, else the decision.

    Without an injury a standing plan goes on with naltrexone; on that day the word would mislead.
    """
    if medicine["decision"] != "stop_and_ask":
        own = [line for line in plan["moud"] if line["medicine"] == medicine["index"] and line["part"] == "day_of"]
        for verdict in (*_STOPS, "do"):
            for line in own:
                if line["verdict"] == verdict:
                    return verdict, line["say"]
    return medicine["decision"], medicine["headline"]


def callers(case: Data, plan: Data) -> Iterator[Caller]:
    """Yield prescribers, the support person, and the roles of the team that are named and answer calls."""
    for role, name, phone in glance.people(case, plan):
        yield Caller(role, name, phone)
    known = {(name, phone) for _, name, phone in glance.people(case, plan)}
    for member in roles.roles(plan):
        if member.name and member.phone and (member.name, member.phone) not in known:
            yield Caller(member.label, member.name, member.phone)


def _never_of_moud_first(plan: Data) -> Iterator[str]:
    """Yield the stops of the glance, those about medicines for addiction first, without the "No" or "Never" that the heading says."""
    first = {line["short"] for name in ("conflicts", "moud") for line in plan[name]}
    for said in sorted(dict.fromkeys(plan["summary"]["never"]), key=lambda said: said not in first):
        yield re.sub(r"^(No|Never|Do not) ", "", said).rstrip(".")


def valid_until(plan: Data) -> str:
    """Return the ISO day on which a standing plan is due for review; empty for any other plan."""
    return next((step["on"] for step in plan["timeline"] if step["line_id"] == "standing-review"), "")


@dataclass(frozen=True, slots=True)
class Room:
    """How much stands on the card: type size in pt, and at most how many stops and telephone numbers."""

    size: float
    stops: int
    numbers: int


# From the roomiest. Medicines, doses and allergies are on every one of them.
ROOMS = (
    Room(8, 12, 5),
    Room(7.5, 12, 4),
    Room(7, 10, 4),
    Room(7, 8, 3),
    Room(7, 6, 3),
    Room(7, 5, 2),
    Room(7, 5, 1),
)


def wallet(case: Data, plan: Data, room: Room, *, fits: bool = True) -> dict[str, Any]:
    """Return what ``wallet.html`` prints on both sides of the card, with as much as there is room for.

    Where nothing ``fits`` the card is left out, and the large copy, which has everything, says so.
    """
    plan = glance.for_paper(plan)
    never = tuple(_never_of_moud_first(plan))
    numbers = tuple(one for one in callers(case, plan) if one.name or one.phone)
    rescue = next((line["short"] for line in plan["monitoring"] if line["subject"] == _NALOXONE and line["short"]), "")
    return {
        "plan": plan,
        "patient": case["patient"],
        "allergies": dict(glance.key_facts(case))["Allergies"],
        "taken": tuple(taken(case, plan)),
        "takes_none": case["moud"] == [],
        "never": never[: room.stops],
        "more_never": len(never) > room.stops,
        "numbers": numbers[: room.numbers],
        "more_numbers": len(numbers) > room.numbers,
        "rescue": rescue,
        "valid_until": valid_until(plan),
        "size": room.size,
        "fits": fits,
    }
