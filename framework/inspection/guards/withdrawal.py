"""Guards of taking a step back: which step, and that neither a letter nor a later step came of it."""

from framework.inspection.guards.context import StepContext
from framework.inspection.proven_days import is_proven
from framework.lifecycle.guards import Failed, Guard, guard
from framework.lifecycle.withdrawals import Numbered, newest_step, steps_resting_on

INSTEAD = {
    "draft_submitted": "send_back_draft takes it back",
    "final_submitted": "send_back_final takes it back",
    "draft_approved": "send_back_draft takes it back",
    "final_approved": "send_back_final takes it back",
    "deferral_requested": "withdraw_deferral_request takes it back",
    "deferral_request_withdrawn": "request_deferral asks again",
    "notification_postponed": "defer names another day",
    "connection_decided": "decide_connection decides otherwise",
    "letter_sent_again": "a letter that has gone is not taken back",
}
"""Kinds of event that are not withdrawn, and what to do."""
NAMED = 3
"""So many of the steps that rest on one are named."""


def _withdrawable_step(context: StepContext) -> Failed | None:
    number = withdrawn_event(context)
    if number is None or number not in context.matter.log:
        return Failed(f"event {number} is no step that stands: history names the number of each")
    event = context.matter.events[number]
    words = f"event {number}, {event.kind.replace('_', ' ')},"
    if instead := INSTEAD.get(event.kind):
        return Failed(f"{words} is not withdrawn: {instead}")
    if event.kind == "fieldwork_arranged" and event.data["starts"] == str(context.matter.announced_fieldwork):
        return Failed(f"{words} is not withdrawn: the announcement named its day; arrange_fieldwork agrees on another")
    if is_proven(event):
        return Failed(f"{words} was proven or sent by the system, and is not withdrawn")
    return None


def _no_letter_ordered(context: StepContext) -> Failed | None:
    """Refuses where a letter was ordered for the step: its reader would know what did not happen."""
    number = withdrawn_event(context)
    if number not in context.records.events_with_letters:
        return None
    return Failed(f"a letter went out for event {number}: correct its day, or take the step that follows")


def _nothing_rests_on_it(context: StepContext) -> Failed | None:
    number = withdrawn_event(context)
    assert number is not None
    content = [(at, kind) for at, kind in context.records.content_events if at > number]
    resting = steps_resting_on(context.matter, number, content, context.calendar)
    if not resting:
        return None
    return Failed(f"{_named(resting)} rest on event {number}: withdraw the newest of them first")


def _named(resting: list[Numbered]) -> str:
    named = [f"event {number} ({kind.replace('_', ' ')})" for number, kind in resting[:NAMED]]
    others = len(resting) - len(named)
    return ", ".join(named) + (f" and {others} more" if others else "")


def withdrawn_event(context: StepContext) -> int | None:
    """Returns the number of the event that is to be withdrawn: the newest step unless the form names one."""
    number: int | None = context.form.event
    return newest_step(context.matter) if number is None else number


GUARDS: dict[str, Guard] = {
    "withdrawable_step": guard(_withdrawable_step, "form"),
    "no_letter_ordered": guard(_no_letter_ordered, "form", "record_state"),
    "nothing_rests_on_it": guard(_nothing_rests_on_it, "form", "record_state"),
}
