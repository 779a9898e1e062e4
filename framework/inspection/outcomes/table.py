"""Every step that works something out, by the kind of its event; all others leave it at `plain_event`."""

from framework.inspection.outcomes import departures, notification, people, preparation, report
from framework.inspection.outcomes.outcome import MakeOutcome

OUTCOMES: dict[str, MakeOutcome] = {
    **notification.OUTCOMES,
    **preparation.OUTCOMES,
    **report.OUTCOMES,
    **people.OUTCOMES,
    **departures.OUTCOMES,
}
