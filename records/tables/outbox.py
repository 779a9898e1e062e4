"""The tables of what goes out: letters (the outbox) and their messages, documents, and published reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.database.columns import Json, Moment
from records.tables.inspections import table_of


class LetterRow(SQLModel, table=True):
    """One letter, written in the transaction of the event that caused it, with the data it was made from."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_inspection", "inspection_id", "event_number"),
        Index("ix_letters_status", "status", "queued_at"),
        Index("ix_letters_late", "late", "inspection_id"),
        UniqueConstraint("inspection_id", "number", name="uq_letters_number"),
    )
    id: str = Field(primary_key=True)
    inspection_id: str = Field(foreign_key="inspections.id")
    number: int
    """Its number among the letters of the inspection, from 1: the name people use."""
    event_number: int
    kind: str
    paragraph: int | None = None
    to_json: list[dict[str, str]] = Field(sa_type=Json)
    cc_json: list[dict[str, str]] = Field(sa_type=Json)
    data_json: dict[str, Any] = Field(sa_type=Json)
    attachments_json: list[str] = Field(sa_type=Json)
    """Identifiers of documents, in the order they are attached."""
    message_id: str = Field(unique=True)
    """Fixed before the first attempt, so that a second one can be recognised."""
    status: str = "queued"
    """queued, sending, accepted, partly, failed or stopped."""
    attempts: int = 0
    queued_at: datetime = Field(sa_type=Moment)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    """The moment from which it may be sent, whose day is the date of the letter; None for at once."""
    sending_at: datetime | None = Field(default=None, sa_type=Moment)
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    late: bool = False
    """Whether it was accepted on a later London day than the one on which it had to go."""
    error: str = ""
    refused_json: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """Address -> answer, for those the mail system refused while it took the others."""
    returned_json: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """Address -> answer of the mail system, for those the message did not reach after it was accepted."""
    template_version: str = ""
    sha256: str = ""
    """Of the message as it was sent, behind the salt's bytes."""
    salt: str
    """What the log's commitments to it are salted with (`records.log.commitments`), as hexadecimal; empty once it was erased."""


class MessageRow(SQLModel, table=True):
    """A letter's message as it was handed to the mail system. A letter that was sent again has several."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_inspection", "inspection_id"),)
    letter_id: str = Field(primary_key=True, foreign_key="letters.id")
    sha256: str = Field(primary_key=True)
    """As the log names the message: behind the salt's bytes."""
    inspection_id: str = Field(foreign_key="inspections.id")
    sealed: str = Field(sa_type=Text)
    """See `records.privacy.message_archive`; empty once it was erased."""
    composed_at: datetime = Field(sa_type=Moment)
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    """None while the end of the attempt is not known."""


class DocumentRow(SQLModel, table=True):
    """One document, with the data it is made from; a report's data is its frozen content."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_inspection", "inspection_id", "kind", "event_number"),
        Index("ix_documents_status", "status"),
    )
    id: str = Field(primary_key=True)
    inspection_id: str = Field(foreign_key="inspections.id")
    event_number: int
    kind: str
    state: str = ""
    """What every page says of it: draft, final or nothing."""
    data_json: dict[str, Any] = Field(sa_type=Json)
    status: str = "wanted"
    """wanted, rendered or failed."""
    html_path: str = ""
    html_sha256: str = ""
    pdf_path: str = ""
    pdf_sha256: str = ""
    rendered_at: datetime | None = Field(default=None, sa_type=Moment)
    template_version: str = ""
    error: str = ""
    salt: str
    """As a letter's."""


class PublicationRow(SQLModel, table=True):
    """A report on its way into, or in, the folder of published reports: there once it has a path and a moment."""

    __tablename__ = "publications"
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    document_id: str = Field(primary_key=True, foreign_key="documents.id")
    path: str = ""
    published_at: datetime | None = Field(default=None, sa_type=Moment)


LETTERS = table_of(LetterRow)
MESSAGES = table_of(MessageRow)
DOCUMENTS = table_of(DocumentRow)
PUBLICATIONS = table_of(PublicationRow)
