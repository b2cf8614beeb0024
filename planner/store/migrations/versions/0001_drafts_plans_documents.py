"""Drafts, plans and issued papers."""

import sqlalchemy as sa
from alembic import op

from planner.store.models import UtcMoment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("made_from", sa.String(32), nullable=False, unique=True),
        sa.Column("listing", sa.LargeBinary, nullable=False),
        sa.Column("case_snapshot", sa.LargeBinary, nullable=False),
        sa.Column("plan", sa.LargeBinary, nullable=False),
        sa.Column("knowledge_version", sa.String(20), nullable=False),
        sa.Column("knowledge_hash", sa.String(64), nullable=False),
        sa.Column("surgery_day", sa.Date),
        sa.Column("made_at", UtcMoment, nullable=False),
        sa.Column("replaces", sa.String(32), sa.ForeignKey("plans.id")),
    )
    op.create_index("ix_plans_made_at", "plans", ["made_at"])
    op.create_index("ix_plans_replaces", "plans", ["replaces"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("replaces", sa.String(32), sa.ForeignKey("plans.id")),
        sa.Column("created_at", UtcMoment, nullable=False),
        sa.Column("updated_at", UtcMoment, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("plan_id", sa.String(32), sa.ForeignKey("plans.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", UtcMoment, nullable=False),
        sa.UniqueConstraint("plan_id", "kind"),
    )


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("drafts")
    op.drop_table("plans")
