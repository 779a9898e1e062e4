"""`--as-of`: the past moment that a command looks back to, read in one way by every command that does."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from framework.calendar.london_time import LONDON, end_of, moments_of
from framework.common.errors import BadInput

AsOf = Annotated[
    str,
    typer.Option(
        "--as-of", metavar="MOMENT", help="As it was known then: a day, or 2010-11-03T09:00+00:00.", show_default=False
    ),
]


def moment(text: str) -> datetime | None:
    """Returns the moment that is named; None where it was left out. A day is its end in London, and an hour without an offset
    is London's.

    Raises `BadInput` also for an hour that London leaves out in spring, or has twice in autumn."""
    if not text:
        return None
    with suppress(ValueError, OverflowError):
        if len(text) == len("2010-11-03"):
            return end_of(date.fromisoformat(text))
        parsed = datetime.fromisoformat(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else _in_london(text, parsed)
    raise BadInput(f"--as-of {text}: must be a day like 2010-11-03 or a moment like 2010-11-03T09:00+00:00")


def _in_london(text: str, local: datetime) -> datetime:
    moments = moments_of(local)
    if not moments:
        raise BadInput(f"--as-of {text}: there is no such time in London, for the clocks went forward: name another")
    if len(moments) > 1:
        first, second = (f"{text}{moment.astimezone(LONDON).isoformat()[-6:]}" for moment in moments)
        raise BadInput(f"--as-of {text}: comes twice in London, for the clocks went back: write {first} or {second}")
    return moments[0]
