"""The concrete inspections that stand for abstract states: how they begin, and what a decision makes of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.lifecycle import InspectionLifecycle
from framework.inspection.limits import AS_SHIPPED
from framework.inspection.order import Order
from framework.inspection.state import Inspection, begin
from framework.lifecycle.decide import Decision
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.messages.record_state import RecordState, ReportState
from framework.vocabulary.roles import Role
from tests.framework.in_memory import AUTHORITY_PEOPLE
from tests.orders import an_order
from tests.words import WHY

ORDERED = datetime.fromisoformat("2010-11-01T08:00+00:00")


@dataclass(frozen=True, slots=True)
class Reached:
    """One concrete inspection, at a moment."""

    order: str
    """Which of the orders it began with."""
    inspection: Inspection
    now: datetime
    head: int
    events_with_letters: tuple[int, ...] = ()
    readers: frozenset[str] = frozenset()
    """Who had a letter."""
    known: dict[str, Any] = field(default_factory=dict, compare=False)
    """What was worked out of it already."""

    def limits(self, calendar: Calendar) -> tuple[LimitStatus, ...]:
        """Returns the status of each limit."""
        if "limits" not in self.known:
            self.known["limits"] = limit_statuses(self.inspection, calendar)
        statuses: tuple[LimitStatus, ...] = self.known["limits"]
        return statuses


def orders() -> dict[str, tuple[Order, int]]:
    """Returns the orders to begin with, by name, each with its departures from the ordinary: on full notice by e-mail; without
    notice, by hand; and one that a gate holds."""
    none = {"notice": "none", "notice_ground": "serious_concerns", "notice_reason": WHY, "service": "by_hand"}
    return {
        "ordinary": (an_order(), 0),
        "no notice": (an_order(fieldwork="2010-11-03", **none), 1),
        "held by a gate": (an_order(scope="safeguarding"), 1),
    }


def ordered(name: str, order: Order, lifecycle: InspectionLifecycle) -> Reached:
    """Returns the inspection as it was ordered, before anything else happened."""
    ordering = Ordering(order.coordinator, Role.COORDINATOR, ORDERED, "command line", "command:order")
    events = first_events(order, order.model_dump(mode="json"), AS_SHIPPED, AUTHORITY_PEOPLE, ordering)
    inspection = begin(lifecycle, "SLAC-2010-001", order, AUTHORITY_PEOPLE, AS_SHIPPED).after(
        enumerate(events, start=1)
    )
    return Reached(name, inspection, ORDERED, len(events))


def later(state: Reached, decision: Decision, moment: datetime) -> Reached:
    """Returns the state a decision leads to."""
    numbers = {state.head + 1 + letter.event for letter in decision.letters}
    readers = {person for letter in decision.letters for person in letter.persons}
    readers |= {
        person
        for letter in decision.letters
        for role in (*letter.to, *letter.cc)
        for person in decision.after.people.get(role, ())
    }
    return replace(
        state,
        inspection=decision.after,
        now=moment,
        head=state.head + len(decision.events),
        events_with_letters=(*state.events_with_letters, *sorted(numbers)),
        readers=state.readers | readers,
        known={},
    )


def record_state(state: Reached, calendar: Calendar) -> RecordState:
    """Returns records in which every document is made, every heading written, and every address known."""
    return RecordState(
        head=state.head,
        calendar=calendar.version,
        draft=ReportState(frozen_document="d1", rendered_sha256="abc"),
        final=ReportState(frozen_document="d2", rendered_sha256="def"),
        events_with_letters=state.events_with_letters,
    )
