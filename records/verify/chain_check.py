"""Checks the chain of one inspection's events, or of all: numbers without a gap, the hash of each event, its link to the
event before, and the head in the inspection's row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, text

from records.log.hash_chain import GENESIS
from records.tables.inspections import EVENTS, INSPECTIONS
from records.verify.findings import Report
from records.verify.row_form import COLUMNS, Row, fast_form, moment_text

PAGE = 2000
_ALL = text(
    f"SELECT {COLUMNS} FROM events WHERE (inspection_id, number) > (:inspection, :number) "  # noqa: S608 - our columns
    "ORDER BY inspection_id, number LIMIT :size"
)
_ONE = text(
    f"SELECT {COLUMNS} FROM events WHERE inspection_id = :inspection AND number > :number "  # noqa: S608
    "ORDER BY number LIMIT :size"
)
_HEAD = select(INSPECTIONS.c.head_number, INSPECTIONS.c.head_hash).where(INSPECTIONS.c.id == bindparam("inspection"))
_COMMITMENTS = '"commitments":'
CLAIMING = frozenset(
    {
        *("document_rendered", "letter_accepted", "letter_failed", "letter_stopped", "report_placed"),
        *("heading_graded", "section_written", "comment_answered", "change_explained", "engine_history_kept"),
        *("inspection_ordered", "personal_data_erased"),
    }
)
"""Kinds of event whose data other checks compare with a row or a file."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an event states about another row, or about a file."""

    kind: str
    number: int
    at: str
    """The moment it was received, as the chain writes moments."""
    actor: str
    reason: str | None
    data: dict[str, Any]


@dataclass(slots=True)
class Chain:
    """The chain of one inspection as it was read, with its commitments and claims."""

    inspection: str
    head: int = 0
    hash: str = GENESIS
    commitments: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Identifier of a text, letter, document or comment -> the newest commitment to it, and the event that holds it."""
    claims: list[Claim] = field(default_factory=list)
    broken: bool = False
    """Whether the chain itself was altered."""

    @property
    def erased(self) -> bool:
        """Returns whether the log records an erasure of the inspection's personal data."""
        return any(claim.kind == "personal_data_erased" for claim in self.claims)


def chains(connection: Connection, report: Report, inspection: str = "", claims: bool = True) -> Iterator[Chain]:
    """Checks one chain, or all in the order of identifiers; returns each once it is checked. Adds findings to `report`.

    Without `claims`, commitments and claims are not collected, which is faster."""
    for identifier, rows in groupby(_rows(connection, inspection), key=itemgetter(0)):
        chain = _checked(Chain(identifier), rows, report, claims)
        _check_head(connection, chain, report)
        yield chain
    yield from _without_events(connection, report, inspection)


def _rows(connection: Connection, inspection: str) -> Iterator[Row]:
    query, last = (_ONE, (inspection, 0)) if inspection else (_ALL, ("", -1))
    page: Any = None
    while page is None or len(page) == PAGE:
        page = connection.execute(query, {"inspection": last[0], "number": last[1], "size": PAGE}).all()
        yield from page
        last = (page[-1][0], page[-1][1]) if page else last


def _checked(chain: Chain, rows: Iterator[Row], report: Report, claims: bool) -> Chain:
    count = 0
    for row in rows:
        count += 1
        # Only the first break is reported: the events behind it do not follow either.
        if not chain.broken and (fault := _fault(chain, row)):
            chain.broken = True
            report.add("chain", fault, chain.inspection, _number(row))
        chain.head, chain.hash = _number(row) or count, str(row[17])
        if claims:
            _collect(chain, row)
    report.checked["inspections"] += 1
    report.checked["events"] += count
    return chain


def _fault(chain: Chain, row: Row) -> str:
    """Returns what is wrong with the next row of a chain, or an empty text."""
    if row[1] != chain.head + 1:
        return f"it comes after event {chain.head}: events were removed, put in or given other numbers"
    if row[11] != chain.hash:
        return "it does not follow the event before it: events were altered, swapped, put in or removed"
    try:
        digest = sha256(fast_form(row).encode()).hexdigest()
    except (TypeError, ValueError) as fault:
        return f"it was altered: a column holds what no event has ({fault})"
    return (
        "" if digest == row[17] else "it was altered after it was recorded: its hash is not that of what stands there"
    )


def _collect(chain: Chain, row: Row) -> None:
    if row[8] not in CLAIMING and _COMMITMENTS not in str(row[5]):
        return
    try:
        data = json.loads(row[5])
        chain.commitments |= {name: (digest, row[1]) for name, digest in data.get("commitments", {}).items()}
    except (ValueError, TypeError, AttributeError):
        return  # such data was altered, which the check of its hash has reported
    if row[8] in CLAIMING:
        chain.claims.append(Claim(row[8], row[1], moment_text(row[14]), row[2], row[13], data))


def _check_head(connection: Connection, chain: Chain, report: Report) -> None:
    head = connection.execute(_HEAD, {"inspection": chain.inspection}).first()
    if head is None:
        report.add("chain", "it has events, but its own row is gone", chain.inspection)
    elif head.head_number != chain.head:
        what = f"its row says the newest event is {head.head_number}, the log ends at {chain.head}"
        report.add("chain", f"{what}: the newest were removed, or others added", chain.inspection, chain.head)
    elif head.head_hash != chain.hash:
        report.add("chain", "the newest event is not the one its row names by hash", chain.inspection, chain.head)


def _without_events(connection: Connection, report: Report, inspection: str) -> Iterator[Chain]:
    """Checks inspections without events: their rows must have no head either."""
    selected = INSPECTIONS.c.id == inspection if inspection else INSPECTIONS.c.id.is_not(None)
    no_event = ~exists().where(EVENTS.c.inspection_id == INSPECTIONS.c.id)
    query = select(INSPECTIONS.c.id, INSPECTIONS.c.head_number).where(selected, no_event).order_by(INSPECTIONS.c.id)
    for row in connection.execute(query).all():
        report.checked["inspections"] += 1
        if row.head_number:
            report.add("chain", f"its row says there are {row.head_number} events, and there are none", row.id)
        yield Chain(row.id)


def _number(row: Row) -> int | None:
    return row[1] if isinstance(row[1], int) else None
