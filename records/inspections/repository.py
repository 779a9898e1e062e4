"""The inspections themselves: beginning one, finding one, and its state now or as it was known at a past moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, select, text
from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Refused, Remedy
from framework.editions.registry import begin_inspection
from framework.inspection.first_events import FIRST_EVENT
from framework.inspection.limits import LimitSettings
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.inspection.start import InspectionStart
from framework.inspection.state import Inspection
from framework.messages.orders import Booking, LimitRow
from framework.vocabulary.office import POLICY_WORDS
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.calendars.versions import calendar, newest_version, version_in_force
from records.inspections.people_clashes import bound_team, update_tasks
from records.log.criteria import EventFilter
from records.log.read import history
from records.projections import limit_history, parts
from records.projections.as_known import Calendars
from records.tables.inspections import INSPECTIONS, LIMITS

People = Mapping[Role, tuple[str, ...]]
WAITS = INSPECTIONS.c.closed_at.is_(None) | INSPECTIONS.c.next_due.is_not(None)
"""Something may still happen to it of itself."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a new inspection is written down with."""

    order: Order
    """With its words already taken out (`freetext.detach`) and kept."""
    people: People
    """The authority's people, as the directory has them (`directory.people_of`)."""
    moment: datetime
    next_due: datetime | None = None
    next_what: str = ""
    limits: Sequence[LimitRow] = ()
    bookings: Sequence[Booking] = ()
    """When its team is bound, by the days that the order names."""
    alone: bool = True
    """Whether another open inspection of the same authority refuses."""


@dataclass(frozen=True, slots=True)
class Created:
    """The inspection of an order's reference, and whether it was there already."""

    id: str
    existed: bool


def create(session: Session, identifier: str, start: Start) -> Created:
    """Writes a new inspection down, `planned` and without events. The same reference again is the same inspection.

    Raises `Refused` when another of the same authority is open and the order gives no reason to go beside it, `BadInput` for
    an unknown authority."""
    _one_at_a_time(session)
    order = start.order
    before = by_reference(session, order.reference)
    if before is not None:
        return Created(before, existed=True)
    alone = start.alone and not order.beside_reason
    if alone and (other := open_inspection_of(session, order.authority)):
        raise Refused(f"{other} is open for the same authority ({order.authority}) ({POLICY_WORDS})")
    connection = session.connection()
    people = begin_inspection(identifier, order, dict(start.people)).people
    connection.execute(insert(INSPECTIONS), _row(identifier, start, people, version_in_force(connection)))
    if start.limits:
        rows = [{"inspection_id": identifier, **limit.model_dump()} for limit in start.limits]
        connection.execute(insert(LIMITS), rows)
    limit_history.save(connection, identifier, 0, start.moment, order.lead, start.limits)
    parts.save(connection, identifier, 0, start.moment, people)
    update_tasks(connection, identifier, bound_team(people, start.bookings), start.moment, 0)
    return Created(identifier, existed=False)


def open_inspection_of(session: Session, authority: str) -> str | None:
    """Returns an inspection of this authority that is neither closed nor cancelled, if there is one."""
    query = select(INSPECTIONS.c.id).where(INSPECTIONS.c.authority_code == authority, INSPECTIONS.c.closed_at.is_(None))
    return session.connection().execute(query.limit(1)).scalar()


def by_reference(session: Session, reference: str) -> str | None:
    """Returns the inspection that an order's reference began, if any."""
    return session.connection().execute(select(INSPECTIONS.c.id).where(INSPECTIONS.c.reference == reference)).scalar()


def find(session: Session, identifier: str) -> RowMapping:
    """Returns the row of an inspection. Raises `BadInput` for an unknown one."""
    row = session.connection().execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().first()
    if row is None:
        raise BadInput(f"there is no inspection {identifier}", remedy=Remedy.LIST_INSPECTIONS)
    return row


def order_of(session: Session, identifier: str) -> Order:
    """Returns the order an inspection began with, its texts as identifiers. Raises `BadInput` for an unknown one."""
    return Order.model_validate(find(session, identifier)["order_json"])


def calendar_of(session: Session, identifier: str, as_of: datetime | None = None) -> Calendar:
    """Returns the calendar of its limits: the one in force now, or at `as_of`; if the inspection is over, the last one its
    limits were computed with, whatever version is made later. Raises `BadInput` for an unknown inspection."""
    older = Calendars(session).older(kept_calendar(find(session, identifier)), as_of)
    return older or Calendar(**newest_version(session).model_dump())


