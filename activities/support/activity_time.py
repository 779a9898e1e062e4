"""The moment an activity runs at, from the activity's information: on a time-skipping server the machine's clock is wrong."""

from datetime import datetime, timedelta

from temporalio import activity


def started_at(clock_shift: timedelta) -> datetime:
    """Returns the moment this attempt began, in UTC, plus `clock_shift`: the offset of a rehearsal to the days of its script."""
    return activity.info().started_time + clock_shift
