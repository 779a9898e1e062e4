"""How far the rollout of a version of the calendar is: which inspections still have to apply it, and what it moved where."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from records.calendars.versions import version_in_force
from records.inspections.repository import WAITS
from records.tables.inspections import EVENTS, INSPECTIONS


@dataclass(frozen=True, slots=True)
class RolloutProgress:
    """A rollout so far."""

    applied: int
    """Inspections that applied the version."""
    moved: int
    """Those of them with a limit that moved."""
    behind: int
    """Open inspections still to come."""


def behind(session: Session, after: str = "", most: int | None = None) -> list[str]:
    """Returns the open inspections that have not applied the calendar in force, by identifier: those after one, or all."""
    rows = _is_behind(session) & (INSPECTIONS.c.id > after)
    query = select(INSPECTIONS.c.id).where(rows).order_by(INSPECTIONS.c.id).limit(most)
    return list(session.connection().execute(query).scalars())


def count_behind(session: Session, among: Sequence[str] | None = None) -> int:
    """Returns the number of inspections behind the calendar, in all or among these."""
    query = select(func.count()).select_from(INSPECTIONS).where(_is_behind(session))
    if among is not None:
        query = query.where(INSPECTIONS.c.id.in_(among))
    return session.connection().execute(query).scalar_one()


def progress_of(session: Session, version: str) -> RolloutProgress:
    """Returns how far the rollout of a version is."""
    query = select(EVENTS.c.data).where(EVENTS.c.kind == "calendar_changed", EVENTS.c.cause == f"calendar:{version}")
    facts = [json.loads(data) for data in session.connection().execute(query).scalars()]
    return RolloutProgress(len(facts), sum(bool(data["moved"]) for data in facts), count_behind(session))


def _is_behind(session: Session) -> ColumnElement[bool]:
    return WAITS & (INSPECTIONS.c.calendar_version != version_in_force(session.connection()))
