"""The argument of an inspection's workflow, and the outcomes that deliveries report to it."""

from datetime import datetime, timedelta

from framework.inspection.order import Order
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.base import Message
from framework.messages.record_state import CalendarData
from framework.vocabulary.roles import Role


class DeliveryOutcome(Message):
    """The outcome of a letter, reported to the inspection if a limit depends on it."""

    letter_id: str
    kind: str
    at: datetime
    """The moment of the outcome."""
    accepted: bool
    """Whether the mail system accepted it for the person it is addressed to; False if it was refused permanently."""


class InspectionStart(Message):
    """The argument of an inspection's workflow."""

    inspection: str
    order: Order
    started_by: str
    """The person who started it."""
    started_as: Role
    """The post of that person."""
    people: dict[Role, tuple[str, ...]]
    """The authority's people, as the directory has them when the inspection is ordered."""
    calendar: CalendarData
    settings: LimitSettings = AS_SHIPPED
    """The settings of limits when it was ordered."""
    clock_shift: timedelta = timedelta()
    """In rehearsals, the offset of the script's days from the skipped clock; zero elsewhere."""
