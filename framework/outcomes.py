"""What each step brings beyond its own event: letters, documents, tasks and further events. One function a step that
works something out; all others leave their event and the letters of their row (`plain_event`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from framework.clock import london_day
from framework.days import calendar_days_after, working_days_counting_first
from framework.events import Event
from framework.forms import DeferralGround, Service
from framework.inspection import Inspection
from framework.letters import letter as rule_of
from framework.limits import BY_KEY
from framework.messages import CommentRow, DocumentOrder, LetterOrder, TaskOrder
from framework.needs import Asked
from framework.roles import Role
from framework.stages import Stage
from framework.standing import standings

Dates = Mapping[str, date | None]
MakeLetter = Callable[[Inspection, Dates], LetterOrder | None]


@dataclass(slots=True)
class Outcome:
    """What a step brings, before it is settled into a decision."""

    events: list[Event]
    letter_makers: list[MakeLetter] = field(default_factory=list)
    """Letters are made from the state they lead to, so that they tell of the days as they then are."""
    documents: list[DocumentOrder] = field(default_factory=list)
    tasks: list[TaskOrder] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    send_again: str | None = None
    publish: bool = False

    def letters(self, after: Inspection, dates: Dates) -> list[LetterOrder]:
        """The letters, told from the state after the step."""
        return [made for make in self.letter_makers if (made := make(after, dates)) is not None]


def plain_event(asked: Asked) -> Outcome:
    """The step's own event, with every letter and document of its row."""
    outcome = Outcome([event_of(asked)])
    outcome.letter_makers = [order(kind, asked.command.fields) for kind in asked.step.letters]
    outcome.documents = [DocumentOrder(kind=kind) for kind in asked.step.documents]
    return outcome


def event_of(asked: Asked, kind: str | None = None, **data: Any) -> Event:
    """The event of a step: its form as data (texts by identifier), who, when, through which door, under what."""
    command = asked.command
    fields = {name: value for name, value in command.fields.items() if name != "reason"}
    return Event(
        kind=kind or asked.step.event,
        on=command.on,
        received=command.received,
        by=command.actor.person,
        role=asked.role,
        door=command.actor.door,
        ran_as=command.actor.ran_as,
        paragraph=asked.step.paragraph,
        data={**fields, **data},
        reason=command.fields.get("reason"),
        cause=f"command:{command.id}",
    )


def system_event(asked: Asked, kind: str, paragraph: int, **data: Any) -> Event:
    """What the system adds of itself in the same decision."""
    return Event(
        kind=kind,
        on=asked.command.on,
        received=asked.command.received,
        by="system",
        role=Role.SYSTEM,
        door="engine",
        paragraph=paragraph,
        data=data,
        cause=f"command:{asked.command.id}",
    )


def order(
    kind: str,
    texts: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    event: int = 0,
    names: Mapping[str, str] | None = None,
) -> MakeLetter:
    """A letter to those the table names, with the texts of the form and the facts given."""
    rule = rule_of(kind)

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        return LetterOrder(
            kind=kind,
            to=rule.to,
            cc=rule.cc,
            event=event,
            facts=dict(facts or {}),
            texts=_text_fields(texts or {}),
            names=dict(names or {}),
            attachments=rule.attachments,
        )

    return make


def told(inspection: Inspection) -> bool:
    """Whether the authority has heard of the inspection, so that what changes must be told."""
    return inspection.told


def _text_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str) and value.startswith("t-")}


# Notification ----------------------------------------------------------------------------------------------------


def _order_texts(asked: Asked) -> dict[str, str]:
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
        return order("announcement", _order_texts(asked), {"set_up_meeting": meeting})(after, dates)  # type: ignore[return-value]

    return make


def _notify(asked: Asked) -> Outcome:
    outcome = Outcome(
        [event_of(asked)], [_announce(asked)], [DocumentOrder(kind="announcement", texts=_order_texts(asked))]
    )
    outcome.tasks = [TaskOrder(key="step:notify", kind="gate", closes=True)]
    return outcome


def _record_service(asked: Asked) -> Outcome:
    """Day 0. The set-up meeting is invited to at once; what was handed over by hand also goes by e-mail, as a copy."""
    outcome = Outcome([event_of(asked)])
    by_mail = asked.form.method is Service.EMAIL or asked.inspection.notification_pending
    if not by_mail and asked.step.event == "notified":
        outcome.letter_makers.append(_announce(asked))
        outcome.documents.append(DocumentOrder(kind="announcement", texts=_order_texts(asked)))
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
    outcome.letter_makers.append(_invitation(event=1))
    outcome.documents.append(DocumentOrder(kind="agenda", event=1, facts={"meeting": _meeting_facts(meeting)}))


def _invitation(event: int = 0) -> MakeLetter:
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


def _meeting_facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"day": str(fields["day"]), "time": str(fields["at"])[:5], "place": fields["place"]}


