"""What waits for a person: opened once under its key, closed by its key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from framework.messages import TaskOrder
from records.rows import insert_new
from records.tables import TASKS


def open_task(
    connection: Connection,
    inspection: str | None,
    task: TaskOrder,
    moment: datetime,
    event_number: int = 0,
) -> None:
    """Opens a task; one that is open under the same key stays as it is."""
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
    """Closes the open tasks with these keys; none there is nothing wrong."""
    if keys:
        connection.execute(
            update(TASKS)
            .where(TASKS.c.inspection_id == inspection, TASKS.c.key.in_(keys), TASKS.c.closed_at.is_(None))
            .values(closed_at=moment)
        )


def apply_tasks(
    connection: Connection, inspection: str, tasks: Sequence[TaskOrder], moment: datetime, event_number: int
) -> None:
    """Closes and opens what a decision says, closing first."""
    close_tasks(connection, inspection, [task.key for task in tasks if task.closes], moment)
    for task in tasks:
        if not task.closes:
            open_task(connection, inspection, task, moment, event_number)
