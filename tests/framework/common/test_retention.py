"""From which day personal data may be erased."""

from datetime import date

import pytest

from framework.common.retention import erasable_from


@pytest.mark.parametrize(
    ("over", "years", "day"),
    [
        (date(2011, 2, 7), 6, date(2017, 2, 7)),
        (date(2012, 2, 29), 4, date(2016, 2, 29)),
        (date(2012, 2, 29), 6, date(2018, 3, 1)),
        (date(2011, 2, 7), 0, date(2011, 2, 7)),
    ],
)
def test_so_many_years_after_the_end(over: date, years: int, day: date) -> None:
    assert erasable_from(over, years) == day
