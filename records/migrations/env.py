"""The environment of alembic: `database.upgrade` passes a connection with an open transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
