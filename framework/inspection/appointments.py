"""Appointments that clash: agreed days that became a holiday, or that lie on the wrong side of another day.

An appointment is agreed between people and never moved by the system; a clash becomes a task (paras 8, 32)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_between
from framework.inspection.notification_gates import NOTICE_WORKING_DAYS
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.messages.orders import TaskOrder

TITLES = {"set_up_meeting": "Set-up meeting", "fieldwork": "First day on site"}
PARAGRAPHS = {"set_up_meeting": 32, "fieldwork": 8}
_AHEAD = (Stage.PLANNED, Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
"""Where an appointment may lie ahead; while deferred there is none."""


@dataclass(frozen=True, slots=True)
class Clash:
    """An appointment, its day, and why that day cannot hold."""

    appointment: str
    """set_up_meeting or fieldwork."""
    day: date
    why: str
    """In words, after «it is agreed for that day, but»."""

    @property
    def title(self) -> str:
        """Returns its name on screens."""
        return TITLES[self.appointment]

    @property
    def paragraph(self) -> int:
        """Returns the paragraph that requires it."""
        return PARAGRAPHS[self.appointment]

    @property
    def key(self) -> str:
        """Returns the key of its task: one for each appointment."""
        return f"appointment:{self.appointment}"

    def task(self) -> TaskOrder:
        """Returns the task to agree on another day."""
        step = f"arrange_{self.appointment}"
        facts = {"appointment": self.title, "day": str(self.day), "why": self.why, "step": step}
        return TaskOrder(key=self.key, kind="appointment_clash", facts=facts)


def clashes(inspection: Inspection, calendar: Calendar) -> tuple[Clash, ...]:
    """Returns every appointment ahead that clashes, each with the first reason."""
    if inspection.stage not in _AHEAD:
        return ()
    clashing = []
    for name, day, reasons in (
        ("set_up_meeting", _meeting(inspection), _meeting_faults),
        ("fieldwork", _first_day(inspection), _fieldwork_faults),
    ):
        why = next(reasons(inspection, day, calendar), None) if day else None
        if day and why:
            clashing.append(Clash(name, day, why))
    return tuple(clashing)


def clash_tasks(before: Inspection, old: Calendar, after: Inspection, new: Calendar) -> list[TaskOrder]:
    """Returns tasks for the new clashes, and the orders that close those of clashes that were corrected."""
    had = {clash.key: clash for clash in clashes(before, old)}
    has = {clash.key: clash for clash in clashes(after, new)}
    over = [clash.task().model_copy(update={"closes": True}) for key, clash in had.items() if has.get(key) != clash]
    return over + [clash.task() for key, clash in has.items() if had.get(key) != clash]


def _meeting(inspection: Inspection) -> date | None:
    if "set_up_meeting_held" in inspection.milestones_reached:
        return None
    agreed = inspection.meeting_ahead
    return agreed.day if agreed else inspection.order.set_up_meeting.day


def _first_day(inspection: Inspection) -> date | None:
    return None if "fieldwork_started" in inspection.milestones_reached else inspection.fieldwork


def _meeting_faults(inspection: Inspection, day: date, calendar: Calendar) -> Iterator[str]:
    yield from _not_worked(day, calendar)
    started = inspection.date_of("fieldwork_started")
    notified = inspection.date_of("notification")
    if started and day > started:
        yield f"fieldwork began on {started}"
    if not started and inspection.fieldwork and day > inspection.fieldwork:
        yield f"fieldwork is agreed to start before it, on {inspection.fieldwork}"
    if notified and inspection.meeting_ahead and day < notified:
        yield f"that is before the notification on {notified}"


def _fieldwork_faults(inspection: Inspection, day: date, calendar: Calendar) -> Iterator[str]:
    yield from _not_worked(day, calendar)
    notified = inspection.date_of("notification")
    if notified is None:
        return
    if day < notified:
        yield f"that is before the notification on {notified}"
    given = working_days_between(notified, day, calendar)
    if given > NOTICE_WORKING_DAYS and Gate.NOTICE not in inspection.overrides:
        yield f"that is {given} working days after notification, and at most {NOTICE_WORKING_DAYS} are allowed (para 8)"


def _not_worked(day: date, calendar: Calendar) -> Iterator[str]:
    why = calendar.why_not(day)
    if why:
        yield f"that is not a working day ({why})"
