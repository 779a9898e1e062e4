"""Writes into the staged records, in one transaction: what is known beyond the backup, and the restore itself."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine
from sqlmodel import Session

from application.runtime import dev_mailbox
from application.runtime.os_account import who_runs_this
from application.runtime.settings import Settings
from framework.calendar.london_time import london_day
from framework.messages.events import Event
from framework.vocabulary.roles import Role
from operations.backup import attestations
from operations.backup.delivery_outcomes import OutboxReconciler, accepted_by_mailbox
from operations.backup.kept_messages import KeptMessages
from operations.backup.lost_texts import PresentTexts
from operations.backup.models import RestoreCommand, RestoreResult
from operations.backup.reconcile import Reconciler
from operations.backup.staging import Staged
from operations.backup.workflow_replay import ReplayedInspection
from records.audit import checkpoints, engine_owner, restores
from records.audit.checkpoints import Heads, heads
from records.audit.engine_owner import EngineName
from records.audit.restores import Restore, RestoreStatement
from records.audit.signing import signer
from records.database.columns import to_text
from records.database.connection import writing
from records.directory import directory
from records.inspections import erasure
from records.log.append import append
from records.log.texts import store_text
from records.privacy.keys import KeyStore


def write(
    settings: Settings,
    request: RestoreCommand,
    done: RestoreResult,
    staged: Staged,
    replayed: list[ReplayedInspection],
    present: Engine | None,
    moment: datetime,
    owner: EngineName,
) -> Restore:
    """Reconciles the staged records and signs the restore; returns its statement. Raises `BadInput` for an unknown person."""
    earlier, present_heads = attestations.previous_restores(present)
    key = signer(settings.data)
    with writing(staged.records) as session:
        connection = session.connection()
        directory.posts(session, request.by)
        engine_owner.hand_over(session, owner, moment)
        went_back = heads(connection)
        last = checkpoints.newest(connection)
        done.other_key = last is not None and last.public_key != key.public
        restores.carry_over(session, earlier)
        attestations.carry_over_access_log(session, present)
        attestations.carry_over_checkpoints(session, checkpoints.files(staged.folder), key.public)
        attested = attestations.attested_events(connection, replayed, present_heads)
        newest = attestations.newest_attested(attested)
        _reconcile(session, settings, done, replayed, staged, present, newest, moment)
        _erase_again(session, settings)
        earlier_restores, _ = restores.read(restores.rows(connection), key.public)
        missing = attestations.missing_events(connection, attested - restores.superseded(earlier_restores))
        restored = set(heads(connection))
        done.gone = sorted(_inspections_in(missing) - restored)
        changed = sorted((_changed(done, missing) | restores.restored_inspections(earlier_restores)) & restored)
        done.lost = attestations.lost_events(connection, present, went_back, changed)
        reason = _store_reason(session, request, moment)
        body = _body(request, done, went_back, missing, changed, reason)
        statement = restores.save(session, body, done.backup.seal, moment, key)
        _append_events(session, request, done, statement, went_back, changed, moment)
    return statement


def _reconcile(
    session: Session,
    settings: Settings,
    done: RestoreResult,
    replayed: list[ReplayedInspection],
    staged: Staged,
    present: Engine | None,
    newest: dict[str, int],
    moment: datetime,
) -> None:
    mailed = {} if settings.smtp_host else accepted_by_mailbox(dev_mailbox.folder(settings.data))
    outbox = OutboxReconciler(session, staged.folder / "documents", mailed, KeptMessages(present), moment)
    reconciler = Reconciler(session, PresentTexts(present), outbox, moment, settings.office)
    by_inspection = {row.inspection: row for row in replayed}
    for inspection in sorted({*by_inspection, *heads(session.connection())}):
        history = by_inspection.get(inspection) or ReplayedInspection(inspection)
        reconciled = reconciler.reconcile(history, newest.get(inspection, 0))
        if reconciled.changed or reconciled.doubt or reconciled.stopped:
            done.inspections.append(reconciled)


def _erase_again(session: Session, settings: Settings) -> None:
    """Writes the tombstones of erased inspections again: their keys are destroyed, so the backup's data cannot be read."""
    restored = set(heads(session.connection()))
    for tombstone in KeyStore(settings.data).erased():
        if tombstone.inspection in restored:
            erasure.write(session, tombstone.inspection, erasure.of_json(tombstone.event))


def _store_reason(session: Session, request: RestoreCommand, moment: datetime, inspection: str = "") -> dict[str, str]:
    """Stores the reason as a text, which can be erased; returns its identifier and commitment."""
    name = f"t-{uuid5(NAMESPACE_URL, f'restore/{inspection}/{to_text(moment)}')}"
    return {"text": name, "commitment": store_text(session, inspection, name, request.reason, moment)}


def _inspections_in(missing: list[RestoreStatement]) -> set[str]:
    names = {inspection for inspection, _, _ in missing}
    return {name for name in names if not checkpoints.covers_calendars_and_access_log(name)}


def _changed(done: RestoreResult, missing: list[RestoreStatement]) -> set[str]:
    return {reconciled.inspection for reconciled in done.inspections if reconciled.changed} | {
        inspection for inspection, _, _ in missing
    }


def _body(
    request: RestoreCommand,
    done: RestoreResult,
    went_back: Heads,
    missing: list[RestoreStatement],
    changed: list[str],
    reason: dict[str, str],
) -> dict[str, Any]:
    return {
        "by": request.by,
        "ran_as": who_runs_this(),
        "reason": reason,
        "backup_made_at": done.backup.manifest["made_at"],
        "engine": done.engine,
        "went_back_to": {inspection: list(head) for inspection, head in went_back.items()},
        "told": {
            reconciled.inspection: {
                "steps": len(reconciled.steps),
                "letters": len(reconciled.letters),
                "lost": reconciled.lost,
            }
            for reconciled in done.inspections
        },
        "gone": done.gone,
        "touched": changed,
        "superseded": [list(statement) for statement in missing],
    }


def _append_events(
    session: Session,
    request: RestoreCommand,
    done: RestoreResult,
    statement: Restore,
    went_back: Heads,
    changed: list[str],
    moment: datetime,
) -> None:
    """Appends the event of the restore to the log of each changed inspection."""
    for inspection in changed:
        data = {
            "restore": statement.number,
            "sha256": statement.sha256,
            "backup": done.backup.seal,
            "backup_made_at": done.backup.manifest["made_at"],
            "went_back_to": went_back.get(inspection, (0, ""))[0],
        }
        event = Event(
            kind=restores.KIND,
            on=london_day(moment),
            received=moment,
            by=request.by,
            role=Role.SYSTEM,  # a restore requires no post
            entry_point=request.entry_point,
            ran_as=who_runs_this(),
            data=data,
            reason=_store_reason(session, request, moment, inspection)["text"],
            cause=f"restore:{statement.number}",
        )
        append(session, inspection, f"restore:{statement.number}", [event], moment)
