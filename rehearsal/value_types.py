"""Types of the values of a script: moments in London, and names in the tables of the framework."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import BeforeValidator

from framework.calendar.london_time import LONDON, moments_of
from framework.correspondence.letters import LETTERS
from framework.inspection.limits import BY_KEY
from framework.inspection.steps import STEPS

USUAL_HOUR = time(10, 0)
"""The default time of an entry: after the reminders of 09:00, within office hours."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d?:\d\d))?")


def _london(value: Any) -> Any:
    """Parses «2010-11-05» (at the usual hour) or «2010-11-05 14:30», in London time."""
    if isinstance(value, datetime):
        return value
    match = _MOMENT.fullmatch(str(value))
    if match is None:
        raise ValueError("write a London day «2010-11-05» or moment «2010-11-05 14:30»")
    day, hour = date.fromisoformat(match[1]), match[2]
    return at_london(day, time.fromisoformat(hour.zfill(5)) if hour else USUAL_HOUR)


def at_london(day: date, hour: time) -> datetime:
    """Returns the moment of this day and time in London. Raises `ValueError` in the hour that is skipped in spring, and in
    the one that is repeated in autumn."""
    moments = moments_of(datetime.combine(day, hour))
    if not moments:
        raise ValueError(f"there is no {hour:%H:%M} in London on {day}: the clocks go forward")
    if len(moments) > 1:
        raise ValueError(f"{hour:%H:%M} comes twice in London on {day}, for the clocks go back: write another hour")
    return moments[0].astimezone(LONDON)


def _one_of(known: tuple[str, ...], what: str) -> Any:
    def check(value: Any) -> Any:
        if value not in known:
            raise ValueError(f"there is no {what} «{value}»; there is {', '.join(known)}")
        return value

    return BeforeValidator(check)


LondonMoment = Annotated[datetime, BeforeValidator(_london)]
Limit = Annotated[str, _one_of(tuple(BY_KEY), "limit")]
EventKind = Annotated[str, _one_of(("notification", *STEPS.by_event), "kind of event")]
LetterKind = Annotated[str, _one_of(tuple(rule.kind for rule in LETTERS), "kind of letter")]
StepName = Annotated[str, _one_of(STEPS.names, "step")]
