"""The set-up meeting and the days on site in words, by how far an inspection has come: agreed, held, over, or not to be."""

from application.serializers.wording import day
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection

_MAY_STILL_MEET = (Stage.PLANNED, Stage.NOTIFIED, Stage.FIELDWORK, Stage.DEFERRED)
"""Stages before the meeting, and those from which it may be held still (without notice, during fieldwork)."""


def meeting(state: Inspection) -> str:
    """Returns the line of the set-up meeting (para 32)."""
    held, agreed = state.date_of("set_up_meeting_held"), state.meeting
    if held:
        return f"held on {day(held)}" + (f", {agreed.place}" if agreed else "")
    if state.stage not in _MAY_STILL_MEET:
        return "not held"
    if agreed is None:
        return "not arranged yet"
    if agreed.withdrawn:
        return f"was arranged for {day(agreed.day)}, and is withdrawn; it is arranged anew with the next notification"
    return f"{day(agreed.day)} at {agreed.at:%H:%M}, {agreed.place}"


def fieldwork(state: Inspection) -> str:
    """Returns the line of the days on site (paras 8 and 11)."""
    started, ended = (state.date_of(kind) for kind in ("fieldwork_started", "fieldwork_ended"))
    if started:
        return f"from {day(started)}" + (f" to {day(ended)}" if ended else "")
    if state.stage is Stage.CANCELLED:
        return "none: cancelled before it began"
    if state.stage is Stage.DEFERRED and not state.notification_pending:
        return "deferred; «resume» names the new first day"
    return f"{day(state.fieldwork)}, agreed" if state.fieldwork else "not agreed yet"
