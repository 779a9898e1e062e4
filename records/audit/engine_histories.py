"""Histories of the engine that are kept as files: for each, a row and an event with its hash."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session

from framework.messages.events import system_event
from records.log.append import append
from records.tables.checkpoints import ENGINE_HISTORIES
from records.tables.inspections import INSPECTIONS

FOLDER = "history"
HISTORY_KEPT = "engine_history_kept"
"""The kind of event."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a workflow of an inspection."""

    inspection: str
    workflow: str
    run: str


def is_kept(session: Session, run: Run) -> bool:
    """Returns whether the history of this run is kept."""
    rows = ENGINE_HISTORIES.c
    query = select(rows.run_id).where(rows.workflow_id == run.workflow, rows.run_id == run.run)
    return session.connection().execute(query).first() is not None


def next_name(session: Session, workflow: str) -> str:
    """Returns the file name for the next run of a workflow: «delivery-X.json.gz», then «delivery-X.2.json.gz»."""
    query = select(func.count()).where(ENGINE_HISTORIES.c.workflow_id == workflow)
    number = session.connection().execute(query).scalar_one() + 1
    return f"{workflow}.json.gz" if number == 1 else f"{workflow}.{number}.json.gz"


def save(session: Session, run: Run, name: str, sha256: str, events: int, moment: datetime) -> None:
    """Records that the history of a run is kept in the file `name`; a second call changes nothing."""
    if is_kept(session, run):
        return
    row = {"workflow_id": run.workflow, "run_id": run.run, "inspection_id": run.inspection, "path": name}
    session.connection().execute(
        insert(ENGINE_HISTORIES), {**row, "sha256": sha256, "events": events, "kept_at": moment}
    )
    data = {"workflow": run.workflow, "run": run.run, "file": name, "sha256": sha256, "events": events}
    event = system_event(HISTORY_KEPT, moment, data, f"workflow:{run.workflow}")
    append(session, run.inspection, f"engine-history:{run.run}", [event], moment)


def without_history(session: Session, inspection: str = "", finished: bool = False) -> list[str]:
    """Returns the inspections whose workflow's history is not kept; with `finished`, only those that wait for nothing."""
    with_history = select(ENGINE_HISTORIES.c.inspection_id).where(ENGINE_HISTORIES.c.workflow_id.like("inspection-%"))
    query = select(INSPECTIONS.c.id).where(INSPECTIONS.c.id.not_in(with_history)).order_by(INSPECTIONS.c.id)
    if inspection:
        query = query.where(INSPECTIONS.c.id == inspection)
    if finished:
        query = query.where(INSPECTIONS.c.closed_at.is_not(None), INSPECTIONS.c.next_due.is_(None))
    return list(session.connection().execute(query).scalars())
