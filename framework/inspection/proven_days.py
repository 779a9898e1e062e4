"""Which days of the log the system itself proved: no correction moves them.

Steps of the system (time that lapsed, a window that closed, a letter that the mail system accepted) happened on the day it
recorded. So did what is sent with its step: a report that is sent, issued or published counts from today, whatever day is
entered (the guard `sent_today`). Only `record_failed_service` withdraws a letter that did not arrive."""

from framework.inspection.steps import STEPS
from framework.messages.events import Event
from framework.vocabulary.roles import Role

SENT_AS_TAKEN = frozenset(kind for kind, step in STEPS.by_event.items() if "sent_today" in step.guards)
"""Kinds of event whose step sends or publishes something on the day it is taken."""


def is_proven(event: Event) -> bool:
    """Returns whether the day of the event was proven by the system, not entered by a person."""
    return event.role is Role.SYSTEM or event.kind in SENT_AS_TAKEN
