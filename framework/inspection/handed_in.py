"""The day that counts for what the authority provides: the day it was received, whatever day is given with it.

The office may enter an earlier day with a proof, which its event keeps. A day that the authority gives is kept as its statement
(`stated_on`) and does not count."""

from framework.calendar.london_time import london_day
from framework.lifecycle.steps import Step
from framework.messages.commands import Command
from framework.vocabulary.roles import AUTHORITY_ROLES, Role


def as_received(step: Step, role: Role, command: Command) -> Command:
    """Returns the command dated by the day it was received, if the authority itself gives an earlier one."""
    received = london_day(command.received)
    if not step.is_handed_in or role not in AUTHORITY_ROLES or command.on >= received:
        return command
    return command.model_copy(
        update={"on": received, "fields": {**command.fields, "stated_on": command.on.isoformat()}}
    )
