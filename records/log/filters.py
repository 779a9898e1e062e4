"""Turns an `EventFilter` into conditions on the table of events, written so that the database picks the right index.

A filter that few events match (an authority's inspections, a word, missed limits) is looked up first, and its events by
key. One that many match is tested event by event in the order of reading, where a page is soon full. A bounded count
decides which of the two it is."""

from math import isqrt
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, false, func, select, tuple_

from framework.calendar.london_time import end_of, start_of
from framework.inspection.steps import STEPS
from records.log import word_index
from records.log.criteria import EventFilter
from records.log.departures import grades_after_draft, overrides
from records.log.late_letters import late_letters
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS, LIMITS
from records.tables.projections import EVENT_WORD_INDEX

SETTLED_BY = {**STEPS.meeting, "factual_comments": (*STEPS.meeting["factual_comments"], "comments_lapsed")}
"""Limit -> the kinds of event that meet it, or record that it lapsed."""
RECORD_MISSES = frozenset(
    {"deferred", "cancelled", "window_closed", "deferral_requested", "corrected", "limit_waived", "withdrawn"}
)
"""The kinds of event that record misses of limits that nothing has met."""
FEW_INSPECTIONS = 64
FEW_MISSED = 200
"""Up to so many rows are looked up first."""
HITS_PER_PAGE = 80
"""Words with at most sqrt(this * events) hits are looked up first: at that number both ways take equally long (measured)."""


def where_clauses(connection: Connection, inspection: str | None, criteria: EventFilter) -> list[ColumnElement[bool]]:
    """Returns a condition for each criterion that is set. Raises `BadInput` for `words` that hold no word."""
    clauses = [*_equal(criteria, inspection), *_in_time(criteria), *_for_auditors(criteria, inspection)]
    if inspection is not None:
        clauses.append(EVENTS.c.inspection_id == inspection)
    if criteria.among is not None:
        clauses.append(EVENTS.c.inspection_id.in_(sorted(criteria.among)))
    if any(value is not None for value in (criteria.authority, criteria.region, criteria.stage)):
        clauses.append(_of_inspections(connection, criteria))
    if criteria.limit is not None:
        clauses.append(EVENTS.c.kind.in_(SETTLED_BY.get(criteria.limit, ())))
    if criteria.missed:
        clauses.append(_missed(connection, inspection))
    if criteria.words is not None:
        clauses.append(_words(connection, inspection, criteria.words))
    return clauses


def _equal(criteria: EventFilter, inspection: str | None) -> list[ColumnElement[bool]]:
    columns: list[tuple[ColumnElement[Any], Any]] = [
        (EVENTS.c.actor, criteria.person),
        (EVENTS.c.kind, criteria.kind),
        (EVENTS.c.paragraph, criteria.paragraph),
    ]
    columns = [(column, value) for column, value in columns if value is not None]
    # Only the first criterion may choose an index, so the one with the fewest events is first: half of all are the system's.
    columns.sort(key=lambda criterion: criterion[1] == "system")
    if inspection is not None:
        return [_without_index(column) == value for column, value in columns]
    return [
        column == value if index == 0 else _without_index(column) == value
        for index, (column, value) in enumerate(columns)
    ]


def _for_auditors(criteria: EventFilter, inspection: str | None) -> list[ColumnElement[bool]]:
    late = [late_letters(inspection, criteria.late_letters)] if criteria.late_letters else []
    departures = [overrides()] if criteria.overrides else []
    changes = [grades_after_draft(inspection)] if criteria.grades_after_draft else []
    return [*late, *departures, *changes]


def _in_time(criteria: EventFilter) -> list[ColumnElement[bool]]:
    lower = [start_of(criteria.first)] if criteria.first else []
    upper = [*([end_of(criteria.last)] if criteria.last else []), *([criteria.as_of] if criteria.as_of else [])]
    return [*(EVENTS.c.recorded_at >= bound for bound in lower), *(EVENTS.c.recorded_at <= bound for bound in upper)]


def _without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Wraps the column in COALESCE so that the planner does not pick its index: another column drives the query."""
    return func.coalesce(column, 0) if column.name == "paragraph" else func.coalesce(column, cast("", String))


def _of_inspections(connection: Connection, criteria: EventFilter) -> ColumnElement[bool]:
    columns = {INSPECTIONS.c.authority_code: criteria.authority, INSPECTIONS.c.stage: criteria.stage}
    clauses = [column == value for column, value in columns.items() if value is not None]
    if criteria.region is not None:
        of_region = select(AUTHORITIES.c.code).where(AUTHORITIES.c.region == criteria.region)
        clauses.append(INSPECTIONS.c.authority_code.in_(of_region))
    query = select(INSPECTIONS.c.id).where(*clauses).limit(FEW_INSPECTIONS + 1)
    identifiers = list(connection.execute(query).scalars())
    if not identifiers:
        return false()
    if len(identifiers) <= FEW_INSPECTIONS:
        return EVENTS.c.inspection_id.in_(identifiers)
    began = connection.execute(select(func.min(INSPECTIONS.c.started_at)).where(*clauses)).scalar_one()
    matching = exists(select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == EVENTS.c.inspection_id, *clauses))
    return and_(EVENTS.c.recorded_at >= began, matching)


def _missed(connection: Connection, inspection: str | None) -> ColumnElement[bool]:
    """Matches, for each limit that counts as missed for good, the event that settled it late or ended it undone."""
    if inspection is None:
        few = connection.execute(select(LIMITS.c.key).where(LIMITS.c.missed).limit(FEW_MISSED + 1)).all()
        if len(few) > FEW_MISSED:
            return _missed_event_by_event()
    of_inspection = [LIMITS.c.inspection_id == inspection] if inspection else []
    settled_by = (LIMITS.c.missed, LIMITS.c.settled_by.is_not(None), *of_inspection)
    rows = select(LIMITS.c.inspection_id, LIMITS.c.settled_by).where(*settled_by)
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(rows)


def _missed_event_by_event() -> ColumnElement[bool]:
    kinds = sorted({kind for kinds in SETTLED_BY.values() for kind in kinds} | RECORD_MISSES)
    same = (LIMITS.c.inspection_id == EVENTS.c.inspection_id, LIMITS.c.settled_by == EVENTS.c.number)
    missed = exists(select(LIMITS.c.key).where(*same, LIMITS.c.missed))
    return and_(_without_index(EVENTS.c.kind).in_(kinds), missed)


def _words(connection: Connection, inspection: str | None, query: str) -> ColumnElement[bool]:
    words = word_index.parse_query(query)
    if inspection is not None:
        return word_index.contains_words(words)
    hits = word_index.fulltext_matches(connection, words)
    newest = connection.execute(select(func.max(EVENT_WORD_INDEX.c.id))).scalar() or 0
    few = isqrt(HITS_PER_PAGE * newest)
    if len(connection.execute(hits.limit(few + 1)).all()) > few:
        return word_index.contains_words(words)
    rows = select(EVENT_WORD_INDEX.c.inspection_id, EVENT_WORD_INDEX.c.number).where(EVENT_WORD_INDEX.c.id.in_(hits))
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(rows)
