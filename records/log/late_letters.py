"""The condition that finds late letters."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_, union_all

from framework.calendar.london_time import start_of
from framework.correspondence.letters import MEETS_LIMIT
from records.tables.inspections import EVENTS, LIMITS
from records.tables.outbox import LETTERS

_ACCEPTED = ("accepted", "partly")
_UNDELIVERED = ("queued", "sending", "failed", "stopped")


def late_letters(inspection: str | None, today: date) -> ColumnElement[bool]:
    """Matches, for each letter that is late on the London day `today`, the event that recorded its acceptance; of a letter that has
    not been accepted, the event that ordered it.

    A letter is late if
    - the mail system accepted it on a later London day than the one on which it had to go: the day of its order or, where it
      waited for a morning, that day; of a letter that was sent again, the newest acceptance counts;
    - it was accepted, and meets a limit (`MEETS_LIMIT`), and the event that ordered it met that limit late;
    - it has not been accepted (it waits, failed or was stopped), and the day on which it had to go is over."""
    rows = union_all(_accepted(inspection), _not_accepted(inspection, today))
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(rows)


def _accepted(inspection: str | None) -> Select[tuple[str, int]]:
    acceptance = EVENTS.alias("acceptance")
    # A letter that was sent again has two such events; the letter's row has the moment of the newest.
    same = and_(
        acceptance.c.inspection_id == LETTERS.c.inspection_id,
        acceptance.c.kind == "letter_accepted",
        acceptance.c.cause == literal("letter:") + LETTERS.c.id,
        acceptance.c.received_at == LETTERS.c.accepted_at,
    )
    query = select(acceptance.c.inspection_id, acceptance.c.number).select_from(LETTERS.join(acceptance, same))
    return _of(query.where(LETTERS.c.status.in_(_ACCEPTED), or_(LETTERS.c.late, _after_its_limit())), inspection)


def _after_its_limit() -> ColumnElement[bool]:
    pairs = [and_(LETTERS.c.kind == kind, LIMITS.c.key == limit) for kind, limit in MEETS_LIMIT.items()]
    same = (LIMITS.c.inspection_id == LETTERS.c.inspection_id, LIMITS.c.settled_by == LETTERS.c.event_number)
    return exists(select(LIMITS.c.key).where(LIMITS.c.missed, *same, or_(*pairs)))


def _not_accepted(inspection: str | None, today: date) -> Select[tuple[str, int]]:
    to_go = func.coalesce(LETTERS.c.not_before, LETTERS.c.queued_at)
    query = select(LETTERS.c.inspection_id, LETTERS.c.event_number)
    return _of(query.where(LETTERS.c.status.in_(_UNDELIVERED), to_go < start_of(today)), inspection)


def _of(query: Select[tuple[str, int]], inspection: str | None) -> Select[tuple[str, int]]:
    return query if inspection is None else query.where(LETTERS.c.inspection_id == inspection)
