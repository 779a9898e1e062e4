"""What the engine's own screens can search inspections by: the stage, and whether a limit is late. Nothing personal."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.names import LATE, STAGE
    from framework.calendar.bank_holidays import Calendar
    from framework.calendar.london_time import london_day
    from framework.inspection.state import Inspection
    from framework.lifecycle.limit_status import is_late


class SearchAttributes:
    """The search attributes of one workflow, written when they change."""

    def __init__(self) -> None:
        self._published: tuple[str, bool] | None = None

    def publish(self, inspection: Inspection, calendar: Calendar, now: datetime) -> None:
        """Writes the stage, and whether a limit that is open has passed, unless both are as they were."""
        current = (inspection.stage.value, is_late(inspection, calendar, london_day(now)))
        if current != self._published:
            self._published = current
            workflow.upsert_search_attributes([STAGE.value_set(current[0]), LATE.value_set(current[1])])
