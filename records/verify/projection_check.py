"""What is kept to be quick to ask, made anew from one inspection's events and compared: its row, its limits, its standings
through time, its words. Nothing of it is the truth, but it is what screens show, so that altering it would mislead.

Limits are reckoned with the calendar the inspection reckoned with then, or with the one in force at that moment: where a
version is not kept any more (a restore took it back), how limits stood under it is left unasked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping, Table, select
from sqlmodel import Session

from framework.common.errors import InspectionError
from framework.inspection.event_kinds import WORKFLOW_KINDS
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_statuses
from framework.messages.events import StoredEvent
from framework.messages.orders import LimitRow
from framework.vocabulary.roles import Role
from records.inspections.commit import ENDED_STAGES
from records.inspections.repository import begun, find
from records.log import word_index
from records.log.read import Unreadable, history
from records.log.texts import known_bodies, text_ids
from records.projections.as_known import Calendars
from records.projections.limit_history import limit_row
from records.projections.parts import DerivedParts
from records.tables.inspections import LIMITS
from records.tables.projections import EVENT_WORD_INDEX, LIMIT_HISTORY
from records.verify.chain_check import Chain
from records.verify.findings import Report
from records.verify.parts_check import check_parts

STILL = frozenset({"reminder_sent", "reminder_passed_over", "automatic_step_held"})
"""Kinds of the story that move no limit."""
HELD_BY_ORDER = {"reference": "reference", "authority_code": "authority", "scope": "scope", "edition": "edition"}
"""Column of the inspection's row -> the member of the order it repeats."""
AT_THE_DOOR = timedelta(minutes=1)
"""So long after its moment an order may have been written down, under a calendar made meanwhile."""

Stood = tuple[LimitRow, ...]


@dataclass(slots=True)
class Projected:
    """What the events of one inspection come to."""

    state: Inspection
    version: str
    """The calendar it has reckoned with."""
    taken_in: bool = False
    """Whether an event says which: otherwise it is the one it began with."""
    closed_at: datetime | None = None
    limits: tuple[Stood, ...] = ()
    """How its limits may stand: under the calendar it reckoned with, and under the one then in force."""
    steps: list[tuple[int, datetime, str, tuple[Stood, ...]]] = field(default_factory=list)
    """Number, moment, lead and limits wherever they may have changed."""
    parts: DerivedParts = field(default_factory=lambda: DerivedParts(""))


def check_projections(session: Session, calendars: Calendars, chain: Chain, report: Report) -> None:
    """Compares everything of one inspection that can be made anew with its events, where the chain holds."""
    if chain.broken or not chain.head:
        return
    row = find(session, chain.inspection)
    report.checked["projections"] += 1
    try:
        events = history(session, chain.inspection)
        projected = _follow(row, events, calendars)
    except Unreadable as fault:
        report.add(
            "content", "it was altered with every hash behind it, and cannot be read", chain.inspection, fault.number
        )
        return
    except (InspectionError, ValueError, KeyError, TypeError) as fault:
        report.add("content", f"its events cannot be followed ({fault})", chain.inspection)
        return
    _check_row(row, events[0], projected, calendars, chain, report)
    _check_limits(session, projected, chain, report)
    _check_standings(session, projected, chain, report)
    check_parts(session, chain.inspection, projected.parts.rows, report)
    _check_words(session, events, chain, report)


def _follow(row: RowMapping, events: list[StoredEvent], calendars: Calendars) -> Projected:
    state = begun(row)
    version = next((str(one.event.data["was"]) for one in events if one.event.kind == "calendar_changed"), "")
    found = Projected(state, version or row["calendar_version"], taken_in=bool(version), parts=DerivedParts(state.id))
    found.parts.follow(state.people, 0, row["started_at"])
    _stand(found, 0, row["started_at"], calendars)
    for _, group in groupby(events, key=lambda one: one.command_id):
        mine = list(group)
        for one in mine:
            state.apply(one.number, one.event)
            found.version = str(one.event.data.get("calendar", found.version))
        found.parts.follow(state.people, mine[-1].number, mine[-1].recorded)
        kinds = {one.event.kind for one in mine}
        if kinds & _STORY:
            found.closed_at = (found.closed_at or mine[0].recorded) if state.stage in ENDED_STAGES else None
        if kinds & _MOVING:
            _stand(found, mine[-1].number, mine[-1].recorded, calendars)
    return found


def _stand(found: Projected, number: int, moment: datetime, calendars: Calendars) -> None:
    known = [one for one in (calendars.version(found.version), calendars.at(moment)) if one is not None]
    distinct = {one.version: one for one in known}.values() if calendars.version(found.version) else ()
    found.limits = tuple(tuple(one.row() for one in limit_statuses(found.state, calendar)) for calendar in distinct)
    found.steps.append((number, moment, _first(found.state, Role.LEAD_INSPECTOR), found.limits))


