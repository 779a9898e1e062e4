"""What a limit is, and the one function that derives due days from a table of limits.

The tables themselves are in the packages of their lifecycles, such as `framework.inspection.limits`. Nothing else in the product
computes a due day; nothing here knows today's date or what has been missed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import (
    Counted,
    Skipped,
    calendar_days_after,
    working_days_after,
    working_days_counting_first,
)
from framework.vocabulary.roles import Role

Unit = Literal["working days", "calendar days"]
WORKING: Final = "working days"
CALENDAR: Final = "calendar days"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One row: `key` is due `count` `unit` after the day of `anchor`, under `paragraph`."""

    key: str
    anchor: str
    """The limit, milestone or event counted from."""
    count: int
    unit: Unit
    paragraph: int
    owner: Role | None
    """Who owes it and is reminded; None if no reminders are sent."""
    title: str
    """What letters and screens call it."""
    policy: bool = False
    """Ours, because the source gives no day; shown with POLICY_WORDS."""
    reading: str = ""
    """How an unclear source is read; empty where it is clear."""
    first_day_counted: bool = False
    """The anchor's own day is day 1."""
    anchor_due: bool = False
    """Counted from the day the anchor is due, whenever it is really done."""
    capped_by: str = ""
    """The anchor before which it must be done: due on its day at the latest, whatever is counted. Empty for none."""
    anchor_instead: str = ""
    """An event that, once it has happened, is counted from instead of the anchor."""


@dataclass(frozen=True, slots=True)
class DueDate:
    """One limit in one matter: the last London day on which it is met, and where that day comes from."""

    key: str
    due: date
    anchor: str
    anchor_date: date
    count: int
    unit: Unit
    paragraph: int
    policy: bool
    projected: bool
    """The anchor has neither happened nor been agreed: worked out from the latest days before it."""
    capped_by: str | None
    """The anchor on whose day it is due because it would have been due later as it was counted; None for most."""
    skipped: tuple[Skipped, ...]
    """The days passed over between anchor and due day."""
    counted_due: date | None = None
    """The earlier day that the rule gives, where the limit keeps the day it was due on before a correction."""


def derive(
    rules: Iterable[LimitRule],
    days: Mapping[str, date],
    calendar: Calendar,
    *,
    only: Collection[str] | None,
    at_least: Mapping[str, date],
) -> dict[str, DueDate]:
    """Returns every limit of `rules` that follows from the London days on which anchors happened or are agreed, in their order.

    A limit whose anchor is neither in `days` nor derived is left out, as are those not in `only` if it is given (it must name
    what they are counted from, too). A limit in `at_least` is due no earlier than on the day given there. Raises BadInput for a
    day outside the calendar."""
    derived: dict[str, DueDate] = {}
    for rule in rules:
        if (only is None or rule.key in only) and (due_date := _due_date(rule, days, derived, calendar, at_least)):
            derived[rule.key] = due_date
    return derived


def _due_date(
    rule: LimitRule,
    days: Mapping[str, date],
    derived: Mapping[str, DueDate],
    calendar: Calendar,
    at_least: Mapping[str, date],
) -> DueDate | None:
    anchored = _anchored(rule, days, derived)
    if anchored is None:
        return None
    anchor, day, projected = anchored
    counted, capped_by = _count_from(day, rule, calendar), None
    cap = days.get(rule.capped_by) if rule.capped_by else None
    if cap and counted.due > cap:
        counted, capped_by = _cut(counted, cap), rule.capped_by
    due = max(counted.due, at_least.get(rule.key, counted.due))
    facts = (rule.count, rule.unit, rule.paragraph, rule.policy)
    counted_due = counted.due if due != counted.due else None
    return DueDate(rule.key, due, anchor, day, *facts, projected, capped_by, counted.skipped, counted_due)


def _anchored(
    rule: LimitRule, days: Mapping[str, date], derived: Mapping[str, DueDate]
) -> tuple[str, date, bool] | None:
    """Returns the anchor of `rule`: its name, its day, and whether that day is only projected."""
    anchor = rule.anchor_instead if rule.anchor_instead in days else rule.anchor
    if anchor in days and not rule.anchor_due:
        return anchor, days[anchor], False
    if anchor in derived:
        before = derived[anchor]
        return anchor, before.due, before.projected or not rule.anchor_due
    return None


def _cut(counted: Counted, cap: date) -> Counted:
    return Counted(cap, tuple(skipped for skipped in counted.skipped if skipped.date < cap))


def _count_from(day: date, rule: LimitRule, calendar: Calendar) -> Counted:
    if rule.unit == CALENDAR:
        return calendar_days_after(day, rule.count)
    count = working_days_counting_first if rule.first_day_counted else working_days_after
    return count(day, rule.count, calendar)
