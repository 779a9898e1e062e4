"""What a restore writes into the records that were made ready: what is known beyond the backup, and that they were restored."""

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
from operations.backup.delivery_outcomes import Deliveries, mailed
from operations.backup.kept_messages import KeptMessages
from operations.backup.lost_texts import Words
from operations.backup.models import Done, Wish
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
    wish: Wish,
    done: Done,
    staged: Staged,
    told: list[ReplayedInspection],
    present: Engine | None,
    moment: datetime,
    owner: EngineName,
) -> Restore:
    """Everything in one transaction; answers what is written down of the restore. Raises `BadInput` for an unknown person."""
    earlier, before = attestations.earlier(present)
    key = signer(settings.data)
    with writing(staged.records) as session:
        connection = session.connection()
        directory.posts(session, wish.by)
        engine_owner.hand_over(session, owner, moment)
        went_back = heads(connection)
        last = checkpoints.newest(connection)
        done.other_key = last is not None and last.public_key != key.public
        restores.carry_over(session, earlier)
        attestations.keep_readings(session, present)
        attestations.keep_newer_lists(session, checkpoints.files(staged.folder), key.public)
        stated = attestations.statements(connection, told, before)
        _tell(session, settings, done, told, staged, present, attestations.reaches(stated), moment)
        _erase_again(session, settings)
        before_that, _ = restores.read(restores.rows(connection), key.public)
        lost = attestations.no_longer(connection, stated - restores.superseded(before_that))
        done.gone = sorted(
            {one for one, _, _ in lost if not checkpoints.covers_calendars_and_access_log(one)} - set(heads(connection))
        )
        touched = sorted((_touched(done, lost) | restores.restored_inspections(before_that)) & set(heads(connection)))
        done.lost = attestations.not_told(connection, present, went_back, touched)
        reason = _reason(session, wish, moment)
        said = restores.save(
            session, _body(wish, done, went_back, lost, touched, reason), done.backup.seal, moment, key
        )
        _say_in_logs(session, wish, done, said, went_back, touched, moment)
    return said


def _tell(
    session: Session,
    settings: Settings,
    done: Done,
    told: list[ReplayedInspection],
    staged: Staged,
    present: Engine | None,
    reaches: dict[str, int],
    moment: datetime,
) -> None:
    taken = {} if settings.smtp_host else mailed(dev_mailbox.folder(settings.data))
    deliveries = Deliveries(session, staged.folder / "documents", taken, KeptMessages(present), moment)
    reconciler = Reconciler(session, Words(present), deliveries, moment, settings.office)
    known = {tale.inspection: tale for tale in told}
    for inspection in sorted({*known, *heads(session.connection())}):
        found = reconciler.tell(known.get(inspection) or ReplayedInspection(inspection), reaches.get(inspection, 0))
        if found.changed or found.doubt or found.stopped:
            done.found.append(found)


def _erase_again(session: Session, settings: Settings) -> None:
    """What was erased stays erased, however old the backup is: its key is gone, and its log says so (again)."""
    known = set(heads(session.connection()))
    for one in KeyStore(settings.data).erased():
        if one.inspection in known:
            erasure.write(session, one.inspection, erasure.of_json(one.event))


def _reason(session: Session, wish: Wish, moment: datetime, inspection: str = "") -> dict[str, str]:
    """The reason is kept like all free text: where it can be erased, under an identifier that travels in its place."""
    name = f"t-{uuid5(NAMESPACE_URL, f'restore/{inspection}/{to_text(moment)}')}"
    return {"text": name, "commitment": store_text(session, inspection, name, wish.reason, moment)}


def _touched(done: Done, lost: list[RestoreStatement]) -> set[str]:
    return {one.inspection for one in done.found if one.changed} | {one[0] for one in lost}


def _body(
    wish: Wish, done: Done, went_back: Heads, lost: list[RestoreStatement], touched: list[str], reason: dict[str, str]
) -> dict[str, Any]:
    return {
        "by": wish.by,
        "ran_as": who_runs_this(),
        "reason": reason,
        "backup_made_at": done.backup.manifest["made_at"],
        "engine": done.engine,
        "went_back_to": {inspection: list(head) for inspection, head in went_back.items()},
        "told": {
            one.inspection: {"steps": len(one.steps), "letters": len(one.letters), "lost": one.lost}
            for one in done.found
        },
        "gone": done.gone,
        "touched": touched,
        "superseded": [list(one) for one in lost],
    }


def _say_in_logs(
    session: Session,
    wish: Wish,
    done: Done,
    said: Restore,
    went_back: Heads,
    touched: list[str],
    moment: datetime,
) -> None:
    """In the log of each inspection that the restore touched. `Role.SYSTEM`: no post is asked for it."""
    for inspection in touched:
        data = {
            "restore": said.number,
            "sha256": said.sha256,
            "backup": done.backup.seal,
            "backup_made_at": done.backup.manifest["made_at"],
            "went_back_to": went_back.get(inspection, (0, ""))[0],
        }
        event = Event(
            kind=restores.KIND,
            on=london_day(moment),
            received=moment,
            by=wish.by,
            role=Role.SYSTEM,
            entry_point=wish.entry_point,
            ran_as=who_runs_this(),
            data=data,
            reason=_reason(session, wish, moment, inspection)["text"],
            cause=f"restore:{said.number}",
        )
        append(session, inspection, f"restore:{said.number}", [event], moment)
