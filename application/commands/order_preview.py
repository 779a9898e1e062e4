"""Previewing an order: everything that starting it would bring, without starting it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from application.caller import Caller
from application.commands.order_validation import (
    CheckedOrder,
    StartRequest,
    outlook,
    refused,
    require_faultless,
    require_starter,
)
from application.commands.start_inspection import StartInspection, StartResult, may_start, started_before
from application.open_context import open_to_read
from application.runtime import settings
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Unreachable
from framework.editions.registry import EDITIONS
from framework.inspection.bookings import bookings
from framework.inspection.notification_gates import faults as gate_faults
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.calendars import versions
from records.database.connection import connect, reading, upgrade
from records.directory import directory, order_lookup
from records.directory.contacts import contacts
from records.directory.order_lookup import OrderFacts
from records.inspections import people_clashes, repository


@dataclass(frozen=True, slots=True)
class OrderPreview:
    """What an order would bring; for a reference that was started before, what it brought."""

    order: Order
    authority: str | None
    """The authority's name; None for an unknown one."""
    calendar: str
    """The version of the calendar that limits are counted with."""
    checked: CheckedOrder | None
    """None where the order's form has faults, so that nothing can be worked out."""
    limits: tuple[LimitStatus, ...]
    """Soonest first."""
    before: StartResult | None
    """What the same reference began before; nothing new would be started."""
    fault: BadInput | Refused | None
    """Why it cannot be started."""
    clashes: tuple[dict[str, str], ...] = ()
    """People of the team whom another open inspection binds at the same time, a row each."""
    shipped: bool = False
    """Whether there were no records, so that the shipped directory and calendar answered."""


def preview_in(caller: Caller, data: Path | None, given: StartInspection) -> OrderPreview:
    """Previews an order by the records of a data folder; where there are none to be read, by the shipped directory and
    calendar, in records that are thrown away at once."""
    try:
        with open_to_read(data) as context:
            return preview_order(caller, context, given)
    except Unreachable:
        with _shipped(data) as context:
            return replace(preview_order(caller, context, given), shipped=True)


def preview_order(caller: Caller, context: AppContext, given: StartInspection) -> OrderPreview:
    """Returns what an order would bring. What was started before is shown as it is recorded."""
    request = StartRequest(given.order, context.now(), caller.person, given.confirmed, context.settings.limits)
    with reading(context.records) as session:
        calendar = versions.calendar_in_force(session)
        starts = may_start(session, caller)
        before = started_before(session, request.order) if starts else None
        if before is not None and not given.order.faults:
            return _recorded(session, context, before, calendar)
        facts = order_lookup.facts(session, request.order, request.starter)
    fault = _fault(request, facts, calendar)
    if given.order.faults or request.order.edition not in EDITIONS:
        return OrderPreview(request.order, facts.authority, calendar.version, None, (), None, fault)
    checked = outlook(request, facts, calendar)
    limits = _limits(checked, calendar)
    clashes = _clashes(context, checked, calendar) if starts else ()  # others are not to learn of other inspections
    return OrderPreview(request.order, facts.authority, calendar.version, checked, limits, None, fault, clashes)


def _fault(request: StartRequest, facts: OrderFacts, calendar: Calendar) -> BadInput | Refused | None:
    try:
        require_starter(request, facts)
        require_faultless(request, facts, calendar)
    except BadInput as error:
        return error
    return refused(request, facts, calendar)


def _limits(checked: CheckedOrder, calendar: Calendar) -> tuple[LimitStatus, ...]:
    try:
        known = "notification" in checked.inspection.milestones_reached
        statuses = limit_statuses(checked.inspection, calendar, as_if_begun=None if known else checked.notification)
        return tuple(sorted(statuses, key=lambda status: status.due))
    except BadInput:  # a day outside the calendar: it is among the faults
        return ()


def _clashes(context: AppContext, checked: CheckedOrder, calendar: Calendar) -> tuple[dict[str, str], ...]:
    """Returns the clashes with other open inspections; none where a day lies outside the calendar, which is a fault."""
    inspection = checked.inspection
    try:
        bound = bookings(inspection, calendar, checked.notification)
    except BadInput:
        return ()
    with reading(context.records) as session:
        team = people_clashes.bound_team(inspection.people, bound)
        return people_clashes.as_rows(people_clashes.clashes_with_others(session.connection(), inspection.id, team))


def _recorded(session: Session, context: AppContext, before: StartResult, calendar: Calendar) -> OrderPreview:
    """Returns what the order brought, under the settings it was started with."""
    inspection = repository.state(session, before.id)
    today = london_day(context.now())
    notification = inspection.date_of("notification") or max(inspection.notify_on or today, today)
    gates = gate_faults(inspection, notification, calendar) if inspection.stage is Stage.PLANNED else ()
    people = contacts(session.connection(), inspection.order.authority, inspection.people)
    roles = [role for role in Role if role in AUTHORITY_ROLES]
    recipients = tuple(contact for role in roles for contact in people.by_role.get(role, ()))
    checked = CheckedOrder(inspection, notification, gates, recipients)
    facts = order_lookup.facts(session, inspection.order)
    limits = _limits(checked, calendar)
    return OrderPreview(inspection.order, facts.authority, calendar.version, checked, limits, before, None)


@contextmanager
def _shipped(data: Path | None) -> Iterator[AppContext]:
    with TemporaryDirectory() as folder:
        records = connect(f"sqlite:///{folder}/records.sqlite")
        try:
            upgrade(records)
            directory.seed(records)
            yield AppContext(settings.read(data), records)
        finally:
            records.dispose()
