"""Commands that entry points received, stored before the engine is signalled, with the moment of receipt: lateness is judged
on that moment, also while no worker runs."""

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

__all__ = ["first_stored", "mark_refused", "read_text", "refuse", "store", "store_text", "store_texts", "waiting"]

_WAITING = (
    select(SUBMISSIONS.c.command_json)
    .where(SUBMISSIONS.c.inspection_id == bindparam("inspection"), SUBMISSIONS.c.state == "waiting")
    .order_by(SUBMISSIONS.c.received_at, SUBMISSIONS.c.command_id)
)


def store(session: Session, inspection_id: str, command: Command) -> Command:
    """Stores a command and returns it as it was first stored: sent again, it has the moment of its first receipt.

    Raises `BadInput` for the same identifier with another content."""
    if (before := first_stored(session, inspection_id, command)) is not None:
        return before
    row = {"inspection_id": inspection_id, "command_id": command.id, "step": command.step}
    row |= {"person": command.actor.person, "command_json": command.model_dump_json(), "digest": _digest(command)}
    session.connection().execute(insert(SUBMISSIONS), {**row, "received_at": command.received, "state": "waiting"})
    return command


def first_stored(session: Session, inspection_id: str, command: Command) -> Command | None:
    """Returns the command as it was first stored under its identifier; None if it never was.

    Raises `BadInput` for the same identifier with another content."""
    before = _kept(session.connection(), inspection_id, command.id)
    if before is None:
        return None
    if before.digest != _digest(command):
        what = f"the command {command.id} was sent before and said something else"
        raise BadInput(what, remedy=Remedy.RENEW_COMMAND)
    return Command.model_validate_json(before.command_json)


def stored(connection: Connection, inspection_id: str, command_id: str) -> str | None:
    """Returns the command as it was first stored under its identifier, as JSON; None if it never was."""
    row = _kept(connection, inspection_id, command_id)
    return str(row.command_json) if row is not None else None


def waiting(connection: Connection, inspection_id: str) -> list[Command]:
    """Returns the stored commands that are neither taken nor refused, in the order of receipt."""
    commands = connection.execute(_WAITING, {"inspection": inspection_id}).scalars()
    return [Command(**json.loads(text)) for text in commands]


def refuse(session: Session, inspection_id: str, command_id: str, events: Sequence[Event], recorded: datetime) -> None:
    """Records a refusal and marks its command: once, whether by the entry point, the workflow or the startup recovery."""
    append(session, inspection_id, refusal_id(command_id), events, recorded)
    mark_refused(session, inspection_id, command_id)


def mark_refused(session: Session, inspection_id: str, command_id: str) -> None:
    """Marks a waiting command as refused; one that was taken stays taken."""
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
    """Returns the hash of the command's content: without its moment, and without its day if that is the day of receipt."""
    on = None if command.on == london_day(command.received) else command.on
    content = {"step": command.step, "person": command.actor.person, "on": on, "fields": command.fields}
    return hashlib.sha256(canonical(content).encode()).hexdigest()
