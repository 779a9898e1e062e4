"""Open steps, and what a step brought about, as JSON."""

from collections.abc import Iterable
from typing import Any

from application.queries.available_steps import OpenStep
from application.queries.step_result import StepResult
from application.serializers import wording
from application.serializers.limits import next_limit


def step_as_json(step: OpenStep) -> dict[str, Any]:
    """Returns one open step."""
    return {
        "step": step.name,
        "to": step.to,
        "paragraph": step.paragraph,
        "role": step.roles,
        "people": step.people,
        "fields": step.fields,
        "needs": step.needs,
        "ready": step.ready,
    }


def steps_as_json(steps: Iterable[OpenStep]) -> list[dict[str, Any]]:
    """Returns open steps, in the order of the table."""
    return [step_as_json(step) for step in steps]


def step_result_as_json(result: StepResult) -> dict[str, Any]:
    """Returns what a step brought about."""
    return {
        "id": result.state.id,
        "command": result.command,
        "stage": result.state.stage,
        "events": [
            {
                "number": stored.number,
                "kind": stored.event.kind,
                "on": stored.event.on,
                "words": wording.event_words(stored.event, result.edition),
            }
            for stored in result.events
        ],
        "next": next_limit(result.state, result.limits, result.today),
        "next_of_itself": {"at": result.next_due, "what": result.next_what} if result.next_due else None,
        "late": late_limits(result),
    }


def late_limits(result: StepResult) -> list[str]:
    """Returns the open limits whose day has passed."""
    return [limit.rule.key for limit in result.limits if limit.state == "open" and limit.due < result.today]
