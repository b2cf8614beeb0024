"""The hospital's list: who can be called for a role, entered once and offered for every plan."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import sessionmaker

from planner.store.crypto import Keyring, Place
from planner.store.models import PersonRow


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody on the list: ``role`` is a role of the team, ``name`` a person or a service."""

    id: str
    role: str
    name: str
    phone: str

    @property
    def said(self) -> tuple[str, str, str]:
        """What makes two entries the same: role, name and number, whatever the letters' case."""
        return self.role, self.name.casefold(), self.phone


class People:
    """The list in the database; names and numbers are sealed."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        """Use an engine whose tables exist, and the keys of this installation."""
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._keyring = keyring

    def all(self) -> list[ListedPerson]:
        """Return everybody, by role and name."""
        with self._sessions() as session:
            found = [self._opened(row) for row in session.scalars(select(PersonRow))]
        return sorted(found, key=lambda person: (person.role, person.name.casefold(), person.phone, person.id))

    def add(self, people: Iterable[tuple[str, str, str]], now: datetime) -> int:
        """Add people by role, name and number, each once; return how many were new."""
        known = {person.said for person in self.all()}
        added = 0
        with self._sessions.begin() as session:
            for role, name, phone in people:
                person = ListedPerson(uuid.uuid4().hex, role, name, phone)
                if person.said in known:
                    continue
                known.add(person.said)
                content = json.dumps({"name": name, "phone": phone}, ensure_ascii=False).encode()
                sealed = self._keyring.seal(content, Place("people", "contact", person.id))
                session.add(PersonRow(id=person.id, role=role, contact=sealed, added_at=now))
                added += 1
        return added

    def remove(self, person_id: str) -> None:
        """Take somebody off the list; plans that name them stay as they are."""
        with self._sessions.begin() as session:
            session.execute(delete(PersonRow).where(PersonRow.id == person_id))

    def _opened(self, row: PersonRow) -> ListedPerson:
        said = json.loads(self._keyring.open(row.contact, Place("people", "contact", row.id)))
        return ListedPerson(row.id, row.role, said["name"], said["phone"])
