"""Checks of records and mailbox after a killed system was started again and has nothing left to do."""

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
    "letter_accepted": 7,  # announcement and invitation, and one to each of the team and to quality assurance
    "notified": 1,
    "set_up_meeting_arranged": 1,
}
"""Kind of event -> how often it is in the log of an announced inspection."""

Row = dict[str, Any]


def kinds(here: ProcessHarness) -> dict[str, int]:
    """Returns how often each kind of event is in the log."""
    with _records(here) as session:
        return _kinds(read.history(session, ID))


def letters(here: ProcessHarness) -> list[Row]:
    """Returns the rows of the outbox."""
    with _records(here) as session:
        return _rows(session)


def midnight_letters(here: ProcessHarness, inspection: str = ID) -> list[Row]:
    """Returns the letter «changed dates» if midnight came between an announcement and its acceptance; otherwise nothing."""
    with _records(here) as session:
        log, rows = read.history(session, inspection), _rows(session)
    return midnight_letter(log, [row for row in rows if row["inspection_id"] == inspection], here.began, _today())


def midnight_letter(log: Sequence[StoredEvent], rows: Sequence[Row], began: date, today: date) -> list[Row]:
    """Returns the letter «changed dates» of an announcement written on one London day and accepted on a later one.

    It is caused by the event `notified`. Fails if it is missing, or if it exists although the London day did not change
    between `began`, the day the system was started, and `today`."""
    days = {entry.event.kind: entry.event.on for entry in log}
    notified = {entry.number for entry in log if entry.event.kind == "notified"}
    written, accepted = days.get("notification_issued"), days.get("notified")
    crossed = bool(written and accepted and began <= written < accepted <= today)
    changed = [row for row in rows if row["kind"] == "changed_dates" and row["event_number"] in notified]
    assert len(changed) == crossed, f"{len(changed)} letters on changed dates; written {written}, accepted {accepted}"
    return changed


def settled(here: ProcessHarness, expected: dict[str, int]) -> None:
    """Waits until the log holds each kind as often as expected; then fails if anything is left to deliver.

    One more accepted letter is allowed if London's midnight came between an announcement and its acceptance."""

    def is_complete() -> bool:
        counts, due = kinds(here), Counter(expected)
        due["letter_accepted"] += len(midnight_letters(here))
        more = {kind: number for kind, number in counts.items() if number > due[kind]}
        assert not more, f"happened too often: {more}"
        return counts == +due

    try:
        until(is_complete, f"{expected}")
    except AssertionError as fault:
        raise AssertionError(f"{fault}\nit is: {kinds(here)}\n{here.log_tail()}") from None
    with _records(here) as session:
        left = waiting(session, ID)
    assert (left.documents, left.letters, left.publish) == ((), (), None)


def each_letter_once(data: Path, here: ProcessHarness, twice_allowed: bool = False) -> None:
    """Checks that the mailbox holds exactly the accepted letters, each once; or at most twice under one Message-ID.

    Signed lists of heads are no letters of the outbox: one is sent at the start if an inspection was ordered just then."""
    received = dev_mailbox.letters(dev_mailbox.folder(data))
    copies = {mail.message_id: mail.copies for mail in received if not mail.message_id.startswith("<heads-")}
    rows = letters(here)
    assert {row["message_id"] for row in rows if row["status"] == "accepted"} == set(copies)
    assert len({row["id"] for row in rows}) == len(rows)
    assert max(copies.values(), default=1) <= (2 if twice_allowed else 1)
    for row in rows:
        assert copies.get(row["message_id"], 1) <= row["attempts"]


@contextmanager
def _records(here: ProcessHarness) -> Iterator[Session]:
    records = connect(f"sqlite:///{here.data / 'records.sqlite'}")
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
