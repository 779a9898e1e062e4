"""Erasing: first the key, then the files, then the rows with the event that says so. Cut off, it is done again from the
beginning, and the log says it only when all of it is done."""

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
class Wish:
    """Whose personal data is to be erased, by whom, why, and through which entry point."""

    inspection: str
    by: str
    reason: str
    entry_point: str


def preview(settings: Settings, records: Engine, wish: Wish, moment: datetime) -> Erasure:
    """What would be erased, and from which day. Writes nothing."""
    with reading(records) as session:
        repository.find(session, wish.inspection)  # whether there is anything to ask about comes before who may
        _must_be_manager(directory.posts(session, wish.by), wish.by)
        return erasure.preview(session, wish.inspection, settings.personal_data_years)


def erase(settings: Settings, records: Engine, wish: Wish, moment: datetime) -> Erasure:
    """Erases. Raises `BadInput` for an unknown inspection or person, `Refused` before its time, by somebody else than a
    manager, and while records that a restore put aside still hold it."""
    wanted = preview(settings, records, wish, moment)
    erasure.require_due(wanted, london_day(moment))
    _nothing_aside(settings, records)
    require_reason(wish.reason)
    event = erasure.tombstone(wanted, _erased_by(wish), wish.reason, moment)
    vault = KeyStore(settings.data)
    vault.erase(wish.inspection, erasure.to_json(event), moment)
    shutil.rmtree(settings.data / "documents" / wish.inspection, ignore_errors=True)
    told = next(one for one in vault.erased() if one.inspection == wish.inspection)
    with writing(records) as session:
        if records.dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        erasure.write(session, wish.inspection, erasure.of_json(told.event))
    _overwrite(records)
    return wanted


def _erased_by(wish: Wish) -> ErasedBy:
    return ErasedBy(wish.by, Role.MANAGER, wish.entry_point, who_runs_this())


def _must_be_manager(posts: tuple[Role, ...], by: str) -> None:
    if Role.MANAGER not in posts:
        raise Refused(f"personal data is erased by a manager, which {by} is not")


def _nothing_aside(settings: Settings, records: Engine) -> None:
    """What a restore put aside holds everything, unsealed."""
    found = [str(path) for path in settings.data.glob(f"{ASIDE}*")]
    url = make_url(settings.records_url)
    if records.dialect.name == "postgresql":
        with reading(records) as session:
            like = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
            found += [f"the schema {name}" for name in session.connection().execute(like).scalars()]
    else:
        file = Path(str(url.database))
        found += [str(path) for path in file.parent.glob(f"{file.name}.{ASIDE}*")]
    found += [str(settings.data / staging.FOLDER)] * (settings.data / staging.FOLDER).exists()
    if found:
        raise Refused(
            f"{found[0]} still holds everything as it was before a restore: remove it first, with all like it"
        )


def _overwrite(records: Engine) -> None:
    """What was erased is gone from the files of the database, too."""
    with records.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if records.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in PERSONAL_COLUMNS:
            connection.exec_driver_sql(f"VACUUM FULL {table.name}")
