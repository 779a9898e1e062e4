"""Compares the projections of one inspection (its row, parts, limits, history of limits, words) with those its events lead to.

Projections can be rebuilt and prove nothing, but screens show them, so that altering one would mislead."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, Table, select
from sqlmodel import Session

from framework.common.errors import InspectionError
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import Role
from records.inspections.repository import find
from records.log import word_index
from records.log.read import Unreadable, history
from records.log.texts import known_bodies, text_ids
from records.projections.as_known import Calendars
from records.projections.limit_history import limit_row
from records.tables.inspections import LIMITS
from records.tables.projections import EVENT_WORD_INDEX, LIMIT_HISTORY
from records.verify.chain_check import Chain
from records.verify.findings import Report
from records.verify.parts_check import check_parts
from records.verify.projected import Projected, first_holder, project

COPIED_FROM_ORDER = {"reference": "reference", "authority_code": "authority", "scope": "scope", "edition": "edition"}
"""Column of the inspection's row -> the member of the order it repeats."""
ORDER_WRITING_TIME = timedelta(minutes=1)
"""How long after its moment an order may have been written, with a calendar made meanwhile."""


def check_projections(session: Session, calendars: Calendars, chain: Chain, report: Report) -> None:
    """Compares every projection of one inspection with its events, where the chain is whole."""
    if chain.broken or not chain.head:
        return
    row = find(session, chain.inspection)
    report.checked["projections"] += 1
    try:
        events = history(session, chain.inspection)
        projected = project(row, events, calendars)
    except Unreadable as fault:
        what = "it was altered with every hash behind it, and cannot be read"
        report.add("content", what, chain.inspection, fault.number)
        return
    except (InspectionError, ValueError, KeyError, TypeError) as fault:
        report.add("content", f"its events cannot be followed ({fault})", chain.inspection)
        return
    _check_row(row, events[0], projected, calendars, chain, report)
    _check_limits(session, projected, chain, report)
    _check_limit_history(session, projected, chain, report)
    check_parts(session, chain.inspection, projected.parts.rows, report)
    _check_words(session, events, chain, report)


def _check_row(
    row: RowMapping, first: StoredEvent, projected: Projected, calendars: Calendars, chain: Chain, report: Report
) -> None:
    for name, value in _expected_row(row, first, projected, calendars).items():
        actual = row[name]
        if name.endswith("people_json"):
            actual, value = _filled_roles(actual), _filled_roles(value)
        if actual != value:
            what = f"its row says {name} is {_shown(actual)}, its events say {_shown(value)}"
            report.add("content", what, chain.inspection, chain.head)


def _expected_row(row: RowMapping, first: StoredEvent, projected: Projected, calendars: Calendars) -> dict[str, Any]:
    state = projected.state
    return {
        **{column: str(getattr(state.order, member)) for column, member in COPIED_FROM_ORDER.items()},
        "stage": state.stage.value,
        "started_at": first.recorded,
        "closed_at": projected.closed_at,
        "coordinator": first_holder(state, Role.COORDINATOR),
        "lead": first_holder(state, Role.LEAD_INSPECTOR),
        "people_json": {role.value: list(held) for role, held in state.people.items()},
        "first_people_json": first.event.data["authority_people"],
        "calendar_version": projected.version if projected.version_is_recorded else _first_version(row, calendars),
    }


def _first_version(row: RowMapping, calendars: Calendars) -> str:
    """Returns the version in force when the inspection was ordered, or the one in its row if made while it was written."""
    candidates = (calendars.at(row["started_at"] + later) for later in (timedelta(), ORDER_WRITING_TIME))
    names = {calendar.version for calendar in candidates if calendar is not None}
    return row["calendar_version"] if row["calendar_version"] in names else str(min(names, default=""))


def _check_limits(session: Session, projected: Projected, chain: Chain, report: Report) -> None:
    if not projected.limits:
        return
    actual = {(row["key"], row["round"]): _without_inspection(row) for row in _rows(session, LIMITS, chain, "key")}
    report.checked["limits"] += len(actual)
    candidates = [{(limit.key, limit.round): limit.model_dump() for limit in limits} for limits in projected.limits]
    if actual in candidates:
        return
    for key in sorted({*actual, *candidates[0]}):
        stored, expected = actual.get(key), candidates[0].get(key)
        if stored != expected:
            report.add("limits", f"the limit {key[0]} {_limit_fault(stored, expected)}", chain.inspection, chain.head)


def _limit_fault(stored: Mapping[str, Any] | None, expected: Mapping[str, Any] | None) -> str:
    if stored is None:
        return "is gone from the table of limits"
    if expected is None:
        return "was put in: its events know of none"
    wrong = [name for name in expected if stored[name] != expected[name]]
    return f"was altered: {', '.join(f'{name} is {stored[name]}, not {expected[name]}' for name in wrong)}"


def _check_limit_history(session: Session, projected: Projected, chain: Chain, report: Report) -> None:
    stored = {row["number"]: row for row in _rows(session, LIMIT_HISTORY, chain, "number")}
    before: Any = None
    for number, moment, lead, candidates in projected.history:
        row = stored.pop(number, None)
        report.checked["limit_history"] += row is not None
        expected = [[limit_row(limit) for limit in limits] for limits in candidates]
        current = (row["lead"], row["limits_json"]) if row else before
        same_values = not expected or (current and current[0] == lead and current[1] in expected)
        # A row is written only where something changed: one that repeats the row before was put in.
        is_needed = not row or (row["recorded_at"] == moment and (row["lead"], row["limits_json"]) != before)
        if not (same_values and is_needed):
            what = "how its limits stood after this event was altered or removed (statistics are read from it)"
            report.add("limit_history", what, chain.inspection, number)
        before = current
    for number in stored:
        report.add("limit_history", "how its limits stood was put in here", chain.inspection, number)


def _check_words(session: Session, events: list[StoredEvent], chain: Chain, report: Report) -> None:
    indexed = {row["number"]: row["words"] for row in _rows(session, EVENT_WORD_INDEX, chain, "number")}
    texts = {stored.number: sorted(text_ids((stored.event.data, stored.event.reason))) for stored in events}
    bodies = known_bodies(session.connection(), {name for names in texts.values() for name in names})
    for stored in events:
        report.checked["words"] += 1
        named = [bodies[name] for name in texts[stored.number] if name in bodies]
        expected = word_index.indexed_text(stored.event.kind, stored.event.data, named)
        if indexed.pop(stored.number, None) != expected:
            what = "the words it is found by are not its own: they were altered or removed"
            report.add("words", what, chain.inspection, stored.number)
    for number in indexed:
        report.add("words", "there are words to find an event by that there is not", chain.inspection, number)


def _rows(session: Session, table: Table, chain: Chain, order: str) -> Iterator[RowMapping]:
    query = select(table).where(table.c.inspection_id == chain.inspection).order_by(table.c[order])
    yield from session.connection().execute(query).mappings()


def _without_inspection(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "inspection_id"}


def _filled_roles(people: Mapping[str, Any]) -> dict[str, list[str]]:
    # A role that is vacant now may be in the row as an empty list, or not at all.
    return {str(role): list(held) for role, held in people.items() if held}


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str) if isinstance(value, dict) else str(value)
