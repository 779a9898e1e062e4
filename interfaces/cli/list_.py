"""`inspections list`: the board. Every inspection that still waits for something, what is due soonest first."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framework.common.errors import BadInput
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from application.open_context import View
    from framework.calendar.bank_holidays import Calendar
    from records.queries.board import BoardRow, Filter


def _option(name: str, metavar: str, words: str) -> Any:
    return typer.Option(name, metavar=metavar, help=words, show_default=False)


StageName = Annotated[str, _option("--stage", "S", "Only those at this stage; also closed and cancelled ones.")]
Late = Annotated[bool, typer.Option("--late", help="Only those with something late.")]
Within = Annotated[
    int | None, typer.Option("--due-within", metavar="N", min=0, help="Only with something due in N working days.")
]
Lead = Annotated[str, _option("--lead", "PERSON", "Only those this person leads.")]
Authority = Annotated[str, _option("--authority", "CODE", "Only those of this authority.")]


def board(
    stage: StageName = "",
    late: Late = False,
    due_within: Within = None,
    lead: Lead = "",
    authority: Authority = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """The board: for whom each inspection waits, since when, and what is due next; what is due soonest comes first."""
    from application.open_context import looking
    from interfaces.cli.output import print_json
    from records.calendars.versions import calendar_in_force
    from records.queries.board import board as rows_of

    with looking(data) as view:
        calendar = calendar_in_force(view.session)
        wanted = _filter(view, calendar, stage, late, due_within, lead, authority)
        rows = rows_of(view.session, wanted, view.today)
        if json:
            print_json([as_json(row) for row in rows])
        else:
            _print(rows, view.today, calendar)


def _filter(
    view: "View", calendar: "Calendar", stage: str, late: bool, within: int | None, lead: str, authority: str
) -> "Filter":
    from application.queries.lookups import must_know_person
    from application.runtime.suggestions import near
    from framework.calendar.working_days import working_days_after
    from framework.inspection.stages import Stage
    from records.directory import directory
    from records.queries.board import Filter

    if stage and stage not in list(Stage):
        raise BadInput(f"there is no stage «{stage}»{near(stage, Stage)}; the stages are {', '.join(Stage)}")
    if lead:
        must_know_person(view.session, lead)
    if authority:
        directory.authority(view.session, authority)
    due_by = working_days_after(view.today, within, calendar).due if within is not None else None
    return Filter(stage=stage or None, late=late, due_by=due_by, lead=lead or None, authority=authority or None)


def as_json(row: "BoardRow") -> dict[str, Any]:
    """One inspection on the board."""
    return {
        "id": row.id,
        "authority": row.authority,
        "authority_code": row.authority_code,
        "scope": row.scope,
        "stage": row.stage,
        "lead": row.lead,
        "coordinator": row.coordinator,
        "next": {"limit": row.limit, "due": row.due, "waits_for": row.waiting_for} if row.limit else None,
        "waits_for_mail": row.waits_for_mail,
        "late": bool(row.late),
        "late_limits": row.late,
        "never_done": row.never_done,
        "waiting_since": row.waiting_since,
        "next_of_itself": {"at": row.next_due, "what": row.next_what} if row.next_due else None,
        "tasks": row.tasks,
    }


def _print(rows: "list[BoardRow]", today: date, calendar: "Calendar") -> None:
    from interfaces.cli.output import print_table

    cells = [_cells(row, today, calendar) for row in rows]
    columns = ("Inspection", "Stage", "Due next", "Waits for, since")
    empty = "No inspection like that. Closed and cancelled ones: --stage closed, --stage cancelled."
    print_table(columns, cells, empty=empty)


def _cells(row: "BoardRow", today: date, calendar: "Calendar") -> tuple[str, str, str, str]:
    from application.serializers import wording
    from framework.calendar.london_time import london_day
    from framework.vocabulary.roles import Role

    waits = wording.waits_for(Role(row.waiting_for) if row.waiting_for else None, row.waits_for_mail, {})
    since = f"\nsince {wording.day(london_day(row.waiting_since), today)}" if row.waiting_since else ""
    open_tasks = f"\n{row.tasks} open task{'s' if row.tasks > 1 else ''}" if row.tasks else ""
    stage = f"{wording.plain(row.stage)}\n{wording.plain(row.scope)}"
    return f"{row.id}\n{row.authority}", stage, _due(row, today, calendar), waits + since + open_tasks


def _due(row: "BoardRow", today: date, calendar: "Calendar") -> str:
    from application.serializers import wording
    from framework.lifecycle.limits import BY_KEY

    if row.limit is None or row.due is None:
        return "nothing is due"
    late = wording.lateness(row.due, today, calendar).replace("late", "LATE")
    when = late or wording.ahead(row.due, today, calendar).removeprefix("due ")
    return f"{BY_KEY[row.limit].title}\n{wording.day(row.due, today)}, {when}{_others(row)}"


def _others(row: "BoardRow") -> str:
    from framework.lifecycle.limits import BY_KEY

    several = len(row.late) > 1 or (row.late and row.limit not in row.late)
    late = f"\n{len(row.late)} limit{'s are' if len(row.late) > 1 else ' is'} LATE" if several else ""
    never = f"\nnever done: {', '.join(BY_KEY[key].title for key in row.never_done)}" if row.never_done else ""
    return late + never
