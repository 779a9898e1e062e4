"""What changes of people bring: a declared connection waits for a named person, as a task (para 62)."""

from framework.messages import TaskOrder
from framework.needs.asked import Asked
from framework.outcomes.outcome import MakeOutcome, Outcome, plain_event
from framework.roles import Role


def _change_lead(asked: Asked) -> Outcome:
    outcome = _joins(asked)
    outcome.tasks += [_settled(person) for person in asked.inspection.people.get(Role.LEAD_INSPECTOR, ())]
    return outcome


def _change_team(asked: Asked) -> Outcome:
    if not asked.form.leaves:
        return _joins(asked)
    outcome = plain_event(asked)
    outcome.tasks = [_settled(asked.form.person)]
    return outcome


def _joins(asked: Asked) -> Outcome:
    outcome = plain_event(asked)
    if asked.form.connection:
        facts = {"person": asked.form.person}
        outcome.tasks = [TaskOrder(key=_key(asked.form.person), kind="connection", facts=facts)]
    return outcome


def _decide(asked: Asked) -> Outcome:
    """Allowed, it is settled; barred, it waits until the team is changed."""
    outcome = plain_event(asked)
    if asked.form.allowed:
        outcome.tasks = [_settled(asked.form.person)]
    return outcome


def _settled(person: str) -> TaskOrder:
    return TaskOrder(key=_key(person), kind="connection", closes=True)


def _key(person: str) -> str:
    return f"connection:{person}"


OUTCOMES: dict[str, MakeOutcome] = {
    "lead_changed": _change_lead,
    "team_changed": _change_team,
    "connection_decided": _decide,
}
