"""The limits of one inspection as screens show them, and the one that is due next."""

from datetime import date
from typing import Any

from application.serializers import wording
from framework.calendar.bank_holidays import Calendar
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.holding import holds, limits_before_the_end
from framework.lifecycle.limit_status import LimitStatus, is_missed
from framework.lifecycle.limits import POLICY_WORDS


def limit_as_json(one: LimitStatus, today: date, calendar: Calendar, stage: Stage) -> dict[str, Any]:
    """One limit and how it stands on `today`, at this stage of the inspection."""
    return {
        "key": one.rule.key,
        "title": one.rule.title,
        "due": one.due,
        "paragraph": one.rule.paragraph,
        "policy": POLICY_WORDS if one.rule.policy else None,
        "owner": one.rule.owner,
        "projected": one.due_date.projected,
        "state": one.state,
        "met_on": one.met_on,
        "late": is_missed(one.state, one.due, today),
        "words": wording.state(one, today, calendar, stage),
    }


def next_limit(inspection: Inspection, limits: tuple[LimitStatus, ...], today: date) -> dict[str, Any] | None:
    """Of the open limits that hold it on `today`, the one due soonest, and on whom it waits; None where only people move it on."""
    stage, gates = inspection.stage, limits_before_the_end(inspection)
    waited_for = (one for one in limits if one.state == "open" and holds(one.rule.key, stage, one.due < today, gates))
    soonest = next(waited_for, None)
    if soonest is None:
        return None
    owner = soonest.rule.owner
    return {
        "limit": soonest.rule.key,
        "title": soonest.rule.title,
        "due": soonest.due,
        "paragraph": soonest.rule.paragraph,
        "waits_for": owner,
        "people": inspection.people.get(owner, ()) if owner else (),
    }
