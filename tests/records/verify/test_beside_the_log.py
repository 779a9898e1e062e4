"""What checkpoints attest beside inspections: versions of the calendar, and the access log."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from activities.recording.checkpoints import make_checkpoint
from records.audit import checkpoints
from records.audit.access_log import Access, log_read
from records.calendars import versions
from records.calendars.versions import calendar_in_force
from records.database.connection import reading, writing
from tests.records.builders import ID, MOMENT
from tests.records.verify.test_verification import build, verify

LATER = MOMENT + timedelta(hours=1)
GUARDED = ("access_log_never_change", "access_log_never_go")


def read(engine: Engine, times: int = 1) -> None:
    for _ in range(times):
        with writing(engine) as session:
            log_read(
                session, Access(MOMENT, "a.vale", "root", "command line", "show", ID, {"words": "Straße", "all": True})
            )


def proclaim(engine: Engine) -> None:
    with writing(engine) as session:
        days = {**calendar_in_force(session).holidays, date(2011, 4, 29): "A wedding"}
        versions.add_version(session, days, MOMENT, "c.marsh", "proclaimed")


def alter(engine: Engine, statement: str) -> None:
    """Executes a statement without the triggers."""
    with engine.begin() as connection:
        for guard in GUARDED:
            sqlite = engine.dialect.name == "sqlite"
            connection.execute(
                text(f"DROP TRIGGER {guard}" if sqlite else f"ALTER TABLE access_log DISABLE TRIGGER {guard}")
            )
        connection.execute(text(statement))


def attest(engine: Engine, data: Path) -> None:
    """Writes three entries and a new calendar, a checkpoint of them, and one more entry."""
    read(engine, 3)
    proclaim(engine)
    build(engine, data)
    read(engine)


ALTERED = {
    "UPDATE access_log SET person = 'nobody' WHERE id = 2": ("access", "reading 2 of the access log was altered"),
    "DELETE FROM access_log WHERE id = 2": ("access", "reading 3 of the access log does not follow"),
    "DELETE FROM access_log WHERE id > 2": ("access", "reading 3 of the access log, for which the signed list 1"),
    "DELETE FROM access_log": ("access", "for which the signed list 1"),
    "UPDATE access_log SET id = 9 WHERE id = 4": ("access", "reading 9 of the access log was altered"),
    "UPDATE holidays SET title = 'No wedding' WHERE day = '2011-04-29'": ("calendar", "the calendar england-"),
    "UPDATE holidays SET day = '2011-04-28' WHERE day = '2011-04-29'": ("calendar", "for which the signed list 1"),
    "DELETE FROM holidays WHERE day = '2011-04-29'": ("calendar", "for which the signed list 1"),
    "UPDATE calendars SET made_by = 'somebody' WHERE made_by = 'c.marsh'": ("calendar", "for which the signed list 1"),
    "INSERT INTO calendars SELECT 'england-1', made_at, made_by, reason, first, last FROM calendars "
    "WHERE made_by = 'c.marsh'": ("calendar", "the calendar england-1 was put in"),
}


@pytest.mark.parametrize("statement", ALTERED)
def test_checkpoints_attest_calendars_and_the_access_log(records: Engine, tmp_path: Path, statement: str) -> None:
    attest(records, tmp_path)
    assert verify(records, tmp_path).findings == []
    alter(records, statement)
    check, what = ALTERED[statement]
    findings = verify(records, tmp_path).findings
    assert check in {finding.check for finding in findings}
    assert any(what in finding.what for finding in findings), findings


def test_a_version_that_was_removed_is_missed(records: Engine, tmp_path: Path) -> None:
    attest(records, tmp_path)
    with records.begin() as connection:
        for table in ("holidays", "calendars"):
            new = "SELECT version FROM calendars WHERE made_by = 'c.marsh'"
            connection.execute(text(f"DELETE FROM {table} WHERE version IN ({new})"))
    assert {finding.check for finding in verify(records, tmp_path).findings} >= {"calendar"}


def test_entries_of_the_access_log_alone_wait_a_day_for_a_checkpoint_and_a_calendar_does_not(
    records: Engine, tmp_path: Path
) -> None:
    build(records, tmp_path)
    read(records)
    assert make_checkpoint(records, tmp_path, LATER) is None
    assert make_checkpoint(records, tmp_path, MOMENT + timedelta(days=1)) is not None
    proclaim(records)
    assert make_checkpoint(records, tmp_path, MOMENT + timedelta(days=1, hours=1)) is not None
    with reading(records) as session:
        assert checkpoints.numbers(session) == [1, 2, 3]
