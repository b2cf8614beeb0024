"""What is wrong with something a person gave us, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused value.

    ``path`` is the field as the Case file writes it (``moud.0.dose_mg``), ``wrong`` says what is
    wrong with the value, ``right`` what would be accepted instead.
    """

    path: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.path}: {self.wrong} {self.right}"


class Refused(ValueError):
    """Raised when input is refused; ``problems`` holds every reason, in the order of the fields."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
