"""What search, statistics and the access log need: indexes over the events, two projections of them, and the log of reads.

The indexes hold every column that is filtered by, in the order pages are read in, so that a page touches only the events it
shows. The full-text index stands on `event_words` and is kept by triggers in SQLite, by the database itself in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ORDER = ("recorded_at", "inspection_id", "number")
INDEXES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("ix_events_kind", ("kind", *ORDER, "actor", "paragraph")),
    ("ix_events_actor", ("actor", *ORDER, "kind", "paragraph")),
    ("ix_events_paragraph", ("paragraph", *ORDER, "kind", "actor")),
    ("ix_events_recorded", (*ORDER, "kind", "actor", "paragraph")),
    ("ix_events_kind_of", ("inspection_id", "kind")),
)
SQLITE = (
    """CREATE VIRTUAL TABLE event_words_fts USING fts5(
       words, content='event_words', content_rowid='id', detail=none, columnsize=0)""",
    """CREATE TRIGGER event_words_added AFTER INSERT ON event_words
       BEGIN INSERT INTO event_words_fts(rowid, words) VALUES (NEW.id, NEW.words); END""",
    """CREATE TRIGGER event_words_removed AFTER DELETE ON event_words
       BEGIN INSERT INTO event_words_fts(event_words_fts, rowid, words) VALUES ('delete', OLD.id, OLD.words); END""",
    """CREATE TRIGGER event_words_changed AFTER UPDATE ON event_words
       BEGIN INSERT INTO event_words_fts(event_words_fts, rowid, words) VALUES ('delete', OLD.id, OLD.words);
             INSERT INTO event_words_fts(rowid, words) VALUES (NEW.id, NEW.words); END""",
    """CREATE TRIGGER access_log_never_changes BEFORE UPDATE ON access_log
       BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END""",
    """CREATE TRIGGER access_log_never_goes BEFORE DELETE ON access_log
       BEGIN SELECT RAISE(ABORT, 'the access log is never removed'); END""",
    """CREATE TRIGGER access_log_never_replaced BEFORE INSERT ON access_log
       WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'the access log is never replaced'); END""",
)
POSTGRESQL = (
    "CREATE INDEX ix_event_words_fts ON event_words USING gin (to_tsvector('simple', words))",
    """CREATE FUNCTION access_log_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the access log is never changed, removed or replaced (%)', TG_OP
             USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER access_log_never_changes BEFORE UPDATE OR DELETE ON access_log
       FOR EACH ROW EXECUTE FUNCTION access_log_is_kept()""",
    """CREATE TRIGGER access_log_never_goes BEFORE TRUNCATE ON access_log
       FOR EACH STATEMENT EXECUTE FUNCTION access_log_is_kept()""",
    "ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_never_changes",
    "ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_never_goes",
)


def upgrade() -> None:
    """Adds tables and triggers; the indexes that are too narrow make way for wider ones."""
    for name in ("ix_events_kind", "ix_events_actor", "ix_events_recorded"):
        op.drop_index(name, "events")
    for name, columns in INDEXES:
        op.create_index(name, "events", list(columns))
    op.create_index("ix_inspections_began", "inspections", ["stage", "started_at"])
    _tables()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "event_words",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("inspection_id", sa.String, sa.ForeignKey("inspections.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.UniqueConstraint("inspection_id", "number", name="uq_event_words"),
    )
    op.create_table(
        "standings",
        sa.Column("inspection_id", sa.String, sa.ForeignKey("inspections.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        _moment("recorded_at"),
        *_words("lead"),
        sa.Column("limits_json", sa.Text, nullable=False),
    )
    op.create_index("ix_standings_recorded", "standings", ["inspection_id", "recorded_at"])
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, primary_key=True),
        _moment("at"),
        *_words("person", "ran_as", "door", "command", "inspection_id"),
        sa.Column("asked_json", sa.Text, nullable=False),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"])
    op.create_index("ix_access_log_person", "access_log", ["person", "at"])


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False)
