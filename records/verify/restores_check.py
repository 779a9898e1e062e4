"""Checks the statements about restores: each signed, and each in the log of every inspection that it set back.

Checkpoints and histories are not held against the log for what a valid statement supersedes."""

import json
from pathlib import Path

from sqlalchemy import Connection, select

from records.audit.restores import KIND, Restore, RestoreStatement, read, rows, superseded
from records.audit.signing import public_key
from records.tables.inspections import EVENTS
from records.verify.findings import Report


def check_restores(
    connection: Connection, data: Path, report: Report
) -> tuple[list[Restore], frozenset[RestoreStatement]]:
    """Returns the valid statements, oldest first, and every attestation that they supersede."""
    restores, faults = read(rows(connection), public_key(data))
    for fault in faults:
        report.add("restore", fault)
    if restores:
        report.checked["restores"] += len(restores)
    newest = _newest_in_log(connection, {restore.sha256: restore.number for restore in restores})
    valid = []
    for restore in restores:
        missing = sorted(name for name in restore.content["touched"] if newest.get(name, 0) < restore.number)
        for inspection in missing:
            report.add("restore", f"restore {restore.number} set it back, and its log does not say so", inspection)
        valid += [] if missing else [restore]
    return valid, superseded(valid)


def _newest_in_log(connection: Connection, numbers: dict[str, int]) -> dict[str, int]:
    """Returns inspection -> the newest restore that its log names.

    The newest is enough: each statement holds the hash of the one before it."""
    query = select(EVENTS.c.inspection_id, EVENTS.c.data).where(EVENTS.c.kind == KIND)
    newest: dict[str, int] = {}
    for inspection, data in connection.execute(query):
        number = numbers.get(json.loads(data).get("sha256", ""), 0)
        newest[inspection] = max(number, newest.get(inspection, 0))
    return newest
