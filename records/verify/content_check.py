"""What events brought, against the rows that hold it: the order, the sections of the report, answers to comments."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlmodel import Session

from framework.inspection.order import Order
from framework.report.change_review import comment_subject
from records.database.columns import to_text
from records.tables.content import COMMENTS, EXPLANATIONS, SECTIONS
from records.tables.inspections import INSPECTIONS
from records.verify.chain_check import Chain, Claim
from records.verify.commitment_check import latest, number_of
from records.verify.findings import Report

WRITTEN = ("heading_graded", "section_written")


def check_content(session: Session, chain: Chain, report: Report) -> None:
    """Compares one inspection's rows with its events, where the chain holds."""
    if chain.broken or not chain.head:
        return
    _check_order(session.connection(), chain, report)
    _check_sections(session.connection(), chain, report)
    _check_answers(session.connection(), chain, report)
    _check_explanations(session.connection(), chain, report)


def _check_order(connection: Connection, chain: Chain, report: Report) -> None:
    ordered = next((claim.data for claim in chain.claims if claim.kind == "inspection_ordered"), {})
    kept = connection.execute(select(INSPECTIONS.c.order_json).where(INSPECTIONS.c.id == chain.inspection)).scalar()
    said = {name: value for name, value in ordered.items() if name in Order.model_fields}
    if _order(kept) != _order(said):
        report.add("content", "its order was altered: it is not the one that was given", chain.inspection, 1)


def _check_sections(connection: Connection, chain: Chain, report: Report) -> None:
    query = select(SECTIONS).where(SECTIONS.c.inspection_id == chain.inspection).order_by(SECTIONS.c.heading)
    rows = {row["heading"]: row for row in connection.execute(query).mappings()}
    written = latest(chain, WRITTEN, "heading")
    for heading, claim in written.items():
        report.checked["sections"] += 1
        row = rows.pop(heading, None)
        said = (*(claim.data.get(name) for name in ("grade", "text", "equality")), claim.actor, claim.number)
        said = (*said, claim.data.get("areas") or [], claim.at)
        members = ("grade", "text_id", "equality_text_id", "person", "event_number", "areas_json")
        if row is None or (*(row[name] for name in members), to_text(row["changed_at"])) != said:
            what = f"what stands under {heading} was altered: it is not what was written last"
            report.add("content", what, chain.inspection, claim.number)
    for heading in rows:
        report.add("content", f"what stands under {heading} was put in: no event wrote it", chain.inspection)


def _check_answers(connection: Connection, chain: Chain, report: Report) -> None:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == chain.inspection).order_by(COMMENTS.c.number)
    answers = latest(chain, ("comment_answered",), "number")
    for row in connection.execute(query).mappings():
        claim = answers.get(str(row["number"]))
        said = (claim.data["accepted"], claim.reason, claim.data["sections"]) if claim else (None, None, [])
        if (row["accepted"], row["answer_text_id"], row["sections_json"]) != said:
            what = f"the answer to comment {row['number']} was altered: it is not the one that was given"
            report.add("content", what, chain.inspection, number_of(claim))


def _check_explanations(connection: Connection, chain: Chain, report: Report) -> None:
    """The lead's words on changes: each stands until its section or comment was written again."""
    query = (
        select(EXPLANATIONS).where(EXPLANATIONS.c.inspection_id == chain.inspection).order_by(EXPLANATIONS.c.subject)
    )
    kept = {row["subject"]: (row["text_id"], row["event_number"]) for row in connection.execute(query).mappings()}
    expected: dict[str, tuple[str | None, int]] = {}
    for claim in chain.claims:
        if claim.kind == "change_explained":
            expected[_subject(claim)] = (claim.reason, claim.number)
        elif claim.kind in (*WRITTEN, "comment_answered"):
            expected.pop(_subject(claim), None)
    for subject in sorted({*kept, *expected}):
        if kept.get(subject) != expected.get(subject):
            number = expected.get(subject, (None, None))[1]
            what = f"the word on {subject} was altered: it is not the one that was given"
            report.add("content", what, chain.inspection, number)


def _subject(claim: Claim) -> str:
    """What an event about content speaks of: a section by its key, or a comment by its name."""
    data = claim.data
    return str(data["heading"]) if data.get("heading") else comment_subject(data.get("number") or data["comment"])


def _order(said: Any) -> Order | None:
    try:
        return Order.model_validate(said)
    except ValidationError:
        return None
