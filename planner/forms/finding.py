"""Finding an operation by what a person types: its name, an abbreviation, everyday words, a slip of the keyboard.

What was typed is kept beside the operation as ``surgery.procedure.find`` until an operation is chosen for it. The
script of the page searches the same way while one types; this search serves without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from planner.catalog import Procedure
from planner.forms.typed import FIND, Typed, first

OPERATION, TYPED = "surgery.procedure", "surgery.procedure_text"
NOT_LISTED = "other"
MATCHES_AT_MOST = 12

_FILLER = frozenset(
    ("a", "an", "and", "for", "in", "my", "of", "on", "op", "operation", "procedure", "surgery", "the", "to", "with")
)
_LONGEST_SEARCH = 200
# A word that more operations share, such as "repair", tells nothing when it is the only one that fits.
_SHARED_BY_MANY = 8


@dataclass(frozen=True, slots=True)
class Match:
    """An operation that may be meant, and the other name by which it was found. ``whole``: every word fits."""

    id: str
    label: str
    by: str
    whole: bool


def matches(text: str, procedures: Mapping[str, Procedure]) -> list[Match]:
    """Return the operations that may be meant, the likeliest first; names with the very words come before parts."""
    text = text[:_LONGEST_SEARCH]
    wanted = _wanted(text)
    listed = [one for one in procedures.values() if one.id != NOT_LISTED]
    ranked = [(rank, one, by) for one in listed if (found := _rank(text, wanted, one)) for rank, by in (found,)]
    whole = bool(ranked)
    if not whole:
        ranked = list(_partly(wanted, listed)) or list(_misspelled(wanted, listed))
    ranked.sort(key=lambda item: (item[0], item[1].label))
    return [Match(one.id, one.label, by, whole) for _, one, by in ranked[:MATCHES_AT_MOST]]


def only_one_meant(text: str, procedures: Mapping[str, Procedure]) -> str:
    """Return the id of the operation with exactly this name when no other may be meant; else nothing.

    "Hernia repair" is a name of one operation and part of the names of others, so it is asked back.
    """
    labels = [one.id for one in procedures.values() if one.id != NOT_LISTED and _same(text, one.label)]
    if len(labels) == 1:
        return labels[0]
    found = matches(text, procedures)
    return (
        found[0].id if len(found) == 1 and any(_same(text, name) for name in names_of(procedures[found[0].id])) else ""
    )


def names_of(procedure: Procedure) -> tuple[str, ...]:
    """Return every name of an operation as people read it, its label first; abbreviations in capitals."""
    return (procedure.label, *(name.upper() if len(name) <= 4 else name for name in procedure.synonyms))


def chosen(typed: Typed, procedure_id: str) -> dict[str, list[str]]:
    """Return the answers with an operation of the list in place of what was searched for."""
    return {**_without_search(typed), OPERATION: [procedure_id]}


def as_typed(typed: Typed) -> dict[str, list[str]]:
    """Return the answers with what was searched for as the name of an operation that is not on the list."""
    return {**chosen(typed, NOT_LISTED), TYPED: [first(typed, OPERATION + FIND)]}


def settled_search(sent: Typed, before: Typed, procedures: Mapping[str, Procedure]) -> dict[str, list[str]]:
    """Return the answers without a search that is over: its text names one operation, or the list was used instead.

    Args:
        sent: the answers as they are now.
        before: the answers as they were when the page was made.
        procedures: the operations of the catalog.
    """
    text = first(sent, OPERATION + FIND)
    if not text:
        return dict(sent)
    operation = first(sent, OPERATION)
    if operation and operation != first(before, OPERATION):
        return _without_search(sent)
    meant = only_one_meant(text, procedures)
    return chosen(sent, meant) if meant else dict(sent)


def _without_search(typed: Typed) -> dict[str, list[str]]:
    return {name: values for name, values in typed.items() if name != OPERATION + FIND}


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _wanted(text: str) -> list[str]:
    """Return the words that a name must have; a plural finds the singular, and filler counts only when it is alone."""
    found = _words(text)
    telling = [word for word in found if word not in _FILLER] or found
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in telling]


def _same(text: str, name: str) -> bool:
    """Whether both are the same but for case, spaces, hyphens and accents: "C section" is "c-section"."""
    squeezed = "".join(_words(text))
    return bool(squeezed) and squeezed == "".join(_words(name))


def _begins_a_word(wanted: Iterable[str], words: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _rank(text: str, wanted: list[str], procedure: Procedure) -> tuple[int, str] | None:
    """Return how well an operation fits (0 best) and by which other name; None when a word of the text is missing."""
    if not wanted:
        return None
    best: tuple[int, str] | None = None
    for place, name in enumerate(names_of(procedure)):
        if _same(text, name):
            rank = 0
        elif "".join(_words(name)).startswith("".join(_words(text))):
            rank = 1
        elif _begins_a_word(wanted, _words(name)):
            rank = 2
        else:
            continue
        if best is None or rank < best[0]:
            best = (rank, name if place else "")
    if best is None and _begins_a_word(wanted, _words(" ".join(names_of(procedure)))):
        return (3, "")
    return best


_Ranked = Iterator[tuple[int, Procedure, str]]


def _partly(wanted: list[str], procedures: list[Procedure]) -> _Ranked:
    """Yield the operations that have at least one of the telling words, those with most of them first."""
    words = {one.id: _words(" ".join(names_of(one))) for one in procedures}
    having = [
        {one for one, named in words.items() if _begins_a_word([word], named)} for word in wanted if len(word) >= 3
    ]
    telling = [found for found in having if len(found) <= _SHARED_BY_MANY]
    for one in procedures:
        count = sum(one.id in found for found in telling)
        if count:
            yield -count, one, ""


def _misspelled(wanted: list[str], procedures: Iterable[Procedure]) -> _Ranked:
    """Yield the operations that have a word spelled nearly like one of these, the nearest first."""
    for one in procedures:
        words = _words(" ".join(names_of(one)))
        near = [
            SequenceMatcher(None, word, found[0]).ratio()
            for word in wanted
            if len(word) >= 4 and (found := get_close_matches(word, words, n=1, cutoff=0.75))
        ]
        if near:
            yield -int(max(near) * 100), one, ""
