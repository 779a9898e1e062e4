"""Derives from an inspection's events what its row, its limits and the history of its limits should hold.

Limits are derived with the calendar the inspection had applied at each event, and with the one then in force: a commit may
have used either. Where a version is not stored any more, since a restore removed it, nothing is derived."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import RowMapping

from framework.inspection.event_kinds import WORKFLOW_KINDS
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_rows
from framework.messages.events import StoredEvent
from framework.messages.orders import LimitRow
from framework.vocabulary.roles import Role
from records.inspections.commit import ENDED_STAGES
from records.inspections.repository import begun
from records.projections.as_known import Calendars
from records.projections.parts import DerivedParts

_WORKFLOW = frozenset(WORKFLOW_KINDS)
_LIMIT_CHANGING = _WORKFLOW - {"reminder_sent", "reminder_passed_over", "automatic_step_held"}

LimitRows = tuple[LimitRow, ...]


@dataclass(slots=True)
class Projected:
    """The values that the events of one inspection lead to."""

    state: Inspection
    parts: DerivedParts
    version: str
    """The version of the calendar it applied last."""
    version_is_recorded: bool = False
    """Whether an event names that version; otherwise it is the one the inspection began with."""
    closed_at: datetime | None = None
    limits: tuple[LimitRows, ...] = ()
    """The limits now, under each calendar that may have been used."""
    history: list[tuple[int, datetime, str, tuple[LimitRows, ...]]] = field(default_factory=list)
    """(event number, moment, lead, limits) after each event that may have changed a limit."""


def project(row: RowMapping, events: list[StoredEvent], calendars: Calendars) -> Projected:
    """Applies the events to the state of the inspection's first moment. Raises what `Inspection.apply` raises."""
    version = next((str(stored.event.data["was"]) for stored in events if stored.event.kind == "calendar_changed"), "")
    state = begun(row)
    projected = Projected(
        state, DerivedParts(state.id), version or row["calendar_version"], version_is_recorded=bool(version)
    )
    projected.parts.follow(state.people, 0, row["started_at"])
    _add_limits(projected, 0, row["started_at"], calendars)
    for _, group in groupby(events, key=lambda stored: stored.command_id):
        committed = list(group)
        for stored in committed:
            state.apply(stored.number, stored.event)
            projected.version = str(stored.event.data.get("calendar", projected.version))
        projected.parts.follow(state.people, committed[-1].number, committed[-1].recorded)
        kinds = {stored.event.kind for stored in committed}
        if kinds & _WORKFLOW:
            ended = state.stage in ENDED_STAGES
            projected.closed_at = (projected.closed_at or committed[0].recorded) if ended else None
        if kinds & _LIMIT_CHANGING:
            _add_limits(projected, committed[-1].number, committed[-1].recorded, calendars)
    return projected


def _add_limits(projected: Projected, number: int, moment: datetime, calendars: Calendars) -> None:
    applied, in_force = calendars.version(projected.version), calendars.at(moment)
    candidates = {calendar.version: calendar for calendar in (applied, in_force) if calendar} if applied else {}
    projected.limits = tuple(limit_rows(projected.state, calendar) for calendar in candidates.values())
    lead = first_holder(projected.state, Role.LEAD_INSPECTOR)
    projected.history.append((number, moment, lead, projected.limits))


def first_holder(state: Inspection, role: Role) -> str:
    """Returns the first person who holds a role; empty where it is vacant."""
    return next(iter(state.people.get(role, ())), "")
