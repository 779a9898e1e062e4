"""Versions of the calendar: the shipped one is the first, each change makes another, the newest is in force."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from framework.calendar.bank_holidays import england
from framework.common.errors import BadInput
from framework.messages.record_state import CalendarData
from records.calendars import versions
from records.database.connection import reading, writing
from tests.records.builders import MOMENT

WEDDING = date(2011, 4, 29)


def _make(engine: Engine, holidays: dict[date, str], days: int = 0, command: str = "") -> CalendarData:
    with writing(engine) as session:
        return versions.add_version(session, holidays, MOMENT + timedelta(days=days), "c.marsh", "proclaimed", command)


def test_the_shipped_calendar_comes_back_as_the_rules_know_it(records: Engine) -> None:
    with reading(records) as session:
        assert versions.calendar_in_force(session) == england()


def test_a_change_makes_a_new_version_and_leaves_the_old_one(records: Engine) -> None:
    without = {day: title for day, title in england().holidays.items() if day != WEDDING}
    new = _make(records, without)
    assert (new.version, new.first, new.last) == ("england-2026.2", england().first, england().last)
    with reading(records) as session:
        assert versions.newest_version(session) == new
        assert WEDDING not in versions.newest_version(session).holidays
        assert WEDDING in versions.calendar(session, "england-2026.1").holidays
    assert _make(records, dict(england().holidays), 1).version == "england-2026.3"
    with reading(records) as session:
        assert [row["version"] for row in versions.versions(session)] == [
            "england-2026.3",
            "england-2026.2",
            "england-2026.1",
        ]


def test_the_tenth_version_comes_after_the_ninth(records: Engine) -> None:
    for day in range(9):
        _make(records, dict(england().holidays), day)
    with reading(records) as session:
        assert versions.newest_version(session).version == "england-2026.10"


def test_a_version_older_than_the_one_in_force_is_refused(records: Engine) -> None:
    _make(records, {})
    with pytest.raises(BadInput, match=r"older than england-2026\.2"):
        _make(records, {}, -1)


def test_an_unknown_version_is_named(records: Engine) -> None:
    with reading(records) as session, pytest.raises(BadInput, match="no calendar england-1"):
        versions.calendar(session, "england-1")


def test_a_command_names_the_version_it_made(records: Engine) -> None:
    new = _make(records, {}, command="h1")
    _make(records, {}, 1)
    with reading(records) as session:
        assert versions.made_by_command(session, "h1") == new.version
        assert versions.made_by_command(session, "h2") is None
        assert versions.made_by_command(session, "") is None


def test_each_version_knows_the_one_before_it(records: Engine) -> None:
    new = _make(records, {})
    with reading(records) as session:
        assert versions.version_before(session, new.version) == england()
        assert versions.version_before(session, england().version) is None
