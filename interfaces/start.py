"""Starting an inspection from an order: checked, written down with its first event, and then begun in the engine.

The order's reference is the inspection's identifier, so that the same order again is the same inspection, also when the
first attempt was cut off between records and engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from temporalio.client import Client
from temporalio.service import RPCError

from activities.fault_points import reach
from activities.stories import begin
from framework.agenda import next_due
from framework.calendar import Calendar
from framework.clock import london_day
from framework.errors import Unreachable
from framework.events import Event
from framework.freetext import detach
from framework.gates import GateFault
from framework.inspection import Inspection
from framework.limits import LimitSettings
from framework.order import Order
from framework.roles import AUTHORITY_ROLES, Role
from framework.standing import standings
from interfaces.order_check import check
from interfaces.system import System
from interfaces.yaml_files import YamlFile
from records import calendars, inspections, orders, texts
from records.calendars import calendar_in_force
from records.database import reading, writing
from records.events import append

FIRST_EVENT = "inspection_ordered"


@dataclass(frozen=True, slots=True)
class Started:
    """An inspection that runs."""

    id: str
    existing: bool
    """Whether this reference had been started before."""
    changed: bool = False
    """Whether the order says something else than the one it was started with; nothing of that was taken over."""
    gates: tuple[GateFault, ...] = ()
    """What keeps the authority from being notified for now."""

    @property
    def said_again(self) -> str:
        """What is said of an order whose reference was started before; empty for a new one."""
        if self.changed:
            return f"{self.id} was started before with another order; nothing of this one was taken over"
        return f"{self.id} was started before: nothing new was started" if self.existing else ""


async def start(system: System, order: Order, yaml: YamlFile, command_id: str) -> Started:
    """Start the inspection of an order. Raises `BadInput` and `Refused` before anything is written; `Unreachable`."""
    client = system.engine()
    reach("door: before the inspection is written down")
    started = write_down(system, order, yaml, command_id)
    reach("door: inspection row created")
    await begin_story(system, client, started.id)
    reach("door: workflow started")
    return started


def write_down(system: System, order: Order, yaml: YamlFile, command_id: str) -> Started:
    """Order, texts and first event in one transaction, unless the reference is known. Raises as `start` does."""
    now = system.now()
    with reading(system.records) as session:
        if before := started_before(session, order):
            return before
        calendar, facts = calendar_in_force(session), orders.facts(session, order)
    checked = check(order, yaml, facts, calendar, london_day(now), system.settings.limits)
    plain, words = detach(order, f"{order.reference}/order")
    with writing(system.records) as session:
        calendars.hold(session)
        calendar = calendar_in_force(session)  # a holiday of this very moment counts
        texts.keep_texts(session, order.reference, words, now)
        created = inspections.create(
            session, order.reference, first_row(checked.inspection, Order.model_validate(plain), calendar, now)
        )
        if created.again:
            return Started(created.id, existing=True)
        said = said_first(plain, checked.inspection.settings, checked.inspection.people)
        append(session, created.id, command_id, [_ordered(system, order, said, command_id, now)], recorded=now)
    return Started(created.id, existing=False, gates=checked.gates)


def started_before(session: Session, order: Order) -> Started | None:
    """The inspection that an order of this reference began, if there is one."""
    identifier = inspections.by_reference(session, order.reference)
    if identifier is None:
        return None
    plain, _ = detach(order, f"{order.reference}/order")
    same = inspections.order_of(session, identifier) == Order.model_validate(plain)
    return Started(identifier, existing=True, changed=not same)


def first_row(planned: Inspection, order: Order, calendar: Calendar, now: datetime) -> inspections.Start:
    """What a planned inspection is written down with. `order` has its words taken out."""
    due = next_due(planned, calendar, now)
    return inspections.Start(
        order=order,
        people={role: held for role, held in planned.people.items() if role in AUTHORITY_ROLES},
        moment=now,
        next_due=due.at if due else None,
        next_what=due.words() if due else "",
        limits=[standing.row() for standing in standings(planned, calendar)],
    )


def said_first(plain: Mapping[str, object], limits: LimitSettings, known: inspections.People) -> dict[str, object]:
    """What the first event says: the order, the settings of the limits, and the authority's people as the directory had them,
    to which every later event is applied."""
    people = {role.value: list(held) for role, held in known.items() if role in AUTHORITY_ROLES}
    return {**plain, "limits": limits.model_dump(mode="json"), "authority_people": people}


def _ordered(system: System, order: Order, said: dict[str, object], command_id: str, now: datetime) -> Event:
    return Event(
        kind=FIRST_EVENT,
        on=london_day(now),
        received=now,
        by=order.coordinator,
        role=Role.COORDINATOR,
        door=system.door,
        ran_as=system.ran_as,
        paragraph=8,
        data=said,
        cause=f"command:{command_id}",
    )


async def begin_story(system: System, client: Client, identifier: str) -> None:
    """Begin its story in the engine; one that runs, or has come to its end, is left as it is."""
    with reading(system.records) as session:
        beginning = inspections.beginning(session, identifier, system.clock_shift)
    if beginning is None:
        return
    try:
        await begin(client, beginning)
    except RPCError as error:
        raise Unreachable(
            f"{identifier} is written down, but the engine did not take it ({error.message}): start the same order again"
        ) from None
