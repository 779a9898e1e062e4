"""Limits as JSON: how each is now, the one that is due next, and why each is due when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.queries.explanation import ExplainedLimit, Explanation
from application.runtime.settings import variable
from application.serializers import wording
from framework.calendar.bank_holidays import Calendar
from framework.inspection.holding import is_waited_for, limits_before_the_end
from framework.inspection.milestones import as_json as milestone_as_json
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus
from framework.vocabulary.office import POLICY_WORDS
from framework.vocabulary.roles import Role

FROZEN_LIMIT = "met before the calendar changed, and keeps the day it was due on"


@dataclass(frozen=True, slots=True)
class NextLimit:
    """The open limit that holds an inspection and is due soonest, and on whom it waits."""

    limit: str
    title: str
    due: date
    paragraph: int
    waits_for: Role | None
    people: tuple[str, ...]
    """Those who hold that role."""


def limit_as_json(status: LimitStatus, today: date, calendar: Calendar, stage: Stage) -> dict[str, Any]:
    """Returns one limit and its state on `today`, at this stage of the inspection."""
    return {
        "key": status.rule.key,
        "title": status.rule.title,
        "due": status.due,
        "paragraph": status.rule.paragraph,
        "policy": POLICY_WORDS if status.rule.policy else None,
        "owner": status.rule.owner,
        "projected": status.due_date.projected,
        "state": status.state,
        "met_on": status.met_on,
        "late": status.is_missed(today),
        "round": status.round,
        "recorded_miss": recorded_miss_as_json(status),
        "words": wording.state(status, today, calendar, stage),
    }


def recorded_miss_as_json(status: LimitStatus) -> dict[str, Any] | None:
    """Returns the miss that an event recorded, whatever the limit's state is now; None where there is none."""
    miss = status.miss
    if miss is None:
        return None
    return {
        "due": miss.due,
        "met_on": miss.met_on,
        "recorded_on": miss.recorded_on,
        "recorded_by": miss.recorded_by,
        "event": miss.number,
    }


def next_limit(inspection: Inspection, limits: Sequence[LimitStatus], today: date) -> NextLimit | None:
    """Returns, of the open limits that hold the inspection on `today`, the one due soonest; None where only people move it on."""
    stage, gates = inspection.stage, limits_before_the_end(inspection)
    open_ones = (status for status in limits if status.state == "open")
    soonest = next(
        (status for status in open_ones if is_waited_for(status.rule.key, stage, status.due < today, gates)), None
    )
    if soonest is None:
        return None
    rule, owner = soonest.rule, soonest.rule.owner
    holders = tuple(inspection.people.get(owner, ())) if owner else ()
    return NextLimit(rule.key, rule.title, soonest.due, rule.paragraph, owner, holders)


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Returns the limits of an inspection with what their days follow from."""
    milestones = [explained_as_json(limit) for limit in explanation.limits]
    return {"calendar": explanation.calendar, "milestones": milestones}


def explained_as_json(limit: ExplainedLimit) -> dict[str, Any]:
    """Returns one limit in the shape in which dates are previewed; beside it the event it is counted from, what is ours marked, the
    reading, the setting, deferrals, and, for a limit that was met before the calendar changed, the calendar of its day."""
    shown = milestone_as_json(limit.due_date, explain=True)
    shown.setdefault("skipped", [])
    shown["counted"] = [day.date for day in limit.days if day.number]
    extra = {
        "anchor_event": limit.event,
        "anchor_corrected_by": limit.corrected_by,
        "policy": POLICY_WORDS if limit.rule.policy else None,
        "reading": limit.rule.reading,
        "setting": setting_of(limit),
        "capped_by": limit.due_date.capped_by,
        "kept": FROZEN_LIMIT if limit.is_frozen else None,
        "calendar": limit.calendar.version if limit.is_frozen else None,
    }
    shown |= {name: value for name, value in extra.items() if value}
    if limit.kept_by:
        shown |= {"counted_due": limit.due_date.counted_due, "kept_by_event": limit.kept_by}
    shown["recorded_miss"] = recorded_miss_as_json(limit.status)
    shown["earlier_misses"] = [
        {"round": missed.round, "due": missed.due, "state": missed.state, "met_on": missed.met_on}
        for missed in limit.earlier
    ]
    shown["deferrals"] = [{"began": deferral.began, "ended": deferral.ended} for deferral in limit.deferrals]
    return {**shown, "state": limit.status.state, "met_on": limit.status.met_on}


def setting_of(limit: ExplainedLimit) -> dict[str, Any] | None:
    """Returns the office's setting behind a limit: the name of its variable, its value, and the paragraph."""
    if limit.setting is None:
        return None
    return {"name": variable(limit.setting[0]), "value": limit.setting[1], "paragraph": limit.rule.paragraph}
