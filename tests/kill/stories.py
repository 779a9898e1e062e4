"""What a house's records and mailbox must hold once everything has gone on to where it should be."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from interfaces import mailbox
from records import history
from records.database import connect, reading
from records.outbox import waiting
from records.tables_out import LETTERS
from tests.kill.house import ROOT, House, until

ORDER = str(ROOT / "examples" / "order.yaml")
ID = "SLAC-2010-001"
ANNOUNCED = {
    "inspection_ordered": 1,
    "notification_issued": 1,
    "document_rendered": 2,
    "letter_accepted": 2,
    "notified": 1,
    "set_up_meeting_arranged": 1,
}
"""Every kind of event an announced inspection has, and how often."""


def kinds(house: House) -> dict[str, int]:
    """How often each kind of event happened."""
    found: dict[str, int] = {}
    records = connect(f"sqlite:///{house.data / 'records.sqlite'}")
    try:
        with reading(records) as session:
            for entry in history.history(session, ID):
                found[entry.event.kind] = found.get(entry.event.kind, 0) + 1
    finally:
        records.dispose()
    return found


def letters(house: House) -> list[dict[str, Any]]:
    """The rows of the outbox."""
    records = connect(f"sqlite:///{house.data / 'records.sqlite'}")
    try:
        with reading(records) as session:
            return [dict(row) for row in session.connection().execute(select(LETTERS)).mappings()]
    finally:
        records.dispose()


def settled(house: House, wanted: dict[str, int]) -> None:
    """Waits until the log holds exactly these kinds so often and nothing is left to deliver, then checks the letters."""

    def so() -> bool:
        found = kinds(house)
        more = {kind: number for kind, number in found.items() if number > wanted.get(kind, 0)}
        assert not more, f"happened too often: {more}"
        return found == wanted

    try:
        until(so, f"{wanted}")
    except AssertionError as fault:
        raise AssertionError(f"{fault}\nit is: {kinds(house)}\n{house.said()}") from None
    records = connect(f"sqlite:///{house.data / 'records.sqlite'}")
    with reading(records) as session:
        left = waiting(session, ID)
    records.dispose()
    assert (left.documents, left.letters, left.publish) == ((), (), None)


def each_letter_once(data: Path, house: House, twice_allowed: bool = False) -> None:
    """Every letter the records say was accepted lies in the mailbox, once; in the one window, twice under one Message-ID."""
    kept = {letter.message_id: letter.copies for letter in mailbox.letters(mailbox.folder(data))}
    rows = letters(house)
    assert {row["message_id"] for row in rows if row["status"] == "accepted"} == set(kept)
    assert len({row["id"] for row in rows}) == len(rows)
    assert max(kept.values(), default=1) <= (2 if twice_allowed else 1)
    for row in rows:
        assert kept.get(row["message_id"], 1) <= row["attempts"]
