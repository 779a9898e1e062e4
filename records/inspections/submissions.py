"""What entry points take in, kept before the engine hears of it, with the moment it came: a worker that is down makes nobody late."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Remedy
from framework.messages.commands import Command, refusal_id
from framework.messages.events import Event
from records.log.append import append
from records.log.hash_chain import canonical
from records.log.texts import read_text, store_text, store_texts
from records.tables.inspections import SUBMISSIONS

__all__ = ["kept", "mark_refused", "read_text", "refuse", "store", "store_text", "store_texts", "waiting"]

_WAITING = (
    select(SUBMISSIONS.c.command_json)
    .where(SUBMISSIONS.c.inspection_id == bindparam("inspection"), SUBMISSIONS.c.state == "waiting")
    .order_by(SUBMISSIONS.c.received_at, SUBMISSIONS.c.command_id)
)


def store(session: Session, inspection_id: str, command: Command) -> Command:
    """Keeps a command and answers it as it was first kept: sent again, it has the moment it first came in.

    Raises `BadInput` for the same identifier saying something else."""
    if (before := kept(session, inspection_id, command)) is not None:
        return before
    row = {"inspection_id": inspection_id, "command_id": command.id, "step": command.step}
    row |= {"person": command.actor.person, "command_json": command.model_dump_json(), "digest": _digest(command)}
    session.connection().execute(insert(SUBMISSIONS), {**row, "received_at": command.received, "state": "waiting"})
    return command


def kept(session: Session, inspection_id: str, command: Command) -> Command | None:
    """The command as it was first kept under its identifier; None where it never was.

    Raises `BadInput` for the same identifier saying something else."""
    before = _kept(session.connection(), inspection_id, command.id)
    if before is None:
        return None
    if before.digest != _digest(command):
        what = f"the command {command.id} was sent before and said something else"
        raise BadInput(what, remedy=Remedy.RENEW_COMMAND)
    return Command.model_validate_json(before.command_json)


def stored(connection: Connection, inspection_id: str, command_id: str) -> str | None:
    """Returns the command as it was first stored under its identifier, as JSON; None where it never was."""
    row = _kept(connection, inspection_id, command_id)
    return str(row.command_json) if row is not None else None


def waiting(connection: Connection, inspection_id: str) -> list[Command]:
    """What entry points have kept and nobody has taken or refused yet, as it came in."""
    found = connection.execute(_WAITING, {"inspection": inspection_id}).scalars()
    return [Command(**json.loads(text)) for text in found]


def refuse(session: Session, inspection_id: str, command_id: str, events: Sequence[Event], recorded: datetime) -> None:
    """Writes a refusal down and has its command wait no more: once, whether entry point, story or the system's start comes first."""
    append(session, inspection_id, refusal_id(command_id), events, recorded)
    mark_refused(session, inspection_id, command_id)


def mark_refused(session: Session, inspection_id: str, command_id: str) -> None:
    """A command that was refused waits for nothing any more; one that was taken stays taken."""
    session.connection().execute(
        update(SUBMISSIONS)
        .where(
            SUBMISSIONS.c.inspection_id == inspection_id,
            SUBMISSIONS.c.command_id == command_id,
            SUBMISSIONS.c.state == "waiting",
        )
        .values(state="refused")
    )


def _kept(connection: Connection, inspection_id: str, command_id: str) -> Row[Any, Any] | None:
    query = select(SUBMISSIONS.c.digest, SUBMISSIONS.c.command_json).where(
        SUBMISSIONS.c.inspection_id == inspection_id, SUBMISSIONS.c.command_id == command_id
    )
    return connection.execute(query).first()


def _digest(command: Command) -> str:
    """What the command says: not when it came, nor the day where that is only the day it came."""
    on = None if command.on == london_day(command.received) else command.on
    said = {"step": command.step, "person": command.actor.person, "on": on, "fields": command.fields}
    return hashlib.sha256(canonical(said).encode()).hexdigest()
