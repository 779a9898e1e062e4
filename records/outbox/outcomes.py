"""What became of the letters that start a clock, as the commands that the inspection's workflow takes for it."""

from sqlalchemy import Connection, bindparam, select

from framework.inspection.service_of_notice import REPORTED_LETTERS, service_command
from framework.messages.commands import Command, refusal_id
from framework.messages.delivery import DeliveryOutcome
from records.tables.inspections import EVENTS
from records.tables.outbox import LETTERS

ACCEPTED = ("accepted", "partly")
GIVEN_UP = ("failed", "stopped")
_OUTCOMES = ("letter_accepted", "letter_failed", "letter_stopped")

_SETTLED = select(LETTERS.c.id, LETTERS.c.kind, LETTERS.c.status).where(
    LETTERS.c.inspection_id == bindparam("inspection"),
    LETTERS.c.kind.in_(REPORTED_LETTERS),
    LETTERS.c.status.in_((*ACCEPTED, *GIVEN_UP)),
)
_MOMENTS = (
    select(EVENTS.c.cause, EVENTS.c.received_at)
    .where(EVENTS.c.inspection_id == bindparam("inspection"), EVENTS.c.kind.in_(_OUTCOMES))
    .order_by(EVENTS.c.number)
)


def outcome_commands(connection: Connection, inspection: str) -> list[Command]:
    """Returns the command that follows from the outcome of each letter that starts a clock and is settled."""
    settled = connection.execute(_SETTLED, {"inspection": inspection}).all()
    if not settled:
        return []
    moments = {row.cause: row.received_at for row in connection.execute(_MOMENTS, {"inspection": inspection})}
    outcomes = [
        DeliveryOutcome(
            letter_id=row.id, kind=row.kind, at=moments[f"letter:{row.id}"], accepted=row.status in ACCEPTED
        )
        for row in settled
        if f"letter:{row.id}" in moments
    ]
    return [command for outcome in outcomes if (command := service_command(outcome)) is not None]


def unreported(connection: Connection, inspection: str) -> list[Command]:
    """Returns those that the log holds no event of: the workflow that was to take them may have been ended before."""
    commands = outcome_commands(connection, inspection)
    names = {name: command.id for command in commands for name in (command.id, refusal_id(command.id))}
    query = select(EVENTS.c.command_id).where(EVENTS.c.inspection_id == inspection, EVENTS.c.command_id.in_(names))
    taken = {names[name] for name in connection.execute(query).scalars()} if names else set()
    return [command for command in commands if command.id not in taken]
