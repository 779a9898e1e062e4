"""Needs of changes in the team and among the authority's people (paras 10, 57, 58, 62)."""

from framework.common.errors import Refused
from framework.inspection.guards.context import Guard, StepContext
from framework.inspection.notification_gates import CONNECTION_WORDS, team_faults
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.vocabulary.roles import TITLES, Role
from framework.vocabulary.team import with_lead, with_member


def _another_lead(asked: StepContext) -> str | None:
    same = asked.form.person in asked.inspection.people.get(Role.LEAD_INSPECTOR, ())
    return f"{asked.form.person} leads this inspection already" if same else None


def _no_barred_lead(asked: StepContext) -> str | None:
    """An inspection is never without somebody who may lead it: who is barred is not taken at all (T2)."""
    barred = asked.inspection.connections.get(asked.form.person) == "barred"
    if not barred and not asked.form.undermines_objectivity:
        return None
    return f"{asked.form.person} {CONNECTION_WORDS['barred']} (para 62): name somebody else"


def _sensible_team_change(asked: StepContext) -> str | None:
    form, people = asked.form, asked.inspection.people
    if form.leaves and form.person not in people.get(form.role, ()):
        return f"{form.person} is not {TITLES[Role(form.role)].lower()} in this inspection"
    if form.leaves and form.role == Role.QUALITY_ASSURANCE_MANAGER:
        return "an inspection always has a quality assurance manager: name the new one instead"
    held = next((role for role in _IN_TEAM if form.person in people.get(role, ())), None)
    if held and not form.leaves and form.role != Role.QUALITY_ASSURANCE_MANAGER:
        return f"{form.person} is {TITLES[held].lower()} in this inspection already"
    return None


def _still_a_team(asked: StepContext) -> str | None:
    """Once the authority is notified, a change may not take from the team what the notification needed (T1, T2, para 61).

    Before, and while deferred, the gates ask when the authority is told."""
    state, form = asked.inspection, asked.form
    lead = asked.step.name == "change_lead"
    people = (
        with_lead(state.people, form.person)
        if lead
        else with_member(state.people, Role(form.role), form.person, leaves=form.leaves)
    )
    if set(people.get(Role.LEAD_INSPECTOR, ())) & set(people.get(Role.QUALITY_ASSURANCE_MANAGER, ())):
        raise Refused(
            f"{asked.step.name}: {form.person} cannot both lead and assure the report: name somebody else", 61
        )
    joins = not lead and not form.leaves
    if joins or Gate.TEAM in state.overrides or state.stage in (Stage.PLANNED, Stage.DEFERRED):
        return None
    lacked = team_faults(state, state.people)
    lost = [fault.message for fault in team_faults(state, people) if fault not in lacked]
    if lost:
        how = "let somebody join first (change_team), or a manager overrides the gate «team»"
        raise Refused(f"{asked.step.name}: after it {'; '.join(lost)}: {how}", 11)
    return None


_IN_TEAM = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)


def _connection_declared(asked: StepContext) -> str | None:
    state = asked.inspection.connections.get(asked.form.person)
    if state is None:
        return f"{asked.form.person} has declared no connection"
    if state == "barred" and asked.form.allowed and not asked.form.override:
        return "a connection that could undermine objectivity is not allowed: change the team, or say override=true with the reason"
    if asked.form.person == asked.command.actor.person:
        return f"{asked.form.person} does not decide on a connection of their own"
    return None


GUARDS: dict[str, Guard] = {
    "another_lead": _another_lead,
    "no_barred_lead": _no_barred_lead,
    "still_a_team": _still_a_team,
    "sensible_team_change": _sensible_team_change,
    "connection_declared": _connection_declared,
}
