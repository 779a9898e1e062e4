"""What the records hold of one inspection, each part read once: for use cases that need several of them in one transaction."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import RowMapping
from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Remedy
from framework.inspection.state import Inspection
from framework.messages.events import StoredEvent
from records.inspections.repository import begun, kept_calendar
from records.log.read import history
from records.projections.as_known import Calendars


class InspectionReader:
    """Reads log, state and calendar of one inspection, when they are first asked for. Made from its row."""

    def __init__(self, session: Session, row: RowMapping) -> None:
        self.session = session
        self.row = row
        self.id: str = row["id"]

    @cached_property
    def events(self) -> list[StoredEvent]:
        """Returns the whole log, oldest first."""
        return history(self.session, self.id)

    @cached_property
    def state(self) -> Inspection:
        """Returns the inspection from all its events."""
        return self.state_at(None)

    @cached_property
    def calendars(self) -> Calendars:
        """Returns the versions of the calendar."""
        return Calendars(self.session)

    @property
    def calendar_in_force(self) -> Calendar:
        """Returns the version in force now. Raises `BadInput` where there is none."""
        return self._must_be(self.calendars.older("", None))

    def events_at(self, moment: datetime | None) -> list[StoredEvent]:
        """Returns the events recorded by a moment; all for None."""
        return [event for event in self.events if moment is None or event.recorded <= moment]

    def state_at(self, moment: datetime | None) -> Inspection:
        """Returns the inspection as it was known at a moment; as it is now for None."""
        inspection = begun(self.row)
        for stored in self.events_at(moment):
            inspection.apply(stored.number, stored.event)
        return inspection

    def calendar_at(self, moment: datetime | None) -> Calendar:
        """Returns the calendar its limits are counted with, now or at a moment: see `repository.calendar_of`."""
        return self._must_be(self.calendars.older(kept_calendar(self.row), moment))

    def _must_be(self, calendar: Calendar | None) -> Calendar:
        if calendar is None:
            raise BadInput("there is no calendar (none is in force)", remedy=Remedy.MAKE_RECORDS)
        return calendar
