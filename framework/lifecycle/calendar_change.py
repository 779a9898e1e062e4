"""A newer calendar, as one inspection takes it in: which limits move, who is told, and what waits for a person.

Each inspection does it by itself, once for each version it meets; limits that are met keep the day they were due on."""

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
    """What a newer calendar brings: the event, one letter where the authority was told of a day that moved, tasks.

    First every limit of every inspection moves, then the round has the letters delivered."""
    found = diff_limits(inspection, old, inspection, new)
    outcome = _outcome(inspection, old, new, moment, found)
    told = inspection.notification_pending or "notification" in inspection.milestones_reached
    if told and found.moved:
        outcome.letter_factories.append(_letter(old, new, found))
    return replace(finalize(inspection, outcome, new, moment, head, old), defer_delivery=True)


def apply_calendar_unannounced(
    inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, head: int, refusal: Refused
) -> Decision:
    """The same where the letter finds nobody to go to: the limits move all the same, and somebody must tell of it."""
    outcome = _outcome(inspection, old, new, moment, diff_limits(inspection, old, inspection, new))
    facts = {"letter": "changed_dates", "why": str(refusal)}
    outcome.tasks.append(TaskOrder(key=f"calendar:{new.version}", kind="dates_untold", facts=facts))
    return finalize(inspection, outcome, new, moment, head)


def _outcome(inspection: Inspection, old: Calendar, new: Calendar, moment: datetime, found: LimitChanges) -> StepResult:
    return StepResult([_event(old, new, moment, found)], tasks=clash_tasks(inspection, old, inspection, new))


def _event(old: Calendar, new: Calendar, moment: datetime, found: LimitChanges) -> Event:
    """Under the paragraph of the first limit that moved; each carries its own."""
    changes = difference(old, new)
    data: dict[str, Any] = {
        "calendar": new.version,
        "was": old.version,
        "added": [str(day) for day in sorted(changes.added)],
        "removed": [str(day) for day in sorted(changes.removed)],
        "moved": [one.data() for one in found.moved],
        "stayed": {key: str(day) for key, day in (found.frozen or {}).items()},
        "clashes": [{"appointment": one.appointment, "day": str(one.day)} for one in found.clashes],
    }
    paragraph = found.moved[0].paragraph if found.moved else None
    return system_event(CHANGED, moment, data, f"calendar:{new.version}", paragraph)


def _letter(old: Calendar, new: Calendar, found: LimitChanges) -> LetterFactory:
    def make(after: Inspection, dates: Dates) -> LetterOrder:
        facts = {
            "moved": [one.facts() for one in found.moved],
            "calendar": difference(old, new).facts(),
            "clashes": [{"title": one.title, "day": str(one.day)} for one in found.clashes],
        }
        letter = letter_factory("changed_dates", facts=facts)(after, dates)
        return letter.model_copy(update={"cc": (*letter.cc, *_copied_to(after, found))})

    return make


def _copied_to(inspection: Inspection, found: LimitChanges) -> tuple[Role, ...]:
    """Who else was told of a day that moved: copied with the draft (para 50) or with the final report (para 52)."""
    limits = {one.limit for one in found.moved}
    copies = ((event, roles) for event, (roles, told) in COPIED_WITH.items() if limits & told)
    return tuple(role for event, roles in copies if event in inspection.milestones_reached for role in roles)


COPIED_WITH: Mapping[str, tuple[tuple[Role, ...], frozenset[str]]] = {
    "draft_sent": ((PCT,), frozenset({"factual_comments", "final_report", "publication"})),
    "final_issued": (TOLD_OF_REPORT, frozenset({"publication", "complaints_close"})),
}
"""The event -> who had a copy of its letter, and the limits that letter speaks of."""
