"""Reports whether a step is stored, according to the records, when records or engine fail while it is taken."""

from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread
from framework.common.errors import Remedy, Unreachable
from framework.messages.commands import Command
from records.database.connection import reading
from records.inspections import submissions
from records.log.append import find_committed


async def with_storage(context: AppContext, inspection: str, command: Command, error: Unreachable) -> Unreachable:
    """Returns the error with a statement of what the records hold of the command, and how to repeat it."""
    if error.remedy is Remedy.REPEAT_COMMAND:
        return error  # it has the statement already
    return to_repeat(f"{error}: {await read_in_thread(_storage, context, inspection, command)}", command)


def to_repeat(what: str, command: Command) -> Unreachable:
    """Returns an error after which the same command can be sent again, and is done once."""
    return Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command.id)


def _storage(context: AppContext, inspection: str, command: Command) -> str:
    try:
        with reading(context.records) as session:
            connection = session.connection()
            if find_committed(connection, inspection, command.id) is not None:
                return f"{command.step} was taken"
            if submissions.stored(connection, inspection, command.id) is not None:
                return f"{command.step} is kept with the moment it came in"
            return f"nothing of {command.step} is kept"
    except Unreachable:
        # A server may have committed before the connection was lost, so that the outcome is unknown.
        return f"whether {command.step} is kept cannot be seen"
