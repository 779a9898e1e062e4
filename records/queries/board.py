"""The board: inspections that wait for something, the soonest due first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlmodel import Session

from framework.correspondence.letters import START_CLOCKS
from framework.inspection.holding import is_waited_for, limits_before_the_end
from framework.inspection.limit_days import limit_statuses_on
from framework.inspection.limits import LIMITS as LIMIT_RULES
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from records.calendars.versions import calendar_in_force
from records.inspections.repository import state
from records.outbox.states import UNDELIVERED
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS, LIMITS, TASKS
from records.tables.outbox import LETTERS


@dataclass(frozen=True, slots=True)
class Filter:
    """Criteria that an inspection must match, all of them; None and False are no criterion."""

    stage: str | None = None
    """None: those that still wait for something, at whatever stage."""
    late: bool = False
    """With an open limit whose day has passed."""
    due_by: date | None = None
    """With an open limit due on this day or earlier."""
    lead: str | None = None
    authority: str | None = None
    among: frozenset[str] | None = None
    """One of these."""


@dataclass(frozen=True, slots=True)
class OpenLimit:
    """An open limit that a step can still meet."""

    key: str
    due: date
    owner: str | None
    """The role that owes it."""


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
    """Of the open limits that hold it now, the one due soonest."""
    due: date | None
    waiting_for: str | None
    """The role that owes it."""
    open_limits: tuple[OpenLimit, ...]
    """Every open limit that can still be met, soonest first."""
    late: tuple[str, ...]
    """Every open limit whose day has passed and that can still be met, soonest first."""
    never_done: tuple[str, ...]
    """Every open limit that no step can meet any more, then those that ended undone, soonest first."""
    next_due: datetime | None
    """The moment of the next automatic step or letter."""
    next_what: str
    waiting_since: datetime | None
    """The moment of recording of the newest event."""
    tasks: int
    """Number of open tasks."""
    waits_for_mail: bool
    """Whether a letter whose acceptance is day 0 is not accepted yet."""


_SHOWN = (
    *("id", "reference", "authority_code", "authority", "scope", "stage", "lead", "coordinator"),
    *("next_due", "next_what", "waiting_since"),
)
_ORDER = {rule.key: index for index, rule in enumerate(LIMIT_RULES)}
_HAS_NO_LIMITS_YET = and_(
    INSPECTIONS.c.stage == Stage.PLANNED,
    ~exists(select(LIMITS.c.key).where(LIMITS.c.inspection_id == INSPECTIONS.c.id)),
)
_LATER = LIMITS.alias("later")
_ENDED_UNDONE = and_(  # what was not done before a deferral may have been done in the round after it
    LIMITS.c.state == "never_done",
    ~exists(
        select(_LATER.c.key)
        .where(
            _LATER.c.inspection_id == LIMITS.c.inspection_id,
            _LATER.c.key == LIMITS.c.key,
            _LATER.c.round > LIMITS.c.round,
        )
        .correlate(LIMITS)
    ),
)


def board(session: Session, criteria: Filter, today: date) -> list[BoardRow]:
    """Returns the inspections that match, the soonest due first; `today` is the London day that decides what is late."""
    rows = session.connection().execute(_query(criteria, today)).mappings().all()
    shown_ids, counts = [row["id"] for row in rows], _open_tasks(session)
    limits = _limits(session, shown_ids, LIMITS.c.state == "open")
    limits |= _computed_limits(session, [row["id"] for row in rows if _has_no_limits_yet(row, limits)], today)
    undone = _limits(session, shown_ids, _ENDED_UNDONE)
    unsent = _waiting_for_mail(session)
    shown = []
    for row in rows:
        open_limits = limits.get(row["id"], [])
        gates = _gates(session, row, open_limits, today)
        board_row = _board_row(row, open_limits, gates, counts.get(row["id"], 0), unsent, today)
        ended_undone = tuple(limit.key for limit in undone.get(row["id"], ()))
        shown.append(replace(board_row, never_done=board_row.never_done + ended_undone))
    due = [row for row in shown if criteria.due_by is None or (row.due and row.due <= criteria.due_by)]
    return sorted(due, key=lambda row: (row.due or date.max, row.id))


def _query(criteria: Filter, today: date) -> Any:
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
        .where(*_where_clauses(criteria, today))
    )


def _where_clauses(criteria: Filter, today: date) -> list[ColumnElement[bool]]:
    table = INSPECTIONS.c
    clauses: list[ColumnElement[bool]] = []
    if criteria.among is not None:
        clauses.append(table.id.in_(sorted(criteria.among)))
    if criteria.stage is None:
        clauses.append(or_(table.closed_at.is_(None), table.next_due.is_not(None)))
    else:
        clauses.append(table.stage == criteria.stage)
    if criteria.lead is not None:
        clauses.append(table.lead == criteria.lead)
    if criteria.authority is not None:
        clauses.append(table.authority_code == criteria.authority)
    if criteria.late:
        clauses.append(_has_open_limit(LIMITS.c.due < today))
    if criteria.due_by is not None:
        clauses.append(or_(_has_open_limit(LIMITS.c.due <= criteria.due_by), _HAS_NO_LIMITS_YET))
    return clauses


def _has_open_limit(due: ColumnElement[bool]) -> ColumnElement[bool]:
    same = LIMITS.c.inspection_id == INSPECTIONS.c.id
    return exists(select(LIMITS.c.key).where(same, LIMITS.c.state == "open", due))


def _open_tasks(session: Session) -> dict[str, int]:
    query = (
        select(TASKS.c.inspection_id, func.count().label("open"))
        .where(TASKS.c.closed_at.is_(None))
        .group_by(TASKS.c.inspection_id)
    )
    return {row.inspection_id: row.open for row in session.connection().execute(query)}


def _limits(session: Session, inspections: Sequence[str], clause: ColumnElement[bool]) -> dict[str, list[Any]]:
    """Returns the limits that match the clause, by inspection, soonest first."""
    by_inspection: dict[str, list[Any]] = {}
    for start in range(0, len(inspections), 500):
        batch = inspections[start : start + 500]
        query = (
            select(LIMITS.c.inspection_id, LIMITS.c.key, LIMITS.c.due, LIMITS.c.owner)
            .where(LIMITS.c.inspection_id.in_(batch), clause)
            .order_by(LIMITS.c.due)
        )
        for row in session.connection().execute(query):
            by_inspection.setdefault(row.inspection_id, []).append(row)
    return {inspection: sorted(rows, key=_soonest) for inspection, rows in by_inspection.items()}


def _soonest(limit: Any) -> tuple[date, int]:
    # Limits due on one day follow the order of the table of limits, as on all screens.
    return limit.due, _ORDER[limit.key]


def _has_no_limits_yet(row: RowMapping, limits: Mapping[str, Any]) -> bool:
    return row["stage"] == Stage.PLANNED and row["id"] not in limits


def _computed_limits(session: Session, inspections: Sequence[str], today: date) -> dict[str, list[Any]]:
    """Computes the open limits of planned inspections that are to be notified at once: their days move with `today`."""
    if not inspections:
        return {}
    calendar = calendar_in_force(session)
    limits: dict[str, list[Any]] = {}
    for inspection in inspections:
        statuses = limit_statuses_on(state(session, inspection), calendar, today)
        limits[inspection] = [status.row() for status in statuses if status.state == "open"]
    return limits


def _waiting_for_mail(session: Session) -> set[str]:
    query = select(LETTERS.c.inspection_id).where(LETTERS.c.kind.in_(START_CLOCKS), LETTERS.c.status.in_(UNDELIVERED))
    return set(session.connection().execute(query).scalars())


def _gates(session: Session, row: RowMapping, limits: Sequence[Any], today: date) -> Collection[str]:
    """Returns the limits that hold the end of fieldwork; read only where something is late then."""
    late = any(limit.due < today for limit in limits)
    return limits_before_the_end(state(session, row["id"])) if late and row["stage"] == Stage.FIELDWORK else ()


def _board_row(
    row: RowMapping, limits: Sequence[Any], gates: Collection[str], tasks: int, unsent: Collection[str], today: date
) -> BoardRow:
    stage = Stage(row["stage"])
    open_still = [limit for limit in limits if STEPS.can_be_met(limit.key, stage)]
    soonest = next((limit for limit in open_still if is_waited_for(limit.key, stage, limit.due < today, gates)), None)
    return BoardRow(
        **{name: row[name] for name in _SHOWN},
        limit=soonest.key if soonest else None,
        due=soonest.due if soonest else None,
        waiting_for=soonest.owner if soonest else None,
        open_limits=tuple(OpenLimit(limit.key, limit.due, limit.owner) for limit in open_still),
        late=tuple(limit.key for limit in open_still if limit.due < today),
        never_done=tuple(limit.key for limit in limits if limit not in open_still),
        tasks=tasks,
        waits_for_mail=row["id"] in unsent,
    )
