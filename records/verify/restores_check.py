"""Restores: each as it was signed, and named in the log of every inspection that it set back.

What a restore took back, by its own signed word, no list and no history is held against the log for any more."""

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
    """Every restore that is right, oldest first, and every statement that no longer holds because of one of them."""
    found, faults = read(rows(connection), public_key(data))
    for fault in faults:
        report.add("restore", fault)
    if found:
        report.checked["restores"] += len(found)
    named = _named(connection, {one.sha256: one.number for one in found})
    right = []
    for one in found:
        missing = sorted(name for name in one.content["touched"] if named.get(name, 0) < one.number)
        for inspection in missing:
            report.add("restore", f"restore {one.number} set it back, and its log does not say so", inspection)
        right += [] if missing else [one]
    return right, superseded(right)


def _named(connection: Connection, numbers: dict[str, int]) -> dict[str, int]:
    """Inspection -> the newest restore its log names; each restore names the one before it, so that vouches for all."""
    query = select(EVENTS.c.inspection_id, EVENTS.c.data).where(EVENTS.c.kind == KIND)
    found: dict[str, int] = {}
    for inspection, data in connection.execute(query):
        number = numbers.get(json.loads(data).get("sha256", ""), 0)
        found[inspection] = max(number, found.get(inspection, 0))
    return found
