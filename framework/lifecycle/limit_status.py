"""The status of each limit of one inspection: its due day as derived now, and whether it was met, missed or is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_counting_first
from framework.inspection.on_site import feedback_days, first_feedback_day
from framework.inspection.order import Notice, Scope
from framework.inspection.parts import Miss
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.ladders import rung_days
from framework.lifecycle.lifecycle import STEPS
from framework.lifecycle.limits import BY_KEY, LIMITS, DueDate, LimitRule, derive_due_dates
from framework.messages.orders import LimitRow

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

MET_BY: Mapping[str, tuple[str, ...]] = {
    rule.key: tuple(dict.fromkeys(step.event for step in STEPS if rule.key in step.meets)) for rule in LIMITS
}
"""Limit -> the kinds of event that meet it, from the table of steps."""

MISSED_STATES = ("met_late", "lapsed", "waived", "never_done")
"""States of a limit that counts as missed for good; one that is open is missed from the day after it is due."""
ENDED = (Stage.CANCELLED, Stage.CLOSED)
NEVER_REMINDED = (Stage.DEFERRED, *ENDED)


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """One limit, its rule, its derivation and its state."""

    rule: LimitRule
    due_date: DueDate
    state: str
    """open, met, met_late, lapsed (its time ran out and the step that waited for it was taken), waived (once it was late, with
    a reason), never_done (the inspection, or this round, ended after its day with the limit unmet) or suspended."""
    met_on: date | None
    round: int = 1
    settled_by: int | None = None
    """The event that met it, recorded that its time had run out, or ended it undone."""
    miss: Miss | None = None
    """The miss of this round that an event recorded, whatever the state is now."""

    @property
    def due(self) -> date:
        """Returns the last day on which it is met in time."""
        return self.due_date.due

    @property
    def is_missed_for_good(self) -> bool:
        """Returns whether it counts as missed on any later day, too; not so if it is still owed, as proof may show it in time."""
        return self.state in MISSED_STATES or self.miss is not None

    def is_missed(self, today: date) -> bool:
        """Returns whether it counts as missed on the London day `today`."""
        return self.miss is not None or is_missed(self.state, self.due, today)

    def row(self) -> LimitRow:
        """Returns it as the row of the records."""
        return LimitRow(
            key=self.rule.key,
            round=self.round,
            due=self.due,
            anchor=self.due_date.anchor or "",
            anchor_date=self.due_date.anchor_date,
            projected=self.due_date.projected,
            owner=self.rule.owner,
            paragraph=self.rule.paragraph,
            state=self.state,
            met_on=self.met_on,
            ended_on=self.miss.recorded_on if self.miss and self.state == "never_done" else None,
            missed=self.is_missed_for_good,
            settled_by=self.settled_by,
        )


def limit_statuses(
    inspection: Inspection, calendar: Calendar, *, as_if_notified: date | None = None
) -> tuple[LimitStatus, ...]:
    """Returns every limit that has a date; before notification, from the planned day or from `as_if_notified`."""
    derived = due_dates_of(inspection, calendar, as_if_notified)
    rules = inspection.settings.rule
    return tuple(_limit_status(inspection, calendar, rules(key), derived) for key in derived)


def is_late(inspection: Inspection, calendar: Calendar, today: date) -> bool:
    """Returns whether a limit that is still open was due before `today`, the day in London."""
    return any(limit.state == "open" and limit.due < today for limit in limit_statuses(inspection, calendar))


def earlier_misses(inspection: Inspection, present: Iterable[LimitStatus]) -> tuple[LimitStatus, ...]:
    """Returns the limits that were missed in rounds that are over, beside those of the `present` one; the oldest first."""
    shown = {(limit.rule.key, limit.round) for limit in present}
    over = [miss for key, miss in inspection.misses.items() if key not in shown]
    return tuple(_of_earlier_round(inspection, miss) for miss in sorted(over, key=lambda miss: (miss.round, miss.due)))


def _of_earlier_round(inspection: Inspection, miss: Miss) -> LimitStatus:
    rule = inspection.settings.rule(miss.limit)
    facts = (rule.count, rule.unit, rule.paragraph, rule.policy)
    due_date = DueDate(miss.limit, miss.due, rule.anchor, miss.anchor_date or miss.due, *facts, False, None, ())
    state = miss.state if miss.state in MISSED_STATES else "never_done"
    return LimitStatus(rule, due_date, state, miss.met_on, miss.round, miss.settled_by or miss.number, miss)


def limit_rows(inspection: Inspection, calendar: Calendar) -> tuple[LimitRow, ...]:
    """Returns every limit as the rows of the records: its present status, and those missed in earlier rounds."""
    present = limit_statuses(inspection, calendar)
    return tuple(limit.row() for limit in (*present, *earlier_misses(inspection, present)))


def limit_statuses_on(inspection: Inspection, calendar: Calendar, today: date) -> tuple[LimitStatus, ...]:
    """Returns the limits as screens show them, soonest first; of one to be notified at once, as if it were notified today."""
    never = inspection.date_of("notification") is None and inspection.unserved is None
    waiting = never and inspection.notify_on is None
    statuses = limit_statuses(inspection, calendar, as_if_notified=today if waiting else None)
    return tuple(sorted(statuses, key=lambda limit: limit.due))


def due_dates_of(inspection: Inspection, calendar: Calendar, as_if_notified: date | None = None) -> dict[str, DueDate]:
    """Returns the due days by key, from the events so far, under the settings this inspection began with."""
    known = {anchor: day for anchor, kind in ANCHORS.items() if (day := inspection.date_of(kind))}
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
    return {
        key: _with_frozen_due_date(inspection, milestone)
        for key, milestone in derived.items()
        if _applies(inspection, key)
    }


def _applies(inspection: Inspection, key: str) -> bool:
    """Returns whether the limit is one of this scope: a safeguarding inspection has no surveys, which are of looked after
    children and care leavers alone (paras 14, 46)."""
    return key != "survey_invitations" or inspection.scope is not Scope.SAFEGUARDING


def _with_frozen_due_date(inspection: Inspection, milestone: DueDate) -> DueDate:
    """Returns the limit with the day it was due on, if it was met before the calendar changed."""
    due = inspection.frozen_due_dates.get(milestone.key)
    if due is None:
        return milestone
    return replace(milestone, due=due, skipped=tuple(day for day in milestone.skipped if day.date < due))


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


def complaints_until(inspection: Inspection, served: date, calendar: Calendar) -> date:
    """Returns the last day for a complaint about a cancelled inspection whose letter is served on `served` (para 65)."""
    key = "complaints_close"
    return derive_due_dates({"cancellation": served}, calendar, inspection.settings, only=(key,))[key].due


def is_missed(state: str, due: date, today: date) -> bool:
    """Returns whether it was met late, lapsed, was waived or never done, or is owed and past its day on the London day `today`."""
    return state in MISSED_STATES or (state == "open" and due < today)


def outcome_of(key: str, state: str, due: date, today: date, calendar: Calendar, chased_from: date | None) -> str:
    """Returns how a limit in this state counts on the London day `today`: met, missed, at_risk, open or suspended.

    At risk is what is owed from the day of its first reminder on, and on its last day. Reminders are sent after the day
    `chased_from`, of `framework.lifecycle.ladders.reminded_after`; none are if it is None."""
    if is_missed(state, due, today):
        return "missed"
    if state != "open":
        return state
    rungs = rung_days(BY_KEY[key], due, chased_from, calendar) if chased_from else ()
    from_day = min((day for day, _ in rungs), default=due)
    return "at_risk" if min(from_day, due) <= today else "open"


def _limit_status(
    inspection: Inspection, calendar: Calendar, rule: LimitRule, derived: Mapping[str, DueDate]
) -> LimitStatus:
    key, due_date = rule.key, derived[rule.key]
    met_by, met_on = min(_met(inspection, calendar, key, derived), key=lambda act: act[::-1], default=(None, None))
    number = inspection.round_of(key)
    miss = inspection.misses.get((key, number))
    state = _state(inspection, key, due_date, met_on, miss)
    if state == "lapsed":
        met_by = inspection.milestones_reached["comments_lapsed"].number
    if state == "waived":
        met_by = inspection.waived_limits[key]
    return LimitStatus(rule, due_date, state, met_on, number, met_by or (miss.number if miss else None), miss)


def _met(
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
    since = (inspection.deferral_request or 0) if key == "deferral_answer" else 0
    return [(number, day) for number, (kind, day) in inspection.log.items() if kind in MET_BY[key] and number > since]


def _feedback_at_the_end(inspection: Inspection, calendar: Calendar, due: date) -> Mapping[int, date]:
    """Returns event and day of the oral feedback at the end of the days on site, as they are due to end or as they ended."""
    last = min(due, inspection.date_of("fieldwork_ended") or due)
    return feedback_days(inspection, first_feedback_day(last, calendar))


def _state(inspection: Inspection, key: str, due_date: DueDate, met_on: date | None, miss: Miss | None) -> str:
    if met_on is not None:
        in_time = (
            key in _NEVER_LATE
            or due_date.projected
            or met_on <= due_date.due
            or _while_suspended(inspection, due_date.due, met_on)
        )
        return "met" if in_time else "met_late"
    if key == "factual_comments" and "comments_lapsed" in inspection.milestones_reached:
        return "lapsed"
    if key in inspection.waived_limits:
        return "waived"
    if not _suspended(inspection, key):
        return "open"
    return "never_done" if miss and inspection.stage in ENDED else "suspended"


def _while_suspended(inspection: Inspection, due: date, met_on: date) -> bool:
    """Returns whether it was met in a deferral that began before its time was over: nothing was owed then (para 9)."""
    return any(
        deferral.began <= min(due, met_on) and (deferral.ended is None or met_on <= deferral.ended)
        for deferral in inspection.deferrals
    )


def _suspended(inspection: Inspection, key: str) -> bool:
    """Returns whether the limit is suspended. A cancelled inspection waits for the end of complaints alone, from the day its
    letter was served (para 65)."""
    if key == "complaints_close" and inspection.stage is Stage.CANCELLED:
        return "cancellation_served" not in inspection.milestones_reached
    return inspection.stage in NEVER_REMINDED


_NEVER_LATE = ("notification", "complaints_close")
