"""The condition that finds late letters."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all

from framework.calendar.london_time import start_of
from framework.correspondence.letters import MEETS_LIMIT
from records.tables.inspections import EVENTS, LIMITS
from records.tables.outbox import LETTERS

_ACCEPTED = ("accepted", "partly")
_UNDELIVERED = ("queued", "sending", "failed", "stopped")

_ACCEPTANCE = EVENTS.alias("acceptance")
_SAME_LETTER = and_(
    _ACCEPTANCE.c.inspection_id == LETTERS.c.inspection_id,
    _ACCEPTANCE.c.kind == "letter_accepted",
    _ACCEPTANCE.c.cause == literal("letter:") + LETTERS.c.id,
    # A letter that was sent again has two such events; its row has the moment of the newest.
    _ACCEPTANCE.c.received_at == LETTERS.c.accepted_at,
)


def late_letters(inspection: str | None, today: date) -> ColumnElement[bool]:
    """Matches, for each letter that is late on the London day `today`, the event that recorded its acceptance; of a letter that has
    not been accepted, the event that ordered it.

    A letter is late if
    - the mail system accepted it on a later London day than the one on which it had to go: the day of its order or, where it
      waited for a morning, that day; of a letter that was sent again, the newest acceptance counts;
    - it was accepted, and meets a limit (`MEETS_LIMIT`), and the event that ordered it met that limit late;
    - it has not been accepted (it waits, failed or was stopped), and the day on which it had to go is over."""
    late = union_all(
        _accepted_late(inspection), _accepted_after_limit(inspection), _not_accepted(inspection, today)
    ).subquery()
    # SQLite looks the events up by their keys only where what stands after IN is no UNION itself.
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(select(late))


def _accepted_late(inspection: str | None) -> Select[tuple[str, int]]:
    query = select(_ACCEPTANCE.c.inspection_id, _ACCEPTANCE.c.number).select_from(
        LETTERS.join(_ACCEPTANCE, _SAME_LETTER)
    )
    return _of(query.where(LETTERS.c.late, LETTERS.c.status.in_(_ACCEPTED)), inspection)


def _accepted_after_limit(inspection: str | None) -> Select[tuple[str, int]]:
    pairs = [and_(LETTERS.c.kind == kind, LIMITS.c.key == limit) for kind, limit in MEETS_LIMIT.items()]
    ordered = and_(
        LETTERS.c.inspection_id == LIMITS.c.inspection_id, LETTERS.c.event_number == LIMITS.c.settled_by, or_(*pairs)
    )
    tables = LIMITS.join(LETTERS, ordered).join(_ACCEPTANCE, _SAME_LETTER)
    query = select(_ACCEPTANCE.c.inspection_id, _ACCEPTANCE.c.number).select_from(tables)
    return _of(query.where(LIMITS.c.missed, LETTERS.c.status.in_(_ACCEPTED)), inspection)


def _not_accepted(inspection: str | None, today: date) -> Select[tuple[str, int]]:
    to_go = func.coalesce(LETTERS.c.not_before, LETTERS.c.queued_at)
    query = select(LETTERS.c.inspection_id, LETTERS.c.event_number)
    return _of(query.where(LETTERS.c.status.in_(_UNDELIVERED), to_go < start_of(today)), inspection)


def _of(query: Select[tuple[str, int]], inspection: str | None) -> Select[tuple[str, int]]:
    return query if inspection is None else query.where(LETTERS.c.inspection_id == inspection)
