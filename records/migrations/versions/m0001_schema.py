"""All tables, indexes and triggers. Written out by hand: what stands here must not change when the classes in `records` do.

The indexes over the events hold every column that is filtered by, in the order pages are read in, so that a page touches only
the events it shows. The full-text index over `event_word_index` is kept by triggers in SQLite, by the database itself in PostgreSQL."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

from records.migrations.guards import only_added_to

revision = "0001"
down_revision = None

READ_IN = ("recorded_at", "inspection_id", "number")
SQLITE_FULL_TEXT = (
    """CREATE VIRTUAL TABLE event_word_index_fts USING fts5(
       words, content='event_word_index', content_rowid='id', detail=none, columnsize=0)""",
    """CREATE TRIGGER event_word_index_added AFTER INSERT ON event_word_index
       BEGIN INSERT INTO event_word_index_fts(rowid, words) VALUES (NEW.id, NEW.words); END""",
    """CREATE TRIGGER event_word_index_removed AFTER DELETE ON event_word_index
       BEGIN INSERT INTO event_word_index_fts(event_word_index_fts, rowid, words) VALUES ('delete', OLD.id, OLD.words); END""",
    """CREATE TRIGGER event_word_index_changed AFTER UPDATE ON event_word_index
       BEGIN INSERT INTO event_word_index_fts(event_word_index_fts, rowid, words) VALUES ('delete', OLD.id, OLD.words);
             INSERT INTO event_word_index_fts(rowid, words) VALUES (NEW.id, NEW.words); END""",
)
POSTGRESQL_FULL_TEXT = (
    "CREATE INDEX ix_event_word_index_fts ON event_word_index USING gin (to_tsvector('simple', words))",
)


def _columns(kind: Any, *names: str, key: bool = False, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=key, nullable=nullable) for name in names]


def _refers(name: str, to: str, *, key: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, sa.ForeignKey(to), primary_key=key, nullable=nullable)


_MOMENT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
_strings, _texts, _integers = (partial(_columns, kind) for kind in (sa.String, sa.Text, sa.Integer))
_days, _moments, _flags = (partial(_columns, kind) for kind in (sa.Date, _MOMENT, sa.Boolean))
_inspection = partial(_refers, "inspection_id", "inspections.id")


def upgrade() -> None:
    """Tables in the order their foreign keys ask for."""
    _directory()
    _inspections()
    _events()
    _search_and_access()
    _submissions_limits_and_tasks()
    _letters_and_documents()
    _content()
    _attestations()


def _directory() -> None:
    op.create_table("authorities", *_strings("code", key=True), *_strings("name", "region", "gss_code"))
    op.create_table("people", *_strings("id", key=True), *_strings("name", "email", "organisation"), *_flags("active"))
    op.create_table(
        "posts",
        *_integers("id", key=True),
        _refers("person_id", "people.id"),
        *_strings("role"),
        _refers("authority_code", "authorities.code", nullable=True),
        *_flags("former", "acting"),
    )
    op.create_index("ix_posts_authority", "posts", ["authority_code", "role"])
    op.create_index("ix_posts_person", "posts", ["person_id"])
    op.create_index("uq_posts", "posts", ["person_id", "role", sa.text("coalesce(authority_code, '')")], unique=True)
    op.create_table(
        "calendars",
        *_strings("version", key=True),
        *_moments("made_at"),
        *_strings("made_by", "reason"),
        *_days("first", "last", nullable=True),
    )
    version = partial(_refers, "version", "calendars.version")
    op.create_table("holidays", version(key=True), *_days("day", key=True), *_strings("title"))
    op.create_table("calendar_commands", *_strings("command_id", key=True), version())


def _inspections() -> None:
    op.create_table(
        "inspections",
        *_strings("id", key=True),
        sa.Column("reference", sa.String, nullable=False, unique=True),
        _refers("authority_code", "authorities.code"),
        *_strings("scope", "edition"),
        *_texts("order_json"),
        *_strings("stage"),
        *_moments("started_at"),
        *_moments("closed_at", nullable=True),
        *_strings("coordinator", "lead"),
        *_integers("head_number"),
        *_strings("head_hash", "calendar_version"),
        *_moments("next_due", nullable=True),
        *_strings("next_what"),
        *_texts("people_json", "bookings_json", "first_people_json"),
    )
    op.create_index("ix_inspections_stage_due", "inspections", ["stage", "next_due"])
    op.create_index("ix_inspections_authority", "inspections", ["authority_code", "scope"])
    op.create_index("ix_inspections_began", "inspections", ["stage", "started_at"])


def _events() -> None:
    op.create_table(
        "events",
        _inspection(key=True),
        *_integers("number", key=True),
        *_strings("command_id"),
        *_integers("ordinal"),
        *_strings("kind"),
        *_days("happened_on"),
        *_moments("received_at", "recorded_at"),
        *_strings("actor", "role", "entry_point", "ran_as"),
        *_integers("paragraph", nullable=True),
        *_texts("data"),
        *_strings("reason_text", nullable=True),
        *_strings("cause", "previous_hash", "hash"),
        sa.UniqueConstraint("inspection_id", "command_id", "ordinal", name="uq_events_command"),
        sqlite_with_rowid=False,  # or a row could be replaced by its rowid, under any key
    )
    op.create_index("ix_events_kind", "events", ["kind", *READ_IN, "actor", "paragraph"])
    op.create_index("ix_events_actor", "events", ["actor", *READ_IN, "kind", "paragraph"])
    op.create_index("ix_events_paragraph", "events", ["paragraph", *READ_IN, "kind", "actor"])
    op.create_index("ix_events_recorded", "events", [*READ_IN, "kind", "actor", "paragraph"])
    op.create_index("ix_events_kind_of", "events", ["inspection_id", "kind"])
    only_added_to("events", ("inspection_id", "number"), ("inspection_id", "command_id", "ordinal"))
    texts = (*_strings("inspection_id", "salt", "commitment"), *_texts("body"), *_moments("made_at"))
    op.create_table("texts", *_strings("id", key=True), *texts)
    op.create_index("ix_texts_inspection_id", "texts", ["inspection_id"])


def _search_and_access() -> None:
    op.create_table(
        "event_word_index",
        *_integers("id", key=True),
        _inspection(),
        *_integers("number"),
        *_texts("words"),
        sa.UniqueConstraint("inspection_id", "number", name="uq_event_word_index"),
    )
    for statement in SQLITE_FULL_TEXT if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_FULL_TEXT:
        op.execute(statement)
    limits = (*_moments("recorded_at"), *_strings("lead"), *_texts("limits_json"))
    op.create_table("limit_history", _inspection(key=True), *_integers("number", key=True), *limits)
    op.create_index("ix_limit_history_recorded", "limit_history", ["inspection_id", "recorded_at"])
    op.create_table(
        "parts",
        _inspection(key=True),
        *_strings("role", "person", key=True),
        *_integers("number", key=True),
        *_moments("since"),
        *_moments("until", nullable=True),
    )
    op.create_index("ix_parts_person", "parts", ["person", "until"])
    op.create_table(
        "access_log",
        *_integers("id", key=True),
        *_moments("at"),
        *_strings("person", "ran_as", "entry_point", "command", "inspection_id"),
        *_texts("parameters_json"),
        *_strings("previous_hash", "hash"),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"])
    op.create_index("ix_access_log_person", "access_log", ["person", "at"])
    only_added_to("access_log", ("id",))


def _submissions_limits_and_tasks() -> None:
    op.create_table(
        "submissions",
        _inspection(key=True),
        *_strings("command_id", key=True),
        *_strings("step", "person"),
        *_moments("received_at"),
        *_texts("command_json"),
        *_strings("digest", "state"),
    )
    op.create_index("ix_submissions_waiting", "submissions", ["inspection_id", "state"])
    op.create_table(
        "limits",
        _inspection(key=True),
        *_strings("key", key=True),
        *_integers("round", key=True),
        *_days("due"),
        *_strings("anchor"),
        *_days("anchor_date", nullable=True),
        *_flags("projected"),
        *_strings("owner", nullable=True),
        *_integers("paragraph"),
        *_strings("state"),
        *_days("met_on", "ended_on", nullable=True),
        *_flags("missed"),
        *_integers("settled_by", nullable=True),
    )
    op.create_index("ix_limits_due", "limits", ["due", "state"])
    op.create_index("ix_limits_state", "limits", ["state", "inspection_id"])
    op.create_index("ix_limits_missed", "limits", ["missed", "inspection_id", "settled_by"])
    op.create_table(
        "tasks",
        *_integers("id", key=True),
        _inspection(nullable=True),
        *_strings("kind", "key"),
        *_texts("facts_json"),
        *_moments("opened_at"),
        *_integers("event_number"),
        *_moments("closed_at", nullable=True),
    )
    op.create_index("ix_tasks_inspection", "tasks", ["inspection_id"])
    still_open: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("closed_at IS NULL"))
    of_one = sa.text("coalesce(inspection_id, '')")
    op.create_index("uq_tasks_open", "tasks", [of_one, "key"], unique=True, **still_open)


def _letters_and_documents() -> None:
    op.create_table(
        "letters",
        *_strings("id", key=True),
        _inspection(),
        *_integers("number", "event_number"),
        *_strings("kind"),
        *_integers("paragraph", nullable=True),
        *_texts("to_json", "cc_json", "data_json", "attachments_json"),
        sa.Column("message_id", sa.String, nullable=False, unique=True),
        *_strings("status"),
        *_integers("attempts"),
        *_moments("queued_at"),
        *_moments("not_before", "sending_at", "accepted_at", nullable=True),
        *_flags("late"),
        *_strings("error"),
        *_texts("refused_json", "returned_json"),
        *_strings("template_version", "sha256", "salt"),
        sa.UniqueConstraint("inspection_id", "number", name="uq_letters_number"),
    )
    op.create_index("ix_letters_inspection", "letters", ["inspection_id", "event_number"])
    op.create_index("ix_letters_status", "letters", ["status", "queued_at"])
    op.create_index("ix_letters_late", "letters", ["late", "inspection_id"])
    op.create_table(
        "messages",
        _refers("letter_id", "letters.id", key=True),
        *_strings("sha256", key=True),
        _inspection(),
        *_texts("sealed"),
        *_moments("composed_at"),
        *_moments("accepted_at", nullable=True),
    )
    op.create_index("ix_messages_inspection", "messages", ["inspection_id"])
    op.create_table(
        "documents",
        *_strings("id", key=True),
        _inspection(),
        *_integers("event_number"),
        *_strings("kind", "state"),
        *_texts("data_json"),
        *_strings("status", "html_path", "html_sha256", "pdf_path", "pdf_sha256"),
        *_moments("rendered_at", nullable=True),
        *_strings("template_version", "error", "salt"),
    )
    op.create_index("ix_documents_inspection", "documents", ["inspection_id", "kind", "event_number"])
    op.create_index("ix_documents_status", "documents", ["status"])
    document = _refers("document_id", "documents.id", key=True)
    published = (*_strings("path"), *_moments("published_at", nullable=True))
    op.create_table("publications", _inspection(key=True), document, *published)


def _content() -> None:
    op.create_table(
        "sections",
        _inspection(key=True),
        *_strings("heading", key=True),
        *_strings("grade", "text_id", nullable=True),
        *_texts("areas_json"),
        *_strings("equality_text_id", nullable=True),
        *_strings("person"),
        *_moments("changed_at"),
        *_integers("event_number"),
    )
    op.create_table(
        "comments",
        _inspection(key=True),
        *_integers("number", key=True),
        *_strings("location_text_id", "text_id"),
        *_strings("heading", nullable=True),
        *_flags("late"),
        *_flags("used", "accepted", nullable=True),
        *_strings("decision_text_id", "answer_text_id", nullable=True),
        *_texts("sections_json"),
    )
    op.create_table(
        "explanations",
        _inspection(key=True),
        *_strings("subject", key=True),
        *_strings("text_id"),
        *_integers("event_number"),
    )


def _attestations() -> None:
    number, signed = partial(_integers, "number", key=True), ("body", "sha256", "signature", "public_key")
    op.create_table("checkpoints", *number(), *_moments("made_at"), *_strings(*signed), sqlite_with_rowid=False)
    op.create_table(
        "engine_histories",
        *_strings("workflow_id", "run_id", key=True),
        *_strings("inspection_id", "path", "sha256"),
        *_integers("events"),
        *_moments("kept_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_engine_histories_inspection", "engine_histories", ["inspection_id"])
    restores = (*_moments("restored_at"), *_strings("backup", *signed))
    op.create_table("restores", *number(), *restores, sqlite_with_rowid=False)
    owner = (*_strings("engine", "namespace", "place"), *_moments("since"))
    op.create_table("engine_owner", *_integers("id", key=True), *owner)
    only_added_to("checkpoints", ("number",))
    only_added_to("engine_histories", ("workflow_id", "run_id"))
    only_added_to("restores", ("number",))
