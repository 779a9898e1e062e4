"""Erases the personal data of one inspection: its key, its texts, its people's names and addresses, its documents.

The log stays whole: it never held any of it, only identifiers and hashes. An event records what was erased, when, by which rule."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.common.errors import Refused
from framework.common.retention import erasable_from
from framework.messages.events import Event
from framework.vocabulary.roles import Role
from records.database.columns import to_text
from records.inspections import repository
from records.log import word_index
from records.log.append import append
from records.privacy.personal_columns import PERSONAL_COLUMNS, erase_rows
from records.tables.inspections import EVENTS

KIND = "personal_data_erased"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased, and by which rule."""

    inspection: str
    over: date
    """The London day on which the inspection ended."""
    from_day: date
    """The first day on which it may be erased."""
    years: int
    rows: Mapping[str, int]
    """Table -> how many rows hold personal data of it."""
    erased_on: date | None = None
    """The London day on which it was erased already."""


def preview(session: Session, inspection: str, years: int) -> Erasure:
    """Returns what would be erased. Raises `BadInput` for an unknown inspection, `Refused` for one that is not over."""
    row = repository.find(session, inspection)
    if row["closed_at"] is None:
        raise Refused(f"{inspection} is not over: its personal data is kept until {years} years after its end")
    over = london_day(row["closed_at"])
    rows, erased = _count(session.connection(), inspection), erased_on(session, inspection)
    return Erasure(inspection, over, erasable_from(over, years), years, rows, erased)


def erased_on(session: Session, inspection: str) -> date | None:
    """Returns the London day on which the personal data of an inspection was erased; None if it was not."""
    query = select(EVENTS.c.happened_on).where(EVENTS.c.inspection_id == inspection, EVENTS.c.kind == KIND)
    return session.connection().execute(query).scalar()


def require_due(erasure: Erasure, today: date) -> None:
    """Raises `Refused`, naming the day, if the retention time is not over."""
    if today < erasure.from_day:
        raise Refused(
            f"the personal data of {erasure.inspection} is kept until {erasure.from_day.isoformat()}: "
            f"{erasure.years} years after it ended on {erasure.over.isoformat()}"
        )


@dataclass(frozen=True, slots=True)
class ErasedBy:
    """Who erases, in which capacity, and through which entry point."""

    person: str
    role: Role
    entry_point: str
    ran_as: str


def tombstone(erasure: Erasure, by: ErasedBy, reason: str, moment: datetime) -> Event:
    """Returns the event of the erasure. `reason` is in the event itself: a text would be erased with the rest."""
    return Event(
        kind=KIND,
        on=london_day(moment),
        received=moment,
        by=by.person,
        role=by.role,
        entry_point=by.entry_point,
        ran_as=by.ran_as,
        data={
            "rule": f"personal data is kept for {erasure.years} years after the inspection's end (policy)",
            "ended": erasure.over.isoformat(),
            "kept_until": erasure.from_day.isoformat(),
            "rows": dict(erasure.rows),
            "reason": reason,
        },
        cause="retention",
    )


def write(session: Session, inspection: str, event: Event) -> None:
    """Overwrites all personal data, and records that in the log. Done again it changes nothing more."""
    erase_rows(session.connection(), inspection)
    word_index.purge(session.connection(), inspection)
    append(session, inspection, f"erased:{inspection}", [event], event.received)


def to_json(event: Event) -> str:
    """Returns the event as it is kept with the destroyed key, for records that are restored from an older backup."""
    who = {"by": event.by, "role": event.role.value, "entry_point": event.entry_point, "ran_as": event.ran_as}
    return json.dumps({**who, "data": dict(event.data), "received": to_text(event.received)})


def of_json(text: str) -> Event:
    """Returns the event that `to_json` wrote."""
    plain: dict[str, Any] = json.loads(text)
    received = datetime.fromisoformat(plain["received"])
    return Event(
        kind=KIND,
        on=london_day(received),
        received=received,
        by=plain["by"],
        role=Role(plain["role"]),
        entry_point=plain["entry_point"],
        ran_as=plain["ran_as"],
        data=plain["data"],
        cause="retention",
    )


def _count(connection: Connection, inspection: str) -> dict[str, int]:
    return {
        table.name: connection.execute(
            select(func.count()).select_from(table).where(table.c.inspection_id == inspection)
        ).scalar_one()
        for table in PERSONAL_COLUMNS
    }
