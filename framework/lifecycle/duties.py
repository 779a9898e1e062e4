"""The next step towards meeting a limit, and who takes it.

Which steps lead to which limit is a table of each lifecycle. Whether a step may be taken now is decided by the table of steps and
its guards alone; no other step is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, london_day
from framework.lifecycle.guards import StepContext
from framework.lifecycle.limits import LimitRule
from framework.lifecycle.matter import Matter
from framework.messages.commands import Actor, Command
from framework.vocabulary.roles import Role

IsReady = Callable[[Any, date, Calendar], bool]
"""Decides by the matter, the day and the calendar."""


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One step on the way to meeting a limit."""

    step: str
    by: Role | None = None
    """Who is asked to take it; None for the role that owes the limit."""
    asked_by: tuple[str, ...] = ()
    """The kinds of event whose letter asks this role for the step."""
    follows: str = ""
    """The kind of event without which it cannot be done, although the table of steps would let it be recorded."""
    title: str = ""
    """Its name in a reminder, if that is not the limit's title."""
    is_ready: IsReady | None = None
    """Whether it can be done without a reason that is asked for only in its form; None where none is."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A step that can be taken now and leads to a limit being met."""

    limit: str
    step: str
    title: str
    role: Role
    people: tuple[str, ...]
    """Who holds the role and may take the step; empty where the matter names no holder and the directory does."""
    asked_on: date | None
    """The London day on which a letter asked for it; None where none did."""


def open_duty(matter: Matter, rule: LimitRule, on: date, calendar: Calendar) -> Duty | None:
    """Returns the step nearest to meeting the limit that can be taken on the day `on`; None where no step can."""
    steps = matter.lifecycle.duties.get(rule.key)
    for duty in _by_own_step(matter, rule) if steps is None else steps:
        role = duty.by or rule.owner
        is_ready = duty.is_ready is None or duty.is_ready(matter, on, calendar)
        if role is None or not is_ready or (duty.follows and duty.follows not in matter.milestones_reached):
            continue
        holders = matter.people.get(role, ())
        people = tuple(person for person in holders if may_take(matter, duty.step, role, person, on, calendar))
        if people or (not holders and may_take(matter, duty.step, role, "", on, calendar)):
            title = duty.title or rule.title
            return Duty(rule.key, duty.step, title, role, people, _asked_on(matter, duty))
    return None


def may_take(matter: Matter, name: str, role: Role, person: str, on: date, calendar: Calendar) -> bool:
    """Returns whether `person`, as `role`, may take a step on the day `on`, as far as is known before it is taken.

    Guards that look at its form or at the records are left to the moment it is taken."""
    step = matter.lifecycle.steps.find(name, matter.stage)
    if step is None or role not in step.by:
        return False
    if matter.lifecycle.person_fault(matter, person, role):
        return False
    moment = at_nine(on)
    command = Command(id="preview", step=name, actor=Actor(person=person), on=on, received=moment)
    context = StepContext(matter, step, command, None, role, moment, calendar)
    guards = (matter.lifecycle.guards[name] for name in step.guards)
    return all(guard.check(context) is None for guard in guards if not guard.uses - {"actor"})


def _by_own_step(matter: Matter, rule: LimitRule) -> tuple[DutyRule, ...]:
    steps = (step.name for step in matter.lifecycle.steps if rule.key in step.meets and rule.owner in step.by)
    return tuple(DutyRule(step) for step in dict.fromkeys(steps))


def _asked_on(matter: Matter, duty: DutyRule) -> date | None:
    milestones = (matter.milestones_reached.get(kind) for kind in duty.asked_by)
    return max((london_day(event.received) for event in milestones if event), default=None)
