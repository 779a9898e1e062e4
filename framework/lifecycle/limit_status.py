"""The status of each limit of one matter: its due day as derived now, and whether it was met, missed or is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.limits import DueDate, LimitRule
from framework.lifecycle.matter import Matter
from framework.lifecycle.parts import Miss
from framework.messages.orders import LimitRow

MISSED_STATES = ("met_late", "lapsed", "waived", "never_done")
"""States of a limit that counts as missed for good; one that is open is missed from the day after it is due."""


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """One limit, its rule, its derivation and its state."""

    rule: LimitRule
    due_date: DueDate
    state: str
    """open, met, met_late, lapsed (its time ran out and the step that waited for it was taken), waived (once it was late, with
    a reason), never_done (the matter, or this round, ended after its day with the limit unmet) or suspended."""
    met_on: date | None
    round: int = 1
    settled_by: int | None = None
    """The event that met it, recorded that its time had run out, or ended it undone."""
    miss: Miss | None = None
    """The miss of this round that an event recorded, whatever the state is now."""

    @property
    def due(self) -> date:
        """Returns the last day on which it is met in time."""
        return self.due_date.due

    @property
    def is_missed_for_good(self) -> bool:
        """Returns whether it counts as missed on any later day, too; not so if it is still owed, as proof may show it in time."""
        return self.state in MISSED_STATES or self.miss is not None

    def is_missed(self, today: date) -> bool:
        """Returns whether it counts as missed on the London day `today`."""
        return self.miss is not None or is_missed(self.state, self.due, today)

    def row(self) -> LimitRow:
        """Returns it as the row of the records."""
        return LimitRow(
            key=self.rule.key,
            round=self.round,
            due=self.due,
            anchor=self.due_date.anchor or "",
            anchor_date=self.due_date.anchor_date,
            projected=self.due_date.projected,
            owner=self.rule.owner,
            paragraph=self.rule.paragraph,
            state=self.state,
            met_on=self.met_on,
            ended_on=self.miss.recorded_on if self.miss and self.state == "never_done" else None,
            missed=self.is_missed_for_good,
            settled_by=self.settled_by,
        )


def limit_statuses(matter: Matter, calendar: Calendar, *, as_if_begun: date | None = None) -> tuple[LimitStatus, ...]:
    """Returns every limit that has a date; before the first anchor, from the planned day or from `as_if_begun`."""
    derived = due_dates_of(matter, calendar, as_if_begun)
    return tuple(_limit_status(matter, calendar, matter.rule(key), derived) for key in derived)


def due_dates_of(matter: Matter, calendar: Calendar, as_if_begun: date | None = None) -> dict[str, DueDate]:
    """Returns the due days by key, from the events so far, under the settings this matter began with."""
    derived = matter.lifecycle.due_dates(matter, calendar, as_if_begun)
    return {key: _with_frozen_due_date(matter, due_date) for key, due_date in derived.items()}


def is_late(matter: Matter, calendar: Calendar, today: date) -> bool:
    """Returns whether a limit that is still open was due before `today`, the day in London."""
    return any(limit.state == "open" and limit.due < today for limit in limit_statuses(matter, calendar))


def earlier_misses(matter: Matter, present: Iterable[LimitStatus]) -> tuple[LimitStatus, ...]:
    """Returns the limits that were missed in rounds that are over, beside those of the `present` one; the oldest first."""
    shown = {(limit.rule.key, limit.round) for limit in present}
    over = [miss for key, miss in matter.misses.items() if key not in shown]
    return tuple(_of_earlier_round(matter, miss) for miss in sorted(over, key=lambda miss: (miss.round, miss.due)))


def _of_earlier_round(matter: Matter, miss: Miss) -> LimitStatus:
    rule = matter.rule(miss.limit)
    facts = (rule.count, rule.unit, rule.paragraph, rule.policy)
    due_date = DueDate(miss.limit, miss.due, rule.anchor, miss.anchor_date or miss.due, *facts, False, None, ())
    state = miss.state if miss.state in MISSED_STATES else "never_done"
    return LimitStatus(rule, due_date, state, miss.met_on, miss.round, miss.settled_by or miss.number, miss)


def limit_rows(matter: Matter, calendar: Calendar) -> tuple[LimitRow, ...]:
    """Returns every limit as the rows of the records: its present status, and those missed in earlier rounds."""
    present = limit_statuses(matter, calendar)
    return tuple(limit.row() for limit in (*present, *earlier_misses(matter, present)))


def is_missed(state: str, due: date, today: date) -> bool:
    """Returns whether it was met late, lapsed, was waived or never done, or is owed and past its day on the London day `today`."""
    return state in MISSED_STATES or (state == "open" and due < today)


def _with_frozen_due_date(matter: Matter, due_date: DueDate) -> DueDate:
    """Returns the limit with the day it was due on, if it was met before the calendar changed."""
    due = matter.frozen_due_dates.get(due_date.key)
    if due is None:
        return due_date
    return replace(due_date, due=due, skipped=tuple(day for day in due_date.skipped if day.date < due))


def _limit_status(matter: Matter, calendar: Calendar, rule: LimitRule, derived: Mapping[str, DueDate]) -> LimitStatus:
    key, due_date = rule.key, derived[rule.key]
    events = matter.lifecycle.met(matter, calendar, key, derived)
    met_by, met_on = min(events, key=lambda event: event[::-1], default=(None, None))
    number = matter.round_of(key)
    miss = matter.misses.get((key, number))
    state = _state(matter, key, due_date, met_on, miss)
    if state == "lapsed":
        met_by = matter.milestones_reached[matter.lifecycle.lapsed_by[key]].number
    if state == "waived":
        met_by = matter.waived_limits[key]
    return LimitStatus(rule, due_date, state, met_on, number, met_by or (miss.number if miss else None), miss)


def _state(matter: Matter, key: str, due_date: DueDate, met_on: date | None, miss: Miss | None) -> str:
    lifecycle = matter.lifecycle
    if met_on is not None:
        in_time = (
            key in lifecycle.never_late
            or due_date.projected
            or met_on <= due_date.due
            or lifecycle.was_suspended(matter, due_date.due, met_on)
        )
        return "met" if in_time else "met_late"
    if lifecycle.lapsed_by.get(key) in matter.milestones_reached:
        return "lapsed"
    if key in matter.waived_limits:
        return "waived"
    if not lifecycle.is_suspended(matter, key):
        return "open"
    return "never_done" if miss and matter.stage in lifecycle.ended else "suspended"
