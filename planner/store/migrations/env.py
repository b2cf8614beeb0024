"""How Alembic runs our migrations: on the connection that ``planner.store.setup.migrate`` hands over."""

from alembic import context

from planner.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
