"""The triggers that make the table of events append-only, in both databases.

SQLite: `INSERT OR REPLACE` deletes without firing delete triggers unless a pragma says so, and an upsert fires the
update trigger only after it found its row; so an insert over an existing key is refused before either can happen.
PostgreSQL: the triggers fire ALWAYS, also for sessions that play the part of a replica."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    """CREATE TRIGGER events_never_change BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER events_never_go BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'events are never removed'); END""",
    """CREATE TRIGGER events_never_replace BEFORE INSERT ON events
       WHEN EXISTS (SELECT 1 FROM events WHERE inspection_id = NEW.inspection_id AND number = NEW.number)
         OR EXISTS (SELECT 1 FROM events WHERE inspection_id = NEW.inspection_id
                    AND command_id = NEW.command_id AND ordinal = NEW.ordinal)
       BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION events_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'events are never changed, removed or replaced (%)', TG_OP
             USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION events_are_kept()""",
    """CREATE TRIGGER events_never_go BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION events_are_kept()""",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_never_change",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_never_go",
)


def upgrade() -> None:
    """Only adds triggers."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
