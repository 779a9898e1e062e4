"""The ladders of the limits of an inspection, and the day from which each is asked for. Policy, not in the source.

Whom a limit is asked of and whether it can be done stands in `framework.inspection.duties`."""

from collections.abc import Mapping

from framework.lifecycle.ladders import Rung
from framework.lifecycle.limits import LimitRule
from framework.vocabulary.roles import Role

COORDINATOR, MANAGER = Role.COORDINATOR, Role.MANAGER

LADDER: tuple[Rung, ...] = (
    Rung(-3),
    Rung(-1),
    Rung(0),
    Rung(+1, cc=(COORDINATOR,)),
    Rung(+3, cc=(COORDINATOR, MANAGER)),
    Rung(+5, cc=(COORDINATOR, MANAGER)),
)
BEFORE_AND_ON: tuple[Rung, ...] = LADDER[:3]
NOTE_AND_AFTER: tuple[Rung, ...] = (LADDER[1], *LADDER[3:])
"""An appointment: one note on the working day before it, and the late rungs of any limit."""
ONCE: tuple[Rung, ...] = (Rung(+1, cc=(COORDINATOR,)),)

LADDERS: Mapping[str, tuple[Rung, ...]] = {
    "set_up_meeting": NOTE_AND_AFTER,
    "fieldwork_starts": NOTE_AND_AFTER,
    "factual_comments": BEFORE_AND_ON,  # at the end of its day the comments lapse: nothing is left to ask for
    "evaluation": ONCE,  # Q3: asked for once more
}
"""Limits whose ladder is not the ordinary one."""

REMINDED_AFTER: Mapping[str, str] = {
    "inspection_ends": "fieldwork_starts",
    "oral_feedback": "fieldwork_starts",
    "draft_report": "inspection_ends",
    "factual_comments": "draft_report",
    "final_report": "inspection_ends",
    "publication": "inspection_ends",
    "evaluation": "publication",
    "deferral_answer": "deferral_requested",
}
"""Limit -> the limit, or the event, after which it is reminded of, if that is not the notification."""


OVERDUE_AFTER: Mapping[str, str] = {"case_audits": "fieldwork_started"}
"""Limit -> the event it is counted from that is only agreed until it happens: before that nothing is called late."""


def reminded_after(key: str) -> str:
    """Returns the limit after whose being met this one is asked for, or the event: the notification, unless the table names another."""
    return REMINDED_AFTER.get(key, "notification")


def ladder(rule: LimitRule) -> tuple[Rung, ...]:
    """Returns the rungs of a limit; none where it is owed by no role (notification, the complaint window)."""
    return () if rule.owner is None else LADDERS.get(rule.key, LADDER)
