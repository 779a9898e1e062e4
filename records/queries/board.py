"""The board: every inspection that waits for something, the soonest due first. Rows, not objects of the framework."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlmodel import Session

from framework.correspondence.letters import START_CLOCKS
from framework.inspection.stages import Stage
from framework.lifecycle.limit_status import limit_statuses_on
from framework.lifecycle.limits import LIMITS as LIMIT_RULES
from records.calendars.versions import calendar_in_force
from records.inspections.repository import state
from records.outbox.states import UNDELIVERED
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS, LIMITS, TASKS
from records.tables.outbox import LETTERS


@dataclass(frozen=True, slots=True)
class Filter:
    """Which inspections to show; what is None is not asked."""

    stage: str | None = None
    """Without a stage, those that still wait for something."""
    late: bool = False
    """Only those with a limit that has passed undone."""
    due_by: date | None = None
    """Only those with an open limit due on this day or earlier; the caller counts days of either kind."""
    lead: str | None = None
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One inspection on the board."""

    id: str
    reference: str
    authority_code: str
    authority: str
    scope: str
    stage: str
    lead: str
    coordinator: str
    limit: str | None
    """The open limit that is due soonest: what it is waiting for."""
    due: date | None
    waiting_for: str | None
    """The role that owes it."""
    late: tuple[str, ...]
    """Every open limit whose day has passed, soonest first."""
    next_due: datetime | None
    """The moment of the next thing that happens of itself."""
    next_what: str
    waiting_since: datetime | None
    """When the newest event was recorded."""
    tasks: int
    """How many open tasks it has."""
    waits_for_mail: bool
    """Whether a letter on which a clock hangs has not been accepted yet: until then day 0 is not known."""


_SHOWN = (
    *("id", "reference", "authority_code", "authority", "scope", "stage", "lead", "coordinator"),
    *("next_due", "next_what", "waiting_since"),
)
_PLACES = {rule.key: place for place, rule in enumerate(LIMIT_RULES)}
_NOT_DATED = and_(
    INSPECTIONS.c.stage == Stage.PLANNED,
    ~exists(select(LIMITS.c.key).where(LIMITS.c.inspection_id == INSPECTIONS.c.id)),
)


def board(session: Session, wanted: Filter, today: date) -> list[BoardRow]:
    """The inspections asked for, the soonest due first; `today` is the day in London that says what is late."""
    rows = session.connection().execute(_query(wanted, today)).mappings().all()
    limits, counts = _open_limits(session, [row["id"] for row in rows]), _open_tasks(session)
    limits |= _undated(session, [row["id"] for row in rows if _not_dated(row, limits)], today)
    posted = _waiting_for_mail(session)
    found = [_board_row(row, limits.get(row["id"], []), counts.get(row["id"], 0), posted, today) for row in rows]
    shown = [row for row in found if wanted.due_by is None or (row.due and row.due <= wanted.due_by)]
    return sorted(shown, key=lambda row: (row.due or date.max, row.id))


def _query(wanted: Filter, today: date) -> Any:
    last = (
        select(EVENTS.c.recorded_at)
        .where(EVENTS.c.inspection_id == INSPECTIONS.c.id, EVENTS.c.number == INSPECTIONS.c.head_number)
        .scalar_subquery()
    )
    return (
        select(
            *(INSPECTIONS.c[name] for name in _SHOWN if name in INSPECTIONS.c),
            AUTHORITIES.c.name.label("authority"),
            last.label("waiting_since"),
        )
        .join(AUTHORITIES, AUTHORITIES.c.code == INSPECTIONS.c.authority_code)
        .where(*_conditions(wanted, today))
    )


def _conditions(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    table = INSPECTIONS.c
    found: list[ColumnElement[bool]] = []
    if wanted.stage is None:
        found.append(or_(table.closed_at.is_(None), table.next_due.is_not(None)))
    else:
        found.append(table.stage == wanted.stage)
    if wanted.lead is not None:
        found.append(table.lead == wanted.lead)
    if wanted.authority is not None:
        found.append(table.authority_code == wanted.authority)
    if wanted.late:
        found.append(_has_open_limit(LIMITS.c.due < today))
    if wanted.due_by is not None:
        found.append(or_(_has_open_limit(LIMITS.c.due <= wanted.due_by), _NOT_DATED))
    return found


def _has_open_limit(due: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = LIMITS.c.inspection_id == INSPECTIONS.c.id
    return exists(select(LIMITS.c.key).where(mine, LIMITS.c.state == "open", due))


def _open_tasks(session: Session) -> dict[str, int]:
    query = (
        select(TASKS.c.inspection_id, func.count().label("open"))
        .where(TASKS.c.closed_at.is_(None))
        .group_by(TASKS.c.inspection_id)
    )
    return {row.inspection_id: row.open for row in session.connection().execute(query)}


def _open_limits(session: Session, inspections: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for start in range(0, len(inspections), 500):
        some = inspections[start : start + 500]
        query = (
            select(LIMITS.c.inspection_id, LIMITS.c.key, LIMITS.c.due, LIMITS.c.owner)
            .where(LIMITS.c.inspection_id.in_(some), LIMITS.c.state == "open")
            .order_by(LIMITS.c.due)
        )
        for row in session.connection().execute(query):
            found.setdefault(row.inspection_id, []).append(row)
    return {inspection: sorted(rows, key=_soonest) for inspection, rows in found.items()}


def _soonest(limit: Any) -> tuple[date, int]:
    """Of those due on one day, the first of the table of limits, as everywhere."""
    return limit.due, _PLACES[limit.key]


def _not_dated(row: RowMapping, limits: Mapping[str, Any]) -> bool:
    return row["stage"] == Stage.PLANNED and row["id"] not in limits


def _undated(session: Session, inspections: Sequence[str], today: date) -> dict[str, list[Any]]:
    """The limits of those that are to be notified at once and are not yet: no row dates them, for each day moves them."""
    if not inspections:
        return {}
    calendar = calendar_in_force(session)
    found = {one: limit_statuses_on(state(session, one), calendar, today) for one in inspections}
    return {one: [standing.row() for standing in limits if standing.state == "open"] for one, limits in found.items()}


def _waiting_for_mail(session: Session) -> set[str]:
    query = select(LETTERS.c.inspection_id).where(LETTERS.c.kind.in_(START_CLOCKS), LETTERS.c.status.in_(UNDELIVERED))
    return set(session.connection().execute(query).scalars())


def _board_row(row: RowMapping, limits: Sequence[Any], tasks: int, posted: Collection[str], today: date) -> BoardRow:
    soonest = limits[0] if limits else None
    return BoardRow(
        **{name: row[name] for name in _SHOWN},
        limit=soonest.key if soonest else None,
        due=soonest.due if soonest else None,
        waiting_for=soonest.owner if soonest else None,
        late=tuple(limit.key for limit in limits if limit.due < today),
        tasks=tasks,
        waits_for_mail=row["id"] in posted,
    )
