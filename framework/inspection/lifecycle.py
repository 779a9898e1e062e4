"""The lifecycle of an inspection: its tables, brought together, and the rules of paras 8 to 11, 32 and 65 that no table can say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import next_working_morning
from framework.correspondence.letters import letter as rule_of
from framework.inspection import automatic_items, limit_days
from framework.inspection.appointments import clash_tasks
from framework.inspection.bookings import bookings
from framework.inspection.guards.context import StepContext
from framework.inspection.handed_in import as_received
from framework.inspection.letter_context import letter_context
from framework.inspection.notification_gates import connection_fault
from framework.inspection.service_of_notice import outcome_is_awaited
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.inspection.team_letters import CHANGES_A_TEAM, team_letters
from framework.lifecycle.due_items import Due
from framework.lifecycle.guards import Failed
from framework.lifecycle.lifecycle import Lifecycle
from framework.lifecycle.limit_status import LimitStatus
from framework.lifecycle.limits import DueDate
from framework.lifecycle.step_result import Dates, StepResult
from framework.lifecycle.steps import Step
from framework.messages.commands import Command
from framework.messages.orders import Booking, LetterOrder, TaskOrder
from framework.report.tables import ReportTables
from framework.vocabulary.roles import TEAM_ROLES, Role

NOTIFIED = ("notified", "notified_anew")
MAIN_LINE_EVENTS = (
    "notified",
    "deferred",
    "notified_anew",
    "set_up_meeting_held",
    "fieldwork_started",
    "oral_feedback_given",
    "fieldwork_ended",
    "draft_sent",
    "comments_returned",
    "comments_lapsed",
    "final_issued",
    "published",
    "cancelled",
)
"""A step is never dated before the newest of these."""


@dataclass(frozen=True, eq=False)
class InspectionLifecycle(Lifecycle):
    """The rules of an inspection beyond its tables."""

    report: ReportTables
    """The report that it leads to."""

    def received(self, step: Step, role: Role, command: Command) -> Command:
        return as_received(step, role, command)

    def person_fault(self, matter: Inspection, person: str, role: Role) -> Failed | None:
        fault = connection_fault(matter, person) if role in TEAM_ROLES else None
        return Failed(fault.message, fault.paragraph) if fault else None

    def earliest_day(self, context: StepContext) -> date | None:
        """Returns the day of the notification, or of the step before it where the step belongs to one stage.

        A step of several stages (lists, documents, late comments) may not be dated before the notification, or the draft."""
        command, milestones = context.command, context.matter.milestones_reached
        if context.matter.stage is Stage.PLANNED or command.step == "correct":
            return None
        least = context.matter.date_of("draft_sent" if command.step == "return_comments" else "notification")
        if context.step.content:  # written of any day since the authority was first notified
            least = min((day for kind, day in context.matter.log.values() if kind in NOTIFIED), default=least)
        if len(context.step.sources) == 1 or context.step.dest not in (None, Stage.DEFERRED, Stage.CANCELLED):
            days = [milestones[kind].on for kind in MAIN_LINE_EVENTS if kind in milestones]
            return max(days, default=least)
        return least

    def is_awaited(self, matter: Inspection, command: Command) -> bool:
        return outcome_is_awaited(matter, command)

    def letter_days(self, matter: Inspection, calendar: Calendar, today: date) -> Dates:
        return limit_days.due_days(matter, calendar, today if matter.notification_pending else None)

    def completed_letter(
        self, letter: LetterOrder, matter: Inspection, calendar: Calendar, moment: datetime
    ) -> LetterOrder:
        waits = rule_of(letter.kind).in_the_morning
        not_before = next_working_morning(moment, calendar) if waits else None
        facts = {**letter_context(matter), **letter.facts}
        return letter.model_copy(update={"facts": facts, "not_before": not_before})

    def further_letters(
        self,
        before: Inspection,
        outcome: StepResult,
        after: Inspection,
        old: Calendar,
        dates: Dates,
        number: int,
        today: date,
    ) -> Iterable[LetterOrder]:
        if CHANGES_A_TEAM.isdisjoint(event.kind for event in outcome.events):
            return ()
        return team_letters(before, limit_days.due_days(before, old), after, dates, number, today)

    def further_tasks(self, before: Inspection, after: Inspection, calendar: Calendar) -> Iterable[TaskOrder]:
        return clash_tasks(before, calendar, after, calendar)

    def bookings(self, matter: Inspection, calendar: Calendar) -> tuple[Booking, ...]:
        return bookings(matter, calendar)

    def due_dates(self, matter: Inspection, calendar: Calendar, as_if_begun: date | None = None) -> dict[str, DueDate]:
        return limit_days.due_dates(matter, calendar, as_if_begun)

    def met(
        self, matter: Inspection, calendar: Calendar, key: str, derived: Mapping[str, DueDate]
    ) -> Iterable[tuple[int, date]]:
        return limit_days.met(matter, calendar, key, derived)

    def is_suspended(self, matter: Inspection, key: str) -> bool:
        return limit_days.is_suspended(matter, key)

    def was_suspended(self, matter: Inspection, due: date, met_on: date) -> bool:
        return limit_days.was_suspended(matter, due, met_on)

    def automatic_items(self, matter: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
        return automatic_items.automatic_items(matter, limits, now)

    def agreed_day(self, matter: Inspection, limit: LimitStatus) -> date | None:
        return limit_days.agreed_day(matter, limit)
