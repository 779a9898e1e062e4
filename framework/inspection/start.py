"""The argument of an inspection's workflow."""

from datetime import timedelta

from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.order import Order
from framework.messages.base import Message
from framework.messages.record_state import CalendarData
from framework.vocabulary.roles import Role


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
