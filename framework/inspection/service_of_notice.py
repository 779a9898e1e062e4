"""Proof of service: what the fate of a letter means for the inspection whose clock hangs on it (para 8, para 65)."""

from framework.calendar.london_time import london_day
from framework.inspection.forms import Service
from framework.inspection.state import Inspection
from framework.messages.commands import SYSTEM, Command
from framework.messages.inspection import DeliveryOutcome

_STEPS = {
    "announcement": "record_service",
    "resumption": "record_service",
    "cancellation": "record_cancellation_service",
}


def outcome_is_awaited(inspection: Inspection, command: Command) -> bool:
    """Whether something waits for what this command of the system says; always true but for the fate of a letter."""
    if command.step == "record_cancellation_service":
        return "cancellation_served" not in inspection.milestones_reached
    if command.step not in ("record_service", "record_failed_service"):
        return True
    return is_awaited(inspection, command.fields.get("letter"))


def is_awaited(inspection: Inspection, letter: str | None) -> bool:
    """Whether a notification is on its way and this is its letter; of a letter that nobody names it is taken for granted.

    An announcement from before a deferral, accepted while the resumption is on its way, is not (para 8)."""
    return inspection.notification_pending and (not letter or letter == inspection.awaited_letter)


def service_command(fate: DeliveryOutcome) -> Command | None:
    """The system's command that a letter's fate calls for; None for letters no clock hangs on.

    Day 0 is the London day on which the mail system took the letter; what it refused for good starts nothing."""
    step = _STEPS.get(fate.kind)
    if step is None:
        return None
    if not fate.accepted:
        fields = {"letter": fate.letter_id}
        step = "record_failed_service"
    else:
        fields = {"method": Service.EMAIL.value, "letter": fate.letter_id}
    return Command(
        id=f"letter:{fate.letter_id}:{'accepted' if fate.accepted else 'failed'}",
        step=step,
        actor=SYSTEM,
        on=london_day(fate.at),
        received=fate.at,
        fields=fields,
    )
