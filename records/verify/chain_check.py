"""The chain of one inspection's events, or of all: numbers without a gap, each event's hash from what stands there, each
event after the one whose hash it names, and the newest as the inspection's row has it.

Rows are read in pages and forgotten, so that memory does not grow with the log. The form that is hashed is written
straight from the row (`fast_form`); it is the one of `records.log.hash_chain`, which a test compares over arbitrary events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, text

from records.database.columns import to_text
from records.log.hash_chain import GENESIS
from records.tables.inspections import EVENTS, INSPECTIONS
from records.verify.findings import Report

PAGE = 2000
COLUMNS = (
    "inspection_id, number, actor, cause, command_id, data, entry_point, happened_on, kind, ordinal, paragraph, previous_hash, "
    "ran_as, reason_text, received_at, recorded_at, role, hash"
)
_ALL = text(
    f"SELECT {COLUMNS} FROM events WHERE (inspection_id, number) > (:inspection, :number) "  # noqa: S608 - our columns
    "ORDER BY inspection_id, number LIMIT :size"
)
_ONE = text(
    f"SELECT {COLUMNS} FROM events WHERE inspection_id = :inspection AND number > :number "  # noqa: S608
    "ORDER BY number LIMIT :size"
)
_HEAD = select(INSPECTIONS.c.head_number, INSPECTIONS.c.head_hash).where(INSPECTIONS.c.id == bindparam("inspection"))
_PROMISES = '"commitments":'
CLAIMING = frozenset(
    {
        *("document_rendered", "letter_accepted", "letter_failed", "letter_stopped", "report_placed"),
        *(
            "heading_graded",
            "section_written",
            "comment_answered",
            "change_explained",
            "engine_history_kept",
            "inspection_ordered",
            "personal_data_erased",
        ),
    }
)
"""Kinds of event that say what stands in another row, or in a file."""

Row = Any
"""One row with the columns above, as the driver gives it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an event says of something that is kept elsewhere."""

    kind: str
    number: int
    at: str
    """When it was received, as the chain writes moments."""
    actor: str
    reason: str | None
    data: dict[str, Any]


@dataclass(slots=True)
class Chain:
    """One inspection's chain as it was found, and what its events say of things kept elsewhere."""

    inspection: str
    head: int = 0
    hash: str = GENESIS
    promised: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Identifier of a text, letter or document -> the newest commitment to it, and the event that holds it."""
    claims: list[Claim] = field(default_factory=list)
    broken: bool = False
    """Whether the chain itself was found altered."""

    @property
    def erased(self) -> bool:
        """Whether the log says that the inspection's personal data was erased."""
        return any(claim.kind == "personal_data_erased" for claim in self.claims)


def fast_form(row: Row) -> str:
    """The form that is hashed (see `records.log.hash_chain`), straight from a row. Raises `TypeError` for a row that was bent."""
    said = encode_basestring
    return (
        f'{{"actor":{said(row[2])},"cause":{said(row[3])},"command":{said(row[4])},"data":{_text(row[5])},'
        f'"entry_point":{said(row[6])},"happened_on":{said(_day(row[7]))},"inspection":{said(row[0])},"kind":{said(row[8])},'
        f'"number":{_whole(row[1])},"ordinal":{_whole(row[9])},"paragraph":{_or_null(row[10])},'
        f'"previous":{said(row[11])},"ran_as":{said(row[12])},'
        f'"reason":{"null" if row[13] is None else said(row[13])},"received_at":{said(_moment(row[14]))},'
        f'"recorded_at":{said(_moment(row[15]))},"role":{said(row[16])}}}'
    )


def chains(connection: Connection, report: Report, inspection: str = "", claims: bool = True) -> Iterator[Chain]:
    """Checks one chain (or all, by identifier) and yields each when it is through; what is wrong goes to `report`."""
    for identifier, rows in groupby(_rows(connection, inspection), key=itemgetter(0)):
        chain = _checked(Chain(identifier), rows, report, claims)
        _check_head(connection, chain, report)
        yield chain
    yield from _empty(connection, report, inspection)


