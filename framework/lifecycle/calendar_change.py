"""A newer calendar, applied to one inspection: which limits move, who is notified, and which tasks follow.

Each inspection applies it separately, once for each version; limits that are met keep the day they were due on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import difference
from framework.common.errors import Refused
from framework.correspondence.letters import PCT, TOLD_OF_REPORT
from framework.inspection.appointments import clash_tasks
from framework.inspection.frozen_limits import CHANGED
from framework.inspection.outcomes.outcome import Dates, LetterFactory, StepResult, letter_factory
from framework.inspection.state import Inspection
from framework.lifecycle.decide import Decision, finalize
from framework.lifecycle.limit_changes import LimitChanges, diff_limits
from framework.messages.events import Event, system_event
from framework.messages.orders import LetterOrder, TaskOrder
from framework.vocabulary.roles import Role


def apply_calendar(inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, head: int) -> Decision:
    """Returns the decision of a newer calendar: its event, a letter if the authority was notified of a day that moved, tasks.

    Delivery is deferred: the rollout first moves the limits of every inspection, then has the letters delivered."""
    changes = diff_limits(inspection, old, inspection, new)
    outcome = _outcome(inspection, old, new, moment, changes)
    was_notified = inspection.notification_pending or "notification" in inspection.milestones_reached
    if was_notified and changes.moved:
        outcome.letter_factories.append(_letter(old, new, changes))
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
    return system_event(CHANGED, moment, data, f"calendar:{new.version}", paragraph)


def _letter(old: Calendar, new: Calendar, changes: LimitChanges) -> LetterFactory:
    def make(after: Inspection, dates: Dates) -> LetterOrder:
        facts = {
            "moved": [change.facts() for change in changes.moved],
            "calendar": difference(old, new).facts(),
            "clashes": [{"title": clash.title, "day": str(clash.day)} for clash in changes.clashes],
        }
        letter = letter_factory("changed_dates", facts=facts)(after, dates)
        return letter.model_copy(update={"cc": (*letter.cc, *_copied_to(after, changes))})

    return make


def _copied_to(inspection: Inspection, changes: LimitChanges) -> tuple[Role, ...]:
    """Returns who else knows of a day that moved: those copied in with the draft (para 50) or the final report (para 52)."""
    limits = {change.limit for change in changes.moved}
    copies = ((event, roles) for event, (roles, named) in COPIED_WITH.items() if limits & named)
    return tuple(role for event, roles in copies if event in inspection.milestones_reached for role in roles)


COPIED_WITH: Mapping[str, tuple[tuple[Role, ...], frozenset[str]]] = {
    "draft_sent": ((PCT,), frozenset({"factual_comments", "final_report", "publication"})),
    "final_issued": (TOLD_OF_REPORT, frozenset({"publication", "complaints_close"})),
}
"""The event -> who had a copy of its letter, and the limits that letter names."""
