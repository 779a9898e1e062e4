"""Erases the personal data of an inspection: first the key, then the files, then the rows together with the event.

After an interruption it is run again from the beginning; the event is written only when all else is done."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from application.runtime.os_account import who_runs_this
from application.runtime.pending_restore import ASIDE
from application.runtime.settings import Settings
from framework.calendar.london_time import london_day
from framework.common.errors import Refused
from framework.common.free_text import require_reason
from framework.vocabulary.roles import Role
from operations.backup import staging
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import erasure, repository
from records.inspections.erasure import ErasedBy, Erasure
from records.privacy.keys import KeyStore
from records.privacy.personal_columns import PERSONAL_COLUMNS


@dataclass(frozen=True, slots=True)
class EraseCommand:
    """Which inspection's personal data to erase, by whom, why, and through which entry point."""

    inspection: str
    by: str
    reason: str
    entry_point: str


def preview(settings: Settings, records: Engine, request: EraseCommand, moment: datetime) -> Erasure:
    """Returns what would be erased, and from which day. Raises `BadInput`, or `Refused` for a person who is no manager."""
    with reading(records) as session:
        repository.find(session, request.inspection)  # an unknown inspection is reported before a missing permission
        _require_manager(directory.posts(session, request.by), request.by)
        return erasure.preview(session, request.inspection, settings.personal_data_years)


def erase(settings: Settings, records: Engine, request: EraseCommand, moment: datetime) -> Erasure:
    """Erases personal data; returns what was erased. Raises `BadInput` for an unknown inspection or person.

    Raises `Refused` before the retention is over, for a person who is no manager, and while data that a restore moved
    aside still exists."""
    planned = preview(settings, records, request, moment)
    erasure.require_due(planned, london_day(moment))
    _require_nothing_aside(settings, records)
    require_reason(request.reason)
    event = erasure.tombstone(planned, _erased_by(request), request.reason, moment)
    keys = KeyStore(settings.data)
    keys.erase(request.inspection, erasure.to_json(event), moment)
    shutil.rmtree(settings.data / "documents" / request.inspection, ignore_errors=True)
    # The key store keeps the first event: an interrupted erasure that is run again writes that one.
    tombstone = next(row for row in keys.erased() if row.inspection == request.inspection)
    with writing(records) as session:
        if records.dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        erasure.write(session, request.inspection, erasure.of_json(tombstone.event))
    _overwrite_freed_pages(records)
    return planned


def _erased_by(request: EraseCommand) -> ErasedBy:
    return ErasedBy(request.by, Role.MANAGER, request.entry_point, who_runs_this())


def _require_manager(posts: tuple[Role, ...], by: str) -> None:
    if Role.MANAGER not in posts:
        raise Refused(f"personal data is erased by a manager, which {by} is not")


def _require_nothing_aside(settings: Settings, records: Engine) -> None:
    """Raises `Refused` if data that a restore moved aside still exists: it holds personal data in clear."""
    aside = [str(path) for path in settings.data.glob(f"{ASIDE}*")]
    url = make_url(settings.records_url)
    if records.dialect.name == "postgresql":
        with reading(records) as session:
            like = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
            aside += [f"the schema {name}" for name in session.connection().execute(like).scalars()]
    else:
        file = Path(str(url.database))
        aside += [str(path) for path in file.parent.glob(f"{file.name}.{ASIDE}*")]
    aside += [str(settings.data / staging.FOLDER)] * (settings.data / staging.FOLDER).exists()
    if aside:
        raise Refused(
            f"{aside[0]} still holds everything as it was before a restore: remove it first, with all like it"
        )


def _overwrite_freed_pages(records: Engine) -> None:
    """Removes the erased values from the files of the database: from the WAL of SQLite, from the tables of PostgreSQL."""
    with records.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if records.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in PERSONAL_COLUMNS:
            connection.exec_driver_sql(f"VACUUM FULL {table.name}")
