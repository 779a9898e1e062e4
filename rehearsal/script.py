"""The schema of a rehearsal's script: an order, a report, and what happens on which day. Rules of one field only; rules of
several parts are in `rehearsal.script_reader`. docs/rehearsals.md explains it to those who write one."""

from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from framework.calendar.holiday_changes import HolidayChange
from framework.common.forms import Strict
from framework.common.free_text import Lines
from framework.inspection.order import Order, PersonId
from framework.inspection.report_forms import Area, Grade
from framework.inspection.stages import Stage
from rehearsal.value_types import EventKind, LetterKind, Limit, LondonMoment, StepName

Words = Annotated[str, Field(min_length=1), Lines()]
"""Words that may have several lines."""
TimeOfDay = time
"""The type, where a field is called «time»."""


class HeadingFill(Strict):
    """The content of one heading of the report, where it shall differ from what is made up for it."""

    grade: Grade | None = None
    text: Words | None = None
    areas: tuple[Area, ...] = ()
    """Under «Areas for improvement», in place of the text."""
    equality: Words | None = None


class ReportFill(Strict):
    """How the report is filled: one grade and made-up text for every heading, but for those named."""

    grade: Grade = Grade.GOOD
    headings: dict[str, Grade | HeadingFill] = Field(default_factory=dict)
    about: Words | None = None
    service: Words | None = None

    def of(self, heading: str) -> HeadingFill:
        """Returns the content of one heading, for which the script may give its grade alone."""
        fill = self.headings.get(heading, HeadingFill())
        return fill if isinstance(fill, HeadingFill) else HeadingFill(grade=fill)


class Expected(Strict):
    """What must hold once an entry is done; otherwise the rehearsal ends with exit 5."""

    refused: bool | str = False
    """A rule refuses the step; a text must stand in the refusal (upper and lower case alike)."""
    paragraph: int | None = None
    """The paragraph under which it is refused."""
    stage: Stage | None = None
    letters: tuple[LetterKind, ...] | None = None
    """The letters this entry brought, in any order; for a silence, those that went out meanwhile."""
    events: tuple[str, ...] | None = None
    """Kinds of event that must be among those this entry brought."""
    due: dict[Limit, date] = Field(default_factory=dict)
    """The day each limit is due, as it then stands."""
    tasks: tuple[str, ...] | None = None
    """The kinds of all tasks that are open then."""


