"""Starting an inspection from an order: checked, written down with its first event, and then begun in the engine.

The order's reference is the inspection's identifier, so that the same order again is the same inspection, also when the
first attempt was cut off between records and engine."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session
from temporalio.client import Client
from temporalio.service import RPCError

from activities.recording.start_workflow import start_inspection_workflow
from activities.support.fault_points import fault_point
from application.caller import Caller
from application.commands.order_validation import CheckedOrder, OrderGiven, StartRequest, check, refused_starter
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread, write_in_thread
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Unreachable
from framework.common.free_text import detach
from framework.inspection.bookings import bookings
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.notification_gates import GateFault
from framework.inspection.order import Order
from framework.inspection.start import InspectionStart
from framework.inspection.state import Inspection
from framework.lifecycle.due_items import next_due
from framework.lifecycle.limit_status import limit_rows
from framework.messages.commands import require_command_id
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.calendars import versions
from records.calendars.versions import calendar_in_force
from records.database.connection import reading, writing
from records.directory import directory, order_lookup
from records.inspections import repository
from records.log import texts
from records.log.append import append


@dataclass(frozen=True, slots=True)
class StartResult:
    """An inspection that runs."""

    id: str
    existing: bool
    """Whether this reference had been started before."""
    changed: bool = False
    """Whether the order says something else than the one it was started with; nothing of that was taken over."""
    gates: tuple[GateFault, ...] = ()
    """What keeps the authority from being notified for now."""
    notified_at: datetime | None = None
    """The moment of the notification that the order asks for: its London day becomes day 0. None if a person delivers the
    announcement, and for an inspection that was started before."""

    @property
    def notice(self) -> str:
        """Returns the message for an order whose reference was started before; empty for a new one."""
        if self.changed:
            return f"{self.id} was started before with another order; nothing of this one was taken over"
        return f"{self.id} was started before: nothing new was started" if self.existing else ""


@dataclass(frozen=True, slots=True)
class StartInspection:
    """An order that the caller wants to start."""

    order: OrderGiven
    command: str = ""
    """Identifies the command; empty for a new one."""
    confirmed: bool = False
    """Whether a notification within the hour, out of office hours or on a day off is meant."""


@dataclass(frozen=True, slots=True)
class _ToStart:
    """A checked order, and the posts of the person who starts it."""

    request: StartRequest
    checked: CheckedOrder
    posts: tuple[Role, ...]


async def start_inspection(caller: Caller, context: AppContext, request: StartInspection) -> StartResult:
    """Starts the inspection of an order, for the caller, or for the order's coordinator where the caller has no name. The same
    order again is the same inspection.

    Raises `BadInput` naming every fault of the order, `Refused` and `Unreachable` before anything is written."""
    command = require_command_id(request.command or str(uuid4()))
    checked = await read_in_thread(_check, caller, context, request)
    client = context.engine()
    fault_point("entry point: before the inspection is written down")
    result = checked
    if isinstance(checked, _ToStart):
        result = await write_in_thread(_record, caller, context, checked, command)
    assert isinstance(result, StartResult)
    fault_point("entry point: inspection row created")
    await start_workflow(context, client, result.id)
    fault_point("entry point: workflow started")
    return result


def record_order(caller: Caller, context: AppContext, request: StartInspection) -> StartResult:
    """Writes the inspection of an order without starting its workflow, which the same order or a worker does later.

    Raises as `start_inspection` does."""
    command = require_command_id(request.command or str(uuid4()))
    checked = _check(caller, context, request)
    return checked if isinstance(checked, StartResult) else _record(caller, context, checked, command)


def _check(caller: Caller, context: AppContext, given: StartInspection) -> _ToStart | StartResult:
    """Returns the order as it will be, or the inspection that its reference began before."""
    request = StartRequest(given.order, context.now(), caller.person, given.confirmed, context.settings.limits)
    with reading(context.records) as session:
        known = not given.order.faults and may_start(session, caller)
        if known and (before := started_before(session, request.order)):
            return before
        calendar = calendar_in_force(session)
        facts = order_lookup.facts(session, request.order, request.starter)
    return _ToStart(request, check(request, facts, calendar), facts.people[request.starter].posts)


def may_start(session: Session, caller: Caller) -> bool:
    """Returns whether a caller may start inspections. Any other is refused as if the reference were new: they are not to learn
    which inspections there are."""
    if not caller.person:
        return True
    try:
        return refused_starter(caller.person, directory.posts(session, caller.person)) is None
    except BadInput:  # not in the directory, or left: refused as such when the order is checked
        return False


def _record(caller: Caller, context: AppContext, start: _ToStart, command: str) -> StartResult:
    """Writes order, texts and first events in one transaction, unless the reference is known meanwhile."""
    order, checked, now = start.request.order, start.checked, start.request.now
    plain, words = detach(order, f"{order.reference}/order")
    stored = Order.model_validate(plain)
    with writing(context.records) as session:
        versions.lock_calendar_shared(session)
        calendar = calendar_in_force(session)  # a holiday of this very moment counts
        texts.store_texts(session, order.reference, words, now)
        row = first_row(checked.inspection, stored, calendar, now)
        created = repository.create(session, order.reference, row)
        if created.existed:
            return StartResult(created.id, existing=True)
        ordering = _ordering(caller, start, command)
        events = first_events(stored, plain, checked.inspection.settings, checked.inspection.people, ordering)
        append(session, created.id, command, events, recorded=now)
    return StartResult(created.id, existing=False, gates=checked.gates, notified_at=checked.notified_at)


def _ordering(caller: Caller, start: _ToStart, command: str) -> Ordering:
    return Ordering(
        by=start.request.starter,
        role=next(role for role in (Role.COORDINATOR, Role.MANAGER) if role in start.posts),
        moment=start.request.now,
        entry_point=caller.entry_point,
        cause=f"command:{command}",
        ran_as=caller.ran_as,
    )


def started_before(session: Session, order: Order) -> StartResult | None:
    """Returns the inspection that an order of this reference began, if there is one."""
    identifier = repository.by_reference(session, order.reference)
    if identifier is None:
        return None
    plain, _ = detach(order, f"{order.reference}/order")
    same = repository.order_of(session, identifier) == Order.model_validate(plain)
    return StartResult(identifier, existing=True, changed=not same)


def first_row(planned: Inspection, order: Order, calendar: Calendar, now: datetime) -> repository.Start:
    """Returns the first row of a planned inspection. `order` has its words taken out."""
    due = next_due(planned, calendar, now)
    return repository.Start(
        order=order,
        people={role: held for role, held in planned.people.items() if role in AUTHORITY_ROLES},
        moment=now,
        next_due=due.at if due else None,
        next_what=due.words() if due else "",
        limits=limit_rows(planned, calendar),
        bookings=bookings(planned, calendar),
    )


async def start_workflow(context: AppContext, client: Client, identifier: str) -> None:
    """Starts the workflow of an inspection; one that runs, or has ended, is left as it is. Raises `Unreachable`."""
    beginning = await read_in_thread(_beginning, context, identifier)
    if beginning is None:
        return
    try:
        await start_inspection_workflow(client, beginning)
    except RPCError as error:
        raise Unreachable(
            f"{identifier} is written down, but the engine did not take it ({error.message}): start the same order again"
        ) from None


def _beginning(context: AppContext, identifier: str) -> InspectionStart | None:
    with reading(context.records) as session:
        return repository.beginning(session, identifier, context.clock_shift)
