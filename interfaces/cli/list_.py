"""`inspections list`: the board. Every inspection that still waits for something, what is due soonest first."""

from datetime import date
from typing import Annotated

import typer

from application.queries.board import BoardRequest, BoardRow
from application.queries.board import board as read_board
from application.serializers import wording
from application.serializers.board import board_as_json
from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.lifecycle.limits import BY_KEY
from framework.vocabulary.roles import Role
from interfaces.cli.options import Data, Json, option
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session

StageName = Annotated[str, option("--stage", "S", "Only those at this stage; also closed and cancelled ones.")]
Late = Annotated[bool, typer.Option("--late", help="Only those with something late.")]
Within = Annotated[
    int | None, typer.Option("--due-within", metavar="N", min=0, help="Only with something due in N working days.")
]
Lead = Annotated[str, option("--lead", "PERSON", "Only those this person leads.")]
Authority = Annotated[str, option("--authority", "CODE", "Only those of this authority.")]


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
    with reading_session(data) as session:
        shown = read_board(session.caller, session.context, BoardRequest(stage, late, due_within, lead, authority))
        if json:
            print_json(board_as_json(shown))
            return
        empty = "No inspection like that. Closed and cancelled ones: --stage closed, --stage cancelled."
        rows = [_cells(row, shown.today, shown.calendar) for row in shown.rows]
        print_table(("Inspection", "Stage", "Due next", "Waits for, since"), rows, empty=empty)


def _cells(row: BoardRow, today: date, calendar: Calendar) -> tuple[str, str, str, str]:
    waits = wording.waits_for(Role(row.waiting_for) if row.waiting_for else None, row.waits_for_mail, {})
    since = f"\nsince {wording.day(london_day(row.waiting_since), today)}" if row.waiting_since else ""
    open_tasks = f"\n{wording.counted(row.tasks, 'open task')}" if row.tasks else ""
    stage = f"{wording.plain(row.stage)}\n{wording.plain(row.scope)}"
    return f"{row.id}\n{row.authority}", stage, _due(row, today, calendar), waits + since + open_tasks


def _due(row: BoardRow, today: date, calendar: Calendar) -> str:
    if row.limit is None or row.due is None:
        return f"nothing is due{_others(row)}"
    late = wording.lateness(row.due, today, calendar).replace("late", "LATE")
    when = late or wording.ahead(row.due, today, calendar).removeprefix("due ")
    return f"{BY_KEY[row.limit].title}\n{wording.day(row.due, today)}, {when}{_others(row)}"


def _others(row: BoardRow) -> str:
    several = len(row.late) > 1 or (row.late and row.limit not in row.late)
    late = f"\n{len(row.late)} limit{'s are' if len(row.late) > 1 else ' is'} LATE" if several else ""
    never = f"\nnever done: {', '.join(BY_KEY[key].title for key in row.never_done)}" if row.never_done else ""
    return late + never
