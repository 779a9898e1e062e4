"""What happens of itself when its moment comes: reminders, notification, comments lapsing, the window closing.

An automatic step is decided like any other command; where a rule refuses it, it is held and a task is opened."""

from datetime import datetime

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_between
from framework.common.errors import BadInput, Refused
from framework.inspection.outcomes.outcome import Dates, StepResult
from framework.inspection.state import Inspection
from framework.lifecycle.agenda import Due
from framework.lifecycle.decide import Decision, decide, finalize
from framework.lifecycle.ladders import LADDER, ladder, recipients
from framework.lifecycle.lifecycle import paragraph_of
from framework.lifecycle.limits import BY_KEY
from framework.messages.commands import SYSTEM, Command
from framework.messages.events import system_event
from framework.messages.orders import LetterOrder, TaskOrder
from framework.messages.record_state import RecordState


def automatic_command(inspection: Inspection, due: Due, moment: datetime, head: int) -> Command:
    """The system's own command for a thing that is due. A reminder is the same command whenever it is tried again; a step of
    the system may be held and owed anew later, so its identifier names the head it was decided at."""
    what = f"{due.what}:{due.limit}:{due.due}:{due.rung}" if due.what == "reminder" else f"{due.what}:{head}"
    return Command(
        id=f"auto:{what}",
        step=due.what,
        actor=SYSTEM,
        on=london_day(moment),
        received=moment,
        fields={},
    )


def due_decision(
    inspection: Inspection, due: Due, calendar: Calendar, moment: datetime, readiness: RecordState
) -> Decision:
    """What a due thing brings: a reminder, or the automatic step, or (where a rule refuses that) a task."""
    if due.what == "reminder":
        return finalize(inspection, _reminder(due, calendar, moment), calendar, moment, readiness.head)
    command = automatic_command(inspection, due, moment, readiness.head)
    try:
        return decide(inspection, command, calendar, moment, readiness)
    except (BadInput, Refused) as refusal:
        return finalize(inspection, _held(due, refusal, moment), calendar, moment, readiness.head)


def _reminder(due: Due, calendar: Calendar, moment: datetime) -> StepResult:
    assert due.due is not None, "a reminder is for a limit with a day"
    rule = BY_KEY[due.limit]
    rung = next(rung for rung in (*ladder(rule), *LADDER) if rung.days == due.rung)
    to, cc = recipients(rule, rung)
    today = london_day(moment)
    data = {"limit": due.limit, "rung": due.rung, "due": str(due.due), "passed_over": list(due.passed_over)}
    event = system_event("reminder_sent", moment, data, f"limit:{due.limit}", rule.paragraph)
    facts = {
        "limit": due.limit,
        "title": rule.title,
        "due": str(due.due),
        "rung": due.rung,
        "days_late": max(0, working_days_between(due.due, today, calendar)),
        "owner_role": rule.owner.value if rule.owner else "",
        "holds_up": HOLDS_UP.get(due.limit, ""),
    }

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        return LetterOrder(kind="reminder", to=to, cc=cc, facts=facts)

    return StepResult([event], [make])


def held_decision(
    inspection: Inspection, due: Due, refusal: Refused, calendar: Calendar, moment: datetime, readiness: RecordState
) -> Decision:
    """What is recorded instead of a due thing that could not be: it is not tried again for ever, and a task is opened."""
    return finalize(inspection, _held(due, refusal, moment), calendar, moment, readiness.head)


def _held(due: Due, refusal: BadInput | Refused, moment: datetime) -> StepResult:
    paragraph = refusal.paragraph if isinstance(refusal, Refused) else paragraph_of(due.what)
    if due.what == "reminder":
        rung = {"limit": due.limit, "rung": due.rung, "due": str(due.due), "passed_over": list(due.passed_over)}
        unsent = system_event("reminder_passed_over", moment, rung, f"limit:{due.limit}", paragraph)
        facts = {"limit": due.limit, "why": str(refusal)}
        return StepResult([unsent], tasks=[TaskOrder(key=f"reminder:{due.limit}", kind="letter", facts=facts)])
    data = {"step": due.what, "why": str(refusal)}
    event = system_event("automatic_step_held", moment, data, f"step:{due.what}", paragraph)
    task = TaskOrder(key=f"step:{due.what}", kind="gate", facts=data)
    told_before = task.model_copy(update={"closes": True})  # what kept it before may not be what keeps it now
    return StepResult([event], tasks=[told_before, task])


HOLDS_UP: dict[str, str] = {
    "case_lists": "the choice of the first cases",
    "documents": "the inspectors' reading before the set-up meeting",
    "survey_invitations": "the surveys of children and young people",
    "first_cases_choice": "the authority's audit of the first cases",
    "set_up_meeting": "the agreement on the timetable and the start of fieldwork",
    "fieldwork_starts": "the whole of the inspection on site",
    "case_audits": "the inspectors' scrutiny of the authority's own audits",
    "inspection_ends": "the draft report and every day that follows from it",
    "oral_feedback": "the end of the inspection",
    "draft_report": "the authority's check of the facts",
    "factual_comments": "the final report",
    "final_report": "publication",
    "publication": "the public's right to read the report",
    "evaluation": "what the inspectorate learns from this inspection",
    "deferral_answer": "the start of fieldwork",
    "risk_confirmation": "the Director's written record of a risk to a child",
    "complaint_answer": "the complainant's answer",
}
"""What a limit that is missed keeps from going on, in the words of the reminder."""
