"""What notification and service bring (paras 8, 29 to 33, 42 to 46)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from framework.calendar.london_time import london_day
from framework.correspondence.letters import WITHDRAWN
from framework.inspection.guards.context import StepContext
from framework.inspection.letter_context import letter_context
from framework.inspection.outcomes.outcome import changed_dates_factory, letter_factory, step_event, system_event
from framework.inspection.parts import AgreedMeeting
from framework.inspection.service_forms import Service
from framework.inspection.state import Inspection
from framework.lifecycle import misses
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.step_result import Dates, LetterFactory, ResultFactory, StepResult
from framework.messages.orders import DocumentOrder, LetterOrder, TaskOrder


def order_texts(context: StepContext) -> dict[str, str]:
    reasons = {
        "scope_reason": context.matter.order.scope_reason,
        "notice_reason": context.matter.order.notice_reason,
    }
    return {name: text for name, text in reasons.items() if text}


def announcement_pack(context: StepContext) -> DocumentOrder:
    """Returns the pack that goes with an announcement or a resumption: without what was handed in before, and with the meeting that
    is proposed. The meeting's day is empty unless the order names one that is still ahead: then it is the last day in time."""
    proposal = context.matter.order.set_up_meeting
    day = proposal.day if proposal.day and proposal.day >= context.command.on else ""
    meeting = {"day": str(day), "time": proposal.at.isoformat("minutes"), "place": proposal.place}
    facts = {**letter_context(context.matter), "set_up_meeting": meeting}
    return DocumentOrder(kind="announcement", texts=order_texts(context), facts=facts)


def _announce(context: StepContext) -> LetterFactory:
    """Returns the announcement, with the set-up meeting proposed for the agreed day or, unless agreed, the last in time."""

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        proposal = after.order.set_up_meeting
        day = proposal.day or dates["set_up_meeting"]
        meeting = {"day": str(day), "time": proposal.at.isoformat("minutes"), "place": proposal.place}
        return letter_factory("announcement", order_texts(context), {"set_up_meeting": meeting})(after, dates)

    return make


def _notify(context: StepContext) -> StepResult:
    outcome = StepResult([step_event(context)], [_announce(context)], [announcement_pack(context)])
    outcome.tasks = [TaskOrder(key="step:notify", kind="gate", closes=True)]
    return outcome


def _record_service(context: StepContext) -> StepResult:
    """Begins the limits on day 0. The set-up meeting is invited to at once; what was handed over also goes by e-mail, as a copy."""
    today = london_day(context.command.received)
    ended = misses.missed_limits(context.matter, context.calendar, today) if _begins_anew(context) else []
    outcome = StepResult([step_event(context, **misses.as_data(ended))])
    by_mail = context.form.method is Service.EMAIL or context.matter.notification_pending
    if not by_mail and context.step.event == "notified":
        outcome.letter_factories.append(_announce(context))
        outcome.documents.append(announcement_pack(context))
    issued = _newest_day(context.matter, "notification_issued", "resumption_issued")
    if (
        by_mail and issued and issued != context.command.on
    ):  # the letter named days that follow from the day it was written
        cause = {"written": str(issued), "served": str(context.command.on)}
        outcome.letter_factories.append(
            changed_dates_factory(context, "changed_dates", announced_on=issued, cause=cause)
        )
    if "set_up_meeting_held" not in context.matter.milestones_reached:
        _invite(context, outcome)
    outcome.tasks = [
        TaskOrder(key=key, kind="notification", closes=True) for key in ("step:notify", "by_hand", "not_served")
    ]
    return outcome


def _begins_anew(context: StepContext) -> bool:
    """Returns whether a new round of the limits begins, beside which the misses of the last one stay recorded."""
    return context.step.event == "notified_anew"


def _newest_day(inspection: Inspection, *kinds: str) -> date | None:
    """Returns the day of the newest event of these kinds."""
    occurrences = [inspection.milestones_reached[kind] for kind in kinds if kind in inspection.milestones_reached]
    return max(occurrences, key=lambda occurrence: occurrence.number).on if occurrences else None


def _invite(context: StepContext, outcome: StepResult) -> None:
    proposal = context.matter.order.set_up_meeting
    so_far = context.matter.after([(0, outcome.events[0])])
    due = next(s.due for s in limit_statuses(so_far, context.calendar) if s.rule.key == "set_up_meeting")
    day = proposal.day if proposal.day and proposal.day >= context.command.on else due
    meeting = {"day": str(day), "at": proposal.at.isoformat("minutes"), "place": proposal.place}
    outcome.events.append(system_event(context, "set_up_meeting_arranged", 32, **meeting))
    outcome.letter_factories.append(invitation(event=1))
    outcome.documents.append(DocumentOrder(kind="agenda", event=1, facts={"meeting": meeting_facts(meeting)}))


def invitation(event: int = 0) -> LetterFactory:
    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        agreed = after.meeting
        assert agreed is not None
        facts = {**_agreed_facts(agreed), "sequence": agreed.sequence}
        return letter_factory("set_up_invitation", facts={"meeting": facts}, event=event)(after, dates)

    return make


def withdrawal(meeting: AgreedMeeting) -> dict[str, Any]:
    """Returns the facts of a meeting that no longer takes place; `sequence` is that of the withdrawal."""
    return {WITHDRAWN: {**_agreed_facts(meeting), "sequence": meeting.sequence}}


def withdrawing(factory: LetterFactory, before: Inspection) -> LetterFactory:
    """Returns the same letter with the withdrawal of the invitation, where the step withdraws a meeting that was ahead."""

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        letter = factory(after, dates)
        if letter is None or before.meeting_ahead is None or after.meeting is None or not after.meeting.withdrawn:
            return letter
        return letter.model_copy(update={"facts": {**letter.facts, **withdrawal(after.meeting)}})

    return make


def _agreed_facts(meeting: AgreedMeeting) -> dict[str, str]:
    return {"day": str(meeting.day), "time": meeting.at.isoformat("minutes"), "place": meeting.place}


def meeting_facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"day": str(fields["day"]), "time": str(fields["at"])[:5], "place": fields["place"]}


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "notification_issued": _notify,
    "notified": _record_service,
    "notified_anew": _record_service,
}
