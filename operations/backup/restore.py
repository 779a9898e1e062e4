"""Restores a backup: staged in a separate folder, reconciled with the engine, recorded, then moved into place.

If the data folder has an engine's store it is kept, and what its histories hold beyond the backup is written into the
records; otherwise (on a new machine) the store in the backup is used, and both are at the moment of the backup."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url
from temporalio.client import Client

from application.runtime import data_lock, engine_owner, pending_restore, rehearsal_marker, temporal_client
from application.runtime.settings import Settings
from framework.common.errors import BadInput, Refused
from operations.backup import archive, restore_transaction, staging, workflow_replay
from operations.backup.archive import Backup
from operations.backup.create import ENGINE, FOLDERS, Say
from operations.backup.models import ENGINE_KEPT, ENGINE_RESTORED, NO_ENGINE, RestoreCommand, RestoreResult
from operations.backup.staging import Staged
from operations.backup.workflow_replay import ReplayedInspection
from operations.embedded_engine import engine_process, ports
from operations.embedded_engine.engine_process import STORE
from records.audit import restores
from records.audit.checkpoints import heads
from records.audit.engine_owner import EngineName
from records.audit.engine_owner import owner as owner_of_records
from records.database.columns import to_text
from records.database.connection import connect, reading
from records.privacy.keys import KeyStore


async def restore(settings: Settings, request: RestoreCommand, moment: datetime, say: Say) -> RestoreResult:
    """Restores a backup. Raises `Refused` while the system runs, `BadInput` for a file that is no backup or an unknown
    person, `CheckFailed` for a backup that is altered or truncated; then nothing has changed."""
    if rehearsal_marker.find(settings.data) is not None:
        raise BadInput(f"{settings.data} holds a rehearsal: name another folder with --data")
    say("checking the backup")
    backup = archive.check(request.file)
    staging.require_known_person(backup, request.by)
    lock = data_lock.take(settings.data)
    try:
        if pending_restore.finish(settings):
            say("an earlier restore that was cut off has come to its end first")
        return await _restore(settings, request, backup, moment, lock, say)
    finally:
        os.close(lock)


async def _restore(
    settings: Settings, request: RestoreCommand, backup: Backup, moment: datetime, lock: int, say: Say
) -> RestoreResult:
    present = _present_records(settings)
    done = RestoreResult(backup, engine=_which_engine(settings, backup, request.engine))
    owner = _owner(settings, done)
    if present is not None and _is_done(present, backup, owner):
        done.again = True
    if present is not None:
        present.dispose()  # staging refuses while another connection of this system is open on PostgreSQL
    if done.again:
        return done
    staged = staging.stage(settings, backup, KeyStore(settings.data), say)
    try:
        replayed = await _replay_inspections(settings, done, staged, lock, say)
        written = restore_transaction.write(settings, request, done, staged, replayed, present, moment, owner)
        done.number = written.number
        staging.finish_records(staged)
        if present is not None:
            present.dispose()
    except BaseException:
        staging.discard(staged)
        raise
    _put_in_place(settings, done, staged, moment)
    return done


def _present_records(settings: Settings) -> Engine | None:
    """Returns the records in use; None if there are none."""
    records = connect(settings.records_url)
    if records.dialect.name == "sqlite" and not Path(str(records.url.database)).is_file():
        return None
    return records


def _is_done(present: Engine, backup: Backup, owner: EngineName) -> bool:
    with suppress(Exception), reading(present) as session:  # the present records may be damaged in any way
        present_owner = owner_of_records(session.connection())
        is_same = present_owner is None or present_owner.is_same(owner)
        return is_same and restores.is_newest(session.connection(), backup.seal)
    return False


def _which_engine(settings: Settings, backup: Backup, requested: str) -> str:
    has_store = (settings.data / STORE).exists()
    if requested == ENGINE_RESTORED or (not requested and not has_store and backup.manifest["engine"]):
        if not backup.manifest["engine"]:
            raise Refused(f"{backup.path} holds no engine's store: leave --engine restored out")
        return ENGINE_RESTORED
    return ENGINE_KEPT if has_store or temporal_client.is_configured() else NO_ENGINE


def _owner(settings: Settings, done: RestoreResult) -> EngineName:
    """Returns the engine that the restored records belong to: the one whose histories were read, or the one restored with them."""
    is_embedded = (
        done.engine == ENGINE_RESTORED or (settings.data / STORE).exists() or not temporal_client.is_configured()
    )
    return engine_owner.embedded(settings) if is_embedded else engine_owner.of_settings(settings)


# The engine's histories -----------------------------------------------------------------------------------------------


async def _replay_inspections(
    settings: Settings, done: RestoreResult, staged: Staged, lock: int, say: Say
) -> list[ReplayedInspection]:
    """Replays every inspection of the engine that is kept; an engine from the backup holds no more than its records."""
    if done.engine != ENGINE_KEPT:
        return []
    say("asking the engine what it knows")
    with reading(staged.records) as session:
        restored = heads(session.connection())
    async with _engine_without_worker(settings, lock) as client:
        names = await workflow_replay.inspections(client)
        return [await workflow_replay.replay(client, name, restored.get(name, (0, ""))[0]) for name in names]


@asynccontextmanager
async def _engine_without_worker(settings: Settings, lock: int) -> AsyncIterator[Client]:
    """Yields a client of the engine; without a worker no workflow advances while its history is read."""
    if not (settings.data / STORE).exists():
        yield await temporal_client.connect(settings)
        return
    port = ports.choose(settings.data, {"engine": None})["engine"]
    process, client = await engine_process.start(settings, port, 0, lock)
    try:
        yield client
    finally:
        await process.stop(engine_process.STOP_GRACE)


# Moving into place ----------------------------------------------------------------------------------------------------


def _put_in_place(settings: Settings, done: RestoreResult, staged: Staged, moment: datetime) -> None:
    name = f"{pending_restore.ASIDE}{to_text(moment).replace(':', '').replace('-', '').split('.')[0]}"
    aside = settings.data / name
    moves: list[pending_restore.Move] = []
    if staged.file is not None:
        file = Path(str(make_url(settings.records_url).database))
        beside = aside / file.name if file.parent == settings.data else file.with_name(f"{file.name}.{name}")
        moves += pending_restore.out_and_in(file, beside, staged.file, pending_restore.SQLITE_PARTS)
    for folder in FOLDERS:
        moves += pending_restore.out_and_in(settings.data / folder, aside / folder, staged.folder / folder)
    if done.engine == ENGINE_RESTORED:
        ready = staged.folder / ENGINE
        moves += pending_restore.out_and_in(settings.data / STORE, aside / STORE, ready, pending_restore.SQLITE_PARTS)
    schema = "" if staged.file is not None else name.replace("-", "_").lower()
    pending_restore.decide(settings, moves, schema)
    pending_restore.finish(settings)
    shutil.rmtree(staged.folder, ignore_errors=True)
    done.aside = sorted({str(move.target) for move in moves if name in str(move.target)})
    if schema:
        done.aside.append(f"the schema {schema}")
