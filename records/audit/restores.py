"""Signed statements about restores: who restored which backup and why, which inspections it set back, what it superseded.

A checkpoint or a kept history may attest an event that a restore removed. The statement of the restore lists each such
attestation and is signed like a checkpoint: a database that was set back in another way has none, and `verify` finds it."""

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
"""The kind of the event in the log of each inspection that a restore set back."""
LOST = "event_lost"
"""The kind of the event that replaces one whose content is lost."""

RestoreStatement = tuple[str, int, str]
"""Inspection, number of an event, its hash: what a checkpoint or a history attests."""


@dataclass(frozen=True, slots=True)
class Restore:
    """The statement about one restore."""

    number: int
    sha256: str
    content: Mapping[str, Any]


def save(session: Session, content: Mapping[str, Any], backup: str, moment: datetime, key: Signer) -> Restore:
    """Signs and stores the statement about a restore; returns it with its number."""
    connection = session.connection()
    last = connection.execute(select(RESTORES).order_by(RESTORES.c.number.desc()).limit(1)).mappings().first()
    number, previous = (last["number"] + 1, last["sha256"]) if last else (1, GENESIS)
    body = canonical(
        {**content, "number": number, "previous": previous, "restored_at": moment, "backup": backup},
    )
    digest = sha256(body.encode()).hexdigest()
    row = {"number": number, "restored_at": moment, "backup": backup, "body": body, "sha256": digest}
    connection.execute(insert(RESTORES), {**row, "signature": key.sign(body), "public_key": key.public})
    return Restore(number, digest, json.loads(body))


def carry_over(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Inserts the statements among `rows` that are missing here: those about restores after the backup was made."""
    connection = session.connection()
    stored = set(connection.execute(select(RESTORES.c.number)).scalars())
    missing = [dict(row) for row in rows if row["number"] not in stored]
    if missing:
        connection.execute(insert(RESTORES), missing)


def is_newest(connection: Connection, backup: str) -> bool:
    """Returns whether this backup was the last one restored, and no event was recorded since."""
    newest = connection.execute(select(RESTORES).order_by(RESTORES.c.number.desc()).limit(1)).mappings().first()
    if newest is None or newest["backup"] != backup:
        return False
    last = connection.execute(select(func.max(EVENTS.c.recorded_at))).scalar()
    return last is None or bool(last <= newest["restored_at"])


def rows(connection: Connection) -> list[dict[str, Any]]:
    """Returns the row of every restore, oldest first."""
    return [dict(row) for row in connection.execute(select(RESTORES).order_by(RESTORES.c.number)).mappings()]


def read(rows: Iterable[Mapping[str, Any]], public_key: str) -> tuple[list[Restore], list[str]]:
    """Returns the statements of `rows` that were signed with this key, and a sentence for each row that is not in order."""
    restores: list[Restore] = []
    faults: list[str] = []
    previous = GENESIS
    for number, row in enumerate(rows, start=1):
        name = f"restore {row['number']}"
        unchanged = row["number"] == number and sha256(row["body"].encode()).hexdigest() == row["sha256"]
        signed = is_signed(row["body"], row["signature"], row["public_key"])
        follows = signed and json.loads(row["body"])["previous"] == previous
        previous = row["sha256"]
        if not (unchanged and signed and follows):
            faults.append(f"{name} was altered, or restores were removed")
        elif row["public_key"] != public_key:
            faults.append(f"{name} was signed with another key ({row['public_key'][:16]}…) than this system's")
        else:
            restores.append(Restore(row["number"], row["sha256"], json.loads(row["body"])))
    return restores, faults


def restored_inspections(restores: Iterable[Restore]) -> set[str]:
    """Returns the inspections that any of the restores set back."""
    # A later restore names them all again in their logs: its backup may be older than an earlier restore.
    return {inspection for restore in restores for inspection in restore.content["touched"]}


def superseded(restores: Iterable[Restore]) -> frozenset[RestoreStatement]:
    """Returns every attestation that was valid until one of the restores removed what it attests."""
    statements = (statement for restore in restores for statement in restore.content["superseded"])
    return frozenset((inspection, number, digest) for inspection, number, digest in statements)
