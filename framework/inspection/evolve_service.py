"""What an event about a letter on which a clock hangs changes: on its way, served, or found not to have arrived (paras 8, 50, 65)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from framework.common.identifiers import letter_id
from framework.inspection.parts import ReportInProgress
from framework.lifecycle.evolve import derive_anew
from framework.lifecycle.parts import Occurrence
from framework.messages.events import Event

if TYPE_CHECKING:
    from framework.inspection.state import Inspection


def _notification_issued(state: "Inspection", number: int, event: Event) -> None:
    _await(state, event, "announcement")


def _resumption_issued(state: "Inspection", number: int, event: Event) -> None:
    state.fieldwork = date.fromisoformat(event.data["fieldwork"])
    _await(state, event, "resumption")


def _await(state: "Inspection", event: Event, letter: str) -> None:
    """Makes the acceptance of this letter day 0, and of no other (para 8)."""
    state.announced_fieldwork = state.fieldwork
    state.notification_pending = True
    state.awaited_letter = letter_id(event.cause.removeprefix("command:"), state.id, letter)


def _not_served(state: "Inspection", number: int, event: Event) -> None:
    state.notification_pending = False
    state.unserved = number


def _notified(state: "Inspection", number: int, event: Event) -> None:
    if not state.notification_pending:  # handed over, without a letter before
        state.announced_fieldwork = state.fieldwork
    state.notification_pending = False
    state.waived_limits.clear()
    derive_anew(state)  # every limit is derived from the new day 0
    state.milestones_reached["notification"] = Occurrence(number, event.on, event.received)
    state.kept_due_dates.clear()
    if event.kind == "notified_anew":
        state.round += 1
    state.unserved, state.served_letter = None, _served_by(state, event, state.awaited_letter)
    if state.deferrals and state.deferrals[-1].ended is None:
        state.deferrals[-1] = replace(state.deferrals[-1], ended=event.on, ended_by=number)


def _served_by(state: "Inspection", event: Event, letter: str) -> str:
    """Returns the letter that proves a service by e-mail; empty for one by hand or by post."""
    return (event.data.get("letter") or letter) if event.data.get("method") == "email" else ""


def _notification_failed(state: "Inspection", number: int, event: Event) -> None:
    """Withdraws day 0 and every limit that follows from it; what was provided and a meeting that was held stay."""
    fallen = state.milestones_reached["notification"].number
    state.round += 1
    _forget(state, "notification", "notified", "notified_anew")
    derive_anew(state)
    withdraw_meeting(state)
    state.unserved, state.served_letter = number, ""
    state.notify_on = None
    state.fieldwork, state.announced_fieldwork = state.order.fieldwork, None
    if state.deferrals and state.deferrals[-1].ended_by == fallen:
        state.deferrals[-1] = replace(state.deferrals[-1], ended=None, ended_by=0)


def _draft_sent(state: "Inspection", number: int, event: Event) -> None:
    state.draft_letter = letter_id(event.cause.removeprefix("command:"), state.id, "draft_report")


def _draft_not_served(state: "Inspection", number: int, event: Event) -> None:
    """Withdraws the five days of para 51, which never began; they run from the sending that arrives."""
    _forget(state, "draft_sent", "comments_lapsed")
    for limit in ("draft_report", "factual_comments"):
        state.frozen_due_dates.pop(limit, None)
    state.draft_letter, state.final = "", ReportInProgress()


def _cancellation_served(state: "Inspection", number: int, event: Event) -> None:
    cause = state.events[state.milestones_reached["cancelled"].number].cause
    state.cancellation_letter = _served_by(
        state, event, letter_id(cause.removeprefix("command:"), state.id, "cancellation")
    )


def _cancellation_not_served(state: "Inspection", number: int, event: Event) -> None:
    _forget(state, "cancellation_served")
    state.cancellation_letter = ""


def _forget(state: "Inspection", *kinds: str) -> None:
    """Removes what turned out not to have happened: it counts for no limit, and its day can no longer be corrected."""
    for kind in kinds:
        state.milestones_reached.pop(kind, None)
    state.log = {number: entry for number, entry in state.log.items() if entry[0] not in kinds}


def withdraw_meeting(state: "Inspection") -> None:
    """Withdraws a meeting that is still ahead; one that was held stays."""
    if state.meeting_ahead is not None:
        state.meeting = replace(state.meeting_ahead, sequence=state.meeting_ahead.sequence + 1, withdrawn=True)


SERVICE_EFFECTS: dict[str, Callable[["Inspection", int, Event], None]] = {
    "notification_issued": _notification_issued,
    "resumption_issued": _resumption_issued,
    "notification_not_served": _not_served,
    "notified": _notified,
    "notified_anew": _notified,
    "notification_failed": _notification_failed,
    "draft_sent": _draft_sent,
    "draft_not_served": _draft_not_served,
    "cancellation_served": _cancellation_served,
    "cancellation_not_served": _cancellation_not_served,
}
