"""Guards of changes in the team and among the authority's people (paras 10, 57, 58, 61, 62)."""

from collections.abc import Sequence

from framework.inspection.guards.context import StepContext
from framework.inspection.notification_gates import CONNECTION_WORDS, team_faults
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.lifecycle.guards import Failed, Guard, guard
from framework.vocabulary.roles import TITLES, Role
from framework.vocabulary.team import People, with_lead, with_member


def _another_lead(context: StepContext) -> Failed | None:
    person: str = context.form.person
    if person in context.matter.people.get(Role.LEAD_INSPECTOR, ()):
        return Failed(f"{person} leads this inspection already")
    return None


def _no_barred_lead(context: StepContext) -> Failed | None:
    """Requires a lead whose connections do not bar them: an inspection is never without one who may lead it (T2)."""
    person: str = context.form.person
    if context.matter.connections.get(person) == "barred" or context.form.undermines_objectivity:
        return Failed(f"{person} {CONNECTION_WORDS['barred']}: name another person", 62)
    return None


def _sensible_team_change(context: StepContext) -> Failed | None:
    form, people = context.form, context.matter.people
    if form.leaves and form.person not in people.get(form.role, ()):
        return Failed(f"{form.person} is not {TITLES[Role(form.role)].lower()} in this inspection")
    if form.leaves and form.role == Role.QUALITY_ASSURANCE_MANAGER:
        return Failed("an inspection always has a quality assurance manager: name the new one instead")
    held = next((role for role in _IN_TEAM if form.person in people.get(role, ())), None)
    if held and not form.leaves and form.role != Role.QUALITY_ASSURANCE_MANAGER:
        return Failed(f"{form.person} is {TITLES[held].lower()} in this inspection already")
    return None


def _sensible_contact_change(context: StepContext) -> Failed | None:
    """Refuses what changes nothing, who is named as a holder and is none, and a role without any holder."""
    form = context.form
    role, held = Role(form.role), context.matter.people.get(Role(form.role), ())
    title = TITLES[role].lower()
    for leaving in filter(None, (form.person if form.leaves else None, form.instead_of)):
        if leaving not in held:
            return Failed(f"{leaving} is not {title} in this inspection; {_holders(held)}")
    if form.leaves and len(held) == 1:
        return Failed(f"{form.person} alone is {title} in this inspection: name who takes the role instead")
    if not form.leaves and form.person in held:
        return Failed(f"{form.person} is {title} in this inspection already")
    return None


def _holders(held: Sequence[str]) -> str:
    return f"the role is held by {', '.join(held)}" if held else "nobody holds the role"


def _lead_is_not_the_assurer(context: StepContext) -> Failed | None:
    people = _after_change(context)
    if set(people.get(Role.LEAD_INSPECTOR, ())) & set(people.get(Role.QUALITY_ASSURANCE_MANAGER, ())):
        return Failed(f"{context.form.person} cannot both lead and assure the report: name another person", 61)
    return None


def _still_a_team(context: StepContext) -> Failed | None:
    """Refuses a change that takes from the team what the notification needed, once the authority is notified (T1, T2).

    While planned or deferred it refuses nothing: there the gates decide when the authority is notified."""
    inspection, form = context.matter, context.form
    joins = context.step.name != "change_lead" and not form.leaves
    if joins or Gate.TEAM in inspection.overrides or inspection.stage in (Stage.PLANNED, Stage.DEFERRED):
        return None
    lacking = team_faults(inspection, inspection.people)
    lost = [fault.message for fault in team_faults(inspection, _after_change(context)) if fault not in lacking]
    if lost:
        stays = ", keep who leads now in the team (stays=true)" if context.step.name == "change_lead" else ""
        how = f"let another person join first (change_team){stays}, or a manager overrides the gate «team»"
        return Failed(f"after it {'; '.join(lost)}: {how}", 11)
    return None


def _after_change(context: StepContext) -> People:
    """Returns who would hold which role after the change."""
    form, people = context.form, context.matter.people
    if context.step.name == "change_lead":
        return with_lead(people, form.person, stays=form.stays)
    return with_member(people, Role(form.role), form.person, leaves=form.leaves)


_IN_TEAM = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)


def _connection_declared(context: StepContext) -> Failed | None:
    person: str = context.form.person
    decision = context.matter.connections.get(person)
    if decision is None:
        return Failed(f"{person} has declared no connection")
    if decision == "barred" and context.form.allowed and not context.form.override:
        return Failed(
            "a connection that could undermine objectivity is not allowed: change the team, or say override=true with the reason"
        )
    if person == context.command.actor.person:
        return Failed(f"{person} does not decide on a connection of their own")
    return None


def _not_yet_acknowledged(context: StepContext) -> Failed | None:
    person = context.command.actor.person
    day = context.matter.conduct_acknowledged.get(person)
    return Failed(f"{person} acknowledged the code of conduct on {day}") if day else None


GUARDS: dict[str, Guard] = {
    "sensible_contact_change": guard(_sensible_contact_change, "form"),
    "another_lead": guard(_another_lead, "form"),
    "no_barred_lead": guard(_no_barred_lead, "form"),
    "lead_is_not_the_assurer": guard(_lead_is_not_the_assurer, "form"),
    "still_a_team": guard(_still_a_team, "form"),
    "sensible_team_change": guard(_sensible_team_change, "form"),
    "not_yet_acknowledged": guard(_not_yet_acknowledged, "actor"),
    "connection_declared": guard(_connection_declared, "form", "actor"),
}
