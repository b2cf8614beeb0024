"""The team on paper: each role, what makes it required here, and who takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.documents.numbering import Data


@dataclass(frozen=True, slots=True)
class Role:
    """One role of the team: what makes it required here, and who takes it; an empty name or number is a blank.

    ``on_call`` is a role that is called for pain at any hour and has a name and a number.
    """

    label: str
    required: bool
    because: str
    name: str
    phone: str
    on_call: bool


def roles(plan: Data) -> Iterator[Role]:
    """Yield the roles of the team, the required ones first."""
    for line in sorted(plan["team"], key=lambda line: not line["required"]):
        reasons = dict.fromkeys(reason["short"] for reason in (line, *line["also"]) if reason["short"])
        contact = line["contact"] or {"name": "", "phone": ""}
        name, phone = contact["name"], contact["phone"]
        on_call = bool(line["subject"] == "pain_service" and name and phone)
        yield Role(line["subject_label"], line["required"], "; ".join(reasons), name, phone, on_call)
