"""Limits that were met when the calendar changed: under which version each was counted. They keep it until they are derived anew."""

from collections.abc import MutableMapping

from framework.lifecycle import evolve
from framework.lifecycle.evolve import CALENDAR_CHANGE
from framework.messages.events import Event

REDERIVED_AFTER = frozenset({"notified", "notified_anew", "notification_failed", "corrected"})
"""Events after which every limit is derived anew, whatever it was met under."""


def freeze(under: MutableMapping[str, str], event: Event) -> None:
    """Takes one event into `under` (limit -> version of the calendar); those of other kinds pass by."""
    if event.kind in REDERIVED_AFTER:
        under.clear()
    elif event.kind == CALENDAR_CHANGE:
        evolve.freeze(under, event)
