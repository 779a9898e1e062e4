"""Days and moments in London. Nothing here reads a clock.

The time zone is loaded here because Temporal's sandbox passes this module through: elsewhere each workflow would load it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
LETTERS_GO_AT = time(9, 0)
"""The time of day, in London, at which letters and reminders are sent that wait for a day."""


def london_day(moment: datetime) -> date:
    """Returns the calendar day in London at `moment`. Raises `ValueError` for a moment without an offset."""
    _must_be_aware(moment)
    return moment.astimezone(LONDON).date()


def at_nine(day: date) -> datetime:
    """Returns 09:00 London time of `day`, in UTC."""
    return datetime.combine(day, LETTERS_GO_AT, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Returns the last microsecond of `day` in London, in UTC: the moment a limit of that day ends."""
    return start_of(day + timedelta(days=1)) - timedelta(microseconds=1)


def start_of(day: date) -> datetime:
    """Returns midnight at the beginning of `day` in London, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def moments_of(local: datetime) -> tuple[datetime, ...]:
    """Returns the moments, in UTC, at which clocks in London show `local`, which has no offset: as a rule one.

    None in the hour that is skipped in spring, two in the hour that is repeated in autumn."""
    candidates = {local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(c for c in candidates if c.astimezone(LONDON).replace(tzinfo=None, fold=0) == local))


def say_day(day: date) -> str:
    """Returns the day as letters write it: «Friday 5 November 2010»."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_moment(moment: datetime) -> str:
    """Returns the moment as screens show it, in London time: «5 Nov 2010 09:00»."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


def _must_be_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"the moment {moment.isoformat()} carries no offset")
