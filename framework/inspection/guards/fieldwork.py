"""Needs of preparation and fieldwork (paras 11, 32, 41, 55)."""

from datetime import date

from framework.inspection.guards.context import Guard, StepContext
from framework.inspection.order import Gate, Notice, Scope

FIRST_CASES_EACH = 4
"""Cases of each half in scope that are chosen before fieldwork (para 41, C2)."""


def _meeting_not_held(asked: StepContext) -> str | None:
    return "the set-up meeting has been held" if "set_up_meeting_held" in asked.inspection.milestones_reached else None


def _working_day(asked: StepContext) -> str | None:
    day: date = getattr(asked.form, "day", None) or getattr(asked.form, "starts", None) or asked.command.on
    why = asked.calendar.why_not(day)
    return f"{day} is not a working day ({why})" if why else None


def _not_past(asked: StepContext) -> str | None:
    """What is agreed lies ahead, seen from the day it was agreed: nobody is invited to a day that is over."""
    day: date = getattr(asked.form, "day", None) or asked.form.starts
    if day >= asked.command.on:
        return None
    return f"{day} is over on {asked.command.on}, when it was agreed: name a day to come (an earlier agreement has its own --on)"


def _enough_first_cases(asked: StepContext) -> str | None:
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


def _no_notice_or_meeting_held(asked: StepContext) -> str | None:
    held = "set_up_meeting_held" in asked.inspection.milestones_reached
    if held or asked.inspection.notice is Notice.NONE:
        return None
    return "the set-up meeting has not been held; only an inspection without notice starts fieldwork before it"


def _users_were_heard(asked: StepContext) -> str | None:
    """Inspectors always speak with children and young people, and seek the views of their parents and carers."""
    if asked.form.spoke_with_children and asked.form.sought_views_of_parents:
        return None
    return "inspectors always speak with children and seek the views of their parents and carers (para 38)"


def _oral_feedback_given(asked: StepContext) -> str | None:
    if "oral_feedback_given" in asked.inspection.milestones_reached:
        return None
    return "oral feedback has not been given to the Director of Children's Services (para 55)"


GUARDS: dict[str, Guard] = {
    "meeting_not_held": _meeting_not_held,
    "working_day": _working_day,
    "not_past": _not_past,
    "enough_first_cases": _enough_first_cases,
    "no_notice_or_meeting_held": _no_notice_or_meeting_held,
    "oral_feedback_given": _oral_feedback_given,
    "users_were_heard": _users_were_heard,
}
