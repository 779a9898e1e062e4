"""What a step needs before it may be taken, each need a function named in the table of `lifecycle`.

A need returns None where it holds, and otherwise the sentence that refuses. Some ask the records (`readiness`): they are
passed over while a command is only being looked at, and asked again when it is decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from framework.calendar import Calendar
from framework.clock import end_of
from framework.days import working_days_after, working_days_between
from framework.editions import edition
from framework.errors import BadInput
from framework.forms import Service
from framework.gates import NOTICE_WORKING_DAYS, faults
from framework.inspection import Inspection
from framework.lifecycle import Step
from framework.messages import Command, Readiness
from framework.order import Gate, Notice, Scope
from framework.roles import AUTHORITY_ROLES, TITLES, Role
from framework.standing import standings

FIRST_CASES_EACH = 4
"""Cases of each half in scope that are chosen before fieldwork (para 41, C2)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A step somebody wants to take, with everything a need may look at."""

    inspection: Inspection
    step: Step
    command: Command
    form: Any
    """The step's form, as its model."""
    role: Role
    moment: datetime
    calendar: Calendar
    readiness: Readiness | None = None


Need = Callable[[Asked], str | None]


def first_unmet(asked: Asked) -> str | None:
    """The sentence of the first need that does not hold."""
    return next((message for name in asked.step.needs if (message := NEEDS[name](asked))), None)


def _gates(asked: Asked) -> str | None:
    if asked.inspection.notification_pending:
        return None  # asked when the letter went out; that it has arrived is a fact
    found = faults(asked.inspection, asked.command.on, asked.calendar)
    return "; ".join(fault.message for fault in found) or None


def _addresses(asked: Asked) -> str | None:
    arrived = asked.step.name == "record_service" and asked.inspection.notification_pending
    missing = asked.readiness.missing_addresses if asked.readiness and not arrived else ()
    return f"no address is known for: {', '.join(TITLES[role] for role in missing)}" if missing else None


def _not_yet_issued(asked: Asked) -> str | None:
    return "the notification is already on its way" if asked.inspection.notification_pending else None


def _resumption_issued(asked: Asked) -> str | None:
    if asked.inspection.notification_pending:
        return None
    return "the inspection is deferred: take «resume» first, which notifies the authority anew"


def _proof_of_service(asked: Asked) -> str | None:
    by_mail = asked.form.method is Service.EMAIL
    if by_mail and asked.role is not Role.SYSTEM:
        return "service by e-mail is proved by the mail system; record service by_hand or by post, with its proof"
    if by_mail and asked.step.name == "record_service" and not asked.inspection.notification_pending:
        return "no notification is on its way"
    return None


def _meeting_not_held(asked: Asked) -> str | None:
    return "the set-up meeting has been held" if "set_up_meeting_held" in asked.inspection.happened else None


def _working_day(asked: Asked) -> str | None:
    day: date = getattr(asked.form, "day", None) or getattr(asked.form, "starts", None) or asked.command.on
    why = asked.calendar.why_not(day)
    return f"{day} is not a working day ({why})" if why else None


def _within_notice(asked: Asked) -> str | None:
    notified = asked.inspection.day_of("notification")
    starts: date = asked.form.starts
    if notified is None:
        return None
    if starts < notified:
        return f"{starts} is before the notification on {notified}"
    given = working_days_between(notified, starts, asked.calendar)
    departs = Gate.NOTICE in asked.inspection.overrides
    if given > NOTICE_WORKING_DAYS and not departs:
        return f"{starts} is {given} working days after notification; at most ten (override the gate «notice» first)"
    if given < NOTICE_WORKING_DAYS and asked.inspection.scope is Scope.LOOKED_AFTER and not departs:
        return "less notice for looked after children alone needs an override of the gate «notice»"
    if given < NOTICE_WORKING_DAYS and asked.inspection.notice is Notice.FULL and not asked.form.reason:
        return f"{starts} gives less than ten working days of notice: give the reason"
    return None


