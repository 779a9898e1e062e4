"""Whether the records hold a command that a workflow was sent. The engine's port has no sign-in, so that any account of the
machine can send one: only what an entry point stored, or the outcome of a letter, is taken."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection

from framework.messages.commands import SYSTEM, Command
from framework.messages.orders import TaskOrder
from records.inspections import submissions
from records.outbox.outcomes import outcome_commands
from records.tasks.tasks import open_task

NOT_SUBMITTED = "command_not_submitted"
"""The kind of the task."""
MAX_LENGTH = 100
"""Characters of what was sent that the task keeps."""
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def is_held(connection: Connection, inspection: str, command: Command) -> bool:
    """Returns whether the records hold this very command: as it was stored before the workflow was signalled (by an entry point,
    or for a letter that came back), or as the outcome of a letter."""
    if command.actor.person == SYSTEM.person and _is_outcome(connection, inspection, command):
        return True
    stored = submissions.stored(connection, inspection, command.id)
    return stored is not None and json.loads(stored) == command.model_dump(mode="json")


def _is_outcome(connection: Connection, inspection: str, command: Command) -> bool:
    return _without_moment(command) in map(_without_moment, outcome_commands(connection, inspection))


def report(connection: Connection, inspection: str, command: Command, moment: datetime) -> None:
    """Opens the task about a command that the records do not hold; one for each step."""
    facts = {"step": command.step, "person": command.actor.person, "command": command.id}
    facts = {name: value[:MAX_LENGTH] for name, value in facts.items()}
    task = TaskOrder(key=f"not_submitted:{facts['step']}", kind=NOT_SUBMITTED, facts=facts)
    open_task(connection, inspection, task, moment)


def _without_moment(command: Command) -> Command:
    """Returns the command of an outcome, without its moment if no limit counts from that.

    An attempt that is repeated after the letter was stopped reports it with its own moment."""
    if command.step != "record_failed_service":
        return command
    return command.model_copy(update={"received": _NO_MOMENT, "on": _NO_MOMENT.date()})
