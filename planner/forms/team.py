"""The step on the team: numbers and people that the hospital's list knows already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from planner import choices
from planner.forms.typed import Typed, first


class Listed(Protocol):
    """Somebody on the hospital's list."""

    @property
    def role(self) -> str:
        """The role, a key of ``choices.TEAM_ROLES``."""

    @property
    def name(self) -> str:
        """A person or a service."""

    @property
    def phone(self) -> str:
        """The number to call."""


def with_numbers(typed: Typed, people: Iterable[Listed]) -> dict[str, list[str]]:
    """Return the answers with the number of each person whose name is on the list under that role, once."""
    found = dict(typed)
    known = list(people)
    for role in choices.TEAM_ROLES:
        name, phone = first(typed, f"team.{role}.name"), first(typed, f"team.{role}.phone")
        same = [one for one in known if one.role == role and one.name.casefold() == name.casefold()]
        if name and not phone and len(same) == 1:
            found[f"team.{role}.phone"] = [same[0].phone]
    return found


def with_only_ones(typed: Typed, people: Iterable[Listed]) -> dict[str, list[str]]:
    """Return the answers with blank roles filled in for which the list knows exactly one person."""
    found = dict(typed)
    known = list(people)
    for role in choices.TEAM_ROLES:
        listed = [one for one in known if one.role == role]
        if len(listed) == 1 and not (first(typed, f"team.{role}.name") or first(typed, f"team.{role}.phone")):
            found[f"team.{role}.name"], found[f"team.{role}.phone"] = [listed[0].name], [listed[0].phone]
    return found


def named(typed: Typed) -> Iterator[tuple[str, str, str]]:
    """Yield role, name and number of each role that has both."""
    for role in choices.TEAM_ROLES:
        name, phone = first(typed, f"team.{role}.name"), first(typed, f"team.{role}.phone")
        if name and phone:
            yield role, name, phone
