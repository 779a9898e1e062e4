"""`--as-of`: the past moment somebody names, read in one way by every command that looks back."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from framework.calendar.london_time import LONDON, end_of, london_day, moments_of, say_moment
from framework.common.errors import BadInput

if TYPE_CHECKING:
    from application.open_context import View

AsOf = Annotated[
    str,
    typer.Option(
        "--as-of", metavar="MOMENT", help="As it was known then: a day, or 2010-11-03T09:00+00:00.", show_default=False
    ),
]


def moment(text: str) -> datetime:
    """A moment somebody names: a day is its end in London, and an hour without an offset is London's.

    Raises `BadInput` also for an hour that London leaves out in spring, or has twice in autumn."""
    with suppress(ValueError, OverflowError):
        if len(text) == len("2010-11-03"):
            return end_of(date.fromisoformat(text))
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else _in_london(text, found)
    raise BadInput(f"--as-of {text}: must be a day like 2010-11-03 or a moment like 2010-11-03T09:00+00:00")


def _in_london(text: str, local: datetime) -> datetime:
    found = moments_of(local)
    if not found:
        raise BadInput(f"--as-of {text}: there is no such time in London, for the clocks went forward: name another")
    if len(found) > 1:
        first, second = (f"{text}{one.astimezone(LONDON).isoformat()[-6:]}" for one in found)
        raise BadInput(f"--as-of {text}: comes twice in London, for the clocks went back: write {first} or {second}")
    return found[0]


def not_to_come(then: datetime | None, view: "View") -> None:
    """A moment may lie later today, never on a later day. Raises `BadInput`."""
    if then and london_day(then) > view.today:
        raise BadInput(f"--as-of: {say_moment(then)} has not come yet; it is {say_moment(view.now)}")
