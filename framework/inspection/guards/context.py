"""Guards: conditions that must hold before a step may be taken, with a declaration of what each reads.

A guard returns None if it holds and otherwise `Failed`. It declares what it uses beyond the inspection itself, so that a
list of open steps can show which guards are decided only when the step is taken, and so that the records are queried only
for steps that need them. A guard must not read anything it does not declare; a test checks every guard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from framework.calendar.bank_holidays import Calendar
from framework.inspection.state import Inspection
from framework.lifecycle.lifecycle import Step
from framework.messages.commands import Command
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import Role

Use = Literal["form", "actor", "record_state"]
"""form: the form of the step, its day included; actor: who takes it and in which role; record_state: what only the records
hold."""


@dataclass(frozen=True, slots=True)
class StepContext:
    """A step that is to be taken, with everything a guard may read."""

    inspection: Inspection
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
    """True if the input is invalid whatever the inspection (an unknown heading)."""
    being_made: bool = False
    """True if it holds in a moment, once the system has made a document: no refusal."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition, and what it reads beyond the inspection, the calendar and the moment."""

    check: Callable[[StepContext], Failed | None]
    uses: frozenset[Use] = frozenset()


def guard(check: Callable[[StepContext], Failed | None], *uses: Use) -> Guard:
    """Declares a guard and what it uses: a row of a table."""
    return Guard(check, frozenset(uses))
