"""What is printed once a step was taken: what happened, the stage, and what is due next and on whom it waits."""

from application.queries.step_result import StepResult
from application.serializers import wording
from application.serializers.limits import next_limit
from application.serializers.steps import late_limits
from interfaces.cli.output import print_text


def print_step_result(result: StepResult) -> None:
    """Prints what a step brought about."""
    state = result.state
    for stored in result.events:
        words = wording.event_words(stored.event, result.edition)
        print_text(f"{state.id}: {words} on {wording.day(stored.event.on)} (event {stored.number})")
    if not result.events:
        print_text(f"{state.id}: done before; nothing happened again")
    print_text(f"Stage: {wording.plain(state.stage)}")
    coming = next_limit(state, result.limits, result.today)
    if coming is None:
        print_text("Next: nothing is due")
        return
    late = " (late)" if coming.limit in late_limits(result) else ""
    print_text(f"Next: {coming.title}, by {wording.day(coming.due)}{late} (para {coming.paragraph})")
    print_text(f"Waits for: {wording.owner(coming.waits_for, state.people)}")
