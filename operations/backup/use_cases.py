"""Backup, restore and erasure as entry points call them: each takes the caller first and writes the access log itself."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from application.caller import Caller, sees_all
from application.open_context import open_records
from application.queries.access_logging import Use, logged_action
from application.queries.identification import identify, visible_row
from application.queries.snapshot import snapshot
from application.runtime import clock
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from framework.common.errors import BadInput, Refused
from framework.common.free_text import require_reason
from operations.backup import create, erase_personal_data, restore
from operations.backup.archive import Backup
from operations.backup.create import Say
from operations.backup.models import RestoreCommand, RestoreResult
from records.database.connection import reading
from records.inspections.erasure import Erasure


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """Which backup to restore, and why."""

    file: Path
    reason: str
    engine: str = ""
    """kept or restored; empty to keep the store of the data folder, or restore the one of the backup if it has none."""


@dataclass(frozen=True, slots=True)
class EraseRequest:
    """Which inspection to erase the personal data of, and why."""

    inspection: str
    reason: str
    preview: bool = False
    """Whether nothing is erased, and only what would be is returned."""


def back_up(caller: Caller, context: AppContext, to: Path, say: Say) -> Backup:
    """Writes everything into one file. Raises `BadInput` for a file that is there, `Refused` for a caller who may not see all."""
    if to.exists():
        raise BadInput(f"{to} is there already: name another file")
    with snapshot(caller, context, Use("backup", parameters={"to": to.name})) as view:
        if not sees_all(view.caller):
            raise Refused(
                f"a backup holds everything, and is made by the office, to which {caller.person} does not belong"
            )
    return create.take(context.settings, context.records, to.absolute(), context.now(), say)


async def restore_backup(caller: Caller, settings: Settings, request: RestoreRequest, say: Say) -> RestoreResult:
    """Restores a backup; the records in which this is logged are those that it leaves. Raises as `restore.restore` does."""
    require_reason(request.reason)
    reason, engine = request.reason.strip(), request.engine
    command = RestoreCommand(request.file.absolute(), caller.person, reason, caller.entry_point, engine)
    use = Use("restore", parameters={"file": request.file.name, "reason": reason, "engine": engine})
    with logged_action(caller, use, lambda: _opened(settings), say) as facts:
        done = await restore.restore(settings, command, clock.now(), say)
        facts |= {"restore": done.number, "backup": done.backup.seal, "again": done.again}
    return done


def erase(caller: Caller, context: AppContext, request: EraseRequest) -> Erasure:
    """Erases the personal data of an inspection, or returns what would be erased. Raises as `erase_personal_data.erase` does."""
    reason = request.reason.strip()
    command = erase_personal_data.EraseCommand(request.inspection, caller.person, reason, caller.entry_point)
    act = erase_personal_data.preview if request.preview else erase_personal_data.erase
    use = Use("erase", request.inspection, {"reason": reason, "preview": request.preview})
    with logged_action(caller, use, lambda: nullcontext(context.records), context.warn):
        with reading(context.records) as session:
            visible_row(session, identify(session, caller), request.inspection)
        return act(context.settings, context.records, command, context.now())


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    records = open_records(settings)
    try:
        yield records
    finally:
        records.dispose()
