"""Versions of the calendar: the shipped one is the first, each change of a holiday makes another. The newest is in force."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar, england
from framework.common.errors import BadInput, Remedy
from framework.messages.record_state import CalendarData
from records.log.hash_chain import canonical
from records.tables.directory import CALENDAR_COMMANDS, CALENDARS, HOLIDAYS

SHIPPED_AT = datetime(2009, 1, 1, tzinfo=UTC)
"""The moment of making recorded for the shipped calendar: before that of any version made in use."""

_ADVISORY_LOCK = 20101003
"""Number of the advisory lock of PostgreSQL under which versions are made."""
_IN_FORCE = select(CALENDARS.c.version).order_by(CALENDARS.c.made_at.desc(), CALENDARS.c.version.desc()).limit(1)


def version_in_force(connection: Connection) -> str:
    """Returns the version in force; empty where there is no calendar."""
    return connection.execute(_IN_FORCE).scalar() or ""


def seed(session: Session) -> None:
    """Inserts the shipped calendar of England where there is no version yet."""
    if not version_in_force(session.connection()):
        _insert(session, england(), SHIPPED_AT, "system", "shipped with the product")


def newest_version(session: Session) -> CalendarData:
    """Returns the version in force. Raises `BadInput` where there is none."""
    return calendar(session, version_in_force(session.connection()))


def calendar_in_force(session: Session) -> Calendar:
    """Returns the version in force as a `Calendar`, to count with. Raises `BadInput` where there is none."""
    return Calendar(**newest_version(session).model_dump())


def calendar(session: Session, version: str) -> CalendarData:
    """Returns a version of the calendar. Raises `BadInput` for an unknown one."""
    return calendar_data(session.connection(), version)


def calendar_data(connection: Connection, version: str) -> CalendarData:
    """Returns a version of the calendar, as `calendar` does, on a connection."""
    row = connection.execute(select(CALENDARS).where(CALENDARS.c.version == version)).mappings().first()
    if row is None:
        raise BadInput(f"there is no calendar {version or '(none is in force)'}", remedy=Remedy.MAKE_RECORDS)
    days = connection.execute(
        select(HOLIDAYS.c.day, HOLIDAYS.c.title).where(HOLIDAYS.c.version == version).order_by(HOLIDAYS.c.day)
    )
    holidays = {day.day: day.title for day in days}
    return CalendarData(version=version, holidays=holidays, first=row["first"], last=row["last"])


def lock_calendar_shared(session: Session) -> None:
    """Prevents a new version until this transaction ends, so that what it writes agrees with the version in force."""
    _lock(session, "pg_advisory_xact_lock_shared")


def lock_calendar_exclusive(session: Session) -> None:
    """Waits for every holder of `lock_calendar_shared`, and excludes them until this transaction, which makes a version, ends."""
    _lock(session, "pg_advisory_xact_lock")


def add_version(
    session: Session, holidays: Mapping[date, str], made_at: datetime, made_by: str, reason: str, command: str = ""
) -> CalendarData:
    """Makes a version with these holidays, in force at once; it covers the same days as the one before it.

    Raises `BadInput` where `made_at` is not after the moment the version in force was made."""
    lock_calendar_exclusive(session)
    before = newest_version(session)
    new = Calendar(_next_version(before.version), holidays, before.first, before.last)
    newest = session.connection().execute(select(CALENDARS.c.made_at).where(CALENDARS.c.version == before.version))
    if made_at <= newest.scalar_one():
        raise BadInput(
            f"a calendar made at {made_at.isoformat()} would be older than {before.version}, which is in force"
        )
    _insert(session, new, made_at, made_by, reason)
    if command:
        session.connection().execute(insert(CALENDAR_COMMANDS), {"command_id": command, "version": new.version})
    return calendar(session, new.version)


def versions(session: Session) -> list[dict[str, object]]:
    """Returns every version, newest first: version, made_at, made_by, reason, first, last."""
    query = select(CALENDARS).order_by(CALENDARS.c.made_at.desc(), CALENDARS.c.version.desc())
    return [dict(row) for row in session.connection().execute(query).mappings()]


def made_in_order(connection: Connection) -> list[tuple[datetime, str]]:
    """Returns every version as (moment it was made, version), oldest first."""
    rows = connection.execute(select(CALENDARS.c.made_at, CALENDARS.c.version))
    return sorted((row[0], row[1]) for row in rows)


MEMBERS = ("version", "made_at", "made_by", "reason", "first", "last")
"""Columns of a version that its digest covers, beside its holidays."""


def version_digests(connection: Connection) -> dict[str, str]:
    """Returns version -> its digest, as checkpoints hold it."""
    days: dict[str, dict[str, str]] = {}
    for row in connection.execute(select(HOLIDAYS.c.version, HOLIDAYS.c.day, HOLIDAYS.c.title)):
        days.setdefault(row.version, {})[row.day.isoformat()] = row.title
    rows = connection.execute(select(CALENDARS)).mappings()
    return {row["version"]: version_digest({**row, "holidays": days.get(row["version"], {})}) for row in rows}


def version_digest(row: Mapping[Any, Any]) -> str:
    """Returns the digest of a version: sha256 over its columns and holidays (day -> title), as canonical JSON."""
    members = {**{name: row[name] for name in MEMBERS}, "holidays": row["holidays"]}
    return sha256(canonical(members).encode()).hexdigest()


def made_by_command(session: Session, command: str) -> str | None:
    """Returns the version that a command made, or None where it made none."""
    query = select(CALENDAR_COMMANDS.c.version).where(CALENDAR_COMMANDS.c.command_id == command)
    return session.connection().execute(query).scalar()


def version_before(session: Session, version: str) -> Calendar | None:
    """Returns the version that was in force before this one; None for the first."""
    names = [str(row["version"]) for row in versions(session)]
    older = names[names.index(version) + 1 :]
    return Calendar(**calendar(session, older[0]).model_dump()) if older else None


def _lock(session: Session, function: str) -> None:
    if session.connection().dialect.name == "postgresql":  # SQLite has one writer at a time: no lock is needed
        session.connection().execute(text(f"SELECT {function}({_ADVISORY_LOCK})"))


def _insert(session: Session, new: Calendar, made_at: datetime, made_by: str, reason: str) -> None:
    row = {"version": new.version, "made_at": made_at, "made_by": made_by, "reason": reason}
    session.connection().execute(insert(CALENDARS), {**row, "first": new.first, "last": new.last})
    days = [{"version": new.version, "day": day, "title": title} for day, title in sorted(new.holidays.items())]
    if days:
        session.connection().execute(insert(HOLIDAYS), days)


def _next_version(before: str) -> str:
    """Returns «england-2026.2» for «england-2026.1»."""
    stem, _, number = before.rpartition(".")
    return f"{stem}.{int(number) + 1}" if stem and number.isdigit() else f"{before}.1"
