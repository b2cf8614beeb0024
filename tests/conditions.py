"""Conditions of records, read a second time: a small parser and three-valued judge of its own, and what a comparison hinges on.

The program has its conditions judged by CEL. This module shares nothing with it but the pieces of text, so the two check
each other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.facts.declare import FactKind, FactValue
from planner.words import tokens_of

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
# Facts that take whole numbers only; one unit is 1 there and 0.1 elsewhere.
WHOLE = ("years", "days", "weeks", "ms", "injections", "medicines", "allergies", "doses", "times")


@dataclass(frozen=True)
class Atom:
    """A fact that is asked for yes or no (``is``), compared, one of several words (``in``) or a list that ``has`` a word."""

    fact: str
    sort: str = "is"
    value: float | str | bool | tuple[str | float, ...] = True


@dataclass(frozen=True)
class Join:
    """Several parts joined by "&&", "||" or, alone, by "!"."""

    sort: str
    parts: tuple[Part, ...]


Part = Atom | Join | bool
Values = Mapping[str, FactValue]


def parsed(condition: str) -> Part:
    """Return the tree of a condition."""
    reader = _Reader(tokens_of(condition))
    tree = reader.either()
    assert reader.done(), f"not read to its end: {condition}"
    return tree


def holds(part: Part, values: Values) -> bool | None:
    """Return whether a condition holds; None when what is known does not decide it."""
    if isinstance(part, bool):
        return part
    if isinstance(part, Atom):
        return None if part.fact not in values else _atom_holds(part, values[part.fact])
    answers = [holds(one, values) for one in part.parts]
    if part.sort == "!":
        return None if answers[0] is None else not answers[0]
    deciding = part.sort == "||"
    if deciding in answers:
        return deciding
    return None if None in answers else not deciding


def comparisons(part: Part) -> list[Atom]:
    """Return every comparison of a condition with a number, each once."""
    found = [atom for atom in atoms(part) if atom.sort in COMPARE and isinstance(atom.value, float)]
    return list(dict.fromkeys(found))


def atoms(part: Part) -> Iterator[Atom]:
    if isinstance(part, Atom):
        yield part
    elif isinstance(part, Join):
        for one in part.parts:
            yield from atoms(one)


def unit_of(kind: FactKind, limit: float) -> float:
    """Return the smallest step that an answer can make beside a limit."""
    decimals = -int(Decimal(str(limit)).normalize().as_tuple().exponent)
    if decimals > 1:
        return float(Decimal(1).scaleb(-decimals))
    return 1.0 if kind.unit in WHOLE and decimals < 1 else 0.1


@dataclass(frozen=True)
class Hinge:
    """A comparison, and other facts under which the whole condition hangs on it.

    ``around`` are the values one unit below, at and one unit above the limit.
    """

    atom: Atom
    others: Mapping[str, FactValue]
    around: tuple[float, float, float]

    def flips_between(self) -> tuple[float, float]:
        """Return the two neighbours between which the comparison changes."""
        below, at, above = self.around
        return (below, at) if self.atom.sort in ("<", ">=", "==", "!=") else (at, above)


def hinges(
    tree: Part, atom: Atom, unit: float, kinds: Mapping[str, FactKind], usual: Values, fixed: Values | None = None
) -> Iterator[Hinge]:
    """Yield the ways in which a condition hangs on one comparison, those nearest to the usual values first.

    ``fixed`` facts stay as they are.
    """
    assert isinstance(atom.value, float)
    around = tuple(round(atom.value + step * unit, 6) for step in (-1, 0, 1))
    hinge = Hinge(atom, {}, around)  # type: ignore[arg-type]
    pair = hinge.flips_between()
    search = _Search(atom, pair, kinds, usual, fixed or {}, tree)
    for known in search.deciding(tree, _Known({}, {})):
        yield Hinge(atom, known.values(), hinge.around)


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.place = tokens, 0

    def done(self) -> bool:
        return self.place == len(self.tokens)

    def either(self) -> Part:
        return self._joined("||", lambda: self._joined("&&", self._single))

    def _joined(self, sort: str, one: Callable[[], Part]) -> Part:
        parts = [one()]
        while self._take(sort):
            parts.append(one())
        return parts[0] if len(parts) == 1 else Join(sort, tuple(parts))

    def _single(self) -> Part:
        if self._take("!"):
            return Join("!", (self._single(),))
        if self._take("("):
            inside = self.either()
            assert self._take(")")
            return inside
        sort, token = self._next()
        if sort == "word":
            return token == "true"
        if sort == "text":
            assert self._take("in")
            return Atom(self._next()[1], "has", token[1:-1])
        if self._take("in"):
            assert self._take("[")
            options: list[str | float] = []
            while not self._take("]"):
                options.append(_value(*self._next()))
                self._take(",")
            return Atom(token, "in", tuple(options))
        for compare in COMPARE:
            if self._take(compare):
                given = self._next()
                value = given[1] == "true" if given[0] == "word" else _value(*given)
                return Atom(token, compare, value)
        return Atom(token)

    def _next(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def _take(self, token: str) -> bool:
        if not self.done() and self.tokens[self.place][1] == token:
            self.place += 1
            return True
        return False


def _value(sort: str, token: str) -> str | float:
    return float(token) if sort == "number" else token[1:-1]


def _atom_holds(atom: Atom, value: FactValue) -> bool:
    if atom.sort == "is":
        return value is True
    if atom.sort == "has":
        return isinstance(value, list) and atom.value in value
    if atom.sort == "in":
        assert isinstance(atom.value, tuple)
        return value in atom.value
    return COMPARE[atom.sort](value, atom.value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Known:
    """What was settled so far: facts, and words that a list has or has not."""

    facts: Mapping[str, FactValue]
    members: Mapping[tuple[str, str], bool]

    def values(self) -> dict[str, FactValue]:
        lists: dict[str, list[str]] = {}
        for (fact, word), inside in self.members.items():
            lists.setdefault(fact, [])
            if inside:
                lists[fact].append(word)
        return {**self.facts, **lists}


class _Search:
    """Looks for other facts under which a condition hangs on one comparison, by going back on every wrong turn."""

    def __init__(
        self,
        atom: Atom,
        pair: tuple[float, float],
        kinds: Mapping[str, FactKind],
        usual: Values,
        fixed: Values,
        tree: Part,
    ) -> None:
        self.atom, self.pair, self.kinds, self.usual, self.fixed = atom, pair, kinds, usual, fixed
        self.limits: dict[str, list[float]] = {}
        self.named: dict[str, list[str]] = {}
        for one in atoms(tree):
            options = one.value if isinstance(one.value, tuple) else (one.value,)
            for option in options:
                if isinstance(option, float):
                    self.limits.setdefault(one.fact, []).append(option)
                elif isinstance(option, str):
                    self.named.setdefault(one.fact, []).append(option)

    def deciding(self, part: Part, known: _Known) -> Iterator[_Known]:
        """Yield what must be so that the comparison decides this part: its neighbours neither force nor forbid."""
        if part == self.atom:
            yield known
        elif isinstance(part, Join):
            for place, chosen in enumerate(part.parts):
                if self.atom in atoms(chosen):
                    rest = part.parts[:place] + part.parts[place + 1 :]
                    for settled in self._all(rest, part.sort == "&&", known):
                        yield from self.deciding(chosen, settled)

    def _all(self, parts: tuple[Part, ...], wanted: bool, known: _Known) -> Iterator[_Known]:
        if not parts:
            yield known
            return
        for settled in self._settled(parts[0], wanted, known):
            yield from self._all(parts[1:], wanted, settled)

    def _settled(self, part: Part, wanted: bool, known: _Known) -> Iterator[_Known]:
        """Yield what must be so that a part has the wanted answer on both sides of the limit."""
        if isinstance(part, bool):
            if part is wanted:
                yield known
        elif isinstance(part, Atom):
            yield from self._fact(part, wanted, known)
        elif part.sort == "!":
            yield from self._settled(part.parts[0], not wanted, known)
        elif (part.sort == "&&") is wanted:
            yield from self._all(part.parts, wanted, known)
        else:
            for one in part.parts:
                yield from self._settled(one, wanted, known)

    def _fact(self, atom: Atom, wanted: bool, known: _Known) -> Iterator[_Known]:
        if atom.fact == self.atom.fact:
            if all(_atom_holds(atom, value) is wanted for value in self.pair):
                yield known
            return
        if atom.fact in self.fixed:
            if _atom_holds(atom, self.fixed[atom.fact]) is wanted:
                yield known
            return
        if atom.sort == "has":
            key = (atom.fact, str(atom.value))
            if known.members.get(key, wanted) is wanted:
                yield _Known(known.facts, {**known.members, key: wanted})
            return
        if atom.fact in known.facts:
            if _atom_holds(atom, known.facts[atom.fact]) is wanted:
                yield known
            return
        for value in self._candidates(atom.fact):
            if _atom_holds(atom, value) is wanted:
                yield _Known({**known.facts, atom.fact: value}, known.members)

    def _candidates(self, fact: str) -> list[FactValue]:
        usual = [self.usual[fact]] if fact in self.usual else []
        kind = self.kinds[fact]
        if kind.type is bool:
            return [*usual, False, True]
        if kind.type is float:
            limits = self.limits.get(fact, [])
            steps = [limit + step * unit_of(kind, limit) for limit in limits for step in (0, -1, 1)]
            return [*usual, *steps]
        return [*usual, *self.named.get(fact, []), "another"]
