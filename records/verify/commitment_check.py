"""Compares texts, letters, documents, comments and delivery outcomes with what the events of one inspection hold of them."""

from collections.abc import Callable, Iterable, Mapping

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

OUTCOMES = {"letter_accepted": ("accepted", "partly"), "letter_failed": ("failed",), "letter_stopped": ("stopped",)}
"""Kind of event -> the states that the letter's row may then have."""
OPEN = ("queued", "sending")


def check_commitments(connection: Connection, chain: Chain, report: Report) -> None:
    """Compares the rows of one inspection with the commitments and claims of its chain."""
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
    _check_outcomes(chain, letters, report)
    _check_rendered(chain, documents, report)
    _check_nothing_missing(connection, chain, {*letters, *documents, *comments}, report)


def latest(chain: Chain, kinds: Iterable[str], named: str) -> dict[str, Claim]:
    """Returns the newest claim of these kinds by identifier, which is the member `named` of its data."""
    return {str(claim.data.get(named)): claim for claim in chain.claims if claim.kind in kinds}


def number_of(claim: Claim | None) -> int | None:
    """Returns the number of the event that makes a claim, or None."""
    return claim.number if claim else None


def _rows(connection: Connection, table: Table, chain: Chain) -> Iterable[RowMapping]:
    query = select(table).where(table.c.inspection_id == chain.inspection).order_by(table.c.id)
    return connection.execute(query).mappings().all()


def _check_text(chain: Chain, row: RowMapping, report: Report) -> None:
    if chain.erased and is_erased(row):
        return
    try:
        actual = commitment(row["salt"], row["body"])
    except (TypeError, ValueError):
        actual = ""
    expected, number = chain.commitments.get(row["id"], (row["commitment"], None))
    if actual != expected or actual != row["commitment"]:
        what = f"the text {row['id']} was altered: it is not the one the log commits to"
        report.add("text", what, chain.inspection, number)


def _check_rows(
    chain: Chain, name: str, rows: Iterable[RowMapping], commitment_of: Callable[[RowMapping], str], report: Report
) -> None:
    for row in rows:
        report.checked[f"{name}s"] += 1
        expected = chain.commitments.get(row["id"])
        if expected is not None and chain.erased and is_erased(row):
            continue
        if expected is None:
            what = f"the {name} {row['id']} ({row['kind']}) was put in: no event ordered it"
            report.add(name, what, chain.inspection)
        elif _commitment_or_empty(commitment_of, row) != expected[0]:
            what = f"the {name} {row['id']} ({row['kind']}) was altered: it is not the one that was ordered"
            report.add(name, what, chain.inspection, expected[1])


def _check_salts(connection: Connection, chain: Chain, rows: Iterable[RowMapping], report: Report) -> None:
    # No event holds a commitment to the secret, so that only the salts derived from it can show that it was altered.
    query = select(TEXTS.c.salt).where(TEXTS.c.id == secret_name(chain.inspection))
    secret = connection.execute(query).scalar()
    salted = [row for row in rows if not (chain.erased and is_erased(row))]
    if not all(secret and salt_of(secret, row["id"]) == row["salt"] for row in salted):
        what = "the secret behind the salts of its letters and documents was altered, or is gone"
        report.add("text", what, chain.inspection)


def _comments(connection: Connection, chain: Chain) -> Iterable[RowMapping]:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == chain.inspection).order_by(COMMENTS.c.number)
    return connection.execute(query).mappings().all()


def _check_comments(chain: Chain, comments: Mapping[str, RowMapping], report: Report) -> None:
    for name, row in comments.items():
        report.checked["comments"] += 1
        expected = chain.commitments.get(name)
        if expected is None or _commitment_or_empty(comment_commitment, row) != expected[0]:
            what = f"the comment {row['number']} is not as it came in"
            report.add("comment", what, chain.inspection, expected and expected[1])


def _commitment_or_empty(commitment_of: Callable[[RowMapping], str], row: RowMapping) -> str:
    try:
        return commitment_of(row)
    except (TypeError, ValueError):  # the row was altered so that no commitment can be computed
        return ""


def _check_nothing_missing(connection: Connection, chain: Chain, identifiers: set[str], report: Report) -> None:
    texts = {name for name in chain.commitments if name.startswith("t-")}
    query = select(TEXTS.c.id).where(TEXTS.c.inspection_id == chain.inspection)
    stored = identifiers | set(connection.execute(query).scalars()) if texts else identifiers
    for name, (_, number) in chain.commitments.items():
        if name not in stored:
            kind = "text" if name in texts else "letter, document or comment"
            report.add(kind.split(",")[0], f"the {kind} {name} is gone", chain.inspection, number)


def _check_outcomes(chain: Chain, letters: Mapping[str, RowMapping], report: Report) -> None:
    outcomes = latest(chain, OUTCOMES, "letter")
    for name, row in letters.items():
        outcome = outcomes.get(name)
        if outcome and chain.commitments.get(name, ("", 0))[1] > outcome.number:
            outcome = None  # a newer commitment: the letter was queued again after this outcome
        if fault := _outcome_fault(row, outcome):
            report.add("letter", f"the letter {name} ({row['kind']}) {fault}", chain.inspection, number_of(outcome))


def _outcome_fault(row: RowMapping, outcome: Claim | None) -> str:
    if (outcome is None or outcome.kind != "letter_accepted") and (row["sha256"] or row["accepted_at"]):
        return "has what only a letter has that was accepted, and the log does not say it was"
    if outcome is None:
        return "" if row["status"] in OPEN else f"is said to be {row['status']}, and no event says so"
    if row["status"] not in OUTCOMES[outcome.kind]:
        return f"is said to be {row['status']}, and the log says {outcome.kind.removeprefix('letter_')}"
    if outcome.kind != "letter_accepted":
        return ""
    if row["sha256"] != outcome.data.get("sha256"):
        return "does not have the hash of the message that was sent"
    accepted = row["accepted_at"] and to_text(row["accepted_at"])
    if accepted != outcome.at:
        return f"is said to be accepted at {accepted}, and the log says {outcome.at}"
    refused = bool(outcome.data.get("copies_refused"))
    return (
        "" if refused == (row["status"] == "partly") else f"is said to be {row['status']}, and the log says otherwise"
    )


def _check_rendered(chain: Chain, documents: Mapping[str, RowMapping], report: Report) -> None:
    rendered = latest(chain, ("document_rendered",), "document")
    for name, row in documents.items():
        claim = rendered.get(name)
        if (claim is not None) != (row["status"] == "rendered"):
            log = "the log says it was made" if claim else "no event says so"
            what = f"the document {name} ({row['kind']}) is said to be {row['status']}, and {log}"
            report.add("document", what, chain.inspection, number_of(claim))
        elif claim and _files(row) != (claim.data.get("html_sha256"), claim.data.get("pdf_sha256"), claim.at):
            what = f"the document {name} ({row['kind']}) does not have the hashes, or the moment, of what was made"
            report.add("document", what, chain.inspection, claim.number)


def _files(row: RowMapping) -> tuple[str, str, str | None]:
    return row["html_sha256"], row["pdf_sha256"], row["rendered_at"] and to_text(row["rendered_at"])
