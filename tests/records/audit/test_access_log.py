"""The access log: a chain of its own that only grows, and its filters."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from records.audit.access_log import Access, AccessLogFilter, carry_over, entries, head, log_read
from records.database import connection as database
from records.database.connection import reading, writing
from records.verify.access_check import PAGE, check_access
from records.verify.findings import Report
from tests.records.builders import ID, MOMENT

COPY = "INSERT {} INTO access_log SELECT * FROM access_log {}"
ATTACKS = {
    "update": "UPDATE access_log SET person = 'nobody'",
    "delete": "DELETE FROM access_log",
    "insert over a key": COPY.format("", ""),
    "upsert": COPY.format("", "WHERE true ON CONFLICT (id) DO UPDATE SET person = 'nobody'"),
}
SQLITE_ATTACKS = {
    "insert or replace": COPY.format("OR REPLACE", ""),
    "insert or ignore": COPY.format("OR IGNORE", ""),
    "update or replace": "UPDATE OR REPLACE access_log SET id = 1",
}
POSTGRES_ATTACKS = {
    "truncate": "TRUNCATE access_log",
    "as a replica": "SET session_replication_role = replica; DELETE FROM access_log",
}


def fill(engine: Engine) -> None:
    all_parameters: tuple[dict[str, str], ...] = ({"kind": "draft_sent"}, {}, {"words": "Straße 5% of_all"})
    with writing(engine) as session:
        for number, parameters in enumerate(all_parameters):
            at, person = MOMENT + timedelta(days=number), ("a.vale", "", "m.okafor")[number]
            log_read(session, Access(at, person, "root", "command line", "history", ID, parameters))


def test_entries_are_filtered_by_person_day_and_words_newest_first(records: Engine) -> None:
    fill(records)

    def numbers(**criteria: object) -> list[int]:
        with reading(records) as session:
            everything = [entry.id for entry in entries(session)][::-1]
            return [everything.index(entry.id) for entry in entries(session, AccessLogFilter(**criteria))]  # type: ignore[arg-type]

    assert numbers() == [2, 1, 0]
    assert numbers(by="a.vale") == [0]
    assert numbers(by="root") == [2, 1, 0]
    assert numbers(first=date(2010, 11, 4)) == [2, 1]
    assert numbers(last=date(2010, 11, 4)) == [1, 0]
    assert numbers(words="DRAFT sent history") == [0]
    assert numbers(words="5%") == [2]
    assert numbers(words="001") == [2, 1, 0]
    assert numbers(words="hers") == []


def test_entries_are_read_in_pages(records: Engine) -> None:
    fill(records)
    with reading(records) as session:
        whole = entries(session)
        assert entries(session, size=2) == whole[:2]
        assert entries(session, size=2, before=whole[1].id) == whole[2:]


def test_an_entry_is_read_as_it_was_appended(records: Engine) -> None:
    fill(records)
    with reading(records) as session:
        entry = entries(session, AccessLogFilter(by="a.vale"))[0]
    assert (entry.at, entry.person, entry.inspection, entry.parameters) == (
        MOMENT,
        "a.vale",
        ID,
        {"kind": "draft_sent"},
    )


def test_entries_can_only_be_added(records: Engine) -> None:
    fill(records)
    own = SQLITE_ATTACKS if records.dialect.name == "sqlite" else POSTGRES_ATTACKS
    with reading(records) as session:
        before = entries(session)
    for name, statement in {**ATTACKS, **own}.items():
        with pytest.raises(DBAPIError), records.begin() as connection:  # noqa: PT012 - the name is that of the attack
            for part in statement.split(";"):
                connection.exec_driver_sql(part)
            pytest.fail(f"{name} came through")
        with reading(records) as session:
            assert entries(session) == before, name


def checked(engine: Engine) -> Report:
    report = Report()
    with reading(engine) as session:
        check_access(session.connection(), report)
    return report


def test_entries_appended_at_once_make_one_chain(records: Engine) -> None:
    def read(number: int) -> None:
        with writing(records) as session:
            log_read(session, Access(MOMENT, f"p{number}", "root", "command line", "show", ID, {"n": number}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(40)))
    report = checked(records)
    assert (report.findings, report.checked["readings"]) == ([], 40)
    with reading(records) as session:
        assert [entry.id for entry in entries(session)] == list(range(40, 0, -1))


def test_a_chain_longer_than_a_page_is_followed_to_its_end(records: Engine) -> None:
    with writing(records) as session:
        for _ in range(PAGE + 3):
            log_read(session, Access(MOMENT, "", "root", "command line", "show", ID, {}))
    report = checked(records)
    assert (report.findings, report.checked["readings"]) == ([], PAGE + 3)


def test_a_restore_continues_the_access_log_of_the_present_records(records: Engine, empty: Engine) -> None:
    fill(records)
    database.upgrade(empty)
    with writing(empty) as session, reading(records) as present:
        assert carry_over(session, present) == 3
        assert carry_over(session, present) == 0
    fill(records)
    with writing(empty) as session, reading(records) as present:
        assert carry_over(session, present) == 3
        assert head(session.connection()) == head(present.connection())
    assert checked(empty).findings == []
    fill(records)
    with writing(empty) as session:
        log_read(session, Access(MOMENT, "somebody.else", "root", "command line", "show", ID, {}))
    with writing(empty) as session, reading(records) as present:
        assert carry_over(session, present) == 0