def _fieldwork_day(asked: Asked) -> str | None:
    day: date = asked.form.fieldwork
    if why := asked.calendar.why_not(day):
        return f"{day} is not a working day ({why})"
    if day < asked.command.on:
        return f"{day} lies in the past"
    found = faults(asked.inspection, asked.command.on, asked.calendar, fieldwork=day)
    return "; ".join(fault.message for fault in found) or None


def _notice_given(asked: Asked) -> str | None:
    """Fieldwork on a full notice begins before its day only with the reason, given now or when it was arranged (para 8)."""
    inspection, notified = asked.inspection, asked.inspection.day_of("notification")
    if asked.form.reason and inspection.scope is not Scope.LOOKED_AFTER:
        return None
    if inspection.notice is not Notice.FULL or Gate.NOTICE in inspection.overrides or notified is None:
        return None
    agreed = inspection.fieldwork or working_days_after(notified, NOTICE_WORKING_DAYS, asked.calendar).due
    if asked.command.on >= agreed:
        return None
    alone = inspection.scope is Scope.LOOKED_AFTER
    how = "override the gate «notice» first" if alone else "give the reason for starting earlier (the field «reason»)"
    return f"the authority has notice until {agreed}: {how}"


def _enough_first_cases(asked: Asked) -> str | None:
    if Gate.CASES in asked.inspection.overrides:
        return None
    scope, form = asked.inspection.scope, asked.form
    wanted = {"safeguarding": form.safeguarding, "looked_after": form.looked_after}
    short = [
        f"{len(cases)} {half.replace('_', ' ')}"
        for half, cases in wanted.items()
        if scope in (Scope.JOINT, half) and len(cases) < FIRST_CASES_EACH
    ]
    return f"at least four cases of each kind in scope are chosen; here {', '.join(short)}" if short else None


def _no_notice_or_meeting_held(asked: Asked) -> str | None:
    held = "set_up_meeting_held" in asked.inspection.happened
    if held or asked.inspection.notice is Notice.NONE:
        return None
    return "the set-up meeting has not been held; only an inspection without notice starts fieldwork before it"


def _oral_feedback_given(asked: Asked) -> str | None:
    if "oral_feedback_given" in asked.inspection.happened:
        return None
    return "oral feedback has not been given to the Director of Children's Services (para 55)"


def _graded_heading(asked: Asked) -> str | None:
    return _heading_fault(asked, graded=True)


def _ungraded_heading(asked: Asked) -> str | None:
    return None if asked.form.heading in ("about", "service") else _heading_fault(asked, graded=False)


def _heading_fault(asked: Asked, graded: bool) -> str | None:
    order = asked.inspection.order
    known = {heading.key: heading.graded for heading in edition(order.edition).headings(order.scope)}
    key = asked.form.heading
    if key not in known:
        raise BadInput(f"there is no heading «{key}» in this report; its headings are {', '.join(known)}")
    if known[key] is not graded:
        return f"the heading «{key}» {'takes no grade: use write_section' if graded else 'takes a grade: use grade'}"
    return None


def _report_complete(asked: Asked) -> str | None:
    missing = asked.readiness.draft.missing if asked.readiness else ()
    return f"the report is not complete: {', '.join(missing)}" if missing else None


def _draft_submitted(asked: Asked) -> str | None:
    return None if asked.inspection.draft.submitted else "the draft has not been submitted for quality assurance"


def _final_submitted(asked: Asked) -> str | None:
    return None if asked.inspection.final.submitted else "the final report has not been submitted for quality assurance"


def _draft_rendered(asked: Asked) -> str | None:
    ready = asked.readiness is None or asked.readiness.draft.rendered_sha256
    return None if ready else "the draft is still being made into a document; try again in a moment"


def _final_rendered(asked: Asked) -> str | None:
    ready = asked.readiness is None or asked.readiness.final.rendered_sha256
    return None if ready else "the final report is still being made into a document; try again in a moment"


