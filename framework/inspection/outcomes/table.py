"""Every step that works something out, by the kind of its event; all others have `default_result`."""

from framework.inspection.outcomes import departures, failed_service, notification, people, preparation, report
from framework.lifecycle.step_result import ResultFactory

RESULT_FACTORIES: dict[str, ResultFactory] = {
    **notification.RESULT_FACTORIES,
    **preparation.RESULT_FACTORIES,
    **report.RESULT_FACTORIES,
    **people.RESULT_FACTORIES,
    **departures.RESULT_FACTORIES,
    **failed_service.RESULT_FACTORIES,
}
