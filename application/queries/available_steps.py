"""What can be done in an inspection now: each open step, who may take it, what it asks for, and what still stands in
its way. Every entry point shows this; nothing is decided here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.inspection.guards.context import StepContext
from framework.inspection.guards.report import headings
from framework.inspection.state import Inspection
from framework.inspection.steps import STEPS
from framework.lifecycle.steps import Step
from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class GuardState:
    """The state of one guard of a step."""

    name: str
    holds: bool | None
    """None if it depends on the form or on the person who takes the step."""
    why: str = ""
    """The message of the refusal, if it does not hold."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a step's form."""

    name: str
    required: bool
    choices: tuple[str, ...] = ()
    """The permitted values, if they are a list."""
    titles: tuple[str, ...] = ()
    """The title of each choice, if it has one: the headings of the report."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step of the present stage."""

    name: str
    to: str | None
    """The stage it leads to; None if the stage does not change."""
    paragraph: int
    roles: tuple[Role, ...]
    people: tuple[str, ...]
    """Those of this inspection who hold one of the roles."""
    fields: tuple[FormField, ...]
    needs: tuple[GuardState, ...]

    @property
    def ready(self) -> bool:
        """Returns whether no guard fails, as far as this is known before the step is taken."""
        return all(guard.holds is not False for guard in self.needs)


def available_steps(
    inspection: Inspection, calendar: Calendar, now: datetime, readiness: RecordState, by: Actor | None = None
) -> tuple[OpenStep, ...]:
    """Returns the steps of the present stage in the order of the table; with `by`, those that this person may take."""
    held = inspection.roles_of(by) if by else ()
    rows = [step for step in STEPS.open_from(inspection.stage) if set(step.by) != {Role.SYSTEM}]
    permitted = [step for step in rows if by is None or set(step.by) & set(held)]
    return tuple(_open(step, inspection, calendar, now, readiness, by) for step in permitted)


def _open(
    step: Step, inspection: Inspection, calendar: Calendar, now: datetime, readiness: RecordState, by: Actor | None
) -> OpenStep:
    roles = tuple(role for role in step.by if role is not Role.SYSTEM)
    context = _context(step, inspection, calendar, now, readiness, by)
    return OpenStep(
        name=step.name,
        to=step.dest.value if step.dest and step.dest is not inspection.stage else None,
        paragraph=step.paragraph,
        roles=roles,
        people=tuple(dict.fromkeys(person for role in roles for person in inspection.people.get(role, ()))),
        fields=tuple(_fields(step, inspection)),
        needs=tuple(_guard_state(name, context, by is not None) for name in step.guards),
    )


def _context(
    step: Step, inspection: Inspection, calendar: Calendar, now: datetime, state: RecordState, by: Actor | None
) -> StepContext:
    """Returns the context of a step that is not taken yet: without a form, and without an actor unless `by` names one."""
    command = Command(id="preview", step=step.name, actor=by or SYSTEM, on=london_day(now), received=now)
    return StepContext(inspection, step, command, None, step.by[0], now, calendar, state)


def _guard_state(name: str, context: StepContext, actor_known: bool) -> GuardState:
    guard = context.matter.lifecycle.guards[name]
    if "form" in guard.uses or ("actor" in guard.uses and not actor_known):
        return GuardState(name, None)
    failed = guard.check(context)
    return GuardState(name, failed is None, failed.message if failed else "")


def _fields(step: Step, inspection: Inspection) -> Iterator[FormField]:
    for name, field in step.form.model_fields.items():
        known = _headings(step, inspection) if name in ("heading", "sections") else {}
        members = known or getattr(field.annotation, "__members__", {}).values()
        choices = members or (value for value in get_args(field.annotation) if isinstance(value, str))
        yield FormField(name, field.is_required(), tuple(str(value) for value in choices), tuple(known.values()))


def _headings(step: Step, inspection: Inspection) -> dict[str, str]:
    """Returns the headings that a step of the report may name, by the inspection's edition and scope."""
    if "known_sections" in step.guards:
        return dict(inspection.report.outline(inspection.scope).full_titles)
    return headings(inspection.report, inspection.scope, graded="graded_heading" in step.guards)