def _not_served(asked: Asked) -> Outcome:
    outcome = Outcome([event_of(asked)])
    outcome.tasks = [
        TaskOrder(key="not_served", kind="notification", facts={"letter": asked.command.fields.get("letter", "")})
    ]
    return outcome


# Preparation -----------------------------------------------------------------------------------------------------


def _arrange_meeting(asked: Asked) -> Outcome:
    fields = {"day": str(asked.form.day), "at": asked.form.at.isoformat("minutes"), "place": asked.form.place}
    document = DocumentOrder(kind="agenda", facts={"meeting": _meeting_facts(fields)})
    return Outcome([event_of(asked, **fields)], [_invitation()], [document])


def _arrange_fieldwork(asked: Asked) -> Outcome:
    outcome = Outcome([event_of(asked)])
    if told(asked.inspection):
        outcome.letter_makers.append(_moved(asked, "changed_dates"))
    return outcome


def _moved(asked: Asked, kind: str, **facts: Any) -> MakeLetter:
    """A letter that names each day that moved, from what to what; none where nothing moved."""
    limits = standings(asked.inspection, asked.calendar)
    before = {s.rule.key: s.due for s in limits if s.state != "suspended"}
    old_fieldwork = asked.inspection.fieldwork

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        moved = [
            {"limit": key, "title": BY_KEY[key].title, "from": str(before[key]), "to": str(dates[key])}
            for key in before
            if key in dates and dates[key] != before[key]
        ]
        if after.fieldwork != old_fieldwork and after.fieldwork:
            was = str(old_fieldwork) if old_fieldwork else None
            moved.insert(
                0, {"limit": "fieldwork", "title": "First day on site", "from": was or "", "to": str(after.fieldwork)}
            )
        return order(kind, asked.command.fields, {"moved": moved, **facts})(after, dates) if moved else None

    return make


def _first_cases(asked: Asked) -> Outcome:
    form = asked.form
    cases = (*form.safeguarding, *form.looked_after)
    event = event_of(asked, safeguarding=len(form.safeguarding), looked_after=len(form.looked_after), texts=list(cases))

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        made = order("first_cases", facts={"count": len(cases)})(after, dates)
        return made.model_copy(update={"texts": {"cases": cases}}) if made else None

    return Outcome([event], [make], [DocumentOrder(kind="first_cases_list", texts={"cases": cases})])


def _hold_meeting(asked: Asked) -> Outcome:
    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        fieldwork = after.fieldwork or dates["fieldwork_starts"]
        return order("meeting_note", asked.command.fields, {"fieldwork": str(fieldwork)})(after, dates)

    return Outcome([event_of(asked)], [make], [DocumentOrder(kind="indicative_timetable", facts=_days_on_site(asked))])


def _days_on_site(asked: Asked) -> dict[str, list[str]]:
    """The working days of the fieldwork, from the agreed first day or, unless agreed, the latest."""
    due = {s.rule.key: s.due for s in standings(asked.inspection, asked.calendar)}
    first = asked.inspection.fieldwork or due["fieldwork_starts"]
    longest = BY_KEY["inspection_ends"].count
    days = [working_days_counting_first(first, number, asked.calendar).due for number in range(1, longest + 1)]
    return {"days": [str(day) for day in days]}


# Report ----------------------------------------------------------------------------------------------------------


def _submit_draft(asked: Asked) -> Outcome:
    return Outcome([event_of(asked)], documents=[DocumentOrder(kind="draft_report", state="draft")])


def _approve_draft(asked: Asked) -> Outcome:
    return Outcome([event_of(asked, **_approved(asked, "draft"))])


def _approve_final(asked: Asked) -> Outcome:
    return Outcome([event_of(asked, **_approved(asked, "final"))])


def _approved(asked: Asked, which: str) -> dict[str, Any]:
    """What is approved is one document, named by its hash; exactly that is sent."""
    assert asked.readiness is not None
    report = asked.readiness.draft if which == "draft" else asked.readiness.final
    return {"document": report.frozen_document, "sha256": report.rendered_sha256}


def _submit_final(asked: Asked) -> Outcome:
    documents = [DocumentOrder(kind="final_report", state="final"), DocumentOrder(kind="comments_table")]
    return Outcome([event_of(asked)], documents=documents)


def _return_comments(asked: Asked) -> Outcome:
    comments = asked.command.fields.get("comments", [])
    first = asked.inspection.comments + 1
    late = not _in_time(asked)
    outcome = Outcome([event_of(asked, None if late else "comments_returned", count=len(comments))])
    outcome.comments = [
        CommentRow(number=first + place, where=comment["where"], text=comment["text"], late=late)
        for place, comment in enumerate(comments)
    ]
    if late:
        outcome.letter_makers = [
            order("late_comments", facts={"after": asked.inspection.stage.value, "count": len(comments)})
        ]
    else:
        kind = "comments_received" if comments else "comments_returned_without"
        outcome.letter_makers = [order(kind, facts={"count": len(comments)})]
    return outcome


