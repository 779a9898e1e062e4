"""Working days, and lists of holidays as JSON."""

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from framework.calendar import bank_holidays
from framework.calendar.bank_holidays import Calendar, england, from_json, restored
from framework.common.errors import BadInput
from tests.framework import oracle


def listed(*entries: object) -> str:
    return json.dumps(entries)


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(BadInput) as caught:
        from_json(text, "given")
    return caught.value.faults


def test_the_shipped_calendar_agrees_with_the_library_on_every_day_of_twenty_years() -> None:
    shipped = england()
    wrong = [
        day
        for day in oracle.every_day()
        if shipped.is_working_day(day) != (day.isoweekday() <= 5 and day not in oracle.bank_holidays())
    ]
    assert wrong == []


def test_the_shipped_calendar_has_a_version_and_its_years() -> None:
    shipped = england()
    assert (shipped.version, shipped.first, shipped.last) == ("england-2026.1", date(2009, 1, 1), date(2030, 12, 31))
    assert england() is shipped


def test_the_shipped_calendar_has_only_weekdays_in_order_and_eight_or_nine_a_year() -> None:
    days = list(england().holidays)
    assert days == sorted(days)
    assert all(day.isoweekday() <= 5 for day in days)
    years = {year: sum(day.year == year for day in days) for year in range(2009, 2031)}
    assert {year for year, count in years.items() if count != 8} == {2011, 2012, 2022, 2023}
    assert years[2022] == 10


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2010, 11, 5), None),
        (date(2010, 11, 6), "Saturday"),
        (date(2010, 11, 7), "Sunday"),
        (date(2011, 4, 29), "Royal wedding"),
        (date(2012, 5, 28), None),
        (date(2012, 6, 4), "Spring bank holiday"),
        (date(2012, 6, 5), "Queen's Diamond Jubilee"),
        (date(2020, 5, 4), None),
        (date(2020, 5, 8), "Early May bank holiday (VE Day)"),
        (date(2022, 5, 30), None),
        (date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of King Charles III"),
        (date(2010, 12, 27), "Christmas Day"),
    ],
)
def test_a_day_that_is_no_working_day_has_a_reason(day: date, why: str | None) -> None:
    assert england().why_not(day) == why
    assert england().is_working_day(day) is (why is None)


def test_a_special_holiday_has_the_day_of_its_proclamation() -> None:
    entries = json.loads(bank_holidays.SEED.read_text(encoding="utf-8"))
    special = {entry["date"]: entry["proclaimed"] for entry in entries if "proclaimed" in entry}
    assert special["2011-04-29"] == "2010-11-23"
    assert special["2022-09-19"] == "2022-09-09"
    assert all(proclaimed < day for day, proclaimed in special.items())


@pytest.mark.parametrize("day", [date(2008, 12, 31), date(2031, 1, 1), date(2031, 1, 4)])
def test_outside_its_years_a_calendar_refuses_every_day_even_a_weekend(day: date) -> None:
    with pytest.raises(BadInput, match=r"england-2026\.1 .* from 2009-01-01 to 2030-12-31; .*outside"):
        england().why_not(day)


def test_the_first_and_last_day_of_a_calendar_are_inside() -> None:
    assert england().why_not(date(2009, 1, 1)) == "New Year's Day"
    assert england().is_working_day(date(2030, 12, 31))


def test_a_given_list_has_no_ends() -> None:
    given = from_json(listed({"date": "1999-12-31", "title": "Millennium holiday"}), "given")
    assert given.why_not(date(1999, 12, 31)) == "Millennium holiday"
    assert given.is_working_day(date(1890, 1, 1))
    assert from_json("[]", "none").is_working_day(date(2010, 12, 27))


def test_other_members_of_an_entry_are_ignored() -> None:
    assert from_json(listed({"date": "2011-04-29", "title": "Wedding", "bunting": True}), "given").holidays == {
        date(2011, 4, 29): "Wedding"
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "JSON list"),
        ('"2011-04-29"', "JSON list"),
    ],
)
def test_a_text_that_is_no_list_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        from_json(text, "given")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("2011-04-29", "entry 1: must be an object"),
        (None, "entry 1: must be an object"),
        ({"title": "No day"}, "entry 1: date: must be a day like 2011-04-29, not null"),
        ({"date": 20110429, "title": "A number"}, "entry 1: date: must be a day like 2011-04-29, not 20110429"),
        (
            {"date": "29/04/2011", "title": "Wrong way round"},
            'entry 1: date: must be a day like 2011-04-29, not "29/04',
        ),
        ({"date": "20110429", "title": "Run together"}, "entry 1: date: must be written like 2011-04-29"),
        ({"date": "2011-02-29", "title": "No such day"}, "entry 1: date: must be a day"),
        ({"date": "2011-04-29"}, "entry 1: title: must say"),
        ({"date": "2011-04-29", "title": "  "}, "entry 1: title: must say"),
        ({"date": "2011-04-29", "title": 7}, "entry 1: title: must say"),
        ({"date": "2011-04-25", "title": "Twice"}, "entry 1: date: 2011-04-25 is already in the list"),
    ],
)
def test_a_bad_entry_is_named_by_its_index_and_field(entry: object, fault: str) -> None:
    (message,) = faults_of(listed({"date": "2011-04-25", "title": "Easter Monday"}, entry))
    assert message.startswith(fault)


def test_every_fault_of_a_list_is_named_at_once() -> None:
    faults = faults_of(listed({}, {"date": "2011-04-29", "title": "Wedding"}, {"date": "never", "title": ""}))
    assert [fault.split(": ")[:2] for fault in faults] == [
        ["entry 0", "date"],
        ["entry 0", "title"],
        ["entry 2", "date"],
        ["entry 2", "title"],
    ]


@pytest.mark.parametrize("calendar", [england(), Calendar("none", {}), Calendar("half", {}, None, date(2020, 1, 1))])
def test_a_calendar_is_restored_from_json_unchanged(calendar: Calendar) -> None:
    assert restored(calendar.to_json()) == calendar


@pytest.mark.parametrize("text", ["[]", "{}", '{"version": 3}', '{"version": "a", "first": "soon", "holidays": []}'])
def test_other_json_is_not_restored_as_a_calendar(text: str) -> None:
    with pytest.raises(BadInput):
        restored(text)


async def test_the_engine_s_converter_leaves_a_calendar_unchanged() -> None:
    payloads = await pydantic_data_converter.encode([england()])
    assert await pydantic_data_converter.decode(payloads, [Calendar]) == [england()]


def test_a_calendar_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        england().version = "other"  # type: ignore[misc]


def test_a_new_version_leaves_the_old_one_alone() -> None:
    day = date(2026, 6, 10)
    newer = Calendar("newer", {**england().holidays, day: "Proclaimed"}, england().first, england().last)
    assert england().is_working_day(day)
    assert newer.why_not(day) == "Proclaimed"
    assert newer.is_working_day(day + timedelta(days=1))


def test_importing_reads_no_file_and_imports_no_large_library() -> None:
    code = (
        "import sys; import framework.calendar.bank_holidays as c; assert c.england.cache_info().currsize == 0;"
        " assert not {'pydantic', 'holidays', 'temporalio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
