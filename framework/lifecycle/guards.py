"""Guards: conditions that must hold before a step may be taken, with a declaration of what each reads.

A guard returns None if it holds and otherwise `Failed`. It declares what it uses beyond the matter itself, so that a
list of open steps can show which guards are decided only when the step is taken, and so that the records are queried only
for steps that need them. A guard must not read anything it does not declare; a test checks every guard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.matter import Matter
from framework.lifecycle.steps import Step
from framework.messages.commands import Command
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import Role

Use = Literal["form", "actor", "record_state"]
"""form: the form of the step, its day included; actor: who takes it and in which role; record_state: what only the records
hold."""


M = TypeVar("M", bound=Matter)


# No slots: Python 3.11 cannot make such a generic class through an alias like `StepContext[Inspection]`.
@dataclass(frozen=True)
class StepContext(Generic[M]):
    """A step that is to be taken, with everything a guard may read."""

    matter: M
    step: Step
    command: Command
    form: Any
    """The step's form, as its model."""
    role: Role
    moment: datetime
    calendar: Calendar
    record_state: RecordState | None = None

    @property
    def records(self) -> RecordState:
        """Returns the state of the records; for guards that declare `record_state`, which run only if it was queried."""
        assert self.record_state is not None
        return self.record_state


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a guard does not hold."""

    message: str
    """What is wrong and how to correct it, without the step's name."""
    paragraph: int | None = None
    """The paragraph of the framework; None for the step's own."""
    bad_input: bool = False
    """True if the input is invalid whatever the matter (an unknown heading)."""
    being_made: bool = False
    """True if it holds in a moment, once the system has made a document: no refusal."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition, and what it reads beyond the matter, the calendar and the moment."""

    check: Callable[[StepContext[Any]], Failed | None]
    uses: frozenset[Use] = frozenset()


def guard(check: Callable[[StepContext[Any]], Failed | None], *uses: Use) -> Guard:
    """Declares a guard and what it uses: a row of a table."""
    return Guard(check, frozenset(uses))


def step_requires_record_state(step: Step, guards: Mapping[str, Guard]) -> bool:
    """Returns whether the step cannot be decided by the matter alone."""
    return any("record_state" in guards[name].uses for name in step.guards)


def first_failing_guard(context: StepContext[Any], guards: Mapping[str, Guard]) -> Failed | None:
    """Returns the first guard of the step that does not hold.

    Guards that look at the records are passed over where those were not queried: while a command is only validated."""
    of_step = (guards[name] for name in context.step.guards)
    known = (guard for guard in of_step if context.record_state is not None or "record_state" not in guard.uses)
    return next((failed for guard in known if (failed := guard.check(context))), None)
