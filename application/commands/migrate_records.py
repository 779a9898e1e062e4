"""Makes and migrates the tables of the records, and puts the directory and the calendar in where there is none. No engine is
needed: the first worker (or `up`) that works on the records makes its engine their owner."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, inspect

from application.runtime import engine_owner, pending_restore, rehearsal_marker
from application.runtime.settings import Settings
from framework.common.errors import BadInput, CheckFailed, Remedy, Unreachable
from records.audit.engine_owner import EngineName, require
from records.database.connection import connect, reading, upgrade, url_without_password
from records.database.revisions import known_revisions, revision
from records.directory.directory import seed
from records.tables.engine_owner import ENGINE_OWNER


@dataclass(frozen=True, slots=True)
class Migration:
    """The revision of the tables."""

    before: str | None
    """None where there were no tables."""
    after: str


def migrate(settings: Settings) -> Migration:
    """Makes the tables, or migrates them. Raises `BadInput` for a rehearsal's folder; `Unreachable` where the database cannot
    be reached, is newer than this product, or a restore of it was cut off."""
    _require_no_rehearsal(settings)
    if pending_restore.is_cut_off(settings.data):
        raise Unreachable(f"a restore of {settings.data} was cut off", remedy=Remedy.FINISH_RESTORE)
    settings.data.mkdir(parents=True, exist_ok=True)
    return prepare(settings)


def prepare(settings: Settings, owner: EngineName | None = None) -> Migration:
    """Does the same without looking at the data folder, and makes `owner` the owner of records that have none.

    Raises `Unreachable`, before anything is migrated, where another engine owns them."""
    records = connect(settings.records_url)
    try:
        before = _revision(records, owner)
        upgrade(records)
        if owner is not None:
            engine_owner.claim(records, owner)
        seed(records)
    finally:
        records.dispose()
    return Migration(before, known_revisions()[-1])


def check(settings: Settings) -> Migration:
    """Raises `CheckFailed` where the tables are missing or older than this product needs; changes nothing."""
    _require_no_rehearsal(settings)
    records = connect(settings.records_url)
    newest = known_revisions()[-1]
    try:
        is_there = records.dialect.name != "sqlite" or Path(str(records.url.database)).is_file()
        before = _revision(records, None) if is_there else None
    finally:
        records.dispose()
    if before != newest:
        at = f"at revision {before}" if before else "without tables"
        what = f"the database {url_without_password(records)} is {at}, and this product needs revision {newest}"
        raise CheckFailed(what, remedy=Remedy.MIGRATE)
    return Migration(before, newest)


def _revision(records: Engine, owner: EngineName | None) -> str | None:
    with reading(records) as session:
        connection = session.connection()
        if owner is not None and inspect(connection).has_table(ENGINE_OWNER.name):
            require(connection, owner)
        return revision(connection)


def _require_no_rehearsal(settings: Settings) -> None:
    if rehearsal_marker.find(settings.data) is not None:
        raise BadInput(f"{settings.data} holds a rehearsal, which has its own records", remedy=Remedy.CHOOSE_DATA)
