"""What a workflow asks the records before it decides, and what they answer."""

from datetime import date

from framework.messages.base import Message
from framework.messages.commands import Command
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import Role


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
    unexplained_changes: tuple[str, ...] = ()
    """Sections changed since the draft was sent, which no accepted comment asked for and the lead has not explained."""
    unexplained_comments: tuple[int, ...] = ()
    """Accepted comments for which nothing changed, and which the lead has not explained."""
    events_with_letters: tuple[int, ...] = ()
    """The numbers of events for which a letter was ordered; for `withdraw` alone."""
    content_events: tuple[tuple[int, str], ...] = ()
    """Number and kind of each event that wrote content, such as a grade; for `withdraw` alone."""
    missing_addresses: tuple[Role, ...] = ()
    """Roles of paras 50 and 52 (and the DCS) without an address."""
    pending_commands: tuple[Command, ...] = ()
    """What entry points have stored and the workflow has not yet taken; and outcomes of letters that it has not."""
    start_is_known: bool = True
    """False where the workflow was started with another input than the records give: not by this system."""
    missed_events: tuple[StoredEvent, ...] = ()
    """What the workflow itself recorded beyond what it knows: it was cut off before the engine heard of it."""


class RecordStateQuery(Message):
    """Asks the records about one inspection."""

    inspection: str
    calendar: str = ""
    """The version the asker knows."""
    step: str = ""
    last_event: int = 0
    """The newest event the asker has taken in."""
    start: str = ""
    """With the first query of a workflow: its input as JSON, which must be what the records would begin it with."""
