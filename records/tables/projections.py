"""The tables beside the log that serve reading: its words, how limits stood as it grew, who held which role, and who read what.

`event_word_index`, `limit_history` and `parts` are rebuilt from the events (`records.projections`); `access_log` is only ever
added to, and chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.database.columns import Json, Moment
from records.tables.inspections import table_of


class EventWordIndexRow(SQLModel, table=True):
    """The words of one event, for search: those of its facts and of the texts it names, each once, in lower case.

    A full-text index stands on it (fts5 on SQLite, gin on PostgreSQL); who erases a text writes this row again."""

    __tablename__ = "event_word_index"
    __table_args__ = (UniqueConstraint("inspection_id", "number", name="uq_event_word_index"),)
    id: int | None = Field(default=None, primary_key=True)
    inspection_id: str = Field(foreign_key="inspections.id")
    number: int
    words: str = Field(sa_type=Text)


class LimitHistoryRow(SQLModel, table=True):
    """The status of the limits of one inspection after an event; a row only if something changed."""

    __tablename__ = "limit_history"
    __table_args__ = (Index("ix_limit_history_recorded", "inspection_id", "recorded_at"),)
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    number: int = Field(primary_key=True)
    """The head of the log after which it stood so; 0 as it was ordered."""
    recorded_at: datetime = Field(sa_type=Moment)
    lead: str
    limits_json: list[list[Any]] = Field(sa_type=Json)
    """For each limit: key, due, state, anchor_date, met_on, round, missed, ended_on."""


class PartRow(SQLModel, table=True):
    """A role that a person holds, or held, in one inspection."""

    __tablename__ = "parts"
    __table_args__ = (Index("ix_parts_person", "person", "until"),)
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    role: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    """The head of the log after which the person held it; 0 as it was ordered."""
    since: datetime = Field(sa_type=Moment)
    """When that was recorded."""
    until: datetime | None = Field(default=None, sa_type=Moment)
    """When it was recorded that the person holds it no longer; None while they do."""


class AccessRow(SQLModel, table=True):
    """An entry of the access log: a read, search or export. Triggers refuse to change or remove a row."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_at", "at"),
        Index("ix_access_log_person", "person", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    person: str
    """The person named as the reader; empty if none was named."""
    ran_as: str
    """The account on the machine that ran the entry point."""
    entry_point: str
    command: str
    inspection_id: str
    """Empty for a query over all. No foreign key: an entry stays, whatever becomes of the inspection."""
    parameters_json: dict[str, Any] = Field(sa_type=Json)
    """The filters and options, as given; of an action, also its result."""
    previous_hash: str
    """The hash of the row before; 64 zeros for the first (`records.audit.access_log`)."""
    hash: str


EVENT_WORD_INDEX = table_of(EventWordIndexRow)
LIMIT_HISTORY = table_of(LimitHistoryRow)
PARTS = table_of(PartRow)
ACCESS = table_of(AccessRow)