def _rows(connection: Connection, inspection: str) -> Iterator[Row]:
    query, last = (_ONE, (inspection, 0)) if inspection else (_ALL, ("", -1))
    page: Any = None
    while page is None or len(page) == PAGE:
        page = connection.execute(query, {"inspection": last[0], "number": last[1], "size": PAGE}).all()
        yield from page
        last = (page[-1][0], page[-1][1]) if page else last


def _checked(chain: Chain, rows: Iterator[Row], report: Report, claims: bool) -> Chain:
    """Follows one chain to its end. Of one that is broken only the first break is told: the rest follows from it."""
    count = 0
    for row in rows:
        count += 1
        if not chain.broken and (fault := _fault(chain, row)):
            chain.broken = True
            report.add("chain", fault, chain.inspection, _number(row))
        chain.head, chain.hash = _number(row) or count, str(row[17])
        if claims:
            _note(chain, row)
    report.checked["inspections"] += 1
    report.checked["events"] += count
    return chain


def _fault(chain: Chain, row: Row) -> str:
    """What is wrong with the next row of a chain; empty when nothing is."""
    if row[1] != chain.head + 1:
        return f"it comes after event {chain.head}: events were removed, put in or given other numbers"
    if row[11] != chain.hash:
        return "it does not follow the event before it: events were altered, swapped, put in or removed"
    try:
        right = sha256(fast_form(row).encode()).hexdigest()
    except (TypeError, ValueError) as fault:
        return f"it was altered: a column holds what no event has ({fault})"
    return "" if right == row[17] else "it was altered after it was recorded: its hash is not that of what stands there"


def _note(chain: Chain, row: Row) -> None:
    if row[8] not in CLAIMING and _PROMISES not in str(row[5]):
        return
    try:
        data = json.loads(row[5])
        chain.promised |= {name: (proof, row[1]) for name, proof in data.get("commitments", {}).items()}
    except (ValueError, TypeError, AttributeError):
        return  # such data was altered, and the chain has told it
    if row[8] in CLAIMING:
        chain.claims.append(Claim(row[8], row[1], _moment(row[14]), row[2], row[13], data))


def _check_head(connection: Connection, chain: Chain, report: Report) -> None:
    head = connection.execute(_HEAD, {"inspection": chain.inspection}).first()
    if head is None:
        report.add("chain", "it has events, but its own row is gone", chain.inspection)
    elif head.head_number != chain.head:
        what = f"its row says the newest event is {head.head_number}, the log ends at {chain.head}"
        report.add("chain", f"{what}: the newest were removed, or others added", chain.inspection, chain.head)
    elif head.head_hash != chain.hash:
        report.add("chain", "the newest event is not the one its row names by hash", chain.inspection, chain.head)


def _empty(connection: Connection, report: Report, inspection: str) -> Iterator[Chain]:
    """Inspections without any event: right only before the first."""
    mine = INSPECTIONS.c.id == inspection if inspection else INSPECTIONS.c.id.is_not(None)
    none = ~exists().where(EVENTS.c.inspection_id == INSPECTIONS.c.id)
    query = select(INSPECTIONS.c.id, INSPECTIONS.c.head_number).where(mine, none).order_by(INSPECTIONS.c.id)
    for row in connection.execute(query).all():
        report.checked["inspections"] += 1
        if row.head_number:
            report.add("chain", f"its row says there are {row.head_number} events, and there are none", row.id)
        yield Chain(row.id)


def _number(row: Row) -> int | None:
    return row[1] if isinstance(row[1], int) else None


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("data is no text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a number is no number")
    return value


def _or_null(value: Any) -> int | str:
    return "null" if value is None else _whole(value)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _moment(value: Any) -> Any:
    return to_text(value) if isinstance(value, datetime) else value