_STORY = frozenset(WORKFLOW_KINDS)
_MOVING = frozenset(WORKFLOW_KINDS) - STILL


def _check_row(
    row: RowMapping, first: StoredEvent, projected: Projected, calendars: Calendars, chain: Chain, report: Report
) -> None:
    state = projected.state
    right: dict[str, Any] = {
        **{column: str(getattr(state.order, member)) for column, member in HELD_BY_ORDER.items()},
        "stage": state.stage.value,
        "started_at": first.recorded,
        "closed_at": projected.closed_at,
        "coordinator": _first(state, Role.COORDINATOR),
        "lead": _first(state, Role.LEAD_INSPECTOR),
        "people_json": {role.value: list(held) for role, held in state.people.items()},
        "first_people_json": first.event.data["authority_people"],
    }
    right["calendar_version"] = projected.version if projected.taken_in else _began_with(row, calendars)
    for name, value in right.items():
        kept = row[name]
        if name.endswith("people_json"):
            kept, value = _roles(kept), _roles(value)
        if kept != value:
            what = f"its row says {name} is {_said(kept)}, its events say {_said(value)}"
            report.add("content", what, chain.inspection, chain.head)


def _began_with(row: RowMapping, calendars: Calendars) -> str:
    """The calendar in force when it was ordered; one made while it was being written down is as good."""
    now, soon = (calendars.at(row["started_at"] + later) for later in (timedelta(), AT_THE_DOOR))
    names = {one.version for one in (now, soon) if one is not None}
    return row["calendar_version"] if row["calendar_version"] in names else str(min(names, default=""))


def _check_limits(session: Session, projected: Projected, chain: Chain, report: Report) -> None:
    if not projected.limits:
        return
    kept = {row["key"]: _plain(row) for row in _rows(session, LIMITS, chain, "key")}
    report.checked["limits"] += len(kept)
    wanted = [{one.key: one.model_dump() for one in stood} for stood in projected.limits]
    if kept in wanted:
        return
    for key in sorted({*kept, *wanted[0]}):
        there, right = kept.get(key), wanted[0].get(key)
        if there == right:
            continue
        if there is None or right is None:
            fault = "is gone from the table of limits" if there is None else "was put in: its events know of none"
        else:
            wrong = [name for name in right if there[name] != right[name]]
            fault = f"was altered: {', '.join(f'{name} is {there[name]}, not {right[name]}' for name in wrong)}"
        report.add("limits", f"the limit {key} {fault}", chain.inspection, chain.head)


def _check_standings(session: Session, projected: Projected, chain: Chain, report: Report) -> None:
    kept = {row["number"]: row for row in _rows(session, LIMIT_HISTORY, chain, "number")}
    before: Any = None
    for number, moment, lead, may in projected.steps:
        row = kept.pop(number, None)
        report.checked["limit_history"] += row is not None
        ways = [[limit_row(one) for one in stood] for stood in may]
        stands = (row["lead"], row["limits_json"]) if row else before
        right = not ways or (stands and stands[0] == lead and stands[1] in ways)
        at = not row or (row["recorded_at"] == moment and (row["lead"], row["limits_json"]) != before)
        if not (right and at):
            what = "how its limits stood after this event was altered or removed (statistics are read from it)"
            report.add("limit_history", what, chain.inspection, number)
        before = stands
    for number in kept:
        report.add("limit_history", "how its limits stood was put in here", chain.inspection, number)


def _check_words(session: Session, events: list[StoredEvent], chain: Chain, report: Report) -> None:
    connection = session.connection()
    kept = {row["number"]: row["words"] for row in _rows(session, EVENT_WORD_INDEX, chain, "number")}
    named = {one.number: sorted(text_ids((one.event.data, one.event.reason))) for one in events}
    bodies = known_bodies(connection, {name for names in named.values() for name in names})
    for one in events:
        report.checked["words"] += 1
        said = [bodies[name] for name in named[one.number] if name in bodies]
        if kept.pop(one.number, None) != word_index.indexed_text(one.event.kind, one.event.data, said):
            what = "the words it is found by are not its own: they were altered or removed"
            report.add("words", what, chain.inspection, one.number)
    for number in kept:
        report.add("words", "there are words to find an event by that there is not", chain.inspection, number)


def _rows(session: Session, table: Table, chain: Chain, order: str) -> Iterator[RowMapping]:
    query = select(table).where(table.c.inspection_id == chain.inspection).order_by(table.c[order])
    yield from session.connection().execute(query).mappings()


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "inspection_id"}


def _first(state: Inspection, role: Role) -> str:
    return next(iter(state.people.get(role, ())), "")


def _roles(people: Mapping[str, Any]) -> dict[str, list[str]]:
    """Roles that somebody holds: one that nobody holds any more may be named or not."""
    return {str(role): list(held) for role, held in people.items() if held}


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str) if isinstance(value, dict) else str(value)