def _not_the_author(asked: Asked) -> str | None:
    report = asked.inspection.final if asked.step.event.startswith("final") else asked.inspection.draft
    if asked.command.actor.person in (report.author, *asked.inspection.people.get(Role.LEAD_INSPECTOR, ())):
        return "quality assurance is done by someone other than the report's author"
    return None


def _draft_approved(asked: Asked) -> str | None:
    return (
        None
        if asked.inspection.draft.approved_document
        else "the draft has not been through quality assurance (para 61)"
    )


def _final_approved(asked: Asked) -> str | None:
    approved = asked.inspection.final.approved_document
    return None if approved else "the final report has not been through quality assurance (para 61)"


def _comments_time_passed(asked: Asked) -> str | None:
    due = next((s.due for s in standings(asked.inspection, asked.calendar) if s.rule.key == "factual_comments"), None)
    if due is None or asked.moment <= end_of(due):
        return f"the authority has until the end of {due} to comment"
    return None


def _comments_answered(asked: Asked) -> str | None:
    open_ones = asked.readiness.unanswered_comments if asked.readiness else ()
    return f"comments not answered yet: {', '.join(map(str, open_ones))}" if open_ones else None


def _late_comments_decided(asked: Asked) -> str | None:
    if asked.inspection.late_comments_undecided:
        return "comments came late: decide on their use first (decide_late_comments)"
    return None


def _late_comments_waiting(asked: Asked) -> str | None:
    return None if asked.inspection.late_comments_undecided else "no late comments wait for a decision"


def _deferral_requested(asked: Asked) -> str | None:
    return None if asked.inspection.deferral_asked else "no request to defer waits for a decision"


def _new_notification_day(asked: Asked) -> str | None:
    if asked.form.notify is None:
        raise BadInput("defer: while planned, the field «notify» (the new day of notification) is needed")
    return f"{asked.form.notify} lies in the past" if asked.form.notify < asked.command.on else None


def _window_over(asked: Asked) -> str | None:
    limits = standings(asked.inspection, asked.calendar)
    due = next((s.due for s in limits if s.rule.key == "complaints_close" and s.state == "open"), None)
    if due is None:
        return "the time for complaints has not begun: its letter has not been served"
    if asked.moment <= end_of(due):
        return f"complaints can be made until the end of {due}"
    return None


def _cancellation_not_yet_served(asked: Asked) -> str | None:
    served = "cancellation_served" in asked.inspection.happened
    return "the letter of cancellation is recorded as served already" if served else None


def _another_lead(asked: Asked) -> str | None:
    same = asked.form.person in asked.inspection.people.get(Role.LEAD_INSPECTOR, ())
    return f"{asked.form.person} leads this inspection already" if same else None


def _sensible_team_change(asked: Asked) -> str | None:
    form, people = asked.form, asked.inspection.people
    if form.leaves and form.person not in people.get(form.role, ()):
        return f"{form.person} is not {TITLES[Role(form.role)].lower()} in this inspection"
    if form.leaves and form.role == Role.QUALITY_ASSURANCE_MANAGER:
        return "an inspection always has a quality assurance manager: name the new one instead"
    held = next((role for role in _IN_TEAM if form.person in people.get(role, ())), None)
    if held and not form.leaves and form.role != Role.QUALITY_ASSURANCE_MANAGER:
        return f"{form.person} is {TITLES[held].lower()} in this inspection already"
    return None


_IN_TEAM = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)


def _authority_role(asked: Asked) -> str | None:
    if asked.form.role not in AUTHORITY_ROLES:
        raise BadInput(f"role: {asked.form.role} is not a role in an authority")
    return None


def _connection_declared(asked: Asked) -> str | None:
    state = asked.inspection.connections.get(asked.form.person)
    if state is None:
        return f"{asked.form.person} has declared no connection"
    if state == "barred" and asked.form.allowed:
        return "a connection that could undermine objectivity is not allowed (para 62): change the team"
    return None


