"""What the patient's sheet shows: only sentences that the plan holds for the patient, in the order a day needs them.

One page is kept where it can be, so not every sentence is printed. The rule:

1. Always: what concerns the medicines for addiction and against clotting, the medicines without opioids that have a
   dose, every dated step, and every sentence about naloxone, an emergency call or a help line.
2. Then, while there is room: one sentence from each group in turn, in the order of ``_GROUPS``, then a second from
   each, and so on. Within a group the plan's own order holds.
3. When the sentences of the first rule alone need a second page, nothing is left out at all.

No sentence is ever cut; what is left out stands on the clinician's paper. What is not decided is not told: a medicine
that stands in for another, one that is only considered, and whatever waits for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from planner import words
from planner.documents.glance import people

Data = Mapping[str, Any]

# Heading on the sheet and the sections of the plan whose sentences stand under it.
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Pain relief without opioids": ("non_opioid", "regional", "local_anesthetic"),
    "If I need an opioid": ("opioids",),
    "In the hospital": ("monitoring", "team"),
    "Going home": ("discharge",),
    "Staying well": ("aftercare",),
}
_ALWAYS = ("conflicts", "moud", "anticoagulant")
_EMERGENCY = re.compile(r"\b911\b")
HELP = re.compile(r"1-800-\d{3}-\d{4}|\b988\b")
_NALOXONE = re.compile(r"naloxone|nalmefene", re.IGNORECASE)

# About how many lines one page has, and how many characters a line; the layout has the last word.
_LINES = 47.0
_LINE_CHARACTERS = 86
_HEADING_LINES = 1.4


# When the plan holds no sentence for the patient on a medicine, the sheet does not pass over it in silence.
NOTHING_SAID = "Your team will tell you what to do with this medicine."


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sentences of the sheet: those that must stand on it, and those that may, in the order they are added."""

    medicines: tuple[tuple[str, tuple[str, ...]], ...]
    days: tuple[tuple[str, tuple[Data, ...]], ...]
    emergency: tuple[str, ...]
    help_lines: tuple[str, ...]
    must: tuple[tuple[str, str], ...]
    may: tuple[tuple[str, str], ...]

    def fitting(self) -> int:
        """Return how many of the optional sentences are likely to fit on one page."""
        room = _LINES - self._fixed_lines()
        named = {group for group, _ in self.must}
        for count, (group, text) in enumerate(self.may):
            room -= _lines(text) + (0 if group in named else _HEADING_LINES)
            named.add(group)
            if room < 0:
                return count
        return len(self.may)

    def groups(self, optional: int) -> list[tuple[str, list[str]]]:
        """Return headings with their sentences: all that must, and the first ``optional`` that may."""
        chosen = {*self.must, *self.may[:optional]}
        found = [
            (name, [text for group, text in (*self.must, *self.may) if group == name and (group, text) in chosen])
            for name in _GROUPS
        ]
        return [(name, texts) for name, texts in found if texts]

    def _fixed_lines(self) -> float:
        """Return about how many lines the title, the call box and the sentences that must stand take."""
        texts = [" ".join((label, *said)) for label, said in self.medicines]
        texts += ["x" * 18 + " ".join(step["what_patient"] for step in steps) for _, steps in self.days]
        texts += [*self.emergency, *self.help_lines, *(text for _, text in self.must)]
        headings = 2 + bool(self.medicines) + bool(self.days) + len({group for group, _ in self.must})
        return sum(map(_lines, texts)) + headings * _HEADING_LINES + 3


def sheet(plan: Data) -> Sheet:
    """Return the sentences that the plan holds for the patient."""
    emergency, helping, must = [], [], []
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in _GROUPS}
    dosed = set(_sentences({"own": [line for line in plan["non_opioid"] if line["dose"]]}, ("own",)))
    for name, sections in _GROUPS.items():
        for text in _sentences(plan, sections):
            if _EMERGENCY.search(text):
                emergency.append(text)
            elif HELP.search(text):
                helping.append(text)
            elif text in dosed or _NALOXONE.search(text):
                must.append((name, text))
            else:
                groups[name].append((name, text))
    turns = zip_longest(*groups.values())
    return Sheet(
        medicines=tuple(_medicines(plan)),
        days=tuple(_days(plan)),
        emergency=tuple(emergency),
        help_lines=tuple(helping),
        must=tuple(must),
        may=tuple(found for turn in turns for found in turn if found),
    )


def view(case: Data, plan: Data, found: Sheet, optional: int) -> dict[str, Any]:
    """Return everything that ``patient.html`` prints, with the first ``optional`` of the optional sentences."""
    return {
        "plan": plan,
        "patient": case["patient"],
        "sheet": found,
        "groups": found.groups(optional),
        "people": [person for person in people(case, plan) if person[1] or person[2]],
        "standing": plan["kind"] == "standing",
        "help_in_spanish": tuple(_help_in_spanish(plan)),
    }


def _sentences(plan: Data, sections: Sequence[str]) -> Iterator[str]:
    """Yield each sentence for the patient once, in the order of the plan."""
    seen = set()
    for section in sections:
        for line in filter(_is_decided, plan[section]):
            for one in (line, *line["also"]):
                text = one["say_patient"]["en"] if one["say_patient"] else ""
                if text and text not in seen:
                    seen.add(text)
                    yield text


def _help_in_spanish(plan: Data) -> Iterator[str]:
    """Yield the help lines as they are told in Spanish, where the plan has them."""
    for line in plan["aftercare"]:
        text = line["say_patient"]["es"] if line["say_patient"] else ""
        if text and HELP.search(text):
            yield text


def _is_decided(line: Data) -> bool:
    """Whether the person is to do what a line says: it leads, is no mere idea for the clinician, and waits for nothing."""
    medicine_to_consider = line["verdict"] == "consider" and line["step"] not in ("", "non_drug")
    return not (line["instead_of"] or line["verdict"] == "ask" or medicine_to_consider)


def _medicines(plan: Data) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each medicine, as it was said, with what the person does; then blood thinners and conflicts."""
    for medicine in plan["summary"]["medicines"]:
        own = [line for line in plan["moud"] if line["medicine"] == medicine["index"]]
        texts = tuple(_sentences({"own": own}, ("own",)))
        yield (
            words.held_together(f"{medicine['label']}, {medicine['dose']}"),
            texts or (NOTHING_SAID,),
        )
    general = {**plan, "moud": [line for line in plan["moud"] if line["medicine"] is None]}
    others = tuple(_sentences(general, _ALWAYS))
    if others:
        yield "", others


def _days(plan: Data) -> Iterator[tuple[str, tuple[Data, ...]]]:
    """Yield the days on which the patient has something to do, with the steps; the operation is one of them."""
    undecided = {line["id"] for line in plan["non_opioid"] if not _is_decided(line)}
    grouped: dict[str, list[Data]] = {}
    for step in plan["timeline"]:
        if step["line_id"] in undecided:
            continue
        if step["line_id"] == "surgery":
            step = {**step, "what_patient": "My surgery."}
        if step["what_patient"]:
            grouped.setdefault((step["at"] or step["on"])[:10], []).append(step)
    for day, steps in grouped.items():
        yield day, tuple(steps)


def _lines(text: str) -> float:
    return 0.15 - (-len(text) // _LINE_CHARACTERS)
