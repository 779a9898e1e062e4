"""What no decision may do to days and limits, by whatever person it is made: proven days, misses, and the running time of other people."""

from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, earlier_misses, limit_statuses
from framework.messages.events import Event
from framework.vocabulary.roles import Role

SENT_BY_THE_STEP = {"notification_issued", "resumption_issued", "draft_sent", "final_issued", "published"}
ENDS_ITS_TIME = {"deferred", "cancelled", "window_closed", "notified_anew"}
FOR_GOOD = {"met_late", "lapsed", "waived", "never_done"}


def missed_for_good(inspection: Inspection, calendar: Calendar) -> set[tuple[str, int]]:
    """Returns limit and round of everything that counts as missed whatever comes."""
    present = limit_statuses(inspection, calendar)
    every = (*present, *earlier_misses(inspection, present))
    return {(limit.rule.key, limit.round) for limit in every if limit.state in FOR_GOOD or limit.miss is not None}


def check_proven_days(inspection: Inspection, events: list[tuple[int, Event]]) -> None:
    """A day that the system proved is that of its event, whatever was tried since."""
    for number, event in events:
        if number in inspection.log and (event.role is Role.SYSTEM or event.kind in SENT_BY_THE_STEP):
            assert inspection.log[number] == (event.kind, event.on), f"the day of {event.kind} was moved"


def check_decision(
    before: Inspection, events: tuple[Event, ...], after: Inspection, calendar: Calendar, today: date
) -> None:
    """No miss disappears, and no correction shortens the time of a person who did not make it or meets their own miss."""
    kinds = {event.kind for event in events}
    gone = missed_for_good(before, calendar) - missed_for_good(after, calendar)
    if "draft_not_served" in kinds:  # the time for comments on a draft that did not arrive never ran
        gone = {(limit, number) for limit, number in gone if limit != "factual_comments"}
    assert not gone, f"{kinds} made {gone} disappear"
    if kinds & ENDS_ITS_TIME and "notification" in before.milestones_reached:
        unmet = {(limit.rule.key, limit.round) for limit in limit_statuses(before, calendar)
                 if limit.rule.owner and not limit.due_date.projected and limit.state == "open" and limit.due < today}  # fmt: skip
        assert unmet <= missed_for_good(after, calendar), f"{kinds} ended what was late"
    for event in events:
        if event.kind == "corrected":
            _check_correction(before, event, after, calendar, today)


def _check_correction(before: Inspection, event: Event, after: Inspection, calendar: Calendar, today: date) -> None:
    later = {limit.rule.key: limit for limit in limit_statuses(after, calendar)}
    for limit in limit_statuses(before, calendar):
        owner = limit.rule.owner
        own = owner is not None and event.by in before.people.get(owner, ())
        then = later.get(limit.rule.key)
        if then and limit.state == "open" and not limit.due_date.projected and not own:
            assert then.due >= limit.due, f"{event.by} shortened {limit.rule.key} of another person"
        if then and own and _is_missed(limit, today):
            assert _is_missed(then, today), f"{event.by} met a limit of their own by a correction"


def _is_missed(limit: LimitStatus, today: date) -> bool:
    return limit.state in FOR_GOOD or (limit.state == "open" and limit.due < today)
