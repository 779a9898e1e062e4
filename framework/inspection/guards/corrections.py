"""Needs of putting a wrong day right: what is corrected, and the order that must hold after it."""

from framework.inspection.guards.context import Guard, StepContext


def _correctable_event(asked: StepContext) -> str | None:
    number: int = asked.form.event
    if number not in asked.inspection.log:
        return f"event {number} is not one whose day can be corrected; see `inspections history`"
    kind, day = asked.inspection.log[number]
    if kind == "corrected":
        return f"event {number} is itself a correction: correct event {number}'s original again instead"
    if day == asked.command.on:
        return f"event {number} stands at {day} already"
    if kind in _ON_SITE and (why := asked.calendar.why_not(asked.command.on)):
        return f"{asked.command.on} is not a working day ({why})"
    return _order_kept(asked, kind)


_ON_SITE = ("fieldwork_started", "fieldwork_ended")


_ORDER = ("notified", "notified_anew", "fieldwork_started", "oral_feedback_given", "fieldwork_ended", "draft_sent")


_ORDER_AFTER_DRAFT = ("comments_returned", "comments_lapsed", "final_issued", "published")


def _order_kept(asked: StepContext, kind: str) -> str | None:
    """A corrected day must leave the main line in order: nothing ends before it began, or before notification."""
    line, happened = (*_ORDER, *_ORDER_AFTER_DRAFT), asked.inspection.milestones_reached
    if kind not in line:
        return _after_what_it_follows(asked, kind)
    place = line.index(kind)
    before = [(name, happened[name].on) for name in line[:place] if name in happened]
    after = [(name, happened[name].on) for name in line[place + 1 :] if name in happened]
    wrong = next(((n, d) for n, d in before if d > asked.command.on), None) or next(
        ((n, d) for n, d in after if d < asked.command.on), None
    )
    return f"{asked.command.on} does not fit: {wrong[0].replace('_', ' ')} was on {wrong[1]}" if wrong else None


def _after_what_it_follows(asked: StepContext, kind: str) -> str | None:
    number, happened = asked.form.event, asked.inspection.milestones_reached
    before = happened.get(_FOLLOWS.get(kind, "notified"))
    if before is None or before.number > number or before.on <= asked.command.on:
        return None
    return f"{asked.command.on} does not fit: {_FOLLOWS.get(kind, 'notified').replace('_', ' ')} was on {before.on}"


_FOLLOWS = {
    "late_comments_returned": "draft_sent",
    "evaluation_returned": "published",
    "resumption_issued": "deferred",
    "cancellation_served": "cancelled",
}
"""Kinds beside the main line -> what they cannot come before; all others, the notification."""


GUARDS: dict[str, Guard] = {
    "correctable_event": _correctable_event,
}
