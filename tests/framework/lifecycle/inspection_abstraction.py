"""The abstract state of an inspection.

Two inspections are in the same abstract state if they are at the same stage, what has happened to them and still counts is
the same, and the same is on its way. Days are left out but for two questions: whether the first day on site has come, and
whether something that is owed is late."""

from collections.abc import Hashable, Iterator
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.inspection.notification_gates import announced_first_day
from framework.inspection.order import Gate
from framework.inspection.parts import ReportInProgress
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.vocabulary.roles import Role
from tests.framework.lifecycle.inspection_states import Reached

READ_BY_GUARDS = frozenset(
    {
        *("case_lists_received", "case_audits_received", "first_cases_chosen"),
        *("set_up_meeting_held", "oral_feedback_given", "comments_lapsed", "cancellation_served"),
    }
)
"""The kinds of event that a guard, a duty or an automatic step looks for. Of the rest it only matters which limits they meet,
and that is what `every_kind` adds."""

COUNTS_ONLY_AT = {"comments_lapsed": Stage.FINALISING, "cancellation_served": Stage.CANCELLED}
"""Kinds of event that meet no limit which could still be met, and count at one stage."""

COUNTS_AT: dict[Gate, tuple[Stage, ...]] = {
    Gate.SCOPE: (Stage.PLANNED, Stage.DEFERRED),
    Gate.NOTICE: (Stage.PLANNED, Stage.NOTIFIED, Stage.SET_UP, Stage.DEFERRED),
    Gate.TEAM: (Stage.PLANNED, Stage.DEFERRED),
    Gate.CASES: (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK),
    Gate.CASE_LISTS: (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK),
    Gate.CASE_AUDITS: (Stage.FIELDWORK,),
    Gate.PUBLICATION_HOLD: (Stage.FINAL_ISSUED,),
}
"""The stages at which the override of a gate changes what may be done next."""


def key_of(state: Reached, calendar: Calendar, every_kind: bool) -> Hashable:
    """Returns the abstract state: stage, what has happened and still counts, and what is on its way.

    With `every_kind` every kind of event that still counts makes another state, not only those that guards look for."""
    inspection = state.inspection
    if inspection.is_finished:
        return (inspection.stage.value, "over")
    kinds = (kind for kind in inspection.milestones_reached if _counts(kind, inspection, every_kind))
    return (inspection.stage.value, frozenset(kinds), frozenset(_on_its_way(state, calendar)))


def _counts(kind: str, inspection: Inspection, every_kind: bool) -> bool:
    """Returns whether it still matters that an event of this kind happened."""
    if kind in COUNTS_ONLY_AT:
        return inspection.stage is COUNTS_ONLY_AT[kind]
    steps = inspection.lifecycle.steps
    step = steps.by_event.get(kind)
    if step is None or not (every_kind or kind in READ_BY_GUARDS):
        return False
    return any(steps.can_be_met(limit, inspection.stage) for limit in step.meets) if step.meets else every_kind


def _on_its_way(state: Reached, calendar: Calendar) -> Iterator[str]:
    inspection = state.inspection
    first = first_day_on_site(inspection, calendar)
    facts = {
        f"ordered {state.order}": state.order != "ordinary",
        "the authority was notified": inspection.was_notified and inspection.stage is Stage.PLANNED,
        "a notification is on its way": inspection.notification_pending,
        "the notification did not arrive": inspection.unserved is not None,
        "notified by letter": bool(inspection.served_letter),
        "cancelled by letter": bool(inspection.cancellation_letter),
        "a request to defer waits": inspection.deferral_ground is not None,
        "a meeting is ahead": inspection.meeting_ahead is not None and inspection.stage is Stage.NOTIFIED,
        "there are comments": inspection.comments > 0 and inspection.stage is Stage.FINALISING,
        "further comments came in time": _further_comments(inspection),
        "late comments wait": inspection.late_comments_undecided > 0,
        "publication is held": inspection.publication_held and inspection.stage is Stage.FINAL_ISSUED,
        "the first day on site has come": first is not None and first <= london_day(state.now),
        "something is late": is_late(state, calendar),
        "something was waived": bool(inspection.waived_limits),
    }
    yield from (name for name, is_true in facts.items() if is_true)
    yield from (f"{gate.value} overridden" for gate in inspection.overrides if inspection.stage in COUNTS_AT[gate])
    yield from (f"blocked {step}" for step in inspection.blocked_steps)
    yield from _connections(inspection)
    if inspection.stage in (Stage.DRAFTING, Stage.FINALISING):
        yield from _report(inspection.draft if inspection.stage is Stage.DRAFTING else inspection.final)


def is_late(state: Reached, calendar: Calendar) -> bool:
    """Returns whether something that a role owes is past its day."""
    owed = (limit for limit in state.limits(calendar) if limit.state == "open" and limit.rule.owner is not None)
    return any(limit.due < london_day(state.now) for limit in owed)


def _further_comments(inspection: Inspection) -> bool:
    """Returns whether an event of another stage happened at this one: comments in time, beside those that led here."""
    kinds = [kind for kind, _ in inspection.log.values()]
    return kinds.count("comments_returned") > 1 and inspection.stage is Stage.FINALISING


def _connections(inspection: Inspection) -> Iterator[str]:
    for person, decision in inspection.connections.items():
        if decision != "allowed":
            leads = person in inspection.people[Role.LEAD_INSPECTOR]
            yield f"connection {decision}{' of the lead' if leads else ''}"


def _report(report: ReportInProgress) -> Iterator[str]:
    if report.submitted is not None:
        yield "report approved" if report.approved_document else "report submitted"


def first_day_on_site(inspection: Inspection, calendar: Calendar) -> date | None:
    """Returns the first day on site, agreed or announced; None where it is not ahead by the stage."""
    notified = inspection.date_of("notification")
    if notified is None or inspection.stage not in (Stage.NOTIFIED, Stage.SET_UP):
        return None
    return inspection.fieldwork or announced_first_day(inspection, notified, calendar)
