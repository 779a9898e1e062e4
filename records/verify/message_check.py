"""Kept messages against the log: each letter that was accepted can be read again, and is the message that was sent."""

from pathlib import Path

from sqlalchemy import Connection, RowMapping, select

from framework.common.errors import InspectionError
from records.database.columns import to_text
from records.log.commitments import message_commitment
from records.privacy.message_archive import MessageArchive
from records.tables.outbox import LETTERS, MESSAGES
from records.verify.chain_check import Chain, Claim
from records.verify.commitment_check import OPEN
from records.verify.findings import Report

CHECK = "letter"
Key = tuple[str, str]
"""A letter's identifier, and the sha256 by which the log names the message."""


def check_messages(connection: Connection, chain: Chain, data: Path, report: Report) -> None:
    """Compares every message of one inspection with the event that says it was accepted."""
    query = select(MESSAGES, LETTERS.c.salt, LETTERS.c.status, LETTERS.c.number).join(LETTERS)
    rows = connection.execute(query.where(MESSAGES.c.inspection_id == chain.inspection)).mappings()
    stored: dict[Key, RowMapping] = {(row["letter_id"], row["sha256"]): row for row in rows}
    archive = MessageArchive(data)
    for key, claim in _accepted(chain).items():
        report.checked["messages"] += 1
        if fault := _fault(connection, archive, chain, stored.pop(key, None), claim):
            report.add(CHECK, f"the message of the letter {key[0]} {fault}", chain.inspection, claim.number)
    for (letter, _), row in stored.items():
        if row["accepted_at"] is not None or row["status"] not in OPEN:
            what = f"a message of the letter {letter} was put in: no event says that it was accepted"
            report.add(CHECK, what, chain.inspection)


def _accepted(chain: Chain) -> dict[Key, Claim]:
    """Returns the newest acceptance of each message."""
    accepted = (claim for claim in chain.claims if claim.kind == "letter_accepted" and claim.data.get("sha256"))
    return {(str(claim.data["letter"]), str(claim.data["sha256"])): claim for claim in accepted}


def _fault(connection: Connection, archive: MessageArchive, chain: Chain, row: RowMapping | None, claim: Claim) -> str:
    if row is None:
        return "is gone"
    accepted = row["accepted_at"] and to_text(row["accepted_at"])
    if accepted != claim.at:
        return f"is said to be accepted at {accepted}, and the log says {claim.at}"
    if chain.erased and not row["sealed"]:
        return ""
    try:
        message = archive.read(connection, row)
    except InspectionError as fault:
        return f"cannot be read: {fault}"
    except ValueError as fault:
        return f"cannot be read, so it was altered ({fault})"
    if message is None:
        return "was erased, and no event says so"
    altered = message_commitment(row["salt"], message) != row["sha256"]
    return "was altered: it is not the one that the log says was sent" if altered else ""