def kept_calendar(row: RowMapping) -> str:
    """Returns the version that an inspection keeps once it is over; empty for one that still has something due."""
    over = row["closed_at"] is not None and row["next_due"] is None
    return str(row["calendar_version"]) if over else ""


def still_open(session: Session) -> list[str]:
    """Returns every inspection that still has something due, by identifier."""
    query = select(INSPECTIONS.c.id).where(WAITS).order_by(INSPECTIONS.c.id)
    return list(session.connection().execute(query).scalars())


def unfinished(session: Session) -> list[str]:
    """Returns every inspection that must have a running workflow, by identifier."""
    columns = (INSPECTIONS.c.id, INSPECTIONS.c.stage, INSPECTIONS.c.next_due)
    query = select(*columns).where(INSPECTIONS.c.stage != Stage.CLOSED.value).order_by(INSPECTIONS.c.id)
    return [
        row.id
        for row in session.connection().execute(query)
        if row.stage != Stage.CANCELLED or row.next_due is not None or not state(session, row.id).is_finished
    ]


def beginning(session: Session, identifier: str, clock_shift: timedelta = timedelta()) -> InspectionStart | None:
    """Returns the input of its workflow; None for one that is finished. Raises `BadInput`.

    The calendar is the one its limits were last computed with: the workflow applies a newer one when it queries the
    records."""
    row = find(session, identifier)
    if row["closed_at"] is not None and state(session, identifier).is_finished:
        return None
    return _first_input(session, row, row["calendar_version"], clock_shift)


def _first_input(session: Session, row: RowMapping, version: str, clock_shift: timedelta) -> InspectionStart:
    ordered = history(session, row["id"], EventFilter(kind=FIRST_EVENT))[0].event
    return InspectionStart(
        inspection=row["id"],
        started_by=ordered.by,
        started_as=ordered.role,
        order=Order.model_validate(row["order_json"]),
        people={Role(role): tuple(held) for role, held in row["first_people_json"].items()},
        calendar=calendar(session, version),
        settings=LimitSettings.model_validate(ordered.data["limits"]),
        clock_shift=clock_shift,
    )


def would_begin(session: Session, start: InspectionStart) -> bool:
    """Returns whether the records would begin a workflow with this input, which they hold except for the clock's shift.

    Raises `BadInput` for an unknown inspection."""
    given = start.calendar
    try:
        expected = _first_input(session, find(session, start.inspection), given.version, start.clock_shift)
    except LookupError:
        return False
    return expected == start


def state(session: Session, identifier: str, as_of: datetime | None = None) -> Inspection:
    """Returns the inspection from its events; with `as_of`, as it was known at that moment. Raises `BadInput`."""
    return _follow(session, find(session, identifier), EventFilter(as_of=as_of))


def begun(row: RowMapping) -> Inspection:
    """Returns the inspection before its first event: what its events are applied to."""
    people = {Role(role): tuple(held) for role, held in row["first_people_json"].items()}
    return begin_inspection(row["id"], Order.model_validate(row["order_json"]), people)


def _follow(session: Session, row: RowMapping, criteria: EventFilter) -> Inspection:
    """Returns the inspection from those of its events that match the criteria."""
    inspection = begun(row)
    for recorded in history(session, row["id"], criteria):
        inspection.apply(recorded.number, recorded.event)
    return inspection


def _one_at_a_time(session: Session) -> None:
    """Takes the lock by which only one entry point starts an inspection at a time; SQLite has one writer at a time anyway."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(20101002)"))


def _row(identifier: str, start: Start, people: People, version: str) -> dict[str, object]:
    order = start.order
    first = {role.value: list(held) for role, held in start.people.items() if role in AUTHORITY_ROLES}
    return {
        "id": identifier,
        "reference": order.reference,
        "authority_code": order.authority,
        "scope": order.scope.value,
        "edition": order.edition,
        "order_json": order.model_dump(mode="json"),
        "stage": Stage.PLANNED.value,
        "started_at": start.moment,
        "closed_at": None,
        "coordinator": order.coordinator,
        "lead": order.lead,
        "head_number": 0,
        "head_hash": "",
        "calendar_version": version,
        "next_due": start.next_due,
        "next_what": start.next_what,
        "people_json": {role.value: list(held) for role, held in people.items()},
        "bookings_json": [booking.model_dump(mode="json") for booking in start.bookings],
        "first_people_json": first,
    }