class Holiday(Strict):
    """A change of the calendar: a bank holiday added under a title, moved to another day, or removed."""

    add: date | None = None
    title: str = ""
    move: date | None = None
    to: date | None = None
    remove: date | None = None

    @model_validator(mode="after")
    def _one_change(self) -> "Holiday":
        given = [name for name in ("add", "move", "remove") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("say one of add, move and remove")
        if bool(self.title) != (self.add is not None) or (self.to is not None) != (self.move is not None):
            raise ValueError("title goes with add, and to with move")
        return self

    @property
    def change(self) -> HolidayChange:
        """Returns it as a change of the calendar."""
        if self.add is not None:
            return HolidayChange("add", self.add, self.title)
        if self.move is not None:
            return HolidayChange("move", self.move, to=self.to)
        assert self.remove is not None
        return HolidayChange("remove", self.remove)


class Entry(Strict):
    """One thing that happens: when (`at`, `due` or `after`; by default straight after the entry before), and what."""

    at: LondonMoment | None = None
    due: Limit | None = None
    """The day this limit is due, as it stands when the entry before it is done."""
    after: EventKind | None = None
    """The day this kind of event last happened."""
    working_days: int = Field(default=0, ge=-260, le=260)
    days: int = Field(default=0, ge=-400, le=400)
    time: TimeOfDay | None = None

    do: StepName | None = None
    correct: EventKind | None = None
    write: Literal["report"] | None = None
    import_people: str | None = Field(default=None, alias="import")
    holiday: Holiday | None = None
    mail: Literal["down", "up"] | None = None
    nobody: Words | None = None

    by: PersonId | None = None
    fields: dict[str, Any] = Field(default_factory=dict, alias="with")
    on: date | None = None
    reason: Words | None = None
    submit_again: bool = False
    expect: Expected | None = None

    @field_validator("expect", mode="before")
    @classmethod
    def _refused_for_short(cls, value: Any) -> Any:
        return {"refused": True} if value == "refused" else value

    @model_validator(mode="after")
    def _parts_that_go_together(self) -> "Entry":
        for fault in _faults(self):
            raise ValueError(fault)
        return self

    @cached_property
    def what(self) -> str:
        """Returns the kind of the entry; a mere expectation is a silence that takes no time."""
        return next((name for name in KINDS if getattr(self, name) is not None), "nobody")


KINDS = ("do", "correct", "write", "import_people", "holiday", "mail", "nobody")
_TAKEN_BY_A_PERSON = ("do", "correct", "write", "import_people", "holiday")
_MAY_BE_REFUSED = ("do", "correct", "holiday")
_KEYS = {"import_people": "import", "fields": "with"}


def _faults(entry: Entry) -> list[str]:
    return [fault for fault in (_moment_fault(entry), _kind_fault(entry), *_field_faults(entry)) if fault]


def _moment_fault(entry: Entry) -> str | None:
    given = [name for name in ("at", "due", "after") if getattr(entry, name) is not None]
    if len(given) > 1:
        return f"say either {' or '.join(given)}"
    if (entry.working_days or entry.days) and given not in (["due"], ["after"]):
        return "working_days and days count from a day: say due: LIMIT or after: EVENT with them"
    if entry.working_days and entry.days:
        return "count in working_days or in days"
    return (
        "time goes with due or after; a day and time together are at: 2010-11-05 14:30" if _lone_time(entry) else None
    )


def _lone_time(entry: Entry) -> bool:
    return entry.time is not None and entry.due is None and entry.after is None


def _kind_fault(entry: Entry) -> str | None:
    given = [_KEYS.get(name, name) for name in KINDS if getattr(entry, name) is not None]
    if len(given) > 1:
        return f"one thing at a time: this says {' and '.join(given)}"
    if not given and entry.expect is None:
        return "nothing happens here: say do, correct, write, import, holiday, mail, nobody or expect"
    return None


def _field_faults(entry: Entry) -> list[str | None]:
    by_person = entry.what in _TAKEN_BY_A_PERSON
    refused = entry.expect is not None and (entry.expect.refused or entry.expect.paragraph is not None)
    return [
        "by: say who does this, by their identifier in the directory" if by_person and entry.by is None else None,
        "by: nobody does this" if entry.by is not None and not by_person else None,
        "with goes with do or correct" if entry.fields and entry.what not in ("do", "correct") else None,
        "on: a correction needs the right day" if entry.correct and entry.on is None else None,
        "reason: a correction needs one" if entry.correct and entry.reason is None else None,
        "on goes with do or correct" if entry.on and entry.what not in ("do", "correct") else None,
        "reason goes with correct; a step's own stands under with" if entry.reason and not entry.correct else None,
        "submit_again goes with do or correct" if entry.submit_again and entry.what not in ("do", "correct") else None,
        "refused goes with do, correct or holiday" if refused and entry.what not in _MAY_BE_REFUSED else None,
    ]


class Script(Strict):
    """A whole rehearsal."""

    title: str | None = None
    begins: LondonMoment
    order: Order | None = None
    order_file: str | None = None
    report: ReportFill = ReportFill()
    steps: tuple[Entry, ...] = ()
    ends: Stage = Stage.CLOSED
    """The stage it must have reached when nothing more is waited for."""

    @model_validator(mode="after")
    def _one_order(self) -> "Script":
        if (self.order is None) == (self.order_file is None):
            raise ValueError("say either order or order_file")
        return self
