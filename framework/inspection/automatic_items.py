"""The automatic steps of an inspection, and the moment each is due: notification, comments that lapse, the end of the window."""

from datetime import date, datetime, timedelta

from framework.calendar.london_time import at_nine, start_of
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.due_items import Due
from framework.lifecycle.limit_status import LimitStatus


def automatic_items(inspection: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
    """Returns the automatic steps of the present stage, each with the moment it is due."""
    items = [_notification(inspection, now)] if _waits_for_notification(inspection) else []
    for limit in limits:
        if limit.rule.key == "factual_comments" and inspection.stage is Stage.FACTUAL_CHECK:
            items.append(Due(_after(limit.due), "lapse_comments"))
        if limit.rule.key == "complaints_close" and _window_open(inspection):
            items.append(Due(_after(limit.due), "close_window"))
    return items


def _waits_for_notification(inspection: Inspection) -> bool:
    by_a_person = inspection.by_hand or inspection.unserved is not None
    return inspection.stage is Stage.PLANNED and not inspection.notification_pending and not by_a_person


def _notification(inspection: Inspection, now: datetime) -> Due:
    return Due(at_nine(inspection.notify_on) if inspection.notify_on else now, "notify")


def _window_open(inspection: Inspection) -> bool:
    served = "cancellation_served" in inspection.milestones_reached
    return inspection.stage is Stage.PUBLISHED or (inspection.stage is Stage.CANCELLED and served)


def _after(day: date) -> datetime:
    return start_of(day + timedelta(days=1))
