"""What an inspection's workflow begins with, and what deliveries report to it."""

from datetime import datetime, timedelta

from framework.inspection.order import Order
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.base import Message
from framework.messages.record_state import CalendarData
from framework.vocabulary.roles import Role


class DeliveryOutcome(Message):
    """What became of a letter, told to the inspection where it matters (it starts a clock)."""

    letter_id: str
    kind: str
    at: datetime
    """The moment it was settled."""
    accepted: bool
    """Whether the mail system took it for the person it is addressed to; False when it refused for good."""


class InspectionStart(Message):
    """What an inspection's workflow begins with."""

    inspection: str
    order: Order
    started_by: str
    """The person who started it."""
    started_as: Role
    """The post in which they did."""
    people: dict[Role, tuple[str, ...]]
    """The authority's people, as the directory has them when the inspection is ordered."""
    calendar: CalendarData
    settings: LimitSettings = AS_SHIPPED
    """What the office had set of the limits when it was ordered."""
    clock_shift: timedelta = timedelta()
    """Only in rehearsals: the skipped clock begins at the machine's time, and this carries it to the script's."""
