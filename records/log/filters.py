"""What is asked of the log, as conditions on its table, said so that each finds its index.

A rare thing (an authority's inspections, a word, what was missed) is looked up first, and its events from there. A common one is
checked event by event along the order of reading, where a page is soon full. Which it is, a bounded count says."""

from math import isqrt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, false, func, or_, select, tuple_

from framework.calendar.london_time import end_of, start_of
from framework.lifecycle.limit_status import MET_BY
from records.log import word_index
from records.tables.inspections import EVENTS, INSPECTIONS, LIMITS
from records.tables.projections import EVENT_WORD_INDEX

if TYPE_CHECKING:
    from records.log.read import History

MISSED = ("met_late", "lapsed")
SETTLED_BY = {**MET_BY, "factual_comments": (*MET_BY["factual_comments"], "comments_lapsed")}
"""Limit -> the kinds of event that meet it, or say that its time has run out."""
FEW_INSPECTIONS = 64
FEW_MISSED = 200
"""Up to so many are looked up first."""
HITS_A_PAGE = 80
"""Up to the root of this many times the events, hits of words are looked up first: there both ways cost the same (measured)."""


def where_clauses(connection: Connection, inspection: str | None, wanted: "History") -> list[ColumnElement[bool]]:
    """Everything that is asked. Raises `BadInput` for words without a word."""
    found = [*_equal(wanted, inspection), *_in_time(wanted)]
    if inspection is not None:
        found.append(EVENTS.c.inspection_id == inspection)
    if wanted.authority is not None or wanted.stage is not None:
        found.append(_of_inspections(connection, wanted))
    if wanted.limit is not None:
        found.append(EVENTS.c.kind.in_(SETTLED_BY[wanted.limit]))
    if wanted.missed:
        found.append(_missed(connection, inspection))
    if wanted.words is not None:
        found.append(_words(connection, inspection, wanted))
    return found


def _equal(wanted: "History", inspection: str | None) -> list[ColumnElement[bool]]:
    """Of several that are asked for at once, the rarest leads; the system does half of everything, so it leads last."""
    asked: list[tuple[ColumnElement[Any], Any]] = [
        (EVENTS.c.actor, wanted.person),
        (EVENTS.c.kind, wanted.kind),
        (EVENTS.c.paragraph, wanted.paragraph),
    ]
    asked = [(column, value) for column, value in asked if value is not None]
    asked.sort(key=lambda one: one[1] == "system")
    if inspection is not None:
        return [_without_index(column) == value for column, value in asked]
    return [
        column == value if place == 0 else _without_index(column) == value
        for place, (column, value) in enumerate(asked)
    ]


def _in_time(wanted: "History") -> list[ColumnElement[bool]]:
    earliest = [start_of(wanted.first)] if wanted.first else []
    latest = [*([end_of(wanted.last)] if wanted.last else []), *([wanted.as_of] if wanted.as_of else [])]
    return [*(EVENTS.c.recorded_at >= one for one in earliest), *(EVENTS.c.recorded_at <= one for one in latest)]


def _without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value, by which no index is chosen."""
    return func.coalesce(column, 0) if column.name == "paragraph" else func.coalesce(column, cast("", String))


def _of_inspections(connection: Connection, wanted: "History") -> ColumnElement[bool]:
    asked = {INSPECTIONS.c.authority_code: wanted.authority, INSPECTIONS.c.stage: wanted.stage}
    like = [column == value for column, value in asked.items() if value is not None]
    some = list(connection.execute(select(INSPECTIONS.c.id).where(*like).limit(FEW_INSPECTIONS + 1)).scalars())
    if not some:
        return false()
    if len(some) <= FEW_INSPECTIONS:
        return EVENTS.c.inspection_id.in_(some)
    began = connection.execute(select(func.min(INSPECTIONS.c.started_at)).where(*like)).scalar_one()
    mine = exists(select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == EVENTS.c.inspection_id, *like))
    return and_(EVENTS.c.recorded_at >= began, mine)


def _missed(connection: Connection, inspection: str | None) -> ColumnElement[bool]:
    """The newest event that settled a limit which stands as missed."""
    missed = LIMITS.c.state.in_(MISSED)
    if inspection is None:
        some = connection.execute(select(LIMITS.c.key).where(missed).limit(FEW_MISSED + 1)).all()
        if len(some) > FEW_MISSED:
            return _missed_one_by_one()
    of_one = [LIMITS.c.inspection_id == inspection] if inspection else []
    acts = EVENTS.alias("acts")
    newest = (
        select(acts.c.inspection_id, func.max(acts.c.number))
        .join(LIMITS, and_(LIMITS.c.inspection_id == acts.c.inspection_id, _settles(acts.c.kind)))
        .where(missed, *of_one)
        .group_by(acts.c.inspection_id, LIMITS.c.key)
    )
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(newest)


def _missed_one_by_one() -> ColumnElement[bool]:
    kinds = sorted({kind for kinds in SETTLED_BY.values() for kind in kinds})
    later = EVENTS.alias("later")
    again = exists(
        select(later.c.number)
        .where(
            later.c.inspection_id == EVENTS.c.inspection_id,
            later.c.number > EVENTS.c.number,
            _settles(later.c.kind),
        )
        .correlate(EVENTS, LIMITS)
    )
    mine = LIMITS.c.inspection_id == EVENTS.c.inspection_id
    missed = exists(select(LIMITS.c.key).where(mine, LIMITS.c.state.in_(MISSED), _settles(EVENTS.c.kind), ~again))
    return and_(_without_index(EVENTS.c.kind).in_(kinds), missed)


def _settles(kind: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an event of this kind settles the limit at hand."""
    return or_(*(and_(LIMITS.c.key == key, kind.in_(kinds)) for key, kinds in SETTLED_BY.items() if kinds))


def _words(connection: Connection, inspection: str | None, wanted: "History") -> ColumnElement[bool]:
    asked = word_index.parse_query(wanted.words or "")
    if inspection is not None:
        return word_index.contains_words(asked)
    found = word_index.fulltext_matches(connection, asked)
    newest = connection.execute(select(func.max(EVENT_WORD_INDEX.c.id))).scalar() or 0
    few = isqrt(HITS_A_PAGE * newest)
    if len(connection.execute(found.limit(few + 1)).all()) > few:
        return word_index.contains_words(asked)
    rows = select(EVENT_WORD_INDEX.c.inspection_id, EVENT_WORD_INDEX.c.number).where(EVENT_WORD_INDEX.c.id.in_(found))
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(rows)
