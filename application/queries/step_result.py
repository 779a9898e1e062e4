"""What a step brought about, for the entry point's answer: its events, the stage, and what is due next."""

from dataclasses import dataclass
from datetime import date, datetime

from application.runtime.context import AppContext
from framework.calendar.london_time import london_day
from framework.editions.registry import Edition, edition
from framework.inspection.limit_days import limit_statuses_on
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus
from framework.messages.commands import Answer
from framework.messages.events import StoredEvent
from records.database.connection import reading
from records.inspections.reader import InspectionReader
from records.inspections.repository import find


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step that was taken, and the inspection after it."""

    command: str
    state: Inspection
    events: tuple[StoredEvent, ...]
    """Those the command left; none where it was done before and its answer is repeated by an attempt that was cut off."""
    edition: Edition
    limits: tuple[LimitStatus, ...]
    """Soonest first."""
    today: date
    next_due: datetime | None
    """The moment of the next automatic step or letter."""
    next_what: str


def step_result(context: AppContext, inspection: str, command: str, answer: Answer) -> StepResult:
    """Completes the answer to a command from the records."""
    with reading(context.records) as session:
        reader = InspectionReader(session, find(session, inspection))
        today, state = london_day(context.now()), reader.state
        return StepResult(
            command=command,
            state=state,
            events=tuple(stored for stored in reader.events if stored.number in answer.events),
            edition=edition(reader.row["edition"]),
            limits=limit_statuses_on(state, reader.calendar_at(None), today),
            today=today,
            next_due=answer.next_due,
            next_what=answer.next_what,
        )
