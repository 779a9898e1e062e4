"""Records that an inspection had no running workflow and is begun again from its log: an event, and a task for a person."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from framework.messages.events import system_event
from framework.messages.orders import TaskOrder
from records.log.append import append, lock
from records.tables.inspections import EVENTS
from records.tasks.tasks import open_task

BEGUN_AGAIN = "workflow_begun_again"
"""The kind of the event, and of the task."""


def record(session: Session, inspection: str, engine_state: str, run: str, moment: datetime) -> None:
    """Writes the event and opens the task; a second call for the same run changes nothing.

    `engine_state` is what the engine has instead: «terminated», «unknown», ...; `run` identifies the run that ended, empty where the
    engine knows none. Raises `BadInput` for an unknown inspection."""
    connection = session.connection()
    lock(connection, inspection)  # two workers may look at the same moment
    # Where the engine's store is lost there is no run to name: until something else happens it is the same loss.
    others = select(func.max(EVENTS.c.number)).where(EVENTS.c.inspection_id == inspection, EVENTS.c.kind != BEGUN_AGAIN)
    name = run or f"after-{connection.execute(others).scalar() or 0}"
    event = system_event(BEGUN_AGAIN, moment, {"found": engine_state, "run": run}, f"workflow:inspection-{inspection}")
    appended = append(session, inspection, f"missing:{name}", [event], moment)
    if appended.already_committed:
        return
    task = TaskOrder(key="workflow", kind=BEGUN_AGAIN, facts={"found": engine_state, "run": run})
    open_task(connection, inspection, task, moment, appended.head)
