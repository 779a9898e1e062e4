"""Changes of the calendar, without their effect on limits."""

from datetime import date

import pytest

from framework.calendar.bank_holidays import england
from framework.calendar.holiday_changes import HolidayChange, changed, check_permitted, difference, is_change
from framework.common.errors import BadInput, Refused
from framework.vocabulary.roles import Role
from tests.framework.calendars import JUBILEE, SPRING, WEDDING, add

FREE = date(2011, 3, 3)


def test_a_holiday_is_added_moved_under_its_title_and_removed() -> None:
    added = changed(england(), add(FREE, "  A day  "))
    assert added.holidays[FREE] == "A day"
    moved = changed(added, HolidayChange("move", FREE, to=date(2011, 3, 4)))
    change = difference(added, moved)
    assert (change.added, change.removed) == ({date(2011, 3, 4): "A day"}, {FREE: "A day"})
    assert changed(moved, HolidayChange("remove", date(2011, 3, 4))).holidays == england().holidays


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (add(WEDDING), "bank holiday already"),
        (add(FREE, " "), "what the holiday is called"),
        (HolidayChange("move", FREE, to=date(2011, 3, 4)), "no bank holiday"),
        (HolidayChange("move", WEDDING, to=JUBILEE), "bank holiday already"),
        (HolidayChange("move", WEDDING, to=WEDDING), "bank holiday already"),
        (HolidayChange("remove", SPRING), "no bank holiday"),
        (add(date(2031, 1, 2)), "outside"),
        (HolidayChange("move", WEDDING, to=date(2031, 1, 2)), "outside"),
    ],
)
def test_a_change_that_is_impossible_is_refused_with_the_reason(change: HolidayChange, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        changed(england(), change)


def test_a_change_is_recognised_by_its_difference() -> None:
    newer = changed(england(), add(FREE, "A day"))
    assert is_change(add(FREE, "A day "), england(), newer)
    assert not is_change(add(FREE, "Another"), england(), newer)
    assert not is_change(HolidayChange("remove", FREE), england(), newer)
    assert is_change(HolidayChange("remove", FREE), newer, england())
    moved = changed(newer, HolidayChange("move", FREE, to=date(2011, 3, 4)))
    assert is_change(HolidayChange("move", FREE, to=date(2011, 3, 4)), newer, moved)
    assert not is_change(HolidayChange("move", FREE, to=date(2011, 3, 7)), newer, moved)


@pytest.mark.parametrize("post", [Role.COORDINATOR, Role.MANAGER])
def test_coordinator_and_manager_may_change_it(post: Role) -> None:
    check_permitted("c.marsh", (post,))


@pytest.mark.parametrize("posts", [(), (Role.AUDITOR,)])
def test_other_posts_may_not_change_it_and_the_message_names_the_policy(posts: tuple[Role, ...]) -> None:
    with pytest.raises(Refused, match=r"Inspection coordinator or Inspection manager.*policy, not in the source"):
        check_permitted("c.marsh", posts)
