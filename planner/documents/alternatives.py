"""Medicines that stand in for another: beside their leader and in few words, so that nobody gives both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from planner import words
from planner.documents.entries import Entry
from planner.documents.numbering import Data, Shown

NEVER_BESIDE = "In its place, never beside it"

# Beside which line of the leader its stand-ins are printed, by phase: the first that exists.
_BESIDE = ("ward", None, "recovery_room", "during", "before", "home")

# Said once at the top of the sheet for every limit of a day.
ALL_ROUTES = " over all routes and products"
# A condition with one of these words stands beside the dose; the others, and remarks, stand in the details.
_HARD = re.compile(r"\b(?:not?|never|only|once|until|unless|except)\b", re.IGNORECASE)
_GIVE = re.compile(r",?\s*\b(?:give|take)\s*$", re.IGNORECASE)


def beside_leaders(lines: Sequence[Shown]) -> dict[int, list[Shown]]:
    """Return the stand-ins by the number of the leader's line; one whose leader has no line stays alone."""
    found: dict[int, list[Shown]] = {}
    for shown in lines:
        if shown.line["instead_of"] and (own := leaders_of(str(shown.line["instead_of"]), lines)):
            found.setdefault(own[0].number, []).append(shown)
    return found


def led(together: Sequence[Entry], beside: Mapping[int, Sequence[Shown]], kept: Sequence[Shown]) -> tuple[Entry, ...]:
    """Return the entries of one label, leaders with their stand-ins or with the number of the line that has them."""
    numbers = {number for entry in together for number in entry.numbers}
    found = []
    for entry in together:
        line = entry.shown.line if entry.shown else {}
        stand_ins = beside.get(entry.numbers[0], ())
        leaders = leaders_of(line["subject_label"], kept)[:1] if line else []
        elsewhere = [shown for shown in leaders if shown.number in beside and shown.number not in numbers]
        if stand_ins:
            days = same_days([shown.line for shown in stand_ins])
            entry = replace(entry, beside=_stand_ins(stand_ins, days), days=days)
        elif elsewhere and entry.verdict == elsewhere[0].line["verdict"]:
            entry = replace(entry, beside_at=elsewhere[0].number)
        found.append(entry)
    return tuple(found)


def _stand_ins(found: Sequence[Shown], days: str) -> tuple[Entry, ...]:
    """Return the stand-ins, those that are given in the same way one after the other, the same dose once.

    One without a dose is told by its number, after all others. ``days`` is told for all of them.
    """
    by_way: dict[str, dict[str, list[Shown]]] = {}
    ways: dict[tuple[str, str], str] = {}
    rest: list[int] = []
    for shown in found:
        said = in_words(shown.line, days)
        way = ways.get((shown.line["subject"], said)) or condition_of(shown.line)
        if not way:
            rest.append(shown.number)
            continue
        ways[shown.line["subject"], said] = way
        by_way.setdefault(way, {}).setdefault(said, []).append(shown)
    entries = [
        Entry(
            tuple(shown.number for shown in same), same[0].line["verdict"], said, (), same[0], of="" if place else way
        )
        for way, doses in by_way.items()
        for place, (said, same) in enumerate(doses.items())
    ]
    return (*entries, Entry(tuple(rest), "", "others in the details", (), cut=True)) if rest else tuple(entries)


def leaders_of(label: str, lines: Sequence[Shown]) -> list[Shown]:
    """Return the lines of a leader, the one first beside which its stand-ins are printed."""
    own = [
        shown
        for shown in lines
        if shown.line["subject_label"] == label
        and shown.line["verdict"] in ("recommend", "do", "consider", "ask")
        and shown.owner is None
    ]
    return sorted(own, key=lambda shown: _BESIDE.index(shown.line["phase"]))


def condition_of(line: Data) -> str:
    """Return how and when a stand-in is given: "by vein, only when tablets cannot be taken"."""
    say, dose = str(line["say"]), line["dose"]
    if not dose or dose["words"] not in say:
        return ""
    condition = _condition(say.partition(dose["words"])[0], short_name(line))
    route = str(dose["route"]).partition(" as ")[0]
    return f"{route}, {_lower(condition)}" if _HARD.search(condition) else route


def same_days(lines: Sequence[Data]) -> str:
    """Return the limit of days that all stand-ins with a dose share: "5 days at most, last on Sat 12 Dec 2026"."""
    days = {_days(line["dose"]) for line in lines if line["dose"]}
    return days.pop() if len(days) == 1 else ""


def in_words(line: Data, told: str = "") -> str:
    """Return name, dose and limits of a stand-in: "ketorolac 15 mg every 6 hours (at most 60 mg a day, …)".

    Route and condition stand before several of them (``condition_of``); remarks after the dose stand in the details.
    ``told`` is a limit of days that stands above all of them.
    """
    say, dose = str(line["say"]), line["dose"]
    if not dose or dose["words"] not in say:
        return _lower(say[: _end(say)])
    if dose["amount"] is None or (dose["every_hours"] is None and dose["words"].count(",")):
        return f"{short_name(line)} {dose['words'].replace(ALL_ROUTES, '')}"
    given = f"{short_name(line)} {words.measured(dose['amount'], dose['unit'])}"
    given += f" every {words.measured(dose['every_hours'], 'hours')}" if dose["every_hours"] else " once"
    limits = []
    if dose["daily_max"] is not None:
        limits.append(f"at most {words.measured(dose['daily_max'], dose['unit'])} a day")
    if _days(dose) and _days(dose) != told:
        limits.append(_days(dose))
    return given + (f" ({', '.join(limits)})" if limits else "")


def _days(dose: Data) -> str:
    parts = [f"{words.measured(dose['days_at_most'], 'days')} at most"] if dose["days_at_most"] else []
    parts += [f"last on {words.day(date.fromisoformat(dose['last_day']))}"] if dose["last_day"] else []
    return ", ".join(parts)


def short_name(line: Data) -> str:
    """Return the name of a medicine without its route: "ketorolac"; the dose says the route."""
    return _lower(str(line["subject_label"]).partition(" by ")[0])


def _condition(before: str, name: str) -> str:
    """Return what must hold, from the words before the dose: "only when tablets cannot be taken"."""
    text = re.sub(rf"\b{re.escape(name)}\s*$", "", before, flags=re.IGNORECASE).rstrip(" :")
    return _GIVE.sub("", text).strip(" ,:")


def _end(say: str) -> int:
    """Return where the first sentence ends, without its full stop."""
    end = say.find(". ")
    return end if end > 0 else len(say.rstrip("."))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
