"""Which histories of the engine are kept, and writing down that one is: a row, and an event that names its hash."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session

from framework.messages.events import system_event
from records.log.append import append
from records.tables.checkpoints import ENGINE_HISTORIES
from records.tables.inspections import INSPECTIONS

FOLDER = "history"
KEPT = "engine_history_kept"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one workflow, and whose it is."""

    inspection: str
    workflow: str
    run: str


def is_kept(session: Session, run: Run) -> bool:
    """Whether this run's history is kept already."""
    rows = ENGINE_HISTORIES.c
    query = select(rows.run_id).where(rows.workflow_id == run.workflow, rows.run_id == run.run)
    return session.connection().execute(query).first() is not None


def next_name(session: Session, workflow: str) -> str:
    """The file of the next run to be kept: «inspection-X.json.gz», «delivery-X.2.json.gz» for the second of a workflow."""
    query = select(func.count()).where(ENGINE_HISTORIES.c.workflow_id == workflow)
    number = session.connection().execute(query).scalar_one() + 1
    return f"{workflow}.json.gz" if number == 1 else f"{workflow}.{number}.json.gz"


def write_down(session: Session, run: Run, name: str, sha256: str, events: int, moment: datetime) -> None:
    """Says that a run's history is kept in this file. Done again it changes nothing."""
    if is_kept(session, run):
        return
    row = {"workflow_id": run.workflow, "run_id": run.run, "inspection_id": run.inspection, "path": name}
    session.connection().execute(
        insert(ENGINE_HISTORIES), {**row, "sha256": sha256, "events": events, "kept_at": moment}
    )
    data = {"workflow": run.workflow, "run": run.run, "file": name, "sha256": sha256, "events": events}
    event = system_event(KEPT, moment, data, f"workflow:{run.workflow}")
    append(session, run.inspection, f"engine-history:{run.run}", [event], moment)


def not_kept(session: Session, inspection: str = "", over: bool = False) -> list[str]:
    """The inspections whose own story is not kept (yet); with `over`, only those that have come to their end."""
    kept = select(ENGINE_HISTORIES.c.inspection_id).where(ENGINE_HISTORIES.c.workflow_id.like("inspection-%"))
    query = select(INSPECTIONS.c.id).where(INSPECTIONS.c.id.not_in(kept)).order_by(INSPECTIONS.c.id)
    if inspection:
        query = query.where(INSPECTIONS.c.id == inspection)
    if over:
        query = query.where(INSPECTIONS.c.closed_at.is_not(None), INSPECTIONS.c.next_due.is_(None))
    return list(session.connection().execute(query).scalars())
