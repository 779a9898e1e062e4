"""One moment of the records, as one caller may see it: what every reading use case begins with.

The caller is identified, the access log is written before anything is answered (decision 0014), and inspections that the
caller may not see are hidden."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping
from sqlmodel import Session

from application.caller import Caller, may_see, sees_all
from application.queries.access_logging import Use, log_denied, log_use
from application.queries.identification import Hidden, identify, visible_row
from application.runtime.context import AppContext
from framework.calendar.london_time import london_day, say_moment
from framework.common.errors import BadInput
from records.database.connection import reading, require_reachable


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A reading transaction, with the identified caller and the moment of the call."""

    session: Session
    caller: Caller
    now: datetime

    @property
    def today(self) -> date:
        """Returns the day it is in London."""
        return london_day(self.now)

    @property
    def visible(self) -> frozenset[str] | None:
        """Returns the inspections the caller may see; None where that is all of them."""
        if sees_all(self.caller):
            return None
        return frozenset(inspection for inspection in self.caller.parts if may_see(self.caller, inspection))

    def require_past(self, moment: datetime | None) -> None:
        """Raises `BadInput` for a moment on a later London day; one later today is the newest there is."""
        if moment and london_day(moment) > self.today:
            what = f"{say_moment(moment)} has not come yet; it is {say_moment(self.now)}"
            raise BadInput(what, field="as_of")

    def inspection(self, identifier: str) -> RowMapping:
        """Returns the row of an inspection. Raises `Hidden` for one that is not there or that the caller may not see."""
        return visible_row(self.session, self.caller, identifier)


@contextmanager
def snapshot(caller: Caller, context: AppContext, use: Use) -> Iterator[Snapshot]:
    """Opens a snapshot for one use of the records, and logs that use.

    Raises `BadInput` for a caller who is not in the directory, `Unreachable` if the records cannot be read. If only the access
    log cannot be written, the read is not refused, and `context.warn` gets a warning."""
    logged = log_use(caller, context, use)
    try:
        with reading(context.records) as session:
            identified = identify(session, caller)
            if logged.warning:
                require_reachable(session)
                context.warn(logged.warning)
            yield Snapshot(session, identified, context.now())
    except Hidden:
        if not logged.done:
            log_denied(caller, context, use)
        raise
