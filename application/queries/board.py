"""The board: every inspection that waits for something, and what a person has to do in theirs."""

from dataclasses import dataclass
from datetime import date

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.lookups import known_stage, must_know_person
from application.queries.snapshot import Snapshot, snapshot
from application.queries.tasks import Task, tasks_in
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_after
from framework.common.errors import BadInput
from framework.vocabulary.roles import Role
from records.calendars.versions import calendar_in_force
from records.directory import directory
from records.queries import board as rows
from records.queries.board import BoardRow as BoardRow
from records.queries.board import OpenLimit as OpenLimit


@dataclass(frozen=True, slots=True)
class BoardRequest:
    """Which inspections to show; what is empty is not asked."""

    stage: str = ""
    """Empty: those that still wait for something, at whatever stage."""
    late: bool = False
    due_within: int | None = None
    """Working days."""
    lead: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Inspections, the soonest due first."""

    today: date
    calendar: Calendar
    rows: tuple[BoardRow, ...]
    due_by: date | None
    """The last day of the horizon asked for; None where none was."""

    def due_limits(self, row: BoardRow) -> tuple[OpenLimit, ...]:
        """Returns every open limit of an inspection that is due within the horizon, soonest first; all without a horizon."""
        return tuple(limit for limit in row.open_limits if self.due_by is None or limit.due <= self.due_by)


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that the caller holds in an inspection now."""

    inspection: str
    role: Role


@dataclass(frozen=True, slots=True)
class MyWork:
    """The inspections in which the caller has a part, and the tasks that wait for a role of theirs."""

    today: date
    calendar: Calendar
    roles: tuple[RoleHeld, ...]
    rows: tuple[BoardRow, ...]
    tasks: tuple[Task, ...]


def board(caller: Caller, context: AppContext, request: BoardRequest) -> Board:
    """Returns the inspections asked for. Raises `BadInput` for an unknown stage, person or authority."""
    with snapshot(caller, context, Use("list", everyday=True)) as view:
        calendar = calendar_in_force(view.session)
        criteria = _criteria(view, calendar, request)
        return Board(view.today, calendar, tuple(rows.board(view.session, criteria, view.today)), criteria.due_by)


def my_work(caller: Caller, context: AppContext) -> MyWork:
    """Returns what the caller has to do. Raises `BadInput` for a caller without a name."""
    if not caller.person:
        raise BadInput("whose work it is must be said: name a person")
    with snapshot(caller, context, Use("my work", everyday=True)) as view:
        parts = view.caller.parts
        criteria = rows.Filter(among=frozenset(parts))
        return MyWork(
            today=view.today,
            calendar=calendar_in_force(view.session),
            roles=tuple(
                RoleHeld(inspection, role) for inspection in sorted(parts) for role in sorted(parts[inspection])
            ),
            rows=tuple(rows.board(view.session, criteria, view.today)),
            tasks=tuple(task for task in tasks_in(view) if _waits_for(view.caller, task)),
        )


def _waits_for(caller: Caller, task: Task) -> bool:
    """Of inspections that name another holder of the owner's role, the task is theirs."""
    if task.inspection is None:
        return task.owner in caller.posts
    return task.owner in caller.parts.get(task.inspection, frozenset())


def _criteria(view: Snapshot, calendar: Calendar, request: BoardRequest) -> rows.Filter:
    if request.stage:
        known_stage(request.stage)
    if request.lead:
        must_know_person(view.session, request.lead)
    if request.authority:
        directory.authority(view.session, request.authority)
    within = request.due_within
    return rows.Filter(
        stage=request.stage or None,
        late=request.late,
        due_by=working_days_after(view.today, within, calendar).due if within is not None else None,
        lead=request.lead or None,
        authority=request.authority or None,
        among=view.visible,
    )
