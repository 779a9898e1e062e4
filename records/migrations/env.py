"""Where alembic finds its connection: `database.upgrade` hands over one that stands in a transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
