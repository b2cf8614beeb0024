"""What the plan sheet is made of: statements, statements under one label, and parts."""

from __future__ import annotations

from dataclasses import dataclass

from planner.documents.labels import MISUSE_WORDS
from planner.documents.numbering import Data, Shown

# The id under which the knowledge base lists what this project chose itself.
_OWN_CHOICE = "DESIGN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the sheet: a line, several lines that say the same, or several under their names.

    ``of`` names what the statement is about when several lines share it; ``beside`` are the medicines that may be
    given in its place, ``beside_at`` the line where they stand, ``days`` the limit they share. ``cautions`` are the
    numbers of what holds when somebody sets the stop aside.
    """

    numbers: tuple[int, ...]
    verdict: str
    say: str
    cites: tuple[str, ...]
    shown: Shown | None = None
    cut: bool = False
    of: str = ""
    beside: tuple[Entry, ...] = ()
    beside_at: int | None = None
    days: str = ""
    cautions: tuple[int, ...] = ()

    @property
    def cited(self) -> str:
        """The first source by its id; the details name all of them.

        Our own choice is told by the dagger; it is named as a source only where there is none.
        """
        found = [cited for cited in self.cites if cited != _OWN_CHOICE or not self.unverified]
        return found[0] if found else ""

    @property
    def unverified(self) -> bool:
        """Whether the line is not yet traced to its source."""
        return self.shown is not None and self.shown.line["evidence"] == "unverified"

    @property
    def misuse(self) -> str:
        """How far people in recovery misuse the medicine, in a short word; empty where there is nothing to say."""
        return MISUSE_WORDS.get(self.shown.line["misuse"], "") if self.shown else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that follow each other in one paragraph under one label.

    With ``verdict`` they share it; otherwise each has its own.
    """

    heading: str
    entries: tuple[Entry, ...]
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the sheet, or one medicine of the part on MOUD."""

    groups: tuple[Group, ...]
    medicine: Data | None = None
