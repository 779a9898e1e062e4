"""Which steps can be withdrawn: the later steps that rest on a step, and the state without it.

A step rests on an earlier one if it could not have been taken without that: the stage would not allow it, its person would
not hold the role, or one of its guards would fail. Only guards that read the matter alone are checked."""

from collections.abc import Iterable, Iterator

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.guards import StepContext
from framework.lifecycle.matter import Matter
from framework.lifecycle.steps import Step
from framework.messages.commands import Actor, Command
from framework.messages.events import Event, system_event
from framework.vocabulary.roles import OFFICE_ROLES, Role

Numbered = tuple[int, str]
"""The number of an event, and its kind."""


def newest_step(matter: Matter) -> int | None:
    """Returns the number of the newest step that is not withdrawn; None before the first."""
    return max(matter.log, default=None)


def withdrawal(event: int, matter: Matter) -> Event:
    """Returns the event that withdraws a step, as far as the state depends on it."""
    taken = matter.events[event]
    return system_event("withdrawn", taken.received, {"event": event}, cause="amendment")


def steps_resting_on(matter: Matter, withdrawn: int, content: Iterable[Numbered], calendar: Calendar) -> list[Numbered]:
    """Returns what rests on the step of event `withdrawn`: number and kind, the oldest first.

    `content` is what was written since (grades, sections, answers, concerns), which the state does not hold."""
    resting: list[Numbered] = []
    actual, without = matter.as_ordered(), matter.as_ordered()
    for number, event in _in_order(matter, content):
        if number > withdrawn and _rests(event, actual, without, calendar):
            resting.append((number, event if isinstance(event, str) else event.kind))
        elif number != withdrawn:
            without.replay(number, event)
        actual.replay(number, event)
    return resting


def _in_order(matter: Matter, content: Iterable[Numbered]) -> Iterator[tuple[int, Event | str]]:
    """Yields the events that are not withdrawn, and the kinds of content among them."""
    events: dict[int, Event | str] = {**dict(content), **matter.events}
    yield from sorted(events.items(), key=lambda item: item[0])


def _rests(event: Event | str, actual: Matter, without: Matter, calendar: Calendar) -> bool:
    kind = event if isinstance(event, str) else event.kind
    step = _row(kind, actual)
    if step is None:
        return False
    if without.stage not in (step.sources if actual.stage in step.sources else (step.dest,)):
        return True
    if isinstance(event, str):
        return False
    if kind == "corrected" and event.data["event"] not in without.log:
        return True  # it corrects the withdrawn step, or one that rests on it
    return not _holds_role(without, event) or _guard_fails(step, event, actual, without, calendar)


def _row(kind: str, actual: Matter) -> Step | None:
    """Returns the row of an event that happened at this stage; None for an event of the system."""
    rows = [step for step in actual.lifecycle.steps if step.event == kind]
    from_here = (step for step in rows if actual.stage in step.sources)
    # Further comments in time come at the stage to which the first ones have led: no row of theirs leads on from it.
    leading_here = (step for step in rows if step.dest is not None and step.dest == actual.stage)
    return next(from_here, next(leading_here, None))


def _holds_role(without: Matter, event: Event) -> bool:
    own = event.role not in OFFICE_ROLES and event.role is not Role.SYSTEM
    return not own or event.by in without.people.get(event.role, ())


def _guard_fails(step: Step, event: Event, actual: Matter, without: Matter, calendar: Calendar) -> bool:
    guards = (actual.lifecycle.guards[name] for name in step.guards)
    return any(
        not guard.uses
        and guard.check(_context(without, step, event, calendar))
        and not guard.check(_context(actual, step, event, calendar))
        for guard in guards
    )


def _context(matter: Matter, step: Step, event: Event, calendar: Calendar) -> StepContext[Matter]:
    actor = Actor(person=event.by, entry_point=event.entry_point)
    command = Command(id=event.cause, step=step.name, actor=actor, on=event.on, received=event.received)
    return StepContext(matter, step, command, None, event.role, event.received, calendar)
