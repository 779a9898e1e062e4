"""What waits for a person: the open tasks of one inspection, or of all that the caller may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.snapshot import Snapshot, snapshot
from application.runtime.context import AppContext
from framework.inspection.task_owners import owner_of
from framework.vocabulary.roles import Role
from records.queries import inspection_rows


@dataclass(frozen=True, slots=True)
class Task:
    """One open task."""

    inspection: str | None
    """None for a task about no inspection, such as a stuck workflow of the system."""
    kind: str
    key: str
    owner: Role
    """The role that it waits for."""
    opened: datetime
    event: int
    """The number of the event that opened it; 0 where none did."""
    facts: Mapping[str, Any]
    """What the wording needs: identifiers, days, reasons."""


def open_tasks(caller: Caller, context: AppContext, inspection: str = "") -> tuple[Task, ...]:
    """Returns the open tasks, oldest first, of one inspection or of all. Raises `BadInput` for an unknown inspection."""
    with snapshot(caller, context, Use("tasks", inspection, everyday=True)) as view:
        if inspection:
            view.inspection(inspection)
        return tasks_in(view, inspection)


def tasks_in(view: Snapshot, inspection: str = "", moment: datetime | None = None) -> tuple[Task, ...]:
    """Returns the tasks that are open in a snapshot, or were at a moment."""
    rows = inspection_rows.tasks(view.session, inspection or None, moment, None if inspection else view.visible)
    return tuple(
        Task(
            inspection=row["inspection_id"],
            kind=row["kind"],
            key=row["key"],
            owner=owner_of(row["kind"]),
            opened=row["opened_at"],
            event=row["event_number"],
            facts=row["facts_json"],
        )
        for row in rows
    )
