"""Days and moments in London. The zone lives here, in a module Temporal's sandbox passes through; nothing reads a clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
LETTERS_GO_AT = time(9, 0)
"""Letters and reminders that wait for a day go at nine in the morning, London time."""


def london_day(moment: datetime) -> date:
    """The calendar day it is in London at `moment` (which must carry an offset)."""
    _must_be_aware(moment)
    return moment.astimezone(LONDON).date()


def at_nine(day: date) -> datetime:
    """09:00 London of `day`, in UTC."""
    return datetime.combine(day, LETTERS_GO_AT, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of `day` in London, in UTC: a limit holds until then."""
    return start_of(day + timedelta(days=1)) - timedelta(microseconds=1)


def start_of(day: date) -> datetime:
    """Midnight at the beginning of `day` in London, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def moments_of(local: datetime) -> tuple[datetime, ...]:
    """When clocks in London show `local` (which carries no offset), in UTC: once; never in the hour that is left out in spring,
    and twice in the one that comes again in autumn."""
    either = {local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in either if one.astimezone(LONDON).replace(tzinfo=None, fold=0) == local))


def say_day(day: date) -> str:
    """The day as letters write it: «Friday 5 November 2010»."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_moment(moment: datetime) -> str:
    """The moment as screens show it, in London time: «5 Nov 2010 09:00»."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


def _must_be_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"the moment {moment.isoformat()} carries no offset")
