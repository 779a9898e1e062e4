"""Proof of service: what the outcome of a letter means for the inspection whose clock it starts (paras 8 and 65)."""

from datetime import datetime

from framework.calendar.london_time import london_day
from framework.inspection.service_forms import Service
from framework.inspection.state import Inspection
from framework.messages.commands import SYSTEM, Command
from framework.messages.delivery import DeliveryOutcome

_STEPS = {
    "announcement": "record_service",
    "resumption": "record_service",
    "cancellation": "record_cancellation_service",
}
REPORTED_LETTERS = tuple(_STEPS)
"""The kinds of letter whose outcome the inspection waits for."""


_RETURNS = (*_STEPS, "draft_report")
"""The kinds of letter on which a clock hangs: that of paras 8, 51 or 65."""


def outcome_is_awaited(inspection: Inspection, command: Command) -> bool:
    """Returns whether something waits for this command of the system; always true but for the outcome of a letter."""
    if command.step == "record_cancellation_service":
        return "cancellation_served" not in inspection.milestones_reached
    if command.step not in ("record_service", "record_failed_service"):
        return True
    return is_awaited(inspection, command.fields.get("letter"))


def is_awaited(inspection: Inspection, letter: str | None) -> bool:
    """Returns whether a notification is on its way and this is its letter; a letter that is not named is taken for it.

    An announcement from before a deferral, accepted while the resumption is on its way, is not (para 8)."""
    return inspection.notification_pending and (not letter or letter == inspection.awaited_letter)


def service_command(outcome: DeliveryOutcome) -> Command | None:
    """Returns the system's command that a letter's outcome calls for; None for letters that start no clock.

    Day 0 is the London day on which the mail system accepted the letter; one that was refused for good starts nothing."""
    step = _STEPS.get(outcome.kind)
    if step is None:
        return None
    if not outcome.accepted:
        fields = {"letter": outcome.letter_id}
        step = "record_failed_service"
    else:
        fields = {"method": Service.EMAIL.value, "letter": outcome.letter_id}
    return Command(
        id=f"letter:{outcome.letter_id}:{'accepted' if outcome.accepted else 'failed'}",
        step=step,
        actor=SYSTEM,
        on=london_day(outcome.at),
        received=outcome.at,
        fields=fields,
    )


def returned_command(letter: str, kind: str, moment: datetime) -> Command | None:
    """Returns the system's command for a letter that came back after it was accepted; None for one no clock hangs on."""
    if kind not in _RETURNS:
        return None
    return Command(
        id=f"letter:{letter}:returned:{moment.isoformat()}",
        step="record_failed_service",
        actor=SYSTEM,
        on=london_day(moment),
        received=moment,
        fields={"letter": letter},
    )
