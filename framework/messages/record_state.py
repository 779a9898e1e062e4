"""The query of the records before a decision, and its result."""

from datetime import date

from framework.messages.base import Message
from framework.messages.commands import Command
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import Role


class ReportState(Message):
    """What the records hold of a report: enough to decide whether it may proceed."""

    missing: tuple[str, ...] = ()
    """Headings whose grade, text or equality note is missing."""
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
    """The state of the records before a step is decided, and the head it was read at."""

    head: int
    calendar: str
    was_queried: bool = True
    """False if they were not queried, because the workflow's own state is enough: then only head and calendar are set, and the
    commit checks that nothing else was written."""
    calendar_data: CalendarData | None = None
    """Only if the workflow holds another version."""
    applied_calendar: str = ""
    """The version the inspection's limits were last computed with, as the records have it."""
    applied_calendar_data: CalendarData | None = None
    """That version, if it is neither the one in force nor the workflow's."""
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
    """Commands that entry points stored and outcomes of letters, both as far as the workflow has not taken them."""
    start_is_known: bool = True
    """False if the workflow was started with another input than the records give: not by this system."""
    missed_events: tuple[StoredEvent, ...] = ()
    """Events the workflow committed without receiving the result: it was interrupted in between."""


class RecordStateQuery(Message):
    """A query of the records about one inspection."""

    inspection: str
    calendar: str = ""
    """The version the workflow holds."""
    step: str = ""
    last_event: int = 0
    """The newest event the workflow has applied."""
    start: str = ""
    """With the first query of a workflow: its input as JSON, which must be what the records would begin it with."""
