"""What changed from the draft as sent to the final report, for screens: as it was frozen, or as it stands while it is written."""

from typing import Any

from sqlalchemy import RowMapping, select
from sqlmodel import Session

from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from records.outbox.report_content import review_changes
from records.tables.outbox import DOCUMENTS


def report_changes(
    session: Session, row: RowMapping | dict[str, Any], state: Inspection, *, now: bool
) -> dict[str, Any]:
    """Returns `changes` and `unchanged`, as `ChangeReview.data` gives them; empty lists where there is nothing to compare.

    `state` may be that of a past moment, and `now` says that it is not: what is not frozen yet is known for now alone."""
    nothing: dict[str, Any] = {"changes": [], "unchanged": []}
    if state.final.submitted is not None:
        query = select(DOCUMENTS.c.data_json).where(
            DOCUMENTS.c.inspection_id == state.id,
            DOCUMENTS.c.kind == "comments_table",
            DOCUMENTS.c.event_number == state.final.submitted,
        )
        facts = (session.connection().execute(query).scalar() or {}).get("facts", nothing)
        return {name: facts[name] for name in nothing}
    if not now or state.stage is not Stage.FINALISING:
        return nothing
    review = review_changes(session.connection(), state.id, row["scope"], row["edition"])
    return review.data() if review else nothing
