"""All guards by the names that the table of steps calls them."""

from framework.inspection.guards import corrections, fieldwork, handed_in, limits, notice, people, report, withdrawal
from framework.inspection.guards.context import Failed, Guard, StepContext
from framework.lifecycle.lifecycle import Step

GUARDS: dict[str, Guard] = {
    **notice.GUARDS,
    **fieldwork.GUARDS,
    **report.GUARDS,
    **people.GUARDS,
    **handed_in.GUARDS,
    **corrections.GUARDS,
    **limits.GUARDS,
    **withdrawal.GUARDS,
}


def step_requires_record_state(step: Step) -> bool:
    """Returns whether the step cannot be decided by the inspection alone."""
    return any("record_state" in GUARDS[name].uses for name in step.guards)


def first_failing_guard(context: StepContext) -> Failed | None:
    """Returns the first guard that does not hold.

    Guards that look at the records are passed over where those were not queried: while a command is only validated."""
    guards = (GUARDS[name] for name in context.step.guards)
    known = (guard for guard in guards if context.record_state is not None or "record_state" not in guard.uses)
    return next((failed for guard in known if (failed := guard.check(context))), None)
