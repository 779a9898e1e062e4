"""Guards of what the authority provides: a day before that of the receipt counts only with a proof."""

from framework.calendar.london_time import london_day
from framework.inspection.guards.context import StepContext
from framework.lifecycle.guards import Failed, Guard, guard
from framework.vocabulary.roles import AUTHORITY_ROLES

_HOW = "say in the field «proof» what came, from whom, and how"


def _proof_of_earlier_day(context: StepContext) -> Failed | None:
    """Requires a proof of an earlier day that the office enters; one that the authority gives is a statement by then."""
    received = london_day(context.command.received)
    if context.command.on >= received or context.form.proof:
        return None
    return Failed(f"it was received on {received}; to have it count from {context.command.on}, {_HOW}")


def _proof_of_correction(context: StepContext) -> Failed | None:
    """Requires the same of a correction. What the authority itself handed in was not there later than it was received."""
    event = context.matter.events.get(context.form.event)
    step = context.matter.lifecycle.steps.by_event.get(event.kind) if event else None
    if event is None or step is None or not step.is_handed_in:
        return None
    received, on = london_day(event.received), context.command.on
    if on < received and not context.form.proof:
        return Failed(f"it was received on {received}; to have it count from {on}, {_HOW}")
    if on > received and event.role in AUTHORITY_ROLES:
        return Failed(f"the authority handed it in on {received}: it was there no later")
    return None


GUARDS: dict[str, Guard] = {
    "proof_of_earlier_day": guard(_proof_of_earlier_day, "form"),
    "proof_of_correction": guard(_proof_of_correction, "form"),
}
