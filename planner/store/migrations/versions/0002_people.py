"""The hospital's list of people and services by role."""

import sqlalchemy as sa
from alembic import op

from planner.store.models import UtcMoment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("contact", sa.LargeBinary, nullable=False),
        sa.Column("added_at", UtcMoment, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("people")
