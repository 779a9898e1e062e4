"""A lifecycle as a value: everything that one kind of matter is, as tables and the few rules that no table can say.

`decide`, the agenda, the status of limits, the workflow's loop, the entry points and the tests take it from the matter. Each kind
of matter has its own, such as `framework.editions.october_2010.inspection.INSPECTION`; a changed copy (`dataclasses.replace`) is
another one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.evolve import Effect
from framework.lifecycle.ladders import Ladder
from framework.lifecycle.limits import DueDate, LimitRule
from framework.lifecycle.steps import Step, StepTable
from framework.messages.commands import Command
from framework.messages.orders import Booking, LetterOrder, TaskOrder
from framework.vocabulary.roles import Role

if TYPE_CHECKING:
    from framework.lifecycle.due_items import Due
    from framework.lifecycle.duties import DutyRule
    from framework.lifecycle.guards import Failed, Guard, StepContext
    from framework.lifecycle.limit_status import LimitStatus
    from framework.lifecycle.step_result import Dates, ResultFactory, StepResult


@dataclass(frozen=True, eq=False)
class Lifecycle:
    """One lifecycle. The methods are the rules of a kind of matter beyond its tables; each answers for a matter that has none."""

    kind: str
    """The kind of matter: "inspection"."""
    title: str
    """What messages call a matter of this kind."""
    steps: StepTable
    guards: "Mapping[str, Guard]"
    """The guards by the names that the table of steps calls them."""
    outcomes: "Mapping[str, ResultFactory]"
    """Kind of event -> what its step works out; all others have `default_outcome`."""
    default_outcome: "ResultFactory"
    effects: Mapping[str, Effect]
    """Kind of event -> what it changes in the state beyond the stage."""
    limits: tuple[LimitRule, ...]
    """Every limit, each after the one it is counted from. How its days are derived, `due_dates` says; an inspection still reads
    the rows of `framework.inspection.limits` there, under the office's settings."""
    anchors: Mapping[str, str]
    """The anchor of a limit -> the kind of event whose day it is."""
    lapsed_by: Mapping[str, str]
    """Limit -> the kind of event that records that its time ran out, where a step goes on without it."""
    never_late: frozenset[str]
    """Limits that are met whenever their step is taken: the notification is day 0 itself."""
    ended: frozenset[str]
    """The stages in which nothing is owed any more."""
    suspended: frozenset[str]
    """The stages in which limits are suspended, those of `ended` among them."""
    ordinary_ladder: Ladder
    ladders: Mapping[str, Ladder]
    """Limits whose ladder is not the ordinary one."""
    reminded_after: Mapping[str, str]
    """Limit -> the anchor after which it is asked for, if that is not `begins_with`."""
    begins_with: str
    """The anchor after which every other limit is asked for; until it has happened nothing else is owed."""
    owed_before: frozenset[str]
    """Limits that are owed before that, too."""
    duties: "Mapping[str, tuple[DutyRule, ...]]"
    """Limit -> the steps that lead to its being met, the last first. One that is not named here is met by its own step."""
    overdue_after: Mapping[str, str]
    """Limit -> the event it is counted from that is only agreed until it happens: before that nothing is called late."""

    def ladder(self, rule: LimitRule) -> Ladder:
        """Returns the rungs of a limit; none where it is owed by no role."""
        return () if rule.owner is None else self.ladders.get(rule.key, self.ordinary_ladder)

    def arming_event(self, limit: str) -> str:
        """Returns the kind of event after whose day the limit is asked for."""
        return self.anchors[self.reminded_after.get(limit, self.begins_with)]

    # Commands -----------------------------------------------------------------------------------------------------------

    def received(self, step: Step, role: Role, command: Command) -> Command:
        """Returns the command with the day that counts, if that is not the one it gives."""
        return command

    def person_fault(self, matter: Any, person: str, role: Role) -> "Failed | None":
        """Returns why the person may not act in a role that they hold; None if they may."""
        return None

    def earliest_day(self, context: "StepContext[Any]") -> date | None:
        """Returns the day before which the step may not be dated; None for no such day."""
        return None

    def is_awaited(self, matter: Any, command: Command) -> bool:
        """Returns whether something waits for this command of the system: its refusal is recorded then."""
        return True

    # Decisions ----------------------------------------------------------------------------------------------------------

    def letter_days(self, matter: Any, calendar: Calendar, today: date) -> "Dates":
        """Returns the days that a letter ordered on `today` may name: each limit's due day, and what else has a day."""
        raise NotImplementedError

    def completed_letter(self, letter: LetterOrder, matter: Any, calendar: Calendar, moment: datetime) -> LetterOrder:
        """Returns the letter with what every letter of this state says, and the moment from which it may go."""
        return letter

    def further_letters(
        self, before: Any, outcome: "StepResult", after: Any, old: Calendar, dates: "Dates", number: int, today: date
    ) -> Iterable[LetterOrder]:
        """Returns the letters that follow from the states before and after, whatever changed them.

        `old` is the calendar that the days were counted with before; `dates` are those of the state after; `number` is that of
        the newest event."""
        return ()

    def further_tasks(self, before: Any, after: Any, calendar: Calendar) -> Iterable[TaskOrder]:
        """Returns the tasks that follow from the states before and after, and the orders that close earlier ones."""
        return ()

    def bookings(self, matter: Any, calendar: Calendar) -> tuple[Booking, ...]:
        """Returns when the people of the matter are bound from now on."""
        return ()

    # Limits and what is due ---------------------------------------------------------------------------------------------

    def due_dates(self, matter: Any, calendar: Calendar, as_if_begun: date | None = None) -> dict[str, DueDate]:
        """Returns the due days by key, in the order of the table; `as_if_begun` is the day to count from while it has not begun."""
        raise NotImplementedError

    def met(
        self, matter: Any, calendar: Calendar, key: str, derived: Mapping[str, DueDate]
    ) -> Iterable[tuple[int, date]]:
        """Returns number and day of every event that met the limit: the first day counts, whatever comes later."""
        kinds = self.steps.meeting.get(key, ())
        return [(number, day) for number, (kind, day) in matter.log.items() if kind in kinds]

    def is_suspended(self, matter: Any, key: str) -> bool:
        """Returns whether the time of a limit does not run."""
        return matter.stage in self.suspended

    def was_suspended(self, matter: Any, due: date, met_on: date) -> bool:
        """Returns whether a limit was met while its time did not run."""
        return False

    def automatic_items(self, matter: Any, limits: "tuple[LimitStatus, ...]", now: datetime) -> "list[Due]":
        """Returns the automatic steps of the present stage, each with the moment it is due."""
        return []

    def agreed_day(self, matter: Any, limit: "LimitStatus") -> date | None:
        """Returns the agreed day of a limit that is an appointment, or its due day while none is agreed; None for any other."""
        return None
