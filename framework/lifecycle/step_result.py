"""What a step brings before it is a decision: events, letters that are made from the state after it, documents and tasks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from framework.lifecycle.guards import StepContext
from framework.lifecycle.matter import Matter
from framework.messages.events import Event
from framework.messages.orders import CommentRow, DocumentOrder, LetterOrder, TaskOrder

Dates = Mapping[str, date | None]


LetterFactory = Callable[[Any, Dates], LetterOrder | None]
"""Makes a letter from the state after the step, and the days that letters may name; None where none is due."""


@dataclass(slots=True)
class StepResult:
    """What a step brings, before `finalize` makes a decision of it."""

    events: list[Event]
    letter_factories: list[LetterFactory] = field(default_factory=list)
    """Letters are made from the state after the step, so that they name the days as they then are."""
    documents: list[DocumentOrder] = field(default_factory=list)
    tasks: list[TaskOrder] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    send_again: str | None = None
    publish: bool = False

    def letters(self, after: Matter, dates: Dates) -> list[LetterOrder]:
        """Returns the letters, made from the state after the step."""
        return [letter for make in self.letter_factories if (letter := make(after, dates)) is not None]


ResultFactory = Callable[[StepContext[Any]], StepResult]
"""Works out what a step brings."""
