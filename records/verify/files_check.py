"""Compares files with the hashes in the log: documents, published reports, kept histories of the engine."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from records.database.columns import to_text
from records.tables.checkpoints import ENGINE_HISTORIES
from records.tables.outbox import DOCUMENTS, PUBLICATIONS
from records.verify.chain_check import Chain
from records.verify.commitment_check import latest
from records.verify.findings import Report

DOCUMENT_FILES, PUBLISHED_FILES, HISTORY_FILES = "documents", "published", "history"
"""Folders of the data folder."""
BLOCK = 1 << 20


def check_files(connection: Connection, chain: Chain, data: Path, report: Report) -> None:
    """Compares every file of which an event of the inspection holds the hash; rows are compared with the events, too."""
    _check_documents(connection, chain, data / DOCUMENT_FILES, report)
    _check_published(connection, chain, data / PUBLISHED_FILES, report)
    _check_histories(connection, chain, data / HISTORY_FILES, report)


def file_fault(path: Path, digest: str) -> str:
    """Returns what is wrong with a file that should have this sha256, or an empty text."""
    actual = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                actual.update(block)
    except OSError as error:
        return f"the file {path} cannot be read ({error.strerror}): restore it from a backup"
    return "" if actual.hexdigest() == digest else f"the file {path} was altered: its hash is another than in the log"


def _check(report: Report, chain: Chain, number: int, check: str, path: Path, digest: str) -> None:
    report.checked["files"] += 1
    if fault := file_fault(path, digest):
        report.add(check, fault, chain.inspection, number)


def _check_documents(connection: Connection, chain: Chain, folder: Path, report: Report) -> None:
    rendered = latest(chain, ("document_rendered",), "document")
    columns = (DOCUMENTS.c.id, DOCUMENTS.c.html_path, DOCUMENTS.c.pdf_path)
    query = select(*columns).where(DOCUMENTS.c.inspection_id == chain.inspection).order_by(DOCUMENTS.c.event_number)
    for row in connection.execute(query):
        claim = rendered.get(row.id)
        if claim is None or chain.erased:
            continue
        for path, digest in ((row.html_path, claim.data["html_sha256"]), (row.pdf_path, claim.data["pdf_sha256"])):
            if digest:
                _check(report, chain, claim.number, "document", folder / path, digest)


def _check_published(connection: Connection, chain: Chain, folder: Path, report: Report) -> None:
    query = select(PUBLICATIONS).where(PUBLICATIONS.c.inspection_id == chain.inspection)
    rows = {row["document_id"]: row for row in connection.execute(query).mappings()}
    placed = latest(chain, ("report_placed",), "document")
    for document, claim in placed.items():
        row, expected = rows.get(document), (claim.data["file"], claim.at)
        if row is None or (row["path"], row["published_at"] and to_text(row["published_at"])) != expected:
            what = f"the log says the report {claim.data['file']} was published, and its row does not"
            report.add("publication", what, chain.inspection, claim.number)
        _check(report, chain, claim.number, "publication", folder / claim.data["file"], claim.data["sha256"])
    for document, row in rows.items():
        if row["published_at"] is not None and document not in placed:
            what = f"the document {document} is said to be published, and no event says so"
            report.add("publication", what, chain.inspection)


def _check_histories(connection: Connection, chain: Chain, folder: Path, report: Report) -> None:
    query = select(ENGINE_HISTORIES).where(ENGINE_HISTORIES.c.inspection_id == chain.inspection)
    rows = {row["run_id"]: row for row in connection.execute(query).mappings()}
    claims = latest(chain, ("engine_history_kept",), "run")
    for run, claim in claims.items():
        row = rows.get(run)
        expected = (*(claim.data[name] for name in ("workflow", "sha256", "events", "file")), claim.at)
        columns = ("workflow_id", "sha256", "events", "path")
        if row is None or (*(row[name] for name in columns), to_text(row["kept_at"])) != expected:
            what = f"the row of the engine's history of {claim.data['workflow']} is not the one the log names"
            report.add("engine", what, chain.inspection, claim.number)
        else:
            _check(report, chain, claim.number, "engine", folder / row["path"], claim.data["sha256"])
    for run in rows.keys() - claims.keys():
        report.add("engine", f"the engine's history of run {run} was put in: no event names it", chain.inspection)
