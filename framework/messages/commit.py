"""The commit of one decision, and its results."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from framework.messages.base import Message
from framework.messages.commands import Command
from framework.messages.events import Event
from framework.messages.orders import Booking, CommentRow, DocumentOrder, LetterOrder, LimitRow, TaskOrder
from framework.vocabulary.roles import Role


class DecisionCommit(Message):
    """Everything one decision changes, written in one transaction or not at all."""

    inspection: str
    command_id: str
    expected_version: int
    """The newest event the decision knows of."""
    numbered_from: int = 1
    """The number that the decision took for its first event; `limits` name its events so, and the commit names them as stored."""
    concurrency: Literal["exact_head", "no_workflow_events"] = "exact_head"
    """What may have been written since: nothing at all; or outcomes of deliveries and content, but no event of the workflow's own,
    and the calendar must still be `expected_calendar`. The second is for decisions made without querying the records."""
    expected_calendar: str = ""
    """The version of the calendar the decision was made with; checked with "no_workflow_events" only."""
    requires_no_pending_commands: bool = False
    """With "no_workflow_events": also no command may wait in the records, since it may be the very thing that is due."""
    recorded: datetime
    events: tuple[Event, ...]
    stage: str
    letters: tuple[LetterOrder, ...] = ()
    documents: tuple[DocumentOrder, ...] = ()
    tasks: tuple[TaskOrder, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    bookings: tuple[Booking, ...] = ()
    """When its team is bound from now on; compared with other inspections to find clashes."""
    next_due: datetime | None = None
    next_what: str = ""
    people: dict[Role, tuple[str, ...]] = Field(default_factory=dict)
    """Who holds each role in this inspection after this decision, by identifier: the team's, the coordinator's and
    manager's, and the authority's people as this inspection knows them. A role not named here has the directory's holder."""
    comments: tuple[CommentRow, ...] = ()
    send_again: str | None = None
    """A letter that was given up and is put into the outbox again, to its people's addresses as they now are."""
    publish: bool = False
    """Put the final report into the folder of published reports."""
    command: Command | None = None
    """The command from outside the engine that this commit takes or refuses: the records must hold it. None for a reminder or
    an automatic step."""
    rejects_command: str | None = None
    """The command that this commit refuses: its row among the submissions is marked as refused."""
    defer_delivery: bool = False
    """True where the caller wakes the delivery itself, for many inspections at once."""

    def unqueried(self, calendar: str, requires_no_pending_commands: bool) -> "DecisionCommit":
        """Returns this as the commit of a decision that was made with this version of the calendar, without querying the
        records."""
        return self.model_copy(
            update={
                "concurrency": "no_workflow_events",
                "expected_calendar": calendar,
                "requires_no_pending_commands": requires_no_pending_commands,
            }
        )


class Stored(Message):
    """The decision is in the log. This result is in the workflow's history, too: each store attests the other."""

    head: int
    """The number of the newest event."""
    hash: str = ""
    """The hash of that event."""
    first_event: int = 0
    """The number of the first event of this commit; 0 where it has none."""
    calendar: str = ""
    """The version of the calendar in force."""
    letters: tuple[str, ...] = ()
    """The identifiers of the letters that were queued."""


class Committed(Stored):
    """The decision was written by this attempt."""

    result: Literal["committed"] = "committed"


class AlreadyCommitted(Stored):
    """The same command was committed before, by an attempt whose result the workflow never received; these are its rows."""

    result: Literal["already_committed"] = "already_committed"


class Conflict(Message):
    """The records hold events that the decision did not know of; nothing was written."""

    result: Literal["conflict"] = "conflict"
    calendar: str
    """The version of the calendar in force."""


class Rejected(Message):
    """The decision cannot be written, since a letter has no recipient with an address; nothing was written."""

    result: Literal["rejected"] = "rejected"
    message: str
    paragraph: int | None = None
    letters: tuple[str, ...] = ()
    """The keys of the letters without a recipient."""


class NotSubmitted(Message):
    """The records do not hold the command: no entry point stored it, or no letter has that outcome. Only a task for a person
    was written."""

    result: Literal["not_submitted"] = "not_submitted"


CommitResult = Annotated[
    Committed | AlreadyCommitted | Conflict | Rejected | NotSubmitted, Field(discriminator="result")
]
