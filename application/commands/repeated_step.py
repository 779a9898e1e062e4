"""A step that is sent again under the identifier of a command that was committed: answered as before, and done once."""

from datetime import date

from application.commands.step_dispatch import PreparedStep
from application.queries.snapshot import Snapshot
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Remedy
from framework.inspection.steps import STEPS
from framework.lifecycle.steps import Step
from framework.messages.commands import Answer, Command
from framework.messages.events import Event
from records.inspections import submissions
from records.inspections.reader import InspectionReader
from records.log.texts import require_same_texts


def committed_answer(view: Snapshot, reader: InspectionReader, prepared: PreparedStep) -> Answer | None:
    """Returns the answer to a command that was committed already, whatever has happened since; None for a new one.

    Raises `BadInput` where the command was something else under the same identifier."""
    command = prepared.command
    own = {stored.number: stored.event for stored in reader.events if stored.command_id == command.id}
    kinds = tuple(event.kind for event in own.values())
    step = next((step for step in STEPS if step.name == command.step and step.event in kinds), None)
    if step is None:
        if own:  # another step was taken under this identifier
            raise _said_something_else(command)
        return None
    submissions.first_stored(view.session, reader.id, command)
    if step.content:  # its commands are not stored: the event is all that shows what the first one was
        _require_same(next(event for event in own.values() if event.kind == step.event), step, command)
    require_same_texts(view.session.connection(), prepared.texts)
    return Answer(
        stage=reader.state.stage,
        events=tuple(own),
        kinds=kinds,
        next_due=reader.row["next_due"],
        next_what=reader.row["next_what"],
    )


def _require_same(event: Event, step: Step, command: Command) -> None:
    """Raises `BadInput` where another person, another day or other fields led to the event."""
    written = {name: event.data[name] for name in step.form.model_fields if event.data.get(name) is not None}
    same_day = event.on == command.on or _day(event.on, event) == _day(command.on, command)
    if not same_day or (event.by, event.reason, written) != (command.actor.person, command.reason, command.facts):
        raise _said_something_else(command)


def _said_something_else(command: Command) -> BadInput:
    what = f"the command {command.id} was sent before and said something else"
    return BadInput(what, remedy=Remedy.RENEW_COMMAND)


def _day(on: date, of: Event | Command) -> date | None:
    """Returns a day, or None for the day of receipt: a command that is sent again a day later is the same."""
    return None if on == london_day(of.received) else on
