"""What a crash may have cut off: asked once when a worker starts, so that nothing waits for the next thing that is due."""

from datetime import timedelta

from sqlalchemy import func, select, union
from sqlmodel import Session

from records.audit import restores
from records.outbox.states import UNDELIVERED
from records.tables.inspections import EVENTS, INSPECTIONS, SUBMISSIONS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS

RECENT = timedelta(days=1)
"""How long before the newest event of all a crash can have cut off what was then under way: seconds, in truth."""

RESTORING = (restores.KIND, restores.LOST)
"""Events of a restore come long after the moment of the backup itself."""


def outboxes(session: Session) -> list[str]:
    """Returns the inspections with something to deliver."""
    ids = union(
        select(LETTERS.c.inspection_id).where(LETTERS.c.status.in_(UNDELIVERED)),
        select(DOCUMENTS.c.inspection_id).where(DOCUMENTS.c.status == "wanted"),
        select(PUBLICATIONS.c.inspection_id).where(PUBLICATIONS.c.published_at.is_(None)),
    )
    return sorted(session.connection().execute(ids).scalars())


def workflows_to_refresh(session: Session) -> list[str]:
    """Returns the inspections whose workflow may lack events of the records, or may never have begun."""
    of_its_own = EVENTS.c.kind.not_in(RESTORING)
    newest = session.connection().execute(select(func.max(EVENTS.c.recorded_at)).where(of_its_own)).scalar()
    if newest is None:
        return []
    ids = union(
        select(SUBMISSIONS.c.inspection_id).where(SUBMISSIONS.c.state == "waiting"),
        select(EVENTS.c.inspection_id).where(EVENTS.c.recorded_at >= newest - RECENT),
        select(INSPECTIONS.c.id).where(INSPECTIONS.c.head_number <= 1),
    )
    return sorted(session.connection().execute(ids).scalars())
