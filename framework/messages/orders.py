"""The rows a decision writes in its transaction: letters, documents, tasks, comments, limits."""

from datetime import date, datetime, time
from typing import Any, Literal

from pydantic import Field

from framework.messages.base import Message
from framework.vocabulary.roles import Role


class LetterOrder(Message):
    """A letter to be queued in the same transaction as the event that caused it."""

    kind: str
    to: tuple[Role, ...]
    cc: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    """People written to by identifier rather than by role."""
    not_to: tuple[str, ...] = ()
    """People by identifier who get none, though they hold a role or had an earlier letter."""
    event: int = 0
    """Which of the decision's events caused it (its place in the list)."""
    dates: dict[str, date | None] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    texts: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Name in the template -> identifier of the text, or of several (a list in the template: case identifiers)."""
    attachments: tuple[str, ...] = ()
    """Document kinds that go with it: those this decision orders, or the newest kept one of that kind."""
    names: dict[str, str] = Field(default_factory=dict)
    """Fact -> identifier of the person whose name the letter gives there ("decided_by")."""
    key: str = ""
    """Distinguishes letters of one kind and one event."""
    not_before: datetime | None = None
    """The moment from which it may be sent; None for at once."""


class DocumentOrder(Message):
    """A document to be made from what is known now. Reports are frozen: their content is copied in the transaction."""

    kind: str
    state: str = ""
    event: int = 0
    dates: dict[str, date | None] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    texts: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)


class TaskOrder(Message):
    """Something that waits for a person: opened with words, closed by its key."""

    key: str
    kind: str
    facts: dict[str, Any] = Field(default_factory=dict)
    closes: bool = False


class Booking(Message):
    """When people of the team are bound: the set-up meeting at its hour, or the days on site."""

    kind: Literal["set_up_meeting", "fieldwork"]
    first: date
    last: date
    at: time | None = None
    """The hour of a meeting; None where whole days are bound."""
    agreed: bool = True
    """False where the day is only worked out from the limits."""


class CommentRow(Message):
    """One comment on factual accuracy, as the authority sent it."""

    number: int
    where: str
    """The identifier of the words that say where in the draft."""
    text: str
    """The identifier of its text."""
    heading: str | None = None
    """The section it names by its key."""
    late: bool = False


class LimitRow(Message):
    """The status of one limit, stored for the board and the statistics."""

    key: str
    round: int = 1
    """Which round of the limit: a new one begins with each new notification, or request to defer."""
    due: date
    anchor: str = ""
    anchor_date: date | None = None
    projected: bool = False
    owner: Role | None = None
    paragraph: int
    state: str
    """open, met, met_late, lapsed, waived, never_done or suspended; `open` past its day is late, which the reader works out."""
    met_on: date | None = None
    ended_on: date | None = None
    """The London day on which it ended undone."""
    missed: bool = False
    """Whether it counts as missed for good, also where a correction has met it since."""
    settled_by: int | None = None
    """The event that met it, recorded that its time had run out, or ended it undone."""
