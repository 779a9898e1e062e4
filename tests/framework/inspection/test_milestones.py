"""The ten milestones as the entry points show them, and the days that cannot be true together."""

import json
from datetime import date
from typing import Any

import pytest

from framework.calendar.bank_holidays import england, from_json
from framework.common.errors import BadInput
from framework.inspection.limits import derive_due_dates
from framework.inspection.milestones import IN_ORDER, KEYS, as_json, check, milestones

NAMES = {key: f"--{key}" for key in IN_ORDER}
NOTIFIED, START, END = date(2010, 11, 3), date(2010, 11, 15), date(2010, 11, 26)
WHOLE = {"notification": NOTIFIED, "fieldwork_starts": START, "inspection_ends": END}


def shown(**known: date) -> dict[str, dict[str, Any]]:
    return {milestone["key"]: milestone for milestone in milestones(known, england())["milestones"]}


def faults_of(**known: date) -> tuple[str, ...]:
    with pytest.raises(BadInput) as caught:
        check(known, england(), NAMES)
    return caught.value.faults


def test_the_example_others_rely_on() -> None:
    answer = milestones({"notification": NOTIFIED}, england(), explain=True)
    assert answer["calendar"] == "england-2026.1"
    assert answer["milestones"][:2] == [
        {"key": "notification", "due": "2010-11-03", "paragraph": 8},
        {
            "key": "set_up_meeting",
            "due": "2010-11-09",
            "anchor": "notification",
            "anchor_date": "2010-11-03",
            "count": 4,
            "unit": "working days",
            "paragraph": 32,
            "skipped": [{"date": "2010-11-06", "why": "Saturday"}, {"date": "2010-11-07", "why": "Sunday"}],
        },
    ]


def test_the_ten_come_in_their_order_with_anchor_count_unit_and_paragraph() -> None:
    work = "working days"
    rows = [
        (row["key"], row.get("anchor"), row.get("count"), row.get("unit"), row["paragraph"])
        for row in shown(**WHOLE).values()
    ]
    assert rows == [
        ("notification", None, None, None, 8),
        ("set_up_meeting", "notification", 4, work, 32),
        ("fieldwork_starts", "notification", 10, work, 8),
        ("case_audits", "fieldwork_starts", 0, work, 41),
        ("inspection_ends", "fieldwork_starts", 10, work, 11),
        ("draft_report", "inspection_ends", 10, work, 50),
        ("factual_comments", "draft_report", 5, work, 51),
        ("final_report", "inspection_ends", 20, work, 52),
        ("publication", "inspection_ends", 25, work, 53),
        ("complaints_close", "publication", 30, "calendar days", 65),
    ]
    assert tuple(row[0] for row in rows) == KEYS


def test_the_anchor_day_is_the_one_that_happened_or_else_the_latest() -> None:
    assert shown(**WHOLE)["draft_report"]["anchor_date"] == "2010-11-26"
    assert shown(notification=NOTIFIED)["draft_report"]["anchor_date"] == "2010-11-30"
    assert shown(**WHOLE, draft_report=date(2010, 12, 1))["factual_comments"]["anchor_date"] == "2010-12-01"
    assert shown(**WHOLE, publication=date(2011, 1, 4))["complaints_close"]["anchor_date"] == "2011-01-04"


def test_the_start_of_fieldwork_shows_its_latest_day_whatever_was_agreed() -> None:
    assert shown(**WHOLE)["fieldwork_starts"]["due"] == "2010-11-17"
    assert shown(**WHOLE)["case_audits"]["due"] == "2010-11-15"


@pytest.mark.parametrize(
    ("known", "firm"),
    [
        ({}, 3),
        ({"fieldwork_starts": START}, 5),
        ({"fieldwork_starts": START, "inspection_ends": END}, 8),
        ({"fieldwork_starts": START, "inspection_ends": END, "draft_report": date(2010, 12, 1)}, 9),
        ({"fieldwork_starts": START, "inspection_ends": END, "draft_report": END, "publication": END}, 10),
    ],
)
def test_projected_is_shown_only_where_it_holds(known: dict[str, date], firm: int) -> None:
    rows = shown(notification=NOTIFIED, **known)
    assert sum("projected" not in row for row in rows.values()) == firm
    assert all(row["projected"] is True for row in rows.values() if "projected" in row)


def test_skipped_days_are_shown_only_when_asked_for_and_never_for_the_notification() -> None:
    assert not any("skipped" in row for row in shown(**WHOLE).values())
    explained = {milestone["key"]: milestone for milestone in milestones(WHOLE, england(), explain=True)["milestones"]}
    assert [key for key, row in explained.items() if "skipped" not in row] == ["notification"]
    assert explained["complaints_close"]["skipped"] == explained["case_audits"]["skipped"] == []
    assert [day["date"] for day in explained["inspection_ends"]["skipped"]] == ["2010-11-20", "2010-11-21"]


