"""The next step towards meeting a limit, and who takes it: the table behind every reminder.

A report is written, assured and sent by different people, so the limit of its sending asks each of them for their own step.
Whether a step may be taken now is decided by the table of steps and its guards alone; no other step is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, london_day
from framework.inspection.guards.context import StepContext
from framework.inspection.guards.table import GUARDS
from framework.inspection.notification_gates import connection_fault
from framework.inspection.on_site import counts_as_feedback, first_feedback_day
from framework.inspection.state import Inspection
from framework.lifecycle.lifecycle import STEPS, find
from framework.lifecycle.limits import LimitRule
from framework.messages.commands import Actor, Command
from framework.vocabulary.roles import TEAM_ROLES, Role


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One step on the way to meeting a limit."""

    step: str
    by: Role | None = None
    """Who is asked to take it; None for the role that owes the limit."""
    asked_by: tuple[str, ...] = ()
    """The kinds of event whose letter asks this role for the step."""
    follows: str = ""
    """The kind of event without which it cannot be done, although the table of steps would let it be recorded."""
    title: str = ""
    """Its name in a reminder, if that is not the limit's title."""
    is_ready: "IsReady | None" = None
    """Whether it can be done without a reason that is asked for only in its form; None where none is."""


IsReady = Callable[[Inspection, date, Calendar], bool]
"""Decides by the inspection, the day and the calendar."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A step that can be taken now and leads to a limit being met."""

    limit: str
    step: str
    title: str
    role: Role
    people: tuple[str, ...]
    """Who holds the role and may take the step; empty where the inspection names no holder and the directory does."""
    asked_on: date | None
    """The London day on which a letter asked for it; None where none did."""


def _duty(
    step: str,
    by: Role | None = None,
    *,
    asked_by: str = "",
    follows: str = "",
    title: str = "",
    is_ready: IsReady | None = None,
) -> DutyRule:
    return DutyRule(step, by, tuple(asked_by.split()), follows, title, is_ready)


def _feedback_counts(inspection: Inspection, on: date, calendar: Calendar) -> bool:
    return counts_as_feedback(inspection, first_feedback_day(on, calendar))


def _feedback_is_missing(inspection: Inspection, on: date, calendar: Calendar) -> bool:
    return not _feedback_counts(inspection, on, calendar)


QA, MANAGER = Role.QUALITY_ASSURANCE_MANAGER, Role.MANAGER
_NOTIFIED = "notified notified_anew"

# fmt: off
DUTIES: Mapping[str, tuple[DutyRule, ...]] = {
    "case_lists":         (_duty("receive_case_lists", asked_by=_NOTIFIED),),
    "documents":          (_duty("receive_documents", asked_by=_NOTIFIED),),
    "survey_invitations": (_duty("confirm_survey_invitations", asked_by=_NOTIFIED),),
    "set_up_meeting":     (_duty("hold_set_up_meeting", asked_by="set_up_meeting_arranged"),),
    "first_cases_choice": (_duty("choose_first_cases", follows="case_lists_received"),),
    "fieldwork_starts":   (_duty("start_fieldwork", asked_by="fieldwork_arranged set_up_meeting_held"),),
    "case_audits":        (_duty("receive_case_audits", asked_by="first_cases_chosen", follows="first_cases_chosen"),),
    "inspection_ends":    (_duty("end_fieldwork", is_ready=_feedback_counts),
                           _duty("give_oral_feedback", is_ready=_feedback_is_missing, title="Oral feedback and the end of fieldwork")),
    "oral_feedback":      (),  # one item with the end of fieldwork, which cannot come before it
    "draft_report":       (_duty("send_draft", asked_by="draft_approved"),
                           _duty("approve_draft", QA, asked_by="draft_submitted", title="Approval of the draft report"),
                           _duty("submit_draft", asked_by="draft_sent_back", title="Draft report for quality assurance")),
    "factual_comments":   (_duty("return_comments", asked_by="draft_sent"),),
    "final_report":       (_duty("issue_final", asked_by="final_approved"),
                           _duty("decide_late_comments", title="Decision on late comments"),
                           _duty("approve_final", QA, asked_by="final_submitted", title="Approval of the final report"),
                           _duty("submit_final", asked_by="final_sent_back", title="Final report for quality assurance")),
    "publication":        (_duty("publish"),
                           _duty("release_publication", MANAGER, asked_by="publication_held", title="Publication, which is held back")),
    "evaluation":         (_duty("record_evaluation", asked_by="published"),),
    "deferral_answer":    (_duty("refuse_deferral", asked_by="deferral_requested"),),
}
# fmt: on
"""Limit -> the steps that lead to its being met, the last first. A limit that is not named here is met by its own step."""


def open_duty(inspection: Inspection, rule: LimitRule, on: date, calendar: Calendar) -> Duty | None:
    """Returns the step nearest to meeting the limit that can be taken on the day `on`; None where no step can."""
    steps = DUTIES.get(rule.key)
    for duty in _by_own_step(rule) if steps is None else steps:
        role = duty.by or rule.owner
        is_ready = duty.is_ready is None or duty.is_ready(inspection, on, calendar)
        if role is None or not is_ready or (duty.follows and duty.follows not in inspection.milestones_reached):
            continue
        holders = inspection.people.get(role, ())
        people = tuple(person for person in holders if may_take(inspection, duty.step, role, person, on, calendar))
        if people or (not holders and may_take(inspection, duty.step, role, "", on, calendar)):
            title = duty.title or rule.title
            return Duty(rule.key, duty.step, title, role, people, _asked_on(inspection, duty))
    return None


def may_take(inspection: Inspection, name: str, role: Role, person: str, on: date, calendar: Calendar) -> bool:
    """Returns whether `person`, as `role`, may take a step on the day `on`, as far as is known before it is taken.

    Guards that look at its form or at the records are left to the moment it is taken."""
    step = find(name, inspection.stage)
    if step is None or role not in step.by:
        return False
    if role in TEAM_ROLES and connection_fault(inspection, person):
        return False
    moment = at_nine(on)
    command = Command(id="preview", step=name, actor=Actor(person=person), on=on, received=moment)
    context = StepContext(inspection, step, command, None, role, moment, calendar)
    return all(GUARDS[name].check(context) is None for name in step.guards if not GUARDS[name].uses - {"actor"})


def _by_own_step(rule: LimitRule) -> tuple[DutyRule, ...]:
    steps = (step.name for step in STEPS if rule.key in step.meets and rule.owner in step.by)
    return tuple(DutyRule(step) for step in dict.fromkeys(steps))


def _asked_on(inspection: Inspection, duty: DutyRule) -> date | None:
    milestones = (inspection.milestones_reached.get(kind) for kind in duty.asked_by)
    return max((london_day(event.received) for event in milestones if event), default=None)
