"""The board, and a person's work, as JSON."""

from datetime import date
from typing import Any

from application.queries.board import Board, BoardRow, MyWork, OpenLimit
from application.serializers.tasks import tasks_as_json


def board_as_json(board: Board) -> list[dict[str, Any]]:
    """Returns the inspections on the board, the soonest due first."""
    return [
        {**row_as_json(row), "due": [_due(limit, board.today) for limit in board.due_limits(row)]} for row in board.rows
    ]


def _due(limit: OpenLimit, today: date) -> dict[str, Any]:
    return {"limit": limit.key, "due": limit.due, "waits_for": limit.owner, "late": limit.due < today}


def my_work_as_json(work: MyWork) -> dict[str, Any]:
    """Returns what a person has to do."""
    return {
        "roles": work.roles,
        "inspections": [row_as_json(row) for row in work.rows],
        "tasks": tasks_as_json(work.tasks),
    }


def row_as_json(row: BoardRow) -> dict[str, Any]:
    """Returns one inspection on the board."""
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
