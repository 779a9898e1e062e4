"""The rows of wanted documents, each with the data it is made from. A report's content is frozen here."""

from typing import Any

from sqlalchemy import Connection, insert

from framework.correspondence.documents import document as rule_of
from framework.messages.orders import DocumentOrder
from records.outbox.merge_context import MergeContext
from records.outbox.report_content import answered_comments, frozen, review_changes
from records.tables.outbox import DOCUMENTS

REPORTS = ("draft_report", "final_report")


def order_documents(connection: Connection, case: MergeContext) -> list[dict[str, Any]]:
    """Keeps the documents a recording orders; answers their rows."""
    rows = [_row(connection, case, order) for order in case.recording.documents]
    if rows:
        connection.execute(insert(DOCUMENTS), rows)
    return rows


def _row(connection: Connection, case: MergeContext, order: DocumentOrder) -> dict[str, Any]:
    rule = rule_of(order.kind)
    state = order.state or rule.state
    document_id = case.identifier("document", order.kind, state, event=order.event)
    data = {
        **case.common(order),
        "document": {"id": document_id, "kind": order.kind, "state": state, "title": rule.title},
    }
    if order.kind in REPORTS:
        data["report"] = frozen(connection, case.recording.inspection, case.head["scope"], case.head["edition"])
    if order.kind == "comments_table":
        data["facts"] |= _comments_and_changes(connection, case)
    return {
        "id": document_id,
        "inspection_id": case.recording.inspection,
        "event_number": case.number_of(order.event),
        "kind": order.kind,
        "state": state,
        "data_json": data,
        "status": "wanted",
        "salt": case.salt(document_id),
        **dict.fromkeys(("html_path", "html_sha256", "pdf_path", "pdf_sha256", "template_version", "error"), ""),
    }


def _comments_and_changes(connection: Connection, case: MergeContext) -> dict[str, Any]:
    """Returns the answered comments, and what changed from the draft as sent, frozen with the final report they go with."""
    inspection, head = case.recording.inspection, case.head
    review = review_changes(connection, inspection, head["scope"], head["edition"])
    changes = review.data() if review else {"changes": [], "unchanged": []}
    return {"comments": answered_comments(connection, inspection), **changes}
