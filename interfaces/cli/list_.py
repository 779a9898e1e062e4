"""`inspections list`: the board. Every inspection that still waits for something, what is due soonest first."""

from datetime import date
from itertools import groupby
from typing import Annotated

import typer

from application.queries.board import Board, BoardRequest, BoardRow
from application.queries.board import board as read_board
from application.serializers import wording
from application.serializers.board import board_as_json
from framework.calendar.london_time import london_day
from framework.inspection.limits import BY_KEY
from framework.vocabulary.roles import Role
from interfaces.cli.options import Data, Json, option
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session

StageName = Annotated[str, option("--stage", "S", "Only those at this stage; also closed and cancelled ones.")]
Late = Annotated[bool, typer.Option("--late", help="Only those with something late.")]
Within = Annotated[
    int | None,
    typer.Option(
        "--due-within", metavar="N", min=0, help="Only with something due in N working days, and all of that."
    ),
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
    """The board: for whom each inspection waits, since when, and what is due next; what is due soonest comes first.

    With --due-within it shows everything that is due by then, and by whom.
    """
    with reading_session(data) as session:
        shown = read_board(session.caller, session.context, BoardRequest(stage, late, due_within, lead, authority))
        if json:
            print_json(board_as_json(shown))
            return
        empty = "No inspection like that. Closed and cancelled ones: --stage closed, --stage cancelled."
        rows = [_cells(row, shown) for row in shown.rows]
        print_table(("Inspection", "Stage", "Due next", "Waits for, since"), rows, empty=empty)


def _cells(row: BoardRow, shown: Board) -> tuple[str, str, str, str]:
    today = shown.today
    waits = wording.waits_for(Role(row.waiting_for) if row.waiting_for else None, row.waits_for_mail, {})
    since = f"\nsince {wording.day(london_day(row.waiting_since), today)}" if row.waiting_since else ""
    open_tasks = f"\n{wording.counted(row.tasks, 'open task')}" if row.tasks else ""
    stage = f"{wording.plain(row.stage)}\n{wording.plain(row.scope)}"
    due = _next(row, shown) if shown.due_by is None else _all_due(row, shown)
    return f"{row.id}\n{row.authority}", stage, due, waits + since + open_tasks


def _next(row: BoardRow, shown: Board) -> str:
    if row.limit is None or row.due is None:
        return f"nothing is due{_others(row)}"
    return f"{BY_KEY[row.limit].title}\n{_when(row.due, shown)}{_others(row)}"


def _all_due(row: BoardRow, shown: Board) -> str:
    lines = []
    for due, limits in groupby(shown.due_limits(row), key=lambda limit: limit.due):
        owed = (
            BY_KEY[limit.key].title + (f" ({wording.role(limit.owner)})" if limit.owner else "") for limit in limits
        )
        lines += [f"{_when(due, shown)}:", *owed]
    return "\n".join(lines) + _never(row)


def _when(due: date, shown: Board) -> str:
    late = wording.lateness(due, shown.today, shown.calendar).replace("late", "LATE")
    return f"{wording.day(due, shown.today)}, {late or wording.ahead(due, shown.today, shown.calendar).removeprefix('due ')}"


def _others(row: BoardRow) -> str:
    several = len(row.late) > 1 or (row.late and row.limit not in row.late)
    late = f"\n{len(row.late)} limit{'s are' if len(row.late) > 1 else ' is'} LATE" if several else ""
    return late + _never(row)


def _never(row: BoardRow) -> str:
    return f"\nnever done: {', '.join(BY_KEY[key].title for key in row.never_done)}" if row.never_done else ""
