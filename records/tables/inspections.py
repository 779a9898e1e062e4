"""The tables of one inspection: its row and head, its events, texts, submissions, limits and tasks.

Letters and documents are in `records.tables.outbox`, report content in `content`, people and calendars in
`directory`. The migrations make the tables; these classes only describe them (a test compares the two)."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Index, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from records.database.columns import Json, Moment

READ_IN = ("recorded_at", "inspection_id", "number")
"""The order in which the log of all inspections is read."""


def table_of(model: type[SQLModel]) -> Table:
    """Returns the table of a class, for statements that work on columns instead of objects."""
    return cast(Table, getattr(model, "__table__"))  # noqa: B009 - SQLModel adds it unseen by mypy


class InspectionRow(SQLModel, table=True):
    """One inspection as it stands now. Everything here can be worked out again from its events, but the order."""

    __tablename__ = "inspections"
    __table_args__ = (
        Index("ix_inspections_stage_due", "stage", "next_due"),
        Index("ix_inspections_authority", "authority_code", "scope"),
        Index("ix_inspections_began", "stage", "started_at"),
    )
    id: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    """The order's own reference; the same reference again means the same inspection."""
    authority_code: str = Field(foreign_key="authorities.code")
    scope: str
    edition: str
    order_json: dict[str, Any] = Field(sa_type=Json)
    stage: str
    started_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    coordinator: str = ""
    lead: str = ""
    head_number: int = 0
    """The number of the newest event; 0 before the first. Appending locks this row."""
    head_hash: str = ""
    calendar_version: str = ""
    next_due: datetime | None = Field(default=None, sa_type=Moment)
    next_what: str = ""
    people_json: dict[str, list[str]] = Field(default_factory=dict, sa_type=Json)
    """Role -> people: the team's, the office's, and the authority's people as this inspection knows them."""
    bookings_json: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """When its team is bound from now on (`framework.messages.orders.Booking`)."""
    first_people_json: dict[str, list[str]] = Field(default_factory=dict, sa_type=Json)
    """The authority's people when the inspection was ordered: what its events are applied to."""


class EventRow(SQLModel, table=True):
    """An event of the log. Triggers refuse to change or remove a row; migrations never rebuild this table."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("inspection_id", "command_id", "ordinal", name="uq_events_command"),
        Index("ix_events_kind", "kind", *READ_IN, "actor", "paragraph"),
        Index("ix_events_actor", "actor", *READ_IN, "kind", "paragraph"),
        Index("ix_events_paragraph", "paragraph", *READ_IN, "kind", "actor"),
        Index("ix_events_recorded", *READ_IN, "kind", "actor", "paragraph"),
        Index("ix_events_kind_of", "inspection_id", "kind"),
        {"sqlite_with_rowid": False},
    )
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    number: int = Field(primary_key=True)
    command_id: str
    ordinal: int
    kind: str
    happened_on: date
    received_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    actor: str
    role: str
    entry_point: str
    ran_as: str = ""
    paragraph: int | None = None
    data: str = Field(sa_type=Text)
    """JSON in the canonical form of `chain`."""
    reason_text: str | None = None
    cause: str = ""
    previous_hash: str
    hash: str


class TextRow(SQLModel, table=True):
    """A text that a person wrote, under the identifier that events hold in its place, with a commitment that proves it."""

    __tablename__ = "texts"
    id: str = Field(primary_key=True)
    inspection_id: str = Field(index=True)
    """No foreign key: the texts of an order are stored before its inspection exists."""
    salt: str
    commitment: str
    """sha256 over the salt's bytes and the text in UTF-8, as hexadecimal."""
    body: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=Moment)


class SubmissionRow(SQLModel, table=True):
    """A command as an entry point received it, stored before the engine is signalled."""

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_waiting", "inspection_id", "state"),)
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    command_id: str = Field(primary_key=True)
    step: str
    person: str
    received_at: datetime = Field(sa_type=Moment)
    command_json: str = Field(sa_type=Text)
    digest: str
    """sha256 of the command's content, without the moment: the same identifier must have the same content."""
    state: str = "waiting"
    """waiting, taken or refused."""


class LimitTableRow(SQLModel, table=True):
    """The status of one limit, for fast queries; derived from the events and replaced by every commit."""

    __tablename__ = "limits"
    __table_args__ = (
        Index("ix_limits_due", "due", "state"),
        Index("ix_limits_state", "state", "inspection_id"),
        Index("ix_limits_missed", "missed", "inspection_id", "settled_by"),
    )
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    key: str = Field(primary_key=True)
    round: int = Field(primary_key=True)
    """With each new notification, or request to defer, a round begins; of one that is over only what was missed is kept."""
    due: date
    anchor: str = ""
    anchor_date: date | None = None
    projected: bool = False
    owner: str | None = None
    paragraph: int
    state: str
    met_on: date | None = None
    ended_on: date | None = None
    missed: bool = False
    """Whether it counts as missed for good."""
    settled_by: int | None = None
    """The number of the event that met it, recorded that its time had run out, or ended it undone."""


class TaskRow(SQLModel, table=True):
    """Something that waits for a person. Of the open tasks of one inspection no two have the same key."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_inspection", "inspection_id"),
        Index(
            "uq_tasks_open",
            text("coalesce(inspection_id, '')"),
            "key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    inspection_id: str | None = Field(default=None, foreign_key="inspections.id")
    kind: str
    key: str
    facts_json: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    opened_at: datetime = Field(sa_type=Moment)
    event_number: int = 0
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


INSPECTIONS = table_of(InspectionRow)
EVENTS = table_of(EventRow)
TEXTS = table_of(TextRow)
SUBMISSIONS = table_of(SubmissionRow)
LIMITS = table_of(LimitTableRow)
TASKS = table_of(TaskRow)
