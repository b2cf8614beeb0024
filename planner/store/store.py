"""Reading and writing drafts, plans and papers. Each method is one transaction: all of it happens, or nothing."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from planner.store.crypto import Keyring, Place, Unreadable
from planner.store.models import DocumentRow, DraftRow, PlanRow
from planner.store.values import Draft, DraftEntry, PlanEntry, SavedPlan, Typed


class Changed(Exception):
    """Raised when a draft was saved elsewhere in the meantime."""


class Store:
    """The database and the keys to what it holds."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        """Use an engine whose tables exist, and the keys of this installation."""
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._keyring = keyring

    # --- drafts --------------------------------------------------------------------------------------------------

    def new_draft(self, typed: Typed, step: str, now: datetime, replaces: str | None = None) -> str:
        """Start a draft and return its id; ``replaces`` names the plan it will take the place of."""
        draft_id = uuid.uuid4().hex
        with self._sessions.begin() as session:
            session.add(
                DraftRow(
                    id=draft_id,
                    answers=self._seal("drafts", "answers", draft_id, dict(typed)),
                    step=step,
                    replaces=replaces,
                    created_at=now,
                    updated_at=now,
                )
            )
        return draft_id

    def draft(self, draft_id: str) -> Draft | None:
        """Return a draft, or None when it does not exist."""
        with self._sessions() as session:
            row = session.get(DraftRow, draft_id)
            return self._draft(row) if row else None

    def drafts(self) -> list[DraftEntry]:
        """Return all drafts, the last changed first."""
        with self._sessions() as session:
            rows = session.scalars(select(DraftRow).order_by(DraftRow.updated_at.desc()))
            return [DraftEntry(row.id, self._draft(row).typed, row.step, row.updated_at) for row in rows]

    def save_draft(self, draft: Draft, typed: Typed, step: str, now: datetime) -> Draft:
        """Keep what was typed and return the draft as saved.

        Raises:
            Changed: the draft was saved or removed elsewhere since it was read.
        """
        try:
            with self._sessions.begin() as session:
                row = session.get(DraftRow, draft.id)
                if row is None or row.version != draft.version:
                    raise Changed(draft.id)
                row.answers = self._seal("drafts", "answers", draft.id, dict(typed))
                row.step = step
                row.updated_at = now
            return self._draft(row)
        except StaleDataError:
            raise Changed(draft.id) from None

    def discard_draft(self, draft_id: str) -> None:
        """Remove a draft; one that is gone already stays gone."""
        with self._sessions.begin() as session:
            session.execute(delete(DraftRow).where(DraftRow.id == draft_id))

    # --- plans ---------------------------------------------------------------------------------------------------

    def save_plan(
        self,
        draft: Draft,
        case: Mapping[str, Any],
        plan: Mapping[str, Any],
        listing: Mapping[str, Any],
        surgery_day: date | None,
        now: datetime,
    ) -> str:
        """Save a plan, remove its draft and return the plan's id. A draft gives one plan, however often it is asked."""
        plan_id = uuid.uuid4().hex
        try:
            with self._sessions.begin() as session:
                session.add(
                    PlanRow(
                        id=plan_id,
                        made_from=draft.id,
                        listing=self._seal("plans", "listing", plan_id, listing),
                        case_snapshot=self._seal("plans", "case_snapshot", plan_id, case),
                        plan=self._seal("plans", "plan", plan_id, plan),
                        knowledge_version=plan["knowledge"]["version"],
                        knowledge_hash=plan["knowledge"]["hash"],
                        surgery_day=surgery_day,
                        made_at=now,
                        replaces=draft.replaces,
                    )
                )
                session.execute(delete(DraftRow).where(DraftRow.id == draft.id))
            return plan_id
        except IntegrityError:
            made = self.plan_made_from(draft.id)
            if made is None:
                raise
            return made

    def plan_made_from(self, draft_id: str) -> str | None:
        """Return the id of the plan that a draft became, or None."""
        with self._sessions() as session:
            return session.scalar(select(PlanRow.id).where(PlanRow.made_from == draft_id))

    def plan(self, plan_id: str) -> SavedPlan | None:
        """Return a plan as it was saved, or None when it does not exist."""
        with self._sessions() as session:
            row = session.get(PlanRow, plan_id)
            if row is None:
                return None
            return SavedPlan(
                id=row.id,
                case=self._open("plans", "case_snapshot", row.id, row.case_snapshot),
                plan=self._open("plans", "plan", row.id, row.plan),
                made_at=row.made_at,
                replaces=row.replaces,
                replaced_by=self._successors(session, [row.id]).get(row.id),
            )

    def plans(self, first: int, at_most: int) -> list[PlanEntry]:
        """Return plans for the list, the last made first."""
        with self._sessions() as session:
            newest = select(PlanRow).order_by(PlanRow.made_at.desc(), PlanRow.id).offset(first).limit(at_most)
            rows = list(session.scalars(newest))
            successors = self._successors(session, [row.id for row in rows])
            return [
                PlanEntry(
                    id=row.id,
                    listing=self._open("plans", "listing", row.id, row.listing),
                    surgery_day=row.surgery_day,
                    made_at=row.made_at,
                    replaces=row.replaces,
                    replaced_by=successors.get(row.id),
                )
                for row in rows
            ]

    def count_plans(self) -> int:
        """Return how many plans are saved."""
        with self._sessions() as session:
            return session.scalar(select(func.count()).select_from(PlanRow)) or 0

    # --- papers --------------------------------------------------------------------------------------------------

    def document(self, plan_id: str, kind: str) -> bytes | None:
        """Return a paper as it was first printed, or None when it was not printed yet.

        Raises:
            Unreadable: the bytes are not those that were stored.
        """
        with self._sessions() as session:
            row = session.scalar(select(DocumentRow).where(DocumentRow.plan_id == plan_id, DocumentRow.kind == kind))
            if row is None:
                return None
            content = self._keyring.open(row.content, Place("documents", "content", row.id))
            if hashlib.sha256(content).hexdigest() != row.sha256:
                raise Unreadable("A stored paper does not match its SHA-256.")
            return content

    def keep_document(self, plan_id: str, kind: str, content: bytes, now: datetime) -> None:
        """Keep a paper; when one of its kind was kept before, that one stays."""
        document_id = uuid.uuid4().hex
        row = DocumentRow(
            id=document_id,
            plan_id=plan_id,
            kind=kind,
            content=self._keyring.seal(content, Place("documents", "content", document_id)),
            sha256=hashlib.sha256(content).hexdigest(),
            made_at=now,
        )
        try:
            with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError:
            if self.document(plan_id, kind) is None:
                raise

    def is_alive(self) -> bool:
        """Whether the database answers."""
        with self._sessions() as session:
            return session.scalar(select(exists().where(PlanRow.id == ""))) is not None

    # --- sealing -------------------------------------------------------------------------------------------------

    def _draft(self, row: DraftRow) -> Draft:
        typed = self._open("drafts", "answers", row.id, row.answers)
        return Draft(row.id, typed, row.step, row.version, row.replaces)

    def _seal(self, table: str, column: str, row_id: str, value: Mapping[str, Any]) -> bytes:
        return self._keyring.seal(json.dumps(value, ensure_ascii=False).encode(), Place(table, column, row_id))

    def _open(self, table: str, column: str, row_id: str, sealed: bytes) -> dict[str, Any]:
        opened: dict[str, Any] = json.loads(self._keyring.open(sealed, Place(table, column, row_id)))
        return opened

    def _successors(self, session: Session, plan_ids: Sequence[str]) -> dict[str, str]:
        """Return which of these plans were replaced, and by which; the last replacement counts."""
        found = session.execute(
            select(PlanRow.replaces, PlanRow.id).where(PlanRow.replaces.in_(plan_ids)).order_by(PlanRow.made_at)
        )
        return {old: new for old, new in found if old}
