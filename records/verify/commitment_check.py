"""What the events of one inspection commit to, against what is kept: texts, letters, documents, and what became of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from records.database.columns import to_text
from records.log.commitments import comment_commitment, comment_name, document_commitment, letter_commitment, salt_of
from records.log.hash_chain import commitment
from records.log.texts import secret_name
from records.privacy.personal_columns import is_erased
from records.tables.content import COMMENTS
from records.tables.inspections import TEXTS
from records.tables.outbox import DOCUMENTS, LETTERS
from records.verify.chain_check import Chain, Claim
from records.verify.findings import Report

SETTLED = {"letter_accepted": ("accepted", "partly"), "letter_failed": ("failed",), "letter_stopped": ("stopped",)}
"""Event -> what the letter's row then says."""
OPEN = ("queued", "sending")


def check_commitments(connection: Connection, chain: Chain, report: Report) -> None:
    """Compares the rows beside one chain with what the chain says of them."""
    for row in _rows(connection, TEXTS, chain):
        report.checked["texts"] += 1
        _check_text(chain, row, report)
    letters = {row["id"]: row for row in _rows(connection, LETTERS, chain)}
    documents = {row["id"]: row for row in _rows(connection, DOCUMENTS, chain)}
    _check_rows(chain, "letter", letters.values(), letter_commitment, report)
    _check_rows(chain, "document", documents.values(), document_commitment, report)
    _check_salts(connection, chain, [*letters.values(), *documents.values()], report)
    comments = {comment_name(row): row for row in _comments(connection, chain)}
    _check_comments(chain, comments, report)
    _check_fates(chain, letters, report)
    _check_rendered(chain, documents, report)
    _check_nothing_gone(connection, chain, {*letters, *documents, *comments}, report)


def latest(chain: Chain, kinds: Iterable[str], named: str) -> dict[str, Claim]:
    """The newest event of these kinds for each thing they speak of; `named` is the member of the data that names it."""
    return {str(claim.data.get(named)): claim for claim in chain.claims if claim.kind in kinds}


def number_of(claim: Claim | None) -> int | None:
    """The event that makes a claim, where there is one."""
    return claim.number if claim else None


def _rows(connection: Connection, table: Table, chain: Chain) -> Iterable[RowMapping]:
    query = select(table).where(table.c.inspection_id == chain.inspection).order_by(table.c.id)
    return connection.execute(query).mappings().all()


def _check_text(chain: Chain, row: RowMapping, report: Report) -> None:
    if chain.erased and is_erased(row):
        return
    try:
        proof = commitment(row["salt"], row["body"])
    except (TypeError, ValueError):
        proof = ""
    promised, number = chain.promised.get(row["id"], (row["commitment"], None))
    if proof != promised or proof != row["commitment"]:
        what = f"the text {row['id']} was altered: it is not the one the log commits to"
        report.add("text", what, chain.inspection, number)


def _check_rows(chain: Chain, name: str, rows: Iterable[RowMapping], proof: Any, report: Report) -> None:
    for row in rows:
        report.checked[f"{name}s"] += 1
        promised = chain.promised.get(row["id"])
        if promised is not None and chain.erased and is_erased(row):
            continue
        if promised is None:
            what = f"the {name} {row['id']} ({row['kind']}) was put in: no event ordered it"
            report.add(name, what, chain.inspection)
        elif _proof(proof, row) != promised[0]:
            what = f"the {name} {row['id']} ({row['kind']}) was altered: it is not the one that was ordered"
            report.add(name, what, chain.inspection, promised[1])


def _check_salts(connection: Connection, chain: Chain, rows: Iterable[RowMapping], report: Report) -> None:
    """Each salt against the secret it was made from: no event names the secret, so that nobody else would miss it."""
    query = select(TEXTS.c.salt).where(TEXTS.c.id == secret_name(chain.inspection))
    kept = connection.execute(query).scalar()
    salted = [row for row in rows if not (chain.erased and is_erased(row))]
    if not all(kept and salt_of(kept, row["id"]) == row["salt"] for row in salted):
        what = "the secret behind the salts of its letters and documents was altered, or is gone"
        report.add("text", what, chain.inspection)


