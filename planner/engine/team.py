"""The team by name: who takes each role, and which required roles are still open.

A role without a name and a telephone number is a blank on paper, so a plan with such a required role is not final.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.case import Case
from planner.plan import Contact, Line

# Whoever is on duty takes these on the day of an injury; a plan made before it cannot name them.
_ON_THE_DAY = frozenset({"surgeon", "anesthesiologist", "pain_service", "nursing", "pharmacist"})


def with_people(lines: Sequence[Line], case: Case) -> tuple[Line, ...]:
    """Return the lines on the team with the name and the number of whoever takes the role."""
    return tuple(replace(line, contact=_contact(line.subject, case)) for line in lines)


def open_roles(lines: Sequence[Line], case: Case) -> tuple[str, ...]:
    """Return the required roles that lack a name or a telephone number, by their labels."""
    asked = (line for line in lines if line.required and not (case.kind == "standing" and line.subject in _ON_THE_DAY))
    return tuple(
        line.subject_label for line in asked if line.contact is None or not (line.contact.name and line.contact.phone)
    )


def _contact(role: str, case: Case) -> Contact | None:
    """Return who was named for a role; the prescriber of a medicine stands for addiction care until somebody is."""
    named = getattr(case.team, role, None)
    if named and (named.name or named.phone):
        return Contact(named.name or "", named.phone or "")
    if role == "addiction_specialist":
        prescribers = [entry.prescriber for entry in case.moud or [] if entry.prescriber]
        for prescriber in prescribers:
            if prescriber.name or prescriber.phone:
                return Contact(prescriber.name or "", prescriber.phone or "")
    return None