def test_an_agreed_start_shows_the_same_days_as_one_that_happened() -> None:
    agreed = milestones({"notification": NOTIFIED}, england(), fieldwork_agreed=START)
    assert agreed == milestones({"notification": NOTIFIED, "fieldwork_starts": START}, england())


def test_any_other_limit_can_be_shown_in_the_same_shape() -> None:
    due_dates = as_json(derive_due_dates({"notification": NOTIFIED}, england())["case_lists"], explain=True)
    assert due_dates["due"] == "2010-11-05"
    assert list(due_dates) == ["key", "due", "anchor", "anchor_date", "count", "unit", "paragraph", "skipped"]


def test_the_ten_need_no_calendar_beyond_them() -> None:
    """The evaluation, ten working days after publication, would be due in 2031, which the shipped calendar lacks."""
    assert shown(notification=date(2030, 10, 28))["publication"]["due"] == "2030-12-31"


def test_the_answer_is_plain_json() -> None:
    answer = milestones(WHOLE, england(), explain=True)
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize("notified", [date(2010, 11, 6), date(2010, 12, 27), START])
def test_any_day_can_be_the_day_of_notification(notified: date) -> None:
    check({"notification": notified, "fieldwork_starts": date(2011, 1, 4)}, england(), NAMES)
    check({"notification": START, "fieldwork_starts": START, "inspection_ends": START}, england(), NAMES)


def test_days_in_order_with_ten_on_site_are_right() -> None:
    later = {"draft_report": END, "publication": END}
    check({**WHOLE, **later}, england(), NAMES)
    check({"notification": NOTIFIED, "inspection_ends": date(2011, 10, 14)}, england(), NAMES)


@pytest.mark.parametrize(
    ("known", "fault"),
    [
        ({"fieldwork_starts": date(2010, 11, 13)}, "--fieldwork_starts 2010-11-13: must be a working day, and this is not one (Saturday)"),
        ({"inspection_ends": date(2010, 12, 27)}, "--inspection_ends 2010-12-27: must be a working day, and this is not one (Christmas Day)"),
        ({"fieldwork_starts": date(2010, 11, 2)}, "--fieldwork_starts 2010-11-02: cannot be before --notification 2010-11-03"),
        ({"inspection_ends": date(2010, 11, 2)}, "--inspection_ends 2010-11-02: cannot be before --notification 2010-11-03"),
        (
            {"fieldwork_starts": START, "inspection_ends": date(2010, 11, 12)},
            "--inspection_ends 2010-11-12: cannot be before --fieldwork_starts 2010-11-15",
        ),
        (
            {"fieldwork_starts": START, "inspection_ends": date(2010, 11, 29)},
            "--inspection_ends 2010-11-29: is more than 10 working days on site from --fieldwork_starts 2010-11-15;"
            " the last would be 2010-11-26 (para 11)",
        ),
        (
            {"fieldwork_starts": START, "inspection_ends": END, "draft_report": date(2010, 11, 25)},
            "--draft_report 2010-11-25: cannot be before --inspection_ends 2010-11-26",
        ),
        (
            {"inspection_ends": END, "draft_report": date(2010, 12, 3), "publication": date(2010, 12, 2)},
            "--publication 2010-12-02: cannot be before --draft_report 2010-12-03",
        ),
        ({"publication": date(2010, 11, 2)}, "--publication 2010-11-02: cannot be before --notification 2010-11-03"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_named(known: dict[str, date], fault: str) -> None:
    assert faults_of(notification=NOTIFIED, **known) == (fault,)


def test_every_day_that_cannot_be_is_named_at_once() -> None:
    messages = faults_of(notification=NOTIFIED, fieldwork_starts=date(2010, 11, 13), inspection_ends=date(2010, 11, 12))
    assert [fault.split()[0] for fault in messages] == ["--fieldwork_starts", "--inspection_ends"]


def test_a_day_on_site_beyond_the_calendar_is_named_with_its_years() -> None:
    (fault,) = faults_of(notification=NOTIFIED, fieldwork_starts=date(2031, 1, 6))
    assert fault.startswith("--fieldwork_starts 2031-01-06: the calendar england-2026.1")


def test_working_days_are_those_of_the_calendar_given() -> None:
    given = from_json('[{"date": "2010-11-15", "title": "Local holiday"}]', "given")
    with pytest.raises(BadInput) as caught:
        check(WHOLE, given, NAMES)
    assert "Local holiday" in caught.value.faults[0]
