"""What notification and service bring (paras 8, 29 to 33, 42 to 46)."""

from collections.abc import Mapping
from typing import Any

from framework.inspection.forms import Service
from framework.inspection.guards.context import Asked
from framework.inspection.outcomes.outcome import (
    Dates,
    MakeLetter,
    MakeOutcome,
    Outcome,
    event_of,
    moved,
    order,
    system_event,
)
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import standings
from framework.messages.inspection import DocumentOrder, LetterOrder, TaskOrder


def order_texts(asked: Asked) -> dict[str, str]:
    wanted = {
        "scope_reason": asked.inspection.order.scope_reason,
        "notice_reason": asked.inspection.order.notice_reason,
    }
    return {name: text for name, text in wanted.items() if text}


def _announce(asked: Asked) -> MakeLetter:
    """The announcement, with the set-up meeting proposed for the agreed day or, unless agreed, the last in time."""

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        proposal = after.order.set_up_meeting
        day = proposal.day or dates["set_up_meeting"]
        meeting = {"day": str(day), "time": proposal.at.isoformat("minutes"), "place": proposal.place}
        return order("announcement", order_texts(asked), {"set_up_meeting": meeting})(after, dates)

    return make


def _notify(asked: Asked) -> Outcome:
    outcome = Outcome(
        [event_of(asked)], [_announce(asked)], [DocumentOrder(kind="announcement", texts=order_texts(asked))]
    )
    outcome.tasks = [TaskOrder(key="step:notify", kind="gate", closes=True)]
    return outcome


def _record_service(asked: Asked) -> Outcome:
    """Day 0. The set-up meeting is invited to at once; what was handed over by hand also goes by e-mail, as a copy."""
    outcome = Outcome([event_of(asked)])
    by_mail = asked.form.method is Service.EMAIL or asked.inspection.notification_pending
    if not by_mail and asked.step.event == "notified":
        outcome.letter_makers.append(_announce(asked))
        outcome.documents.append(DocumentOrder(kind="announcement", texts=order_texts(asked)))
    issued = asked.inspection.day_of("resumption_issued" if asked.inspection.deferrals else "notification_issued")
    if (
        by_mail and issued and issued != asked.command.on
    ):  # the letter named days that follow from the day it was written
        outcome.letter_makers.append(moved(asked, "changed_dates", told_on=issued))
    if "set_up_meeting_held" not in asked.inspection.happened:
        _invite(asked, outcome)
    outcome.tasks = [
        TaskOrder(key=key, kind="notification", closes=True) for key in ("step:notify", "by_hand", "not_served")
    ]
    return outcome


def _invite(asked: Asked, outcome: Outcome) -> None:
    proposal = asked.inspection.order.set_up_meeting
    so_far = asked.inspection.after([(0, outcome.events[0])])
    due = next(s.due for s in standings(so_far, asked.calendar) if s.rule.key == "set_up_meeting")
    day = proposal.day if proposal.day and proposal.day >= asked.command.on else due
    meeting = {"day": str(day), "at": proposal.at.isoformat("minutes"), "place": proposal.place}
    outcome.events.append(system_event(asked, "set_up_meeting_arranged", 32, **meeting))
    outcome.letter_makers.append(invitation(event=1))
    outcome.documents.append(DocumentOrder(kind="agenda", event=1, facts={"meeting": meeting_facts(meeting)}))


def invitation(event: int = 0) -> MakeLetter:
    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        agreed = after.meeting
        assert agreed is not None
        facts = {
            "day": str(agreed.day),
            "time": agreed.at.isoformat("minutes"),
            "place": agreed.place,
            "sequence": agreed.sequence,
        }
        return order("set_up_invitation", facts={"meeting": facts}, event=event)(after, dates)

    return make


def meeting_facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"day": str(fields["day"]), "time": str(fields["at"])[:5], "place": fields["place"]}


def _not_served(asked: Asked) -> Outcome:
    outcome = Outcome([event_of(asked)])
    outcome.tasks = [
        TaskOrder(key="not_served", kind="notification", facts={"letter": asked.command.fields.get("letter", "")})
    ]
    return outcome


OUTCOMES: dict[str, MakeOutcome] = {
    "notification_issued": _notify,
    "notified": _record_service,
    "notified_anew": _record_service,
    "notification_not_served": _not_served,
}
