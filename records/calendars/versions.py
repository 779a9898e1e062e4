"""Versions of the calendar: the shipped one as the first, each change of a holiday as a new one. The newest is in force."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar, england
from framework.common.errors import BadInput
from framework.messages.record_state import CalendarData
from records.log.hash_chain import canonical
from records.tables.directory import CALENDAR_COMMANDS, CALENDARS, HOLIDAYS

SHIPPED_AT = datetime(2009, 1, 1, tzinfo=UTC)
"""The moment the shipped calendar counts as made: before anything anybody makes."""

_ADVISORY_LOCK = 20101003
"""Names the lock of PostgreSQL under which versions are made."""
_IN_FORCE = select(CALENDARS.c.version).order_by(CALENDARS.c.made_at.desc(), CALENDARS.c.version.desc()).limit(1)


def version_in_force(connection: Connection) -> str:
    """The version in force; empty where there is no calendar."""
    return connection.execute(_IN_FORCE).scalar() or ""


def seed(session: Session) -> None:
    """Puts the shipped calendar of England in where there is none."""
    if not version_in_force(session.connection()):
        _keep(session, england(), SHIPPED_AT, "system", "shipped with the product")


def newest_version(session: Session) -> CalendarData:
    """The calendar in force. Raises `BadInput` where there is none."""
    return calendar(session, version_in_force(session.connection()))


def calendar_in_force(session: Session) -> Calendar:
    """The calendar in force, to count with. Raises `BadInput` where there is none."""
    return Calendar(**newest_version(session).model_dump())


def calendar(session: Session, version: str) -> CalendarData:
    """One version of the calendar. Raises `BadInput` for one that is not kept."""
    return calendar_data(session.connection(), version)


def calendar_data(connection: Connection, version: str) -> CalendarData:
    """The same, on a connection."""
    kept = connection.execute(select(CALENDARS).where(CALENDARS.c.version == version)).mappings().first()
    if kept is None:
        raise BadInput(
            f"there is no calendar {version or '(none is in force)'}; `inspections up` puts the first one in"
        )
    days = connection.execute(
        select(HOLIDAYS.c.day, HOLIDAYS.c.title).where(HOLIDAYS.c.version == version).order_by(HOLIDAYS.c.day)
    )
    holidays = {row.day: row.title for row in days}
    return CalendarData(version=version, holidays=holidays, first=kept["first"], last=kept["last"])


def lock_calendar_shared(session: Session) -> None:
    """No version is made by anybody else until this writing transaction ends: what it writes goes with the one in force.

    SQLite has one writer at a time anyway."""
    _lock(session, "pg_advisory_xact_lock_shared")


def lock_calendar_exclusive(session: Session) -> None:
    """The same for who makes one: nothing that goes with the version in force is written meanwhile."""
    _lock(session, "pg_advisory_xact_lock")


def add_version(
    session: Session, holidays: Mapping[date, str], made_at: datetime, made_by: str, reason: str, command: str = ""
) -> CalendarData:
    """A new version with these holidays, complete from and to the days the one before it was; in force at once."""
    lock_calendar_exclusive(session)
    before = newest_version(session)
    made = Calendar(_next_version(before.version), holidays, before.first, before.last)
    newest = session.connection().execute(select(CALENDARS.c.made_at).where(CALENDARS.c.version == before.version))
    if made_at <= newest.scalar_one():
        raise BadInput(
            f"a calendar made at {made_at.isoformat()} would be older than {before.version}, which is in force"
        )
    _keep(session, made, made_at, made_by, reason)
    if command:
        session.connection().execute(insert(CALENDAR_COMMANDS), {"command_id": command, "version": made.version})
    return calendar(session, made.version)


def versions(session: Session) -> list[dict[str, object]]:
    """Every version, newest first: version, made_at, made_by, reason, first, last."""
    query = select(CALENDARS).order_by(CALENDARS.c.made_at.desc(), CALENDARS.c.version.desc())
    return [dict(row) for row in session.connection().execute(query).mappings()]


def made_in_order(connection: Connection) -> list[tuple[datetime, str]]:
    """Every version with the moment it was made, oldest first."""
    rows = connection.execute(select(CALENDARS.c.made_at, CALENDARS.c.version))
    return sorted((row[0], row[1]) for row in rows)


MEMBERS = ("version", "made_at", "made_by", "reason", "first", "last")


def version_digests(connection: Connection) -> dict[str, str]:
    """Version -> its hash, as signed lists of heads hold it."""
    days: dict[str, dict[str, str]] = {}
    for row in connection.execute(select(HOLIDAYS.c.version, HOLIDAYS.c.day, HOLIDAYS.c.title)):
        days.setdefault(row.version, {})[row.day.isoformat()] = row.title
    rows = connection.execute(select(CALENDARS)).mappings()
    return {row["version"]: version_digest({**row, "holidays": days.get(row["version"], {})}) for row in rows}


def version_digest(row: Mapping[Any, Any]) -> str:
    """The hash of one version: sha256 over its columns and holidays (day -> title), in the form of `records.log.hash_chain`."""
    said = {**{name: row[name] for name in MEMBERS}, "holidays": row["holidays"]}
    return sha256(canonical(said).encode()).hexdigest()


def made_by_command(session: Session, command: str) -> str | None:
    """The version a command made, if it made one."""
    query = select(CALENDAR_COMMANDS.c.version).where(CALENDAR_COMMANDS.c.command_id == command)
    return session.connection().execute(query).scalar()


def version_before(session: Session, version: str) -> Calendar | None:
    """The version that was in force before this one; None before the first."""
    names = [str(row["version"]) for row in versions(session)]
    older = names[names.index(version) + 1 :]
    return Calendar(**calendar(session, older[0]).model_dump()) if older else None


def _lock(session: Session, how: str) -> None:
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(text(f"SELECT {how}({_ADVISORY_LOCK})"))


def _keep(session: Session, made: Calendar, made_at: datetime, made_by: str, reason: str) -> None:
    row = {"version": made.version, "made_at": made_at, "made_by": made_by, "reason": reason}
    session.connection().execute(insert(CALENDARS), {**row, "first": made.first, "last": made.last})
    days = [{"version": made.version, "day": day, "title": title} for day, title in sorted(made.holidays.items())]
    if days:
        session.connection().execute(insert(HOLIDAYS), days)


def _next_version(before: str) -> str:
    """«england-2026.1» -> «england-2026.2»."""
    stem, _, number = before.rpartition(".")
    return f"{stem}.{int(number) + 1}" if stem and number.isdigit() else f"{before}.1"
