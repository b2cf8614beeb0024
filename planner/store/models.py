"""The tables: drafts that are being filled in, plans that never change, their papers, and the hospital's people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, ForeignKey, LargeBinary, String, UniqueConstraint, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC. One without a zone is refused; SQLite, which knows no zones, keeps ISO text with ``+00:00``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text for SQLite, a zoned timestamp elsewhere."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of Throughline."""


class DraftRow(Base):
    """Answers as typed, right or wrong. ``version`` counts saves, so that two windows do not overwrite each other."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON
    step: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column()
    replaces: Mapped[str | None] = mapped_column(ForeignKey("plans.id"))
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    updated_at: Mapped[datetime] = mapped_column(UtcMoment)

    __mapper_args__ = {"version_id_col": version}


class PlanRow(Base):
    """A plan as it was made, with the answers it was made from. It never changes."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    made_from: Mapped[str] = mapped_column(String(32), unique=True)  # the draft; a second click makes no second plan
    listing: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON: what the list of plans shows
    case_snapshot: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON
    plan: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON
    knowledge_version: Mapped[str] = mapped_column(String(20))
    knowledge_hash: Mapped[str] = mapped_column(String(64))
    surgery_day: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
    replaces: Mapped[str | None] = mapped_column(ForeignKey("plans.id"), index=True)


class DocumentRow(Base):
    """A paper as it was first printed: later prints send these bytes."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("plan_id", "kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)  # sealed PDF
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcMoment)


class PersonRow(Base):
    """Somebody on the hospital's list, by the role they take."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(40))
    contact: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON
    added_at: Mapped[datetime] = mapped_column(UtcMoment)


def _refuse_change(_mapper: Any, _connection: Any, row: PlanRow | DocumentRow) -> None:
    raise RuntimeError(f"A row of {row.__tablename__} never changes once it is saved.")


for _kept in (PlanRow, DocumentRow):
    event.listen(_kept, "before_update", _refuse_change)
