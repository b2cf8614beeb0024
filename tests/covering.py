"""Rows that show every combination of any two, or any three, of many answers, in as few rows as can be found quickly.

A greedy generator with a fixed seed: each row is built from several attempts, each of which takes the answer that shows the
most combinations not yet seen. The same levels and seed give the same rows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations, product

Row = dict[str, str]
Levels = Mapping[str, Sequence[str]]
ATTEMPTS = 6


def covering_rows(levels: Levels, strength: int, seed: int = 1) -> list[Row]:
    """Return rows in which every combination of ``strength`` answers (2 or 3) stands at least once."""
    if strength not in (2, 3):
        raise ValueError("Only pairs and triples are covered.")
    return _Rows(levels, strength, seed).made()


def missing_combinations(levels: Levels, rows: Sequence[Row], strength: int) -> list[Row]:
    """Return the combinations that no row shows. Counts from the rows alone, apart from how they were made."""
    found = []
    for names in combinations(levels, strength):
        seen = {tuple(row[name] for name in names) for row in rows}
        found += [
            dict(zip(names, values, strict=True))
            for values in product(*(levels[name] for name in names))
            if values not in seen
        ]
    return found


class _Rows:
    """What is still to be shown, as bits: each answer is one bit, so that many combinations are counted at once.

    ``open[a][b]`` holds the bits of the third answers that were not yet seen beside the answers ``a`` and ``b``. For pairs
    the second answers stand under ``open[a][-1]``.
    """

    def __init__(self, levels: Levels, strength: int, seed: int) -> None:
        self.levels = {name: tuple(values) for name, values in levels.items()}
        self.strength = strength
        self.dice = random.Random(seed)
        self.names = list(self.levels)
        self.answers = [(place, value) for place, name in enumerate(self.names) for value in self.levels[name]]
        self.number = {answer: number for number, answer in enumerate(self.answers)}
        self.of_question = [
            [self.number[place, value] for value in self.levels[name]] for place, name in enumerate(self.names)
        ]
        whole = (1 << len(self.answers)) - 1
        own = [sum(1 << number for number in numbers) for numbers in self.of_question]
        self.open: list[dict[int, int]] = []
        for place, _ in self.answers:
            if strength == 2:
                self.open.append({-1: whole & ~own[place]})
                continue
            self.open.append(
                {
                    other: whole & ~own[place] & ~own[self.answers[other][0]]
                    for other in range(len(self.answers))
                    if self.answers[other][0] != place
                }
            )

    def made(self) -> list[Row]:
        rows = []
        while start := self._most_open():
            best = max((self._attempt(start) for _ in range(ATTEMPTS)), key=lambda attempt: attempt[0])[1]
            self._strike_out(best)
            rows.append({self.names[self.answers[number][0]]: self.answers[number][1] for number in best})
        return rows

    def _most_open(self) -> list[int]:
        """Return the answers of a combination that is still open; none when all were seen."""
        counts = [sum(bits.bit_count() for bits in found.values()) for found in self.open]
        most = max(counts)
        if not most:
            return []
        first = self.dice.choice([number for number, count in enumerate(counts) if count == most])
        second = max(self.open[first], key=lambda other: self.open[first][other].bit_count())
        third = self.dice.choice(_bits(self.open[first][second]))
        return [first, third] if second < 0 else [first, second, third]

    def _attempt(self, start: list[int]) -> tuple[int, list[int]]:
        """Return a whole row that holds the start, and how many open combinations it shows."""
        row = list(start)
        bits = sum(1 << number for number in row)
        total = 1
        taken = {self.answers[number][0] for number in row}
        rest = [place for place in range(len(self.names)) if place not in taken]
        self.dice.shuffle(rest)
        for place in rest:
            gains = [self._gain(number, row, bits) for number in self.of_question[place]]
            most = max(gains)
            numbers = self.of_question[place]
            chosen = self.dice.choice([number for number, gain in zip(numbers, gains, strict=True) if gain == most])
            total += most
            row.append(chosen)
            bits |= 1 << chosen
        return total, row

    def _gain(self, number: int, row: list[int], bits: int) -> int:
        open_here = self.open[number]
        if self.strength == 2:
            return (open_here[-1] & bits).bit_count()
        # Each triple is met from both of its other answers.
        return sum((open_here[other] & bits).bit_count() for other in row) // 2

    def _strike_out(self, row: list[int]) -> None:
        bits = sum(1 << number for number in row)
        for number in row:
            open_here = self.open[number]
            for other in [-1] if self.strength == 2 else (one for one in row if one != number):
                open_here[other] &= ~bits


def _bits(value: int) -> list[int]:
    return [number for number in range(value.bit_length()) if value >> number & 1]
