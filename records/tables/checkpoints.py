"""The tables of attestations: signed lists of all heads, and the archived histories of the engine.

Both can only be added to: the same triggers guard them as the events."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from records.database.columns import Moment
from records.tables.inspections import table_of


class CheckpointRow(SQLModel, table=True):
    """One signed list of all heads, each list naming the one before it by hash."""

    __tablename__ = "checkpoints"
    __table_args__ = ({"sqlite_with_rowid": False},)
    number: int = Field(primary_key=True)
    """1, 2, 3 without a gap."""
    made_at: datetime = Field(sa_type=Moment)
    body: str
    """The list in the canonical form of `chain`: heads, made_at, number, previous."""
    sha256: str
    """Of the body."""
    signature: str
    """Ed25519 over the body's UTF-8 bytes, as hexadecimal."""
    public_key: str
    """32 bytes as hexadecimal."""


class EngineHistoryRow(SQLModel, table=True):
    """The archived history of one run of one workflow, once its inspection is over."""

    __tablename__ = "engine_histories"
    __table_args__ = (Index("ix_engine_histories_inspection", "inspection_id"), {"sqlite_with_rowid": False})
    workflow_id: str = Field(primary_key=True)
    run_id: str = Field(primary_key=True)
    inspection_id: str
    path: str
    """Under the folder `history` of the data."""
    sha256: str
    """Of the file."""
    events: int
    """How many events of the engine it holds."""
    kept_at: datetime = Field(sa_type=Moment)


CHECKPOINTS = table_of(CheckpointRow)
ENGINE_HISTORIES = table_of(EngineHistoryRow)
