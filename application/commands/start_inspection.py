"""Starting an inspection from an order: checked, written down with its first event, and then begun in the engine.

The order's reference is the inspection's identifier, so that the same order again is the same inspection, also when the
first attempt was cut off between records and engine."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from temporalio.client import Client
from temporalio.service import RPCError

from activities.recording.start_workflow import start_inspection_workflow
from activities.support.fault_points import fault_point
from application.commands.order_validation import StartRequest, check
from application.files.yaml_files import YamlFile
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import Unreachable
from framework.common.free_text import detach
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.notification_gates import GateFault
from framework.inspection.order import Order
from framework.inspection.state import Inspection
from framework.lifecycle.agenda import next_due
from framework.lifecycle.limit_status import limit_statuses
from framework.messages.commands import require_command_id
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.calendars import versions
from records.calendars.versions import calendar_in_force
from records.database.connection import reading, writing
from records.directory import order_lookup
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
    """The moment of the notification that the order asks for: its London day becomes day 0. None where a person hands the
    announcement over, and for an inspection that was started before."""

    @property
    def notice(self) -> str:
        """What is said of an order whose reference was started before; empty for a new one."""
        if self.changed:
            return f"{self.id} was started before with another order; nothing of this one was taken over"
        return f"{self.id} was started before: nothing new was started" if self.existing else ""


async def start_inspection(
    system: AppContext, order: Order, yaml: YamlFile, command_id: str, by: str = "", confirmed: bool = False
) -> StartResult:
    """Starts the inspection of an order. Raises `BadInput` and `Refused` before anything is written; `Unreachable`.

    `by` is the person who starts it, the order's coordinator unless said; `confirmed` says that a notification within the
    hour, out of office hours or on a day off is meant."""
    require_command_id(command_id)
    client = system.engine()
    fault_point("entry point: before the inspection is written down")
    started = record_order(system, order, yaml, command_id, by, confirmed)
    fault_point("entry point: inspection row created")
    await start_workflow(system, client, started.id)
    fault_point("entry point: workflow started")
    return started


def record_order(
    system: AppContext, order: Order, yaml: YamlFile, command_id: str, by: str = "", confirmed: bool = False
) -> StartResult:
    """Writes order, texts and first events in one transaction, unless the reference is known. Raises as `start_inspection`
    does."""
    request = StartRequest(order, yaml, system.now(), by, confirmed, system.settings.limits)
    with reading(system.records) as session:
        if before := started_before(session, order):
            return before
        calendar, facts = calendar_in_force(session), order_lookup.facts(session, order, request.starter)
    checked = check(request, facts, calendar)
    plain, words = detach(order, f"{order.reference}/order")
    kept = Order.model_validate(plain)
    with writing(system.records) as session:
        versions.lock_calendar_shared(session)
        calendar = calendar_in_force(session)  # a holiday of this very moment counts
        texts.store_texts(session, order.reference, words, request.now)
        created = repository.create(
            session, order.reference, first_row(checked.inspection, kept, calendar, request.now)
        )
        if created.existed:
            return StartResult(created.id, existing=True)
        ordering = _ordering(system, request, facts.people[request.starter].posts, command_id)
        events = first_events(kept, plain, checked.inspection.settings, checked.inspection.people, ordering)
        append(session, created.id, command_id, events, recorded=request.now)
    return StartResult(created.id, existing=False, gates=checked.gates, notified_at=checked.notified_at)


def _ordering(system: AppContext, request: StartRequest, posts: tuple[Role, ...], command_id: str) -> Ordering:
    return Ordering(
        by=request.starter,
        role=next(role for role in (Role.COORDINATOR, Role.MANAGER) if role in posts),
        moment=request.now,
        entry_point=system.entry_point,
        cause=f"command:{command_id}",
        ran_as=system.ran_as,
    )


def started_before(session: Session, order: Order) -> StartResult | None:
    """The inspection that an order of this reference began, if there is one."""
    identifier = repository.by_reference(session, order.reference)
    if identifier is None:
        return None
    plain, _ = detach(order, f"{order.reference}/order")
    same = repository.order_of(session, identifier) == Order.model_validate(plain)
    return StartResult(identifier, existing=True, changed=not same)


def first_row(planned: Inspection, order: Order, calendar: Calendar, now: datetime) -> repository.Start:
    """What a planned inspection is written down with. `order` has its words taken out."""
    due = next_due(planned, calendar, now)
    return repository.Start(
        order=order,
        people={role: held for role, held in planned.people.items() if role in AUTHORITY_ROLES},
        moment=now,
        next_due=due.at if due else None,
        next_what=due.words() if due else "",
        limits=[standing.row() for standing in limit_statuses(planned, calendar)],
    )


async def start_workflow(system: AppContext, client: Client, identifier: str) -> None:
    """Begin its story in the engine; one that runs, or has come to its end, is left as it is."""
    with reading(system.records) as session:
        beginning = repository.beginning(session, identifier, system.clock_shift)
    if beginning is None:
        return
    try:
        await start_inspection_workflow(client, beginning)
    except RPCError as error:
        raise Unreachable(
            f"{identifier} is written down, but the engine did not take it ({error.message}): start the same order again"
        ) from None
