"""The moment an activity runs at. Skipped clocks show it in the activity's own information, never on the machine's clock."""

from datetime import datetime, timedelta

from temporalio import activity


def started_at(clock_shift: timedelta) -> datetime:
    """When this attempt began, UTC; in a rehearsal, carried to the day of its script."""
    return activity.info().started_time + clock_shift