def _in_time(asked: Asked) -> bool:
    """More of them within the five days, or recorded after the day they came, are not late while the report can take them."""
    if asked.inspection.stage is not Stage.FINALISING:
        return asked.inspection.stage is Stage.FACTUAL_CHECK
    due = next(s.due for s in standings(asked.inspection, asked.calendar) if s.rule.key == "factual_comments")
    return asked.command.on <= due


def _publish(asked: Asked) -> Outcome:
    outcome = plain_event(asked)
    outcome.publish = True
    return outcome


# Deferral, cancelling, corrections ---------------------------------------------------------------------------------


def _request_deferral(asked: Asked) -> Outcome:
    """Staff absence and shortage are refused by default (para 9); anything else waits for the manager."""
    outcome = Outcome([event_of(asked)])
    ground: DeferralGround = asked.form.ground
    if ground is DeferralGround.OTHER:
        outcome.tasks = [TaskOrder(key="deferral", kind="deferral", facts={"ground": ground.value})]
    else:
        outcome.events.append(system_event(asked, "deferral_refused", 9, ground=ground.value))
        if told(asked.inspection):
            outcome.letter_makers = [_deferral_letter(asked, "deferral_refused", event=1)]
    return outcome


def _refuse_deferral(asked: Asked) -> Outcome:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    letters = [_deferral_letter(asked, "deferral_refused")] if told(asked.inspection) else []
    return Outcome([event_of(asked)], letters, tasks=tasks)


def _defer(asked: Asked) -> Outcome:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    return Outcome([event_of(asked)], [_deferral_letter(asked, "deferral_granted")], tasks=tasks)


def _deferral_letter(asked: Asked, kind: str, event: int = 0) -> MakeLetter:
    ground = asked.command.fields.get("ground") or asked.inspection.deferral_asked or "other"
    person = asked.command.actor.person if kind == asked.step.event or kind == "deferral_granted" else ""
    names = {"decided_by": person} if person else {}
    facts = {"grounds": ground, **({} if person else {"decided_by": ""})}
    return order(kind, asked.command.fields, facts, event, names)


def _resume(asked: Asked) -> Outcome:
    letter = order("resumption", facts={"fieldwork": str(asked.form.fieldwork)})
    return Outcome([event_of(asked)], [letter], [DocumentOrder(kind="announcement", texts=_order_texts(asked))])


def _cancel(asked: Asked) -> Outcome:
    outcome = Outcome([event_of(asked)])
    if told(asked.inspection):
        until = calendar_days_after(london_day(asked.moment), BY_KEY["complaints_close"].count).due
        outcome.letter_makers = [order("cancellation", asked.command.fields, {"complaints_until": str(until)})]
    return outcome


def _correct(asked: Asked) -> Outcome:
    kind, was = asked.inspection.log[asked.form.event]
    words = kind.replace("_", " ")
    outcome = Outcome([event_of(asked, on=str(asked.command.on), was=str(was), corrects=kind)])
    if told(asked.inspection):
        facts = {"event": words, "was": str(was), "now": str(asked.command.on)}
        outcome.letter_makers = [_moved(asked, "correction", **facts)]
    return outcome


def _send_again(asked: Asked) -> Outcome:
    tasks = [TaskOrder(key=f"letter:{asked.form.letter}", kind="letter", closes=True)]
    return Outcome([event_of(asked)], tasks=tasks, send_again=asked.form.letter)


def _clear(*keys: str) -> Callable[[Asked], Outcome]:
    def outcome(asked: Asked) -> Outcome:
        made = plain_event(asked)
        made.tasks = [TaskOrder(key=key, kind="gate", closes=True) for key in keys]
        return made

    return outcome


OUTCOMES: dict[str, Callable[[Asked], Outcome]] = {
    "notification_issued": _notify,
    "notified": _record_service,
    "notified_anew": _record_service,
    "notification_not_served": _not_served,
    "set_up_meeting_arranged": _arrange_meeting,
    "fieldwork_arranged": _arrange_fieldwork,
    "first_cases_chosen": _first_cases,
    "set_up_meeting_held": _hold_meeting,
    "draft_submitted": _submit_draft,
    "draft_approved": _approve_draft,
    "final_submitted": _submit_final,
    "final_approved": _approve_final,
    "comments_returned": _return_comments,
    "late_comments_returned": _return_comments,
    "published": _publish,
    "deferral_requested": _request_deferral,
    "deferral_refused": _refuse_deferral,
    "deferred": _defer,
    "notification_postponed": _clear("deferral", "step:notify"),
    "resumption_issued": _resume,
    "cancelled": _cancel,
    "corrected": _correct,
    "letter_sent_again": _send_again,
}
