"""Queues a failed, stopped or returned letter again: the same text and Message-ID, and the present addresses of its people."""

from typing import Any

from sqlalchemy import Connection, select, update

from framework.common.errors import Refused, Remedy
from framework.correspondence.letters import letter as rule_of
from records.log.commitments import letter_commitment
from records.tables.directory import PEOPLE
from records.tables.outbox import DOCUMENTS, LETTERS

GIVEN_UP = ("failed", "stopped")


def requeue(connection: Connection, inspection: str, letter_id: str) -> str:
    """Queues the letter again; returns the new commitment to it (`records.log.commitments`).

    Raises `Refused` for one in another state, or one from which a limit counts."""
    query = select(LETTERS).where(LETTERS.c.id == letter_id, LETTERS.c.inspection_id == inspection)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refused(f"{inspection} has no letter {letter_id}", remedy=Remedy.LIST_TASKS, subject=inspection)
    if row["status"] not in GIVEN_UP and row["to_json"][0]["email"] not in row["returned_json"]:
        what = f"the letter {letter_id} is {row['status']}: only one that was given up or came back is sent again"
        raise Refused(what)
    if rule_of(row["kind"]).starts_clock or row["kind"] == "draft_report":
        raise Refused(f"the letter {letter_id} starts a clock: take the step anew that sends it", row["paragraph"])
    failed = update(DOCUMENTS).where(DOCUMENTS.c.id.in_(row["attachments_json"]), DOCUMENTS.c.status == "failed")
    connection.execute(failed.values(status="wanted", error=""))  # what stopped with it is made anew
    people = [*row["to_json"], *row["cc_json"]]
    now = _addresses(connection, [person["person"] for person in people])
    to, cc = ([_readdressed(person, now) for person in row[part]] for part in ("to_json", "cc_json"))
    data = {
        **row["data_json"],
        **{part: _data_of(row["data_json"][part], who) for part, who in (("to", to), ("cc", cc))},
    }
    fresh: dict[str, Any] = {"status": "queued", "error": "", "to_json": to, "cc_json": cc, "data_json": data}
    fresh |= {"accepted_at": None, "late": False, "sha256": "", "refused_json": {}, "returned_json": {}}
    connection.execute(update(LETTERS).where(LETTERS.c.id == letter_id).values(**fresh))
    return letter_commitment({**row, **fresh})


def _addresses(connection: Connection, people: list[str]) -> dict[str, str]:
    query = select(PEOPLE.c.id, PEOPLE.c.email).where(PEOPLE.c.id.in_(people))
    return {row.id: row.email for row in connection.execute(query) if row.email}


def _readdressed(person: dict[str, str], addresses: dict[str, str]) -> dict[str, str]:
    return {**person, "email": addresses.get(person["person"], person["email"])}


def _data_of(shown: list[dict[str, Any]], people: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{**old, "email": new["email"]} for old, new in zip(shown, people, strict=True)]