def _correctable_event(asked: Asked) -> str | None:
    number: int = asked.form.event
    if number not in asked.inspection.log:
        return f"event {number} is not one whose day can be corrected; see `inspections history`"
    kind, day = asked.inspection.log[number]
    if kind == "corrected":
        return f"event {number} is itself a correction: correct event {number}'s original again instead"
    if day == asked.command.on:
        return f"event {number} stands at {day} already"
    if kind in _ON_SITE and (why := asked.calendar.why_not(asked.command.on)):
        return f"{asked.command.on} is not a working day ({why})"
    return _order_kept(asked, kind)


_ON_SITE = ("fieldwork_started", "fieldwork_ended")
_ORDER = ("notified", "notified_anew", "fieldwork_started", "oral_feedback_given", "fieldwork_ended", "draft_sent")
_ORDER_AFTER_DRAFT = ("comments_returned", "comments_lapsed", "final_issued", "published")


def _order_kept(asked: Asked, kind: str) -> str | None:
    """A corrected day must leave the main line in order: nothing ends before it began, or before notification."""
    line, happened = (*_ORDER, *_ORDER_AFTER_DRAFT), asked.inspection.happened
    if kind not in line:
        return _after_what_it_follows(asked, kind)
    place = line.index(kind)
    before = [(name, happened[name].on) for name in line[:place] if name in happened]
    after = [(name, happened[name].on) for name in line[place + 1 :] if name in happened]
    wrong = next(((n, d) for n, d in before if d > asked.command.on), None) or next(
        ((n, d) for n, d in after if d < asked.command.on), None
    )
    return f"{asked.command.on} does not fit: {wrong[0].replace('_', ' ')} was on {wrong[1]}" if wrong else None


def _after_what_it_follows(asked: Asked, kind: str) -> str | None:
    number, happened = asked.form.event, asked.inspection.happened
    before = happened.get(_FOLLOWS.get(kind, "notified"))
    if before is None or before.number > number or before.on <= asked.command.on:
        return None
    return f"{asked.command.on} does not fit: {_FOLLOWS.get(kind, 'notified').replace('_', ' ')} was on {before.on}"


_FOLLOWS = {
    "late_comments_returned": "draft_sent",
    "evaluation_returned": "published",
    "resumption_issued": "deferred",
    "cancellation_served": "cancelled",
}
"""Kinds beside the main line -> what they cannot come before; all others, the notification."""


NEEDS: dict[str, Need] = {
    "gates": _gates,
    "addresses": _addresses,
    "not_yet_issued": _not_yet_issued,
    "resumption_issued": _resumption_issued,
    "proof_of_service": _proof_of_service,
    "meeting_not_held": _meeting_not_held,
    "working_day": _working_day,
    "within_notice": _within_notice,
    "fieldwork_day": _fieldwork_day,
    "notice_given": _notice_given,
    "enough_first_cases": _enough_first_cases,
    "no_notice_or_meeting_held": _no_notice_or_meeting_held,
    "oral_feedback_given": _oral_feedback_given,
    "graded_heading": _graded_heading,
    "ungraded_heading": _ungraded_heading,
    "report_complete": _report_complete,
    "draft_submitted": _draft_submitted,
    "draft_rendered": _draft_rendered,
    "draft_approved": _draft_approved,
    "final_submitted": _final_submitted,
    "final_rendered": _final_rendered,
    "final_approved": _final_approved,
    "not_the_author": _not_the_author,
    "comments_time_passed": _comments_time_passed,
    "comments_answered": _comments_answered,
    "late_comments_decided": _late_comments_decided,
    "late_comments_waiting": _late_comments_waiting,
    "deferral_requested": _deferral_requested,
    "new_notification_day": _new_notification_day,
    "window_over": _window_over,
    "cancellation_not_yet_served": _cancellation_not_yet_served,
    "another_lead": _another_lead,
    "sensible_team_change": _sensible_team_change,
    "authority_role": _authority_role,
    "connection_declared": _connection_declared,
    "correctable_event": _correctable_event,
}
