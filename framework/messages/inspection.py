"""What passes between the entry points, the workflow and the activities: one model a message, so that fields can be added
while inspections run. Nothing here carries a name, an address or free text: only identifiers, days and numbers."""

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.events import Event
from framework.messages.events import StoredEvent as Entry
from framework.vocabulary.roles import Role


class Message(BaseModel):
    """The base: frozen, and deaf to fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Message):
    """Who acts, as the entry point knows them."""

    person: str
    """The person's identifier in the directory, or "system"."""
    posts: tuple[Role, ...] = ()
    """The office posts (coordinator, manager, auditor) the directory says they hold."""
    entry_point: str = "engine"
    ran_as: str = ""


SYSTEM = Actor(person="system", posts=(Role.SYSTEM,))


class Command(Message):
    """A wish to take a step."""

    id: str
    """The caller's: the same command twice is one command."""
    step: str
    actor: Actor
    on: date
    """The London day it happened; never later than the day it was received."""
    received: datetime
    """The moment an entry point took it in; lateness is judged on it."""
    fields: dict[str, Any] = Field(default_factory=dict)
    """The step's form as JSON, each free text replaced by the identifier it is kept under."""


def refusal_id(command: str) -> str:
    """What the refusal of a command is recorded under, by whoever learns of it: so it is recorded once."""
    return f"{command}:refused"


class LetterOrder(Message):
    """A letter to be queued in the same transaction as the event that caused it."""

    kind: str
    to: tuple[Role, ...]
    cc: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    """People written to by identifier rather than by role."""
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
    """Tells letters of one kind and one event apart."""


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


class CommentRow(Message):
    """One comment on factual accuracy, as the authority sent it."""

    number: int
    where: str
    """The identifier of the words that say where in the draft."""
    text: str
    """The identifier of its text."""
    late: bool = False


class LimitRow(Message):
    """How one limit stands, kept beside the inspection for the board and the statistics."""

    key: str
    due: date
    anchor: str = ""
    anchor_date: date | None = None
    projected: bool = False
    owner: Role | None = None
    paragraph: int
    state: str
    """open, met, met_late, lapsed or suspended; `open` past its day is late, which the reader works out."""
    met_on: date | None = None


class DecisionCommit(Message):
    """Everything one decision changes, written in one transaction or not at all."""

    inspection: str
    command_id: str
    expected_version: int
    """The newest event the decision knows of."""
    expected_calendar: str | None = None
    """None: nothing at all may have been written since. Otherwise the calendar it was reckoned with: that must still be in
    force, and no event of the story's own may have been written since; what became of letters and documents does not matter."""
    requires_no_pending_commands: bool = False
    """Whether it waits, besides, for commands that entry points have kept: somebody may just have done what is due."""
    recorded: datetime
    events: tuple[Event, ...]
    stage: Stage
    letters: tuple[LetterOrder, ...] = ()
    documents: tuple[DocumentOrder, ...] = ()
    tasks: tuple[TaskOrder, ...] = ()
    limits: tuple[LimitRow, ...] = ()
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
    rejects_command: str | None = None
    """The command that is refused by this: where an entry point kept it, it waits for nothing any more."""
    defer_delivery: bool = False
    """Whoever asked for this has its letters delivered: nobody is woken for them now."""


class CommitResult(Message):
    """What `record` answers. It stands in the engine's own history: two stores, each witness to the other."""

    head: int
    """The number of the newest event; -1 when the decision knew too little, and nothing was written."""
    hash: str = ""
    first_event: int = 0
    """The number of the first event of this recording."""
    already_committed: bool = False
    """True when it had been recorded before, by an attempt the engine never heard of; these are the rows of then."""
    calendar: str = ""
    """The version of the calendar in force."""
    letters: tuple[str, ...] = ()
    refused: str | None = None
    """Why the records could not write it down (a letter that finds nobody to go to); then nothing was written."""
    paragraph: int | None = None


class ReportState(Message):
    """What the records hold of a report: enough to say whether it may go on."""

    missing: tuple[str, ...] = ()
    """Headings whose grade, text or equality note is not there yet."""
    frozen_document: str | None = None
    """The newest frozen document of this kind, if any."""
    rendered_sha256: str | None = None
    author: str | None = None


class CalendarData(Message):
    """A version of the calendar, as data."""

    version: str
    holidays: dict[date, str]
    first: date | None = None
    last: date | None = None


class RecordState(Message):
    """What the records say when a step is about to be decided, and at which head."""

    head: int
    calendar: str
    was_queried: bool = True
    """False where they were not asked, because the story's own knowledge is enough: then nothing but head and calendar is told,
    and `record` sees to it that the knowledge was enough."""
    calendar_data: CalendarData | None = None
    """Only when the asker knows another version."""
    applied_calendar: str = ""
    """The version the inspection's limits were last reckoned with, as the records have it."""
    applied_calendar_data: CalendarData | None = None
    """That version, when it is neither the one in force nor the asker's."""
    draft: ReportState = ReportState()
    final: ReportState = ReportState()
    unanswered_comments: tuple[int, ...] = ()
    comments_given: int = 0
    missing_addresses: tuple[Role, ...] = ()
    """Roles of paras 50 and 52 (and the DCS) without an address."""
    pending_commands: tuple[Command, ...] = ()
    """What entry points have stored and the workflow has not yet taken."""
    missed_events: tuple[Entry, ...] = ()
    """What the workflow itself recorded beyond what it knows: it was cut off before the engine heard of it."""


class RecordStateQuery(Message):
    """Asks the records about one inspection."""

    inspection: str
    calendar: str = ""
    """The version the asker knows."""
    step: str = ""
    last_event: int = 0
    """The newest event the asker has taken in."""


class Answer(Message):
    """What a command brought about, or why it was refused."""

    stage: Stage
    events: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    next_due: datetime | None = None
    next_what: str = ""
    refused: str | None = None
    paragraph: int | None = None
    bad_input: bool = False
    """True when it was refused for what it said rather than by a rule."""


class DeliveryOutcome(Message):
    """What became of a letter, told to the inspection where it matters (it starts a clock)."""

    letter_id: str
    kind: str
    at: datetime
    """The moment it was settled."""
    accepted: bool
    """Whether the mail system took it for the person it is addressed to; False when it refused for good."""


class InspectionStart(Message):
    """What an inspection's story begins with."""

    inspection: str
    order: Order
    people: dict[Role, tuple[str, ...]]
    """The authority's people, as the directory has them when the inspection is ordered."""
    calendar: CalendarData
    settings: LimitSettings = AS_SHIPPED
    """What the office had set of the limits when it was ordered."""
    clock_shift: timedelta = timedelta()
    """Only in rehearsals: the skipped clock begins at the machine's time, and this carries it to the script's."""
