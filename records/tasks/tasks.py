"""What waits for a person: opened once under its key, closed by its key."""

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


def keep_stuck(session: Session, stuck: Iterable[tuple[str | None, str, str]], moment: datetime) -> None:
    """A task for each workflow that stands still (its inspection if it has one, its identifier, its problem), and no other:
    those of workflows that go on again are closed. Of an inspection nobody has written down, the task names none."""
    connection = session.connection()
    stuck = tuple(stuck)
    named = select(INSPECTIONS.c.id).where(
        INSPECTIONS.c.id.in_([inspection for inspection, _, _ in stuck if inspection])
    )
    known = set(connection.execute(named).scalars())
    keys = [f"stuck:{workflow_id}" for _, workflow_id, _ in stuck]
    goes_on = TASKS.c.kind == STUCK, TASKS.c.closed_at.is_(None), TASKS.c.key.not_in(keys)
    connection.execute(update(TASKS).where(*goes_on).values(closed_at=moment))
    for key, (inspection, workflow_id, problem) in zip(keys, stuck, strict=True):
        task = TaskOrder(key=key, kind=STUCK, facts={"workflow": workflow_id, "problem": problem})
        open_task(connection, inspection if inspection in known else None, task, moment)


def apply_tasks(
    connection: Connection, inspection: str, tasks: Sequence[TaskOrder], moment: datetime, event_number: int
) -> None:
    """Closes and opens what a decision says, closing first."""
    close_tasks(connection, inspection, [task.key for task in tasks if task.closes], moment)
    for task in tasks:
        if not task.closes:
            open_task(connection, inspection, task, moment, event_number)
