"""The first tables. Written out by hand: what stands here must not change when the classes in `records` do."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Tables in the order their foreign keys ask for."""
    _people_and_calendars()
    _inspections()
    _events_and_texts()
    _submissions_limits_and_tasks()
    _letters_and_documents()
    _content()


def _people_and_calendars() -> None:
    op.create_table("authorities", _key("code"), *_words("name", "region", "gss_code"))
    op.create_table("people", _key("id"), *_words("name", "email", "organisation"), _flag("active"))
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.String, sa.ForeignKey("people.id"), nullable=False),
        *_words("role"),
        sa.Column("authority_code", sa.String, sa.ForeignKey("authorities.code")),
        _flag("former"),
    )
    op.create_index("ix_posts_authority", "posts", ["authority_code", "role"])
    op.create_index("ix_posts_person", "posts", ["person_id"])
    op.create_index("uq_posts", "posts", ["person_id", "role", sa.text("coalesce(authority_code, '')")], unique=True)
    op.create_table(
        "calendars",
        _key("version"),
        _moment("made_at"),
        *_words("made_by", "reason"),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
    )
    op.create_table(
        "holidays",
        sa.Column("version", sa.String, sa.ForeignKey("calendars.version"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        *_words("title"),
    )


def _inspections() -> None:
    op.create_table(
        "inspections",
        _key("id"),
        sa.Column("reference", sa.String, nullable=False, unique=True),
        sa.Column("authority_code", sa.String, sa.ForeignKey("authorities.code"), nullable=False),
        *_words("scope", "edition"),
        sa.Column("order_json", sa.Text, nullable=False),
        *_words("stage"),
        _moment("started_at"),
        _moment("closed_at", nullable=True),
        *_words("coordinator", "lead"),
        sa.Column("head_number", sa.Integer, nullable=False),
        *_words("head_hash", "calendar_version"),
        _moment("next_due", nullable=True),
        *_words("next_what"),
        sa.Column("people_json", sa.Text, nullable=False),
        sa.Column("first_people_json", sa.Text, nullable=False),
    )
    op.create_index("ix_inspections_stage_due", "inspections", ["stage", "next_due"])
    op.create_index("ix_inspections_authority", "inspections", ["authority_code", "scope"])


def _events_and_texts() -> None:
    op.create_table(
        "events",
        _inspection(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *_words("command_id"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *_words("kind"),
        sa.Column("happened_on", sa.Date, nullable=False),
        *(_moment("received_at"), _moment("recorded_at")),
        *_words("actor", "role", "door", "ran_as"),
        sa.Column("paragraph", sa.Integer),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("reason_text", sa.String),
        *_words("cause", "previous_hash", "hash"),
        sa.UniqueConstraint("inspection_id", "command_id", "ordinal", name="uq_events_command"),
        sqlite_with_rowid=False,  # or a row could be replaced by its rowid, under any key
    )
    op.create_index("ix_events_kind", "events", ["kind", "recorded_at"])
    op.create_index("ix_events_actor", "events", ["actor", "recorded_at"])
    op.create_index("ix_events_recorded", "events", ["recorded_at"])
    op.create_table(
        "texts",
        _key("id"),
        *_words("inspection_id", "salt", "commitment"),
        sa.Column("body", sa.Text, nullable=False),
        _moment("made_at"),
    )
    op.create_index("ix_texts_inspection_id", "texts", ["inspection_id"])


def _submissions_limits_and_tasks() -> None:
    op.create_table(
        "submissions",
        _inspection(primary_key=True),
        _key("command_id"),
        *_words("step", "person"),
        _moment("received_at"),
        sa.Column("command_json", sa.Text, nullable=False),
        *_words("digest", "state"),
    )
    op.create_index("ix_submissions_waiting", "submissions", ["inspection_id", "state"])
    op.create_table(
        "limits",
        *(_inspection(primary_key=True), _key("key")),
        sa.Column("due", sa.Date, nullable=False),
        *_words("anchor"),
        sa.Column("anchor_date", sa.Date),
        _flag("projected"),
        sa.Column("owner", sa.String),
        sa.Column("paragraph", sa.Integer, nullable=False),
        *_words("state"),
        sa.Column("met_on", sa.Date),
    )
    op.create_index("ix_limits_due", "limits", ["due", "state"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        _inspection(nullable=True),
        *_words("kind", "key"),
        sa.Column("facts_json", sa.Text, nullable=False),
        _moment("opened_at"),
        sa.Column("event_number", sa.Integer, nullable=False),
        _moment("closed_at", nullable=True),
    )
    still_open: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("closed_at IS NULL"))
    op.create_index(
        "uq_tasks_open", "tasks", [sa.text("coalesce(inspection_id, '')"), "key"], unique=True, **still_open
    )


def _letters_and_documents() -> None:
    op.create_table(
        "letters",
        *(_key("id"), _inspection()),
        sa.Column("event_number", sa.Integer, nullable=False),
        *_words("kind"),
        sa.Column("paragraph", sa.Integer),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("to_json", "cc_json", "data_json", "attachments_json")),
        sa.Column("message_id", sa.String, nullable=False, unique=True),
        *_words("status"),
        sa.Column("attempts", sa.Integer, nullable=False),
        *(_moment("queued_at"), _moment("sending_at", nullable=True), _moment("accepted_at", nullable=True)),
        *_words("error"),
        sa.Column("refused_json", sa.Text, nullable=False),
        *_words("template_version", "sha256"),
    )
    op.create_index("ix_letters_inspection", "letters", ["inspection_id", "event_number"])
    op.create_index("ix_letters_status", "letters", ["status", "queued_at"])
    op.create_table(
        "documents",
        *(_key("id"), _inspection()),
        sa.Column("event_number", sa.Integer, nullable=False),
        *_words("kind", "state"),
        sa.Column("data_json", sa.Text, nullable=False),
        *_words("status", "html_path", "html_sha256", "pdf_path", "pdf_sha256"),
        _moment("rendered_at", nullable=True),
        *_words("template_version", "error"),
    )
    op.create_index("ix_documents_inspection", "documents", ["inspection_id", "kind", "event_number"])
    op.create_index("ix_documents_status", "documents", ["status"])
    op.create_table(
        "publications",
        _inspection(primary_key=True),
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), primary_key=True),
        *_words("path"),
        _moment("published_at", nullable=True),
    )


def _content() -> None:
    op.create_table(
        "sections",
        *(_inspection(primary_key=True), _key("heading")),
        *(sa.Column(name, sa.String) for name in ("grade", "text_id", "equality_text_id")),
        *_words("by"),
        _moment("changed_at"),
        sa.Column("event_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "comments",
        _inspection(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *_words("where_", "text_id"),
        _flag("late"),
        *(sa.Column(name, sa.Boolean) for name in ("used", "accepted")),
        *(sa.Column(name, sa.String) for name in ("answer_text_id", "change_text_id")),
    )


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=True)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _inspection(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("inspections.id")
    return sa.Column("inspection_id", sa.String, key, primary_key=primary_key, nullable=nullable)
