"""A step somebody wants to take, with everything a need may look at.

A need returns None where it holds, and otherwise the sentence that refuses. Some ask the records (`readiness`): they are
passed over while a command is only being looked at, and asked again when it is decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.inspection.state import Inspection
from framework.lifecycle.lifecycle import Step
from framework.messages.inspection import Command, RecordState
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class StepContext:
    """A step somebody wants to take, with everything a need may look at."""

    inspection: Inspection
    step: Step
    command: Command
    form: Any
    """The step's form, as its model."""
    role: Role
    moment: datetime
    calendar: Calendar
    record_state: RecordState | None = None


Guard = Callable[[StepContext], str | None]
