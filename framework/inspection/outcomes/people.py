"""Outcomes of changes of people: a declared connection waits for a named person, as a task (para 62); the authority is
notified of a new lead once no connection bars them."""

from framework.inspection.guards.context import StepContext
from framework.inspection.outcomes.outcome import letter_factory, step_event
from framework.inspection.outcomes.waiting import decision_waits, report_waits
from framework.inspection.stages import Stage
from framework.lifecycle.step_result import LetterFactory, ResultFactory, StepResult
from framework.messages.orders import TaskOrder
from framework.vocabulary.roles import Role


def _change_lead(context: StepContext) -> StepResult:
    outcome = _joins(context)
    if not context.form.stays:
        outcome.tasks += [_settled(person) for person in context.matter.people.get(Role.LEAD_INSPECTOR, ())]
    if not context.form.connection:
        outcome.letter_factories += _lead_changed_letters(context)
    return outcome


def _lead_changed_letters(context: StepContext) -> list[LetterFactory]:
    """Returns the letter that names the new lead to the authority (para 68); of a deferred inspection the resumption does."""
    state = context.matter
    return [letter_factory("lead_changed")] if state.was_notified and state.stage is not Stage.DEFERRED else []


def _change_team(context: StepContext) -> StepResult:
    if not context.form.leaves:
        outcome = _joins(context)
        if context.form.role == Role.QUALITY_ASSURANCE_MANAGER:
            outcome.letter_factories += [report_waits(context, report) for report in _reports_that_wait(context)]
        return outcome
    outcome = StepResult([step_event(context)])
    outcome.tasks = [_settled(context.form.person)]
    return outcome


def _reports_that_wait(context: StepContext) -> list[str]:
    """Returns "draft" or "final" where that report waits for approval: a new quality assurance manager is to know of it."""
    reports = {"draft": context.matter.draft, "final": context.matter.final}
    stages = {"draft": Stage.DRAFTING, "final": Stage.FINALISING}
    return [
        name
        for name, report in reports.items()
        if stages[name] is context.matter.stage and report.submitted is not None and not report.approved_document
    ]


def _joins(context: StepContext) -> StepResult:
    outcome = StepResult([step_event(context)])
    if context.form.connection:
        facts = {"person": context.form.person}
        outcome.tasks = [TaskOrder(key=_key(context.form.person), kind="connection", facts=facts)]
        outcome.letter_factories.append(decision_waits(context, "connection", {"person": context.form.person}))
    return outcome


def _decide(context: StepContext) -> StepResult:
    """Closes the task of an allowed connection; that of a barred one stays open until the team is changed."""
    outcome = StepResult([step_event(context)])
    if context.form.allowed:
        outcome.tasks = [_settled(context.form.person)]
        leads = context.form.person in context.matter.people.get(Role.LEAD_INSPECTOR, ())
        if leads and "lead_changed" in context.matter.milestones_reached:
            outcome.letter_factories += _lead_changed_letters(context)
    return outcome


def _settled(person: str) -> TaskOrder:
    return TaskOrder(key=_key(person), kind="connection", closes=True)


def _key(person: str) -> str:
    return f"connection:{person}"


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "lead_changed": _change_lead,
    "team_changed": _change_team,
    "connection_decided": _decide,
}
