"""A newer calendar, applied to one inspection: which limits move, who is notified, and which tasks follow.

Each inspection applies it separately, once for each version; limits that are met keep the day they were due on."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import difference
from framework.common.errors import Refused
from framework.inspection.appointments import clash_tasks
from framework.inspection.limit_changes import LimitChange, LimitChanges, announced_on, diff_limits
from framework.inspection.outcomes.outcome import copied_to_readers, is_owed_the_day, letter_factory
from framework.inspection.state import Inspection
from framework.lifecycle.decide import Decision, finalize
from framework.lifecycle.evolve import CALENDAR_CHANGE
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.step_result import Dates, LetterFactory, StepResult
from framework.messages.events import Event, system_event
from framework.messages.orders import LetterOrder, TaskOrder


def apply_calendar(inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, head: int) -> Decision:
    """Returns the decision of a newer calendar: its event, a letter if the authority was notified of a day that moved, tasks.

    Delivery is deferred: the rollout first moves the limits of every inspection, then has the letters delivered."""
    changes = diff_limits(inspection, old, inspection, new)
    outcome = _outcome(inspection, old, new, moment, changes)
    moved = _given_days_that_moved(inspection, old, changes)
    if moved:
        outcome.letter_factories.append(_letter(inspection, old, new, changes, moved))
    return replace(finalize(inspection, outcome, new, moment, head, old), defer_delivery=True)


def apply_calendar_unannounced(
    inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, head: int, refusal: Refused
) -> Decision:
    """Returns the same decision if the letter has no recipient: the limits move, and a task asks for a person to notify."""
    outcome = _outcome(inspection, old, new, moment, diff_limits(inspection, old, inspection, new))
    facts = {"letter": "changed_dates", "why": str(refusal)}
    outcome.tasks.append(TaskOrder(key=f"calendar:{new.version}", kind="dates_untold", facts=facts))
    return finalize(inspection, outcome, new, moment, head)


def _outcome(
    inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, changes: LimitChanges
) -> StepResult:
    return StepResult([_event(old, new, moment, changes)], tasks=clash_tasks(inspection, old, inspection, new))


def _event(old: Calendar, new: Calendar, moment: datetime, changes: LimitChanges) -> Event:
    """Returns the event, under the paragraph of the first limit that moved; each change names its own."""
    holidays = difference(old, new)
    data: dict[str, Any] = {
        "calendar": new.version,
        "was": old.version,
        "added": [str(day) for day in sorted(holidays.added)],
        "removed": [str(day) for day in sorted(holidays.removed)],
        "moved": [change.data() for change in changes.moved],
        "stayed": {key: str(day) for key, day in (changes.frozen or {}).items()},
        "clashes": [{"appointment": clash.appointment, "day": str(clash.day)} for clash in changes.clashes],
    }
    paragraph = changes.moved[0].paragraph if changes.moved else None
    return system_event(CALENDAR_CHANGE, moment, data, f"calendar:{new.version}", paragraph)


def _given_days_that_moved(inspection: Inspection, old: Calendar, changes: LimitChanges) -> tuple[LimitChange, ...]:
    """Returns the changes of days that a letter gave to the authority; none before it was notified."""
    if not (inspection.notification_pending or "notification" in inspection.milestones_reached):
        return ()
    before = limit_statuses(inspection, old, as_if_begun=announced_on(inspection))
    given = {limit.rule.key for limit in before if is_owed_the_day(limit, inspection)}
    return tuple(change for change in changes.moved if change.limit in given)


def _letter(
    inspection: Inspection, old: Calendar, new: Calendar, changes: LimitChanges, moved: tuple[LimitChange, ...]
) -> LetterFactory:
    def make(after: Inspection, dates: Dates) -> LetterOrder:
        facts = {
            "moved": [change.facts() for change in moved],
            "calendar": difference(old, new).facts(),
            "clashes": [{"title": clash.title, "day": str(clash.day)} for clash in changes.clashes],
        }
        return copied_to_readers(letter_factory("changed_dates", facts=facts)(after, dates), inspection)

    return make