def _comments(connection: Connection, chain: Chain) -> Iterable[RowMapping]:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == chain.inspection).order_by(COMMENTS.c.number)
    return connection.execute(query).mappings().all()


def _check_comments(chain: Chain, comments: Mapping[str, RowMapping], report: Report) -> None:
    for name, row in comments.items():
        report.checked["comments"] += 1
        promised = chain.promised.get(name)
        if promised is None or _proof(comment_commitment, row) != promised[0]:
            what = f"the comment {row['number']} is not as it came in"
            report.add("comment", what, chain.inspection, promised and promised[1])


def _proof(proof: Any, row: RowMapping) -> str:
    try:
        return str(proof(row))
    except (TypeError, ValueError):
        return ""


def _check_nothing_gone(connection: Connection, chain: Chain, there: set[str], report: Report) -> None:
    """Everything that was committed to is still there."""
    texts = {name for name in chain.promised if name.startswith("t-")}
    query = select(TEXTS.c.id).where(TEXTS.c.inspection_id == chain.inspection)
    known = there | set(connection.execute(query).scalars()) if texts else there
    for name, (_, number) in chain.promised.items():
        if name not in known:
            kind = "text" if name in texts else "letter, document or comment"
            report.add(kind.split(",")[0], f"the {kind} {name} is gone", chain.inspection, number)


def _check_fates(chain: Chain, letters: Mapping[str, RowMapping], report: Report) -> None:
    """What became of each letter, as the row has it and as the newest event about it says."""
    fates = latest(chain, SETTLED, "letter")
    for name, row in letters.items():
        fate = fates.get(name)
        if fate and chain.promised.get(name, ("", 0))[1] > fate.number:
            fate = None  # it was queued anew since
        if fault := _fate_fault(row, fate):
            report.add("letter", f"the letter {name} ({row['kind']}) {fault}", chain.inspection, number_of(fate))


def _fate_fault(row: RowMapping, fate: Claim | None) -> str:
    if (fate is None or fate.kind != "letter_accepted") and (row["sha256"] or row["accepted_at"]):
        return "has what only a letter has that was accepted, and the log does not say it was"
    if fate is None:
        return "" if row["status"] in OPEN else f"is said to be {row['status']}, and no event says so"
    if row["status"] not in SETTLED[fate.kind]:
        return f"is said to be {row['status']}, and the log says {fate.kind.removeprefix('letter_')}"
    if fate.kind != "letter_accepted":
        return ""
    if row["sha256"] != fate.data.get("sha256"):
        return "does not have the hash of the message that was sent"
    accepted = row["accepted_at"] and to_text(row["accepted_at"])
    if accepted != fate.at:
        return f"is said to be accepted at {accepted}, and the log says {fate.at}"
    refused = bool(fate.data.get("copies_refused"))
    return (
        "" if refused == (row["status"] == "partly") else f"is said to be {row['status']}, and the log says otherwise"
    )


def _check_rendered(chain: Chain, documents: Mapping[str, RowMapping], report: Report) -> None:
    rendered = latest(chain, ("document_rendered",), "document")
    for name, row in documents.items():
        made = rendered.get(name)
        if (made is not None) != (row["status"] == "rendered"):
            said = "the log says it was made" if made else "no event says so"
            what = f"the document {name} ({row['kind']}) is said to be {row['status']}, and {said}"
            report.add("document", what, chain.inspection, number_of(made))
        elif made and _made(row) != (*(made.data.get(one) for one in ("html_sha256", "pdf_sha256")), made.at):
            what = f"the document {name} ({row['kind']}) does not have the hashes, or the moment, of what was made"
            report.add("document", what, chain.inspection, made.number)


def _made(row: RowMapping) -> tuple[str, str, str | None]:
    return row["html_sha256"], row["pdf_sha256"], row["rendered_at"] and to_text(row["rendered_at"])
