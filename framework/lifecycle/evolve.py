"""What events of every kind of matter change in its state: corrections, reminders, waived limits, held steps, a changed calendar.

Nothing here decides or refuses: an event is a fact."""

from collections.abc import Callable, Mapping, MutableMapping
from datetime import date
from typing import TYPE_CHECKING, Any

from framework.calendar.london_time import london_day
from framework.lifecycle.parts import KeptDueDate, Miss, Occurrence
from framework.messages.events import Event

if TYPE_CHECKING:
    from framework.lifecycle.matter import Matter

Effect = Callable[[Any, int, Event], None]
"""Changes the state of a matter as an event of its kind does: the state, the event's number, the event."""
CALENDAR_CHANGE = "calendar_changed"


def correct_day(state: "Matter", number: int, event: Event) -> None:
    """Gives the corrected event its new day; what was derived from the wrong day is derived anew."""
    wrong, day = event.data["event"], date.fromisoformat(event.data["on"])
    kind, _ = state.log[wrong]
    state.log[wrong] = (kind, day)
    derive_anew(state)
    for name, milestone in list(state.milestones_reached.items()):
        if milestone.number == wrong:
            state.milestones_reached[name] = Occurrence(wrong, day, milestone.received)


def derive_anew(state: "Matter") -> None:
    """Drops every day that a limit kept when the calendar changed, so that it is derived anew."""
    state.frozen_due_dates.clear()
    state.frozen_calendars.clear()


def freeze(under: MutableMapping[str, str], event: Event) -> None:
    """Takes a changed calendar into `under`: limit -> version of the calendar that it was met under, and keeps."""
    for limit in event.data["stayed"]:
        under.setdefault(limit, event.data["was"])


def record_amendments(state: "Matter", number: int, event: Event) -> None:
    """Applies the misses that an event records for good, and the due days that limits keep although a day was corrected."""
    for miss in event.data.get("misses", ()):
        state.misses[miss["limit"], miss["round"]] = _miss(miss, number, event)
    for limit, due in event.data.get("keeps", {}).items():
        state.kept_due_dates[limit] = KeptDueDate(date.fromisoformat(due), number)


def remember_people(state: "Matter") -> None:
    """Records who holds each role now, so that former holders are known later."""
    for role, people in state.people.items():
        state.ever_held.setdefault(role, set()).update(people)


def _waived(state: "Matter", number: int, event: Event) -> None:
    state.waived_limits[event.data["limit"]] = number


def _reminded(state: "Matter", number: int, event: Event) -> None:
    for rung in event.data["rungs"]:
        due = date.fromisoformat(rung["due"])
        state.sent_reminders |= {(rung["limit"], due, days) for days in (rung["rung"], *rung["passed_over"])}


def _held(state: "Matter", number: int, event: Event) -> None:
    state.blocked_steps.add(event.data["step"])


def _calendar_changed(state: "Matter", number: int, event: Event) -> None:
    for limit, due in event.data["stayed"].items():
        state.frozen_due_dates[limit] = date.fromisoformat(due)
    freeze(state.frozen_calendars, event)


def _miss(data: Mapping[str, Any], number: int, event: Event) -> Miss:
    due, met_on, anchor_date = (_optional_day(data[name]) for name in ("due", "met_on", "anchor_date"))
    assert due is not None
    return Miss(
        limit=data["limit"],
        round=data["round"],
        due=due,
        state=data["state"],
        met_on=met_on,
        anchor_date=anchor_date,
        settled_by=data["settled_by"],
        recorded_on=london_day(event.received),
        recorded_by=event.kind,
        number=number,
    )


def _optional_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


EFFECTS: Mapping[str, Effect] = {
    "corrected": correct_day,
    "limit_waived": _waived,
    "reminder_sent": _reminded,
    "reminder_passed_over": _reminded,
    "automatic_step_held": _held,
    CALENDAR_CHANGE: _calendar_changed,
}
"""Kind of event -> its effect, in every lifecycle."""
