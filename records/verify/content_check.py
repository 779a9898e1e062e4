"""Compares the order, the sections of the report and the answers to comments with the events that wrote them."""

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

SECTION_KINDS = ("heading_graded", "section_written")


def check_content(session: Session, chain: Chain, report: Report) -> None:
    """Compares the rows of one inspection with its events, where the chain is whole."""
    if chain.broken or not chain.head:
        return
    _check_order(session.connection(), chain, report)
    _check_sections(session.connection(), chain, report)
    _check_answers(session.connection(), chain, report)
    _check_explanations(session.connection(), chain, report)


def _check_order(connection: Connection, chain: Chain, report: Report) -> None:
    ordered = next((claim.data for claim in chain.claims if claim.kind == "inspection_ordered"), {})
    stored = connection.execute(select(INSPECTIONS.c.order_json).where(INSPECTIONS.c.id == chain.inspection)).scalar()
    given = {name: value for name, value in ordered.items() if name in Order.model_fields}
    if _order_or_none(stored) != _order_or_none(given):
        report.add("content", "its order was altered: it is not the one that was given", chain.inspection, 1)


def _check_sections(connection: Connection, chain: Chain, report: Report) -> None:
    query = select(SECTIONS).where(SECTIONS.c.inspection_id == chain.inspection).order_by(SECTIONS.c.heading)
    rows = {row["heading"]: row for row in connection.execute(query).mappings()}
    for heading, claim in latest(chain, SECTION_KINDS, "heading").items():
        report.checked["sections"] += 1
        row = rows.pop(heading, None)
        content = (claim.data.get(name) for name in ("grade", "text", "equality"))
        expected = (*content, claim.actor, claim.number, claim.data.get("areas") or [], claim.at)
        columns = ("grade", "text_id", "equality_text_id", "person", "event_number", "areas_json")
        if row is None or (*(row[name] for name in columns), to_text(row["changed_at"])) != expected:
            what = f"what stands under {heading} was altered: it is not what was written last"
            report.add("content", what, chain.inspection, claim.number)
    for heading in rows:
        report.add("content", f"what stands under {heading} was put in: no event wrote it", chain.inspection)


def _check_answers(connection: Connection, chain: Chain, report: Report) -> None:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == chain.inspection).order_by(COMMENTS.c.number)
    answers = latest(chain, ("comment_answered",), "number")
    for row in connection.execute(query).mappings():
        claim = answers.get(str(row["number"]))
        expected = (claim.data["accepted"], claim.reason, claim.data["sections"]) if claim else (None, None, [])
        if (row["accepted"], row["answer_text_id"], row["sections_json"]) != expected:
            what = f"the answer to comment {row['number']} was altered: it is not the one that was given"
            report.add("content", what, chain.inspection, number_of(claim))


def _check_explanations(connection: Connection, chain: Chain, report: Report) -> None:
    """Compares the lead's explanations of changes: each is valid until its section or comment is written again."""
    query = (
        select(EXPLANATIONS).where(EXPLANATIONS.c.inspection_id == chain.inspection).order_by(EXPLANATIONS.c.subject)
    )
    stored = {row["subject"]: (row["text_id"], row["event_number"]) for row in connection.execute(query).mappings()}
    expected: dict[str, tuple[str | None, int]] = {}
    for claim in chain.claims:
        if claim.kind == "change_explained":
            expected[_subject(claim)] = (claim.reason, claim.number)
        elif claim.kind in (*SECTION_KINDS, "comment_answered"):
            expected.pop(_subject(claim), None)
    for subject in sorted({*stored, *expected}):
        if stored.get(subject) != expected.get(subject):
            number = expected.get(subject, (None, None))[1]
            what = f"the word on {subject} was altered: it is not the one that was given"
            report.add("content", what, chain.inspection, number)


def _subject(claim: Claim) -> str:
    """Returns what an event about content is about: the key of a section, or the name of a comment."""
    data = claim.data
    return str(data["heading"]) if data.get("heading") else comment_subject(data.get("number") or data["comment"])


def _order_or_none(data: Any) -> Order | None:
    try:
        return Order.model_validate(data)
    except ValidationError:
        return None
