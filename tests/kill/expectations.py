"""What a house's records and mailbox must hold once everything has gone on to where it should be."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from application.runtime import clock, dev_mailbox
from framework.calendar.london_time import london_day
from framework.messages.events import StoredEvent
from records.database.connection import connect, reading
from records.log import read
from records.outbox.states import waiting
from records.tables.outbox import LETTERS
from tests.kill.process_harness import ProcessHarness, until
from tests.paths import ROOT

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


Row = dict[str, Any]


def kinds(house: ProcessHarness) -> dict[str, int]:
    """How often each kind of event happened."""
    with _records(house) as session:
        return _kinds(read.history(session, ID))


def letters(house: ProcessHarness) -> list[Row]:
    """The rows of the outbox."""
    with _records(house) as session:
        return _rows(session)


def told_of_midnight(house: ProcessHarness, inspection: str = ID) -> list[Row]:
    """The letter on days that moved because midnight came between an announcement and its acceptance, where it did."""
    with _records(house) as session:
        log, rows = read.history(session, inspection), _rows(session)
    return midnight_letter(log, [row for row in rows if row["inspection_id"] == inspection], house.began, _today())


def midnight_letter(log: Sequence[StoredEvent], rows: Sequence[Row], began: date, today: date) -> list[Row]:
    """The one letter «changed dates» of an announcement written on one London day and accepted on a later one.

    It belongs to the notification itself. Fails where it is missing, and where it is there although the clock that the test
    looked at (when the house `began`, and `today`) saw no such change of day."""
    days = {entry.event.kind: entry.event.on for entry in log}
    notified = {entry.number for entry in log if entry.event.kind == "notified"}
    written, accepted = days.get("notification_issued"), days.get("notified")
    crossed = bool(written and accepted and began <= written < accepted <= today)
    found = [row for row in rows if row["kind"] == "changed_dates" and row["event_number"] in notified]
    assert len(found) == crossed, f"{len(found)} letters on changed dates; written {written}, accepted {accepted}"
    return found


def settled(house: ProcessHarness, wanted: dict[str, int]) -> None:
    """Waits until the log holds exactly these kinds so often and nothing is left to deliver, then checks the letters.

    One letter more is accepted where London's midnight came between an announcement and its acceptance."""

    def so() -> bool:
        found, due = kinds(house), Counter(wanted)
        due["letter_accepted"] += len(told_of_midnight(house))
        more = {kind: number for kind, number in found.items() if number > due[kind]}
        assert not more, f"happened too often: {more}"
        return found == +due

    try:
        until(so, f"{wanted}")
    except AssertionError as fault:
        raise AssertionError(f"{fault}\nit is: {kinds(house)}\n{house.said()}") from None
    with _records(house) as session:
        left = waiting(session, ID)
    assert (left.documents, left.letters, left.publish) == ((), (), None)


def each_letter_once(data: Path, house: ProcessHarness, twice_allowed: bool = False) -> None:
    """Every letter the records say was accepted lies in the mailbox, once; in the one window, twice under one Message-ID."""
    kept = {letter.message_id: letter.copies for letter in dev_mailbox.letters(dev_mailbox.folder(data))}
    rows = letters(house)
    assert {row["message_id"] for row in rows if row["status"] == "accepted"} == set(kept)
    assert len({row["id"] for row in rows}) == len(rows)
    assert max(kept.values(), default=1) <= (2 if twice_allowed else 1)
    for row in rows:
        assert kept.get(row["message_id"], 1) <= row["attempts"]


@contextmanager
def _records(house: ProcessHarness) -> Iterator[Session]:
    records = connect(f"sqlite:///{house.data / 'records.sqlite'}")
    try:
        with reading(records) as session:
            yield session
    finally:
        records.dispose()


def _kinds(log: Sequence[StoredEvent]) -> dict[str, int]:
    return dict(Counter(entry.event.kind for entry in log))


def _rows(session: Session) -> list[Row]:
    return [dict(row) for row in session.connection().execute(select(LETTERS)).mappings()]


def _today() -> date:
    return london_day(clock.now())
