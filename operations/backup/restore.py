"""Putting a backup back: made ready beside what stands there, reconciled with the engine, written down, then put in place.

Where the engine's store stands among the data it is kept, and what it knows beyond the backup is told to the records;
where there is none (a new machine), the one in the backup is used, and both stand at the moment of the backup."""

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
from operations.backup.models import KEPT, NONE, RESTORED, Done, Wish
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


async def restore(settings: Settings, wish: Wish, moment: datetime, say: Say) -> Done:
    """Puts a backup back. Raises `Refused` while the system runs, `BadInput` for a file that is no backup or a person who is
    not known, `CheckFailed` for a backup that was altered or cut short; then nothing has changed."""
    if rehearsal_marker.find(settings.data) is not None:
        raise BadInput(f"{settings.data} holds a rehearsal: name another folder with --data")
    say("checking the backup")
    backup = archive.check(wish.file)
    staging.must_know(backup, wish.by)
    held = data_lock.take(settings.data)
    try:
        if pending_restore.finish(settings):
            say("an earlier restore that was cut off has come to its end first")
        return await _restore(settings, wish, backup, moment, held, say)
    finally:
        os.close(held)


async def _restore(settings: Settings, wish: Wish, backup: Backup, moment: datetime, held: int, say: Say) -> Done:
    present = _present(settings)
    done = Done(backup, engine=_which_engine(settings, backup, wish.engine))
    owner = _owner(settings, done)
    if present is not None and _is_done(present, backup, owner):
        done.again = True
    if present is not None:
        present.dispose()  # no connection of ours may stand in our own way
    if done.again:
        return done
    staged = staging.stage(settings, backup, KeyStore(settings.data), say)
    try:
        told = await _tales(settings, done, staged, held, say)
        said = restore_transaction.write(settings, wish, done, staged, told, present, moment, owner)
        done.number = said.number
        staging.settle(staged)
        if present is not None:
            present.dispose()
    except BaseException:
        staging.discard(staged)
        raise
    _put_in_place(settings, done, staged, moment)
    return done


def _present(settings: Settings) -> Engine | None:
    """The records in use, as far as there are any."""
    records = connect(settings.records_url)
    if records.dialect.name == "sqlite" and not Path(str(records.url.database)).is_file():
        return None
    return records


def _is_done(present: Engine, backup: Backup, owner: EngineName) -> bool:
    with suppress(Exception), reading(present) as session:  # records that cannot be read are what a restore is for
        present_owner = owner_of_records(session.connection())
        is_same = present_owner is None or present_owner.is_same(owner)
        return is_same and restores.is_newest(session.connection(), backup.seal)
    return False


def _which_engine(settings: Settings, backup: Backup, wanted: str) -> str:
    there = (settings.data / STORE).exists()
    if wanted == RESTORED or (not wanted and not there and backup.manifest["engine"]):
        if not backup.manifest["engine"]:
            raise Refused(f"{backup.path} holds no engine's store: leave --engine restored out")
        return RESTORED
    return KEPT if there or temporal_client.is_configured() else NONE


def _owner(settings: Settings, done: Done) -> EngineName:
    """Returns the engine that the restored records belong to: the one that was asked, or goes back with them."""
    is_embedded = done.engine == RESTORED or (settings.data / STORE).exists() or not temporal_client.is_configured()
    return engine_owner.embedded(settings) if is_embedded else engine_owner.of_settings(settings)


# What the engine knows ------------------------------------------------------------------------------------------------


async def _tales(settings: Settings, done: Done, staged: Staged, held: int, say: Say) -> list[ReplayedInspection]:
    """Everything the engine knows, where it is kept. One that comes with the backup knows no more than its records."""
    if done.engine != KEPT:
        return []
    say("asking the engine what it knows")
    with reading(staged.records) as session:
        known = heads(session.connection())
    async with _asked(settings, held) as client:
        names = await workflow_replay.inspections(client)
        return [await workflow_replay.replay(client, name, known.get(name, (0, ""))[0]) for name in names]


@asynccontextmanager
async def _asked(settings: Settings, held: int) -> AsyncIterator[Client]:
    """The engine, with nobody to work for it, so that nothing moves meanwhile."""
    if not (settings.data / STORE).exists():
        yield await temporal_client.connect(settings)
        return
    port = ports.choose(settings.data, {"engine": None})["engine"]
    process, client = await engine_process.start(settings, port, 0, held)
    try:
        yield client
    finally:
        await process.stop(engine_process.STOP_GRACE)


# Into their places ----------------------------------------------------------------------------------------------------


def _put_in_place(settings: Settings, done: Done, staged: Staged, moment: datetime) -> None:
    name = f"{pending_restore.ASIDE}{to_text(moment).replace(':', '').replace('-', '').split('.')[0]}"
    aside = settings.data / name
    moves: list[pending_restore.Move] = []
    if staged.file is not None:
        file = Path(str(make_url(settings.records_url).database))
        beside = aside / file.name if file.parent == settings.data else file.with_name(f"{file.name}.{name}")
        moves += pending_restore.out_and_in(file, beside, staged.file, pending_restore.SQLITE_PARTS)
    for folder in FOLDERS:
        moves += pending_restore.out_and_in(settings.data / folder, aside / folder, staged.folder / folder)
    if done.engine == RESTORED:
        ready = staged.folder / ENGINE
        moves += pending_restore.out_and_in(settings.data / STORE, aside / STORE, ready, pending_restore.SQLITE_PARTS)
    schema = "" if staged.file is not None else name.replace("-", "_").lower()
    pending_restore.decide(settings, moves, schema)
    pending_restore.finish(settings)
    shutil.rmtree(staged.folder, ignore_errors=True)
    done.aside = sorted({str(move.target) for move in moves if name in str(move.target)})
    if schema:
        done.aside.append(f"the schema {schema}")
