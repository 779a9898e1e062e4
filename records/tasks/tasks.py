"""Opens and closes tasks. A task has a key, under which at most one of an inspection is open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import Session

from framework.messages.orders import TaskOrder
from records.database.upserts import insert_new
from records.tables.inspections import INSPECTIONS, TASKS

STUCK = "workflow_stuck"


def open_task(
    connection: Connection,
    inspection: str | None,
    task: TaskOrder,
    moment: datetime,
    event_number: int = 0,
) -> None:
    """Opens a task, unless one is open under the same key."""
    row: Mapping[str, Any] = {
        "inspection_id": inspection,
        "kind": task.kind,
        "key": task.key,
        "facts_json": task.facts,
        "opened_at": moment,
        "event_number": event_number,
        "closed_at": None,
    }
    connection.execute(insert_new(connection, TASKS), row)


def close_tasks(connection: Connection, inspection: str | None, keys: Sequence[str], moment: datetime) -> None:
    """Closes the open tasks with these keys, if there are any."""
    if keys:
        connection.execute(
            update(TASKS)
            .where(TASKS.c.inspection_id == inspection, TASKS.c.key.in_(keys), TASKS.c.closed_at.is_(None))
            .values(closed_at=moment)
        )


def sync_stuck_tasks(session: Session, stuck: Iterable[tuple[str | None, str, str]], moment: datetime) -> None:
    """Opens a task for each stuck workflow and closes those of workflows that are stuck no longer.

    `stuck` has, for each, its inspection (None where it belongs to none), its workflow id and its problem."""
    connection = session.connection()
    stuck = tuple(stuck)
    named = select(INSPECTIONS.c.id).where(
        INSPECTIONS.c.id.in_([inspection for inspection, _, _ in stuck if inspection])
    )
    recorded = set(connection.execute(named).scalars())
    keys = [f"stuck:{workflow_id}" for _, workflow_id, _ in stuck]
    recovered = TASKS.c.kind == STUCK, TASKS.c.closed_at.is_(None), TASKS.c.key.not_in(keys)
    connection.execute(update(TASKS).where(*recovered).values(closed_at=moment))
    for key, (inspection, workflow_id, problem) in zip(keys, stuck, strict=True):
        task = TaskOrder(key=key, kind=STUCK, facts={"workflow": workflow_id, "problem": problem})
        # A workflow may be stuck before its first commit: then the records have no inspection that the task could name.
        open_task(connection, inspection if inspection in recorded else None, task, moment)


def apply_tasks(
    connection: Connection, inspection: str, tasks: Sequence[TaskOrder], moment: datetime, event_number: int
) -> None:
    """Closes, then opens, the tasks of a decision: one may close a task and open another under the same key."""
    close_tasks(connection, inspection, [task.key for task in tasks if task.closes], moment)
    for task in tasks:
        if not task.closes:
            open_task(connection, inspection, task, moment, event_number)
