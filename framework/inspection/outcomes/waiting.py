"""Letters that notify a role of what waits for it: a report for approval or for its author, a decision for the manager."""

from collections.abc import Mapping, Sequence
from typing import Any

from framework.inspection.guards.context import StepContext
from framework.inspection.notification_gates import GateFault
from framework.inspection.outcomes.outcome import letter_factory
from framework.inspection.state import Inspection
from framework.lifecycle.step_result import Dates, LetterFactory
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role


def report_waits(context: StepContext, report: str) -> LetterFactory:
    """Returns the letter to quality assurance that a report, "draft" or "final", waits for approval (para 61)."""
    return _to_others(context, letter_factory("report_waiting", facts={"report": report}))


def report_came_back(context: StepContext, report: str, because: str, event: int = 0) -> LetterFactory:
    """Returns the letter to the lead inspector that a report is to be changed and submitted again (para 61).

    `because` is "quality_assurance", whose reason goes with it, or "comments"."""
    texts = context.command.fields if because == "quality_assurance" else {}
    facts = {"report": report, "because": because}
    return _to_others(context, letter_factory("report_returned", texts, facts, event))


def decision_waits(context: StepContext, what: str, names: Mapping[str, str] | None = None) -> LetterFactory:
    """Returns the letter to the manager that a request to defer ("deferral") or a declared connection ("connection") waits."""
    texts = context.command.fields if what == "deferral" else {}
    facts = {"what": what, "asked_by": context.role.value}
    return _to_others(context, letter_factory("decision_waiting", texts, facts, names=names))


def gates_wait(gates: Sequence[GateFault]) -> LetterFactory:
    """Returns the letter to the manager that a notification is held by gates, or by connections that were declared (paras 8 to 15, 62).

    A gate is opened by an override, a connection by a decision on its person, whose name the letter gives."""
    connections = {f"person_{number}": gate for number, gate in enumerate(gates) if gate.person}
    facts: dict[str, Any] = {
        "what": "gate",
        "gates": [gate.message for gate in gates if not gate.person],
        "connections": {key: gate.connection for key, gate in connections.items()},
    }
    names = {key: gate.person for key, gate in connections.items()}
    return letter_factory("decision_waiting", facts=facts, names=names)


def _to_others(context: StepContext, factory: LetterFactory) -> LetterFactory:
    """Returns the same letter, and none where the only person it would go to is the one who took the step."""

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        letter = factory(after, dates)
        held = {person for role in (letter.to if letter else ()) for person in _holders(after, role)}
        return None if held == {context.command.actor.person} else letter

    return make


def _holders(inspection: Inspection, role: Role) -> tuple[str, ...]:
    return inspection.people.get(role, ())
