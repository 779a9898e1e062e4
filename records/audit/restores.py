"""Restores as they are written down: who put which backup back and why, what went back by it, and what no longer holds.

A signed list of heads, or a history of the engine, may bear witness to an event that a restore took back. The restore
says so, statement by statement, and is signed like the lists: whoever sets the database back in another way is found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlmodel import Session

from records.audit.signing import Signer, is_signed
from records.log.hash_chain import GENESIS, canonical
from records.tables.inspections import EVENTS
from records.tables.restores import RESTORES

KIND = "records_restored"
"""The event in the log of each inspection that a restore set back."""
LOST = "event_lost"
"""The event in the place of one that nobody knows any more."""

RestoreStatement = tuple[str, int, str]
"""Inspection, number of an event, its hash: what a list or a history bears witness to."""


@dataclass(frozen=True, slots=True)
class Restore:
    """One restore that was written down."""

    number: int
    sha256: str
    said: Mapping[str, Any]


def write_down(session: Session, said: Mapping[str, Any], backup: str, moment: datetime, key: Signer) -> Restore:
    """Signs and keeps what is said of a restore; answers it with its number."""
    connection = session.connection()
    last = connection.execute(select(RESTORES).order_by(RESTORES.c.number.desc()).limit(1)).mappings().first()
    number, previous = (last["number"] + 1, last["sha256"]) if last else (1, GENESIS)
    body = canonical(
        {**said, "number": number, "previous": previous, "restored_at": moment, "backup": backup},
    )
    digest = sha256(body.encode()).hexdigest()
    row = {"number": number, "restored_at": moment, "backup": backup, "body": body, "sha256": digest}
    connection.execute(insert(RESTORES), {**row, "signature": key.sign(body), "public_key": key.public})
    return Restore(number, digest, json.loads(body))


def carry_over(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keeps what earlier restores said, which the backup does not know."""
    connection = session.connection()
    known = set(connection.execute(select(RESTORES.c.number)).scalars())
    missing = [dict(row) for row in rows if row["number"] not in known]
    if missing:
        connection.execute(insert(RESTORES), missing)


def is_newest(connection: Connection, backup: str) -> bool:
    """Whether this backup was the last one put back, and nothing was recorded since."""
    newest = connection.execute(select(RESTORES).order_by(RESTORES.c.number.desc()).limit(1)).mappings().first()
    if newest is None or newest["backup"] != backup:
        return False
    last = connection.execute(select(func.max(EVENTS.c.recorded_at))).scalar()
    return last is None or bool(last <= newest["restored_at"])


def rows(connection: Connection) -> list[dict[str, Any]]:
    """Every restore as it is kept, oldest first."""
    return [dict(row) for row in connection.execute(select(RESTORES).order_by(RESTORES.c.number)).mappings()]


def read(kept: Iterable[Mapping[str, Any]], public_key: str) -> tuple[list[Restore], list[str]]:
    """Every restore of these rows that was signed with this key; and what is wrong with the others."""
    found: list[Restore] = []
    faults: list[str] = []
    previous = GENESIS
    for place, row in enumerate(kept, start=1):
        name = f"restore {row['number']}"
        right = row["number"] == place and sha256(row["body"].encode()).hexdigest() == row["sha256"]
        signed = is_signed(row["body"], row["signature"], row["public_key"])
        follows = signed and json.loads(row["body"])["previous"] == previous
        previous = row["sha256"]
        if not (right and signed and follows):
            faults.append(f"{name} was altered, or restores were removed")
        elif row["public_key"] != public_key:
            faults.append(f"{name} was signed with another key ({row['public_key'][:16]}…) than this system's")
        else:
            found.append(Restore(row["number"], row["sha256"], json.loads(row["body"])))
    return found, faults


def restored_inspections(found: Iterable[Restore]) -> set[str]:
    """Every inspection that any of them set back: a later one names itself in its log again, since it may go back further."""
    return {inspection for restore in found for inspection in restore.said["touched"]}


def superseded(found: Iterable[Restore]) -> frozenset[RestoreStatement]:
    """Every statement that held until a restore, and does not since."""
    return frozenset((one[0], one[1], one[2]) for restore in found for one in restore.said["superseded"])
