"""Checks the chain of the access log: no entry altered, inserted or removed."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from records.audit.access_log import IN_ORDER, entry_digest
from records.database.columns import to_text
from records.log.hash_chain import GENESIS
from records.tables.projections import ACCESS
from records.verify.findings import Report

PAGE = 2000


def check_access(connection: Connection, report: Report) -> None:
    """Follows the chain to its end, and reports the first break only.

    That the newest entries were removed is found by the checkpoints, not here."""
    number, previous = 0, GENESIS
    for row in _rows(connection):
        report.checked["readings"] += 1
        if fault := _fault(row, number, previous):
            report.add("access", f"reading {row['id']} of the access log {fault}")
            return
        number, previous = row["id"], row["hash"]


def _fault(row: Any, number: int, previous: str) -> str:
    if row["id"] <= number or row["previous_hash"] != previous:
        return "does not follow the one before it: readings were altered, put in or removed"
    try:
        digest = entry_digest({**row, "at": to_text(row["at"])})
    except (TypeError, ValueError, AttributeError) as fault:
        return f"was altered: it holds what no reading has ({fault})"
    return "" if digest == row["hash"] else "was altered after it was written down"


def _rows(connection: Connection) -> Iterator[Any]:
    last, page = 0, None
    while page is None or len(page) == PAGE:
        query = select(*IN_ORDER).where(ACCESS.c.id > last).order_by(ACCESS.c.id).limit(PAGE)
        page = connection.execute(query).mappings().all()
        yield from page
        last = page[-1]["id"] if page else last
