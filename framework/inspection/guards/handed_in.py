"""Guards of what the authority provides: a day before that of the receipt counts only with a proof."""

from framework.calendar.london_time import london_day
from framework.inspection.guards.context import Failed, Guard, StepContext, guard
from framework.lifecycle.lifecycle import EVENT_STEPS
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
    event = context.inspection.events.get(context.form.event)
    if event is None or event.kind not in EVENT_STEPS or not EVENT_STEPS[event.kind].is_handed_in:
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
