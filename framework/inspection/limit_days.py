"""The days of an inspection's limits: from which events they are counted, which apply, and what meets them."""

from collections.abc import Iterable, Mapping
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_counting_first
from framework.inspection.ladders import ladder
from framework.inspection.limits import BY_KEY, derive_due_dates
from framework.inspection.on_site import feedback_days, first_feedback_day
from framework.inspection.order import Notice, Scope
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.ladders import rung_days
from framework.lifecycle.limit_status import LimitStatus, due_dates_of, is_missed, limit_statuses
from framework.lifecycle.limits import DueDate

ANCHORS: Mapping[str, str] = {
    "notification": "notification",
    "fieldwork_starts": "fieldwork_started",
    "inspection_ends": "fieldwork_ended",
    "draft_report": "draft_sent",
    "publication": "published",
    "cancellation": "cancellation_served",
    "deferral_requested": "deferral_requested",
}
"""The anchor of a limit -> the kind of event whose day it is."""

ENDED = frozenset({Stage.CANCELLED, Stage.CLOSED})
SUSPENDED = frozenset({Stage.DEFERRED, *ENDED})
LAPSED_BY: Mapping[str, str] = {"factual_comments": "comments_lapsed"}
NEVER_LATE = frozenset({"notification", "complaints_close"})


def due_dates(inspection: Inspection, calendar: Calendar, as_if_notified: date | None = None) -> dict[str, DueDate]:
    """Returns the due days by key, from the events so far, under the settings this inspection began with."""
    known = {anchor: day for anchor, kind in inspection.lifecycle.anchors.items() if (day := inspection.date_of(kind))}
    if inspection.deferral_request is None:
        known.pop("deferral_requested", None)
    if as_if_notified:
        known["notification"] = as_if_notified
    elif "notification" not in known and inspection.notify_on:
        known["notification"] = inspection.notify_on
    if not known:
        return {}
    agreed = inspection.fieldwork
    if agreed is None and "notification" in known and inspection.notice is Notice.NONE:  # all of it is due on day 1
        agreed = working_days_counting_first(known["notification"], 1, calendar).due
    least = {key: due_date.due for key, due_date in inspection.kept_due_dates.items()}
    derived = derive_due_dates(known, calendar, inspection.settings, fieldwork_agreed=agreed, at_least=least)
    return {key: due_date for key, due_date in derived.items() if _applies(inspection, key)}


def limit_statuses_on(inspection: Inspection, calendar: Calendar, today: date) -> tuple[LimitStatus, ...]:
    """Returns the limits as screens show them, soonest first; of one to be notified at once, as if it were notified today."""
    never = inspection.date_of("notification") is None and inspection.unserved is None
    waiting = never and inspection.notify_on is None
    statuses = limit_statuses(inspection, calendar, as_if_begun=today if waiting else None)
    return tuple(sorted(statuses, key=lambda limit: limit.due))


def due_days(inspection: Inspection, calendar: Calendar, as_if_notified: date | None = None) -> dict[str, date | None]:
    """Returns the dates a letter may name: each limit's due day, and the days on site, agreed and actual."""
    due_dates = due_dates_of(inspection, calendar, as_if_notified)
    days: dict[str, date | None] = {key: milestone.due for key, milestone in due_dates.items()}
    on_site = {
        "fieldwork_agreed": inspection.fieldwork,
        "fieldwork_began": inspection.date_of("fieldwork_started"),
        "fieldwork_ended": inspection.date_of("fieldwork_ended"),
    }
    return {**days, **on_site}


def agreed_day(inspection: Inspection, limit: LimitStatus) -> date | None:
    """Returns the agreed day of a limit that is an appointment, or its due day while none is agreed; None for any other."""
    if limit.rule.key == "set_up_meeting":
        return inspection.meeting.day if inspection.meeting else limit.due
    if limit.rule.key == "fieldwork_starts":
        return inspection.fieldwork or limit.due
    return None


def complaints_until(inspection: Inspection, served: date, calendar: Calendar) -> date:
    """Returns the last day for a complaint about a cancelled inspection whose letter is served on `served` (para 65)."""
    key = "complaints_close"
    return derive_due_dates({"cancellation": served}, calendar, inspection.settings, only=(key,))[key].due


def outcome_of(key: str, state: str, due: date, today: date, calendar: Calendar, chased_from: date | None) -> str:
    """Returns how a limit in this state counts on the London day `today`: met, missed, at_risk, open or suspended.

    At risk is what is owed from the day of its first reminder on, and on its last day. Reminders are sent after the day
    `chased_from`, of `framework.inspection.ladders.reminded_after`; none are if it is None."""
    if is_missed(state, due, today):
        return "missed"
    if state != "open":
        return state
    rungs = rung_days(ladder(BY_KEY[key]), due, chased_from, calendar) if chased_from else ()
    from_day = min((day for day, _ in rungs), default=due)
    return "at_risk" if min(from_day, due) <= today else "open"


def met(
    inspection: Inspection, calendar: Calendar, key: str, derived: Mapping[str, DueDate]
) -> Iterable[tuple[int, date]]:
    """Returns number and day of every event that met the limit: the first day counts, whatever is handed in again later.

    A notification is the newest. Oral feedback counts at the end of the days on site, or with its reason; where none of it does,
    what was given earlier counts by the reason that `end_fieldwork` requires then."""
    if key == "notification":
        notified = inspection.milestones_reached.get("notification")
        return [(notified.number, notified.on)] if notified else []
    if key == "oral_feedback" and (days := _feedback_at_the_end(inspection, calendar, derived["inspection_ends"].due)):
        return days.items()
    if key == "oral_feedback" and "fieldwork_ended" not in inspection.milestones_reached:
        return []
    kinds = inspection.lifecycle.steps.meeting.get(key, ())
    since = (inspection.deferral_request or 0) if key == "deferral_answer" else 0
    return [(number, day) for number, (kind, day) in inspection.log.items() if kind in kinds and number > since]


def _feedback_at_the_end(inspection: Inspection, calendar: Calendar, due: date) -> Mapping[int, date]:
    """Returns event and day of the oral feedback at the end of the days on site, as they are due to end or as they ended."""
    last = min(due, inspection.date_of("fieldwork_ended") or due)
    return feedback_days(inspection, first_feedback_day(last, calendar))


def _applies(inspection: Inspection, key: str) -> bool:
    """Returns whether the limit is one of this scope: a safeguarding inspection has no surveys, which are of looked after
    children and care leavers alone (paras 14, 46)."""
    return key != "survey_invitations" or inspection.scope is not Scope.SAFEGUARDING


def was_suspended(inspection: Inspection, due: date, met_on: date) -> bool:
    """Returns whether it was met in a deferral that began before its time was over: nothing was owed then (para 9)."""
    return any(
        deferral.began <= min(due, met_on) and (deferral.ended is None or met_on <= deferral.ended)
        for deferral in inspection.deferrals
    )


def is_suspended(inspection: Inspection, key: str) -> bool:
    """Returns whether the limit is suspended. A cancelled inspection waits for the end of complaints alone, from the day its
    letter was served (para 65)."""
    if key == "complaints_close" and inspection.stage is Stage.CANCELLED:
        return "cancellation_served" not in inspection.milestones_reached
    return inspection.stage in inspection.lifecycle.suspended
