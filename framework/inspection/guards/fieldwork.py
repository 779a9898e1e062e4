"""Guards of preparation and fieldwork (paras 11, 32, 38, 41, 55)."""

from datetime import date

from framework.inspection.cases import CaseFault, choice_fault, faults_before_fieldwork, faults_before_the_end
from framework.inspection.guards.context import StepContext
from framework.inspection.on_site import MOST_DAYS_ON_SITE, counts_as_feedback, days_on_site, first_feedback_day
from framework.inspection.order import Notice
from framework.inspection.parts import FirstCases
from framework.lifecycle.guards import Failed, Guard, guard


def _meeting_not_held(context: StepContext) -> Failed | None:
    held = "set_up_meeting_held" in context.matter.milestones_reached
    return Failed("the set-up meeting has been held") if held else None


def _working_day(context: StepContext) -> Failed | None:
    return _on_working_day(context, context.command.on)


def _agreed_working_day(context: StepContext) -> Failed | None:
    return _on_working_day(context, _agreed_day(context))


def _on_working_day(context: StepContext, day: date) -> Failed | None:
    why = context.calendar.why_not(day)
    return Failed(f"{day} is not a working day ({why})") if why else None


def _agreed_day(context: StepContext) -> date:
    """Returns the day that a form of `arrange_...` names."""
    day: date = getattr(context.form, "day", None) or context.form.starts
    return day


def _not_past(context: StepContext) -> Failed | None:
    """Refuses an agreed day that was over when it was agreed: a letter would invite people to it."""
    day, agreed_on = _agreed_day(context), context.command.on
    if day >= agreed_on:
        return None
    return Failed(f"{day} is over on {agreed_on}, when it was agreed: name a day to come, or the day it was agreed")


def _enough_first_cases(context: StepContext) -> Failed | None:
    chosen = FirstCases(context.form.safeguarding, context.form.looked_after)
    return _case_failure(choice_fault(context.matter, chosen.counts()))


def _cases_before_fieldwork(context: StepContext) -> Failed | None:
    """Requires the lists and the first cases, as in most instances (paras 41, 42)."""
    return _case_failure(next(faults_before_fieldwork(context.matter), None))


def _cases_before_the_end(context: StepContext) -> Failed | None:
    """Requires the audits as well, as in most instances (para 41)."""
    return _case_failure(next(faults_before_the_end(context.matter), None))


def _case_failure(fault: CaseFault | None) -> Failed | None:
    return Failed(fault.message, fault.paragraph) if fault else None


def _no_notice_or_meeting_held(context: StepContext) -> Failed | None:
    held = "set_up_meeting_held" in context.matter.milestones_reached
    if held or context.matter.notice is Notice.NONE:
        return None
    return Failed("the set-up meeting has not been held; only an inspection without notice starts fieldwork before it")


def _users_were_heard(context: StepContext) -> Failed | None:
    """Requires that inspectors spoke with children and young people and sought the views of parents and carers."""
    if context.form.spoke_with_children and context.form.sought_views_of_parents:
        return None
    return Failed("inspectors always speak with children and seek the views of their parents and carers", 38)


def _oral_feedback_given(context: StepContext) -> Failed | None:
    if "oral_feedback_given" in context.matter.milestones_reached:
        return None
    return Failed("oral feedback has not been given to the Director of Children's Services", 55)


def _feedback_at_the_end(context: StepContext) -> Failed | None:
    """Requires oral feedback on the last two days on site, or the reason why it was given before them."""
    given = context.matter.date_of("oral_feedback_given")
    earliest = first_feedback_day(context.command.on, context.calendar)
    if given is None or context.form.reason or counts_as_feedback(context.matter, earliest):
        return None
    how = f"give it again, or say why it was given on {given} (the field «reason»)"
    return Failed(f"oral feedback is given at the end, on {earliest} or {context.command.on}: {how}", 55)


def _ten_days_on_site(context: StepContext) -> Failed | None:
    started = context.matter.date_of("fieldwork_started")
    if started is None or context.form.reason:
        return None
    days = days_on_site(started, context.command.on, context.calendar)
    if days <= MOST_DAYS_ON_SITE:
        return None
    return Failed(f"{days} working days on site are more than ten: give the reason (the field «reason»)", 11)


GUARDS: dict[str, Guard] = {
    "meeting_not_held": guard(_meeting_not_held),
    "working_day": guard(_working_day),
    "agreed_working_day": guard(_agreed_working_day, "form"),
    "not_past": guard(_not_past, "form"),
    "enough_first_cases": guard(_enough_first_cases, "form"),
    "cases_before_fieldwork": guard(_cases_before_fieldwork),
    "cases_before_the_end": guard(_cases_before_the_end),
    "no_notice_or_meeting_held": guard(_no_notice_or_meeting_held),
    "oral_feedback_given": guard(_oral_feedback_given),
    "feedback_at_the_end": guard(_feedback_at_the_end, "form"),
    "ten_days_on_site": guard(_ten_days_on_site, "form"),
    "users_were_heard": guard(_users_were_heard, "form"),
}
