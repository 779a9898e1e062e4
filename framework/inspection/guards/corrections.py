"""Guards of a correction: which event, by whom, and the order of days that must hold after it."""

from datetime import date

from framework.calendar.london_time import london_day
from framework.inspection.guards.context import StepContext
from framework.inspection.proven_days import is_proven
from framework.lifecycle.amendments import amend, correction, owes
from framework.lifecycle.guards import Failed, Guard, guard
from framework.vocabulary.roles import TITLES


def _correctable_event(context: StepContext) -> Failed | None:
    number: int = context.form.event
    entry = context.matter.log.get(number)
    if entry is None:
        return Failed(f"event {number} is not one whose day can be corrected: the history shows those that are")
    kind, day = entry
    if kind == "corrected":
        return Failed(f"event {number} is itself a correction: correct the event that it corrected again instead")
    if day == context.command.on:
        return Failed(f"event {number} stands at {day} already")
    if kind in _ON_SITE and (why := context.calendar.why_not(context.command.on)):
        return Failed(f"{context.command.on} is not a working day ({why})")
    return _order_kept(context, kind)


_ON_SITE = ("fieldwork_started", "fieldwork_ended")

_ORDER = (
    *("notified", "notified_anew", "fieldwork_started", "oral_feedback_given", "fieldwork_ended", "draft_sent"),
    *("comments_returned", "comments_lapsed", "final_issued", "published"),
)
"""The main line: none of these happens before the one named before it."""


def _order_kept(context: StepContext, kind: str) -> Failed | None:
    """Requires that the main line stays in order: nothing ends before it began, or before the notification."""
    if kind not in _ORDER:
        return _after_what_it_follows(context, kind)
    position, on = _ORDER.index(kind), context.command.on
    for index, name in enumerate(_ORDER):
        other = context.matter.milestones_reached.get(name)
        if other is not None and ((index < position and other.on > on) or (index > position and other.on < on)):
            return _does_not_fit(on, name, other.on)
    return None


def _after_what_it_follows(context: StepContext, kind: str) -> Failed | None:
    name, on = _FOLLOWS.get(kind, "notified"), context.command.on
    before = context.matter.milestones_reached.get(name)
    if before is None or before.number > context.form.event or before.on <= on:
        return None
    return _does_not_fit(on, name, before.on)


def _day_entered_by_a_person(context: StepContext) -> Failed | None:
    """Refuses to move a day that the system itself proved."""
    number, event = context.form.event, context.matter.events.get(context.form.event)
    if event is None or number not in context.matter.log or not is_proven(event):
        return None
    return Failed(
        f"event {number}, {event.kind.replace('_', ' ')} on {event.on}, has a day that the system itself proved: "
        "no correction moves it; only record_failed_service takes back a letter that did not arrive"
    )


def _not_own_miss(context: StepContext) -> Failed | None:
    """Refuses a correction that turns a miss into a met limit, to the person or the role that owes the limit."""
    inspection, command = context.matter, context.command
    event, today = correction(context.form.event, command.on, command.received), london_day(command.received)
    amendment = amend(inspection, event, context.calendar, today, command.actor.person)
    roles = (context.role, *inspection.roles_of(command.actor))
    own = [
        limit.rule for limit in amendment.met_by_it if owes(inspection, command.actor.person, roles, limit.rule.owner)
    ]
    if not own or own[0].owner is None:
        return None
    return Failed(
        f"it would turn «{own[0].title}» from missed to met, which {TITLES[own[0].owner].lower()} owes: "
        "such a correction is made by another person, in another role"
    )


def _does_not_fit(on: date, name: str, day: date) -> Failed:
    return Failed(f"{on} does not fit: {name.replace('_', ' ')} was on {day}")


_FOLLOWS = {
    "late_comments_returned": "draft_sent",
    "evaluation_returned": "published",
    "resumption_issued": "deferred",
    "cancellation_served": "cancelled",
}
"""Kinds beside the main line -> what they cannot come before; all others, the notification."""

GUARDS: dict[str, Guard] = {
    "correctable_event": guard(_correctable_event, "form"),
    "day_entered_by_a_person": guard(_day_entered_by_a_person, "form"),
    "not_own_miss": guard(_not_own_miss, "form", "actor"),
}
