"""Guard of waiving a limit: only what is owed, late and not met can be waived."""

from framework.inspection.guards.context import StepContext
from framework.inspection.limits import BY_KEY
from framework.lifecycle.guards import Failed, Guard, guard
from framework.lifecycle.limit_status import LimitStatus, limit_statuses


def _late_limit(context: StepContext) -> Failed | None:
    key: str = context.form.limit
    if key not in BY_KEY:
        return Failed(f"there is no limit «{key}»: name one of {', '.join(BY_KEY)}", bad_input=True)
    statuses = {limit.rule.key: limit for limit in limit_statuses(context.matter, context.calendar)}
    why = _why_not(context, statuses.get(key))
    return Failed(f"{BY_KEY[key].title} {why}: only what is late is waived", BY_KEY[key].paragraph) if why else None


def _why_not(context: StepContext, limit: LimitStatus | None) -> str:
    """Returns why it cannot be waived; empty where it can."""
    if limit is None:
        return "has no day yet"
    if limit.rule.owner is None:
        return "is owed by no role"
    if limit.state != "open":
        return f"is {limit.state.replace('_', ' ')}"
    return "" if limit.due < context.command.on else f"is due on {limit.due}"


GUARDS: dict[str, Guard] = {"late_limit": guard(_late_limit, "form")}
