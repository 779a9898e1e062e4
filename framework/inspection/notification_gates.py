"""The gates of the notification of an authority: scope (P6), notice (N1), team (T1) and connections (T2).

A named person may depart from each gate with a reason (an override); a connection is decided on instead."""

from dataclasses import dataclass
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_after
from framework.inspection.limits import BY_KEY
from framework.inspection.order import Gate, Ground, Notice, Scope
from framework.inspection.state import Inspection
from framework.vocabulary.roles import TEAM_ROLES, Role
from framework.vocabulary.team import People

NOTICE_WORKING_DAYS = BY_KEY["fieldwork_starts"].count
"""The longest notice that is usual (para 8)."""
LEAST_INSPECTORS = 3
"""Inspectors of the inspectorate, the lead among them (para 11)."""


@dataclass(frozen=True, slots=True)
class GateFault:
    """A gate that does not hold, with a message that names the remedy."""

    gate: str
    message: str
    paragraph: int
    person: str = ""
    """Whose connection it is; empty for a gate that an override opens."""
    connection: str = ""
    """That connection: undecided or barred."""


def faults(
    inspection: Inspection, notification: date, calendar: Calendar, fieldwork: date | None = None
) -> tuple[GateFault, ...]:
    """Returns every fault that prevents a notification on `notification`; overridden gates are left out.

    `fieldwork` is the first day on site that the notification will name, if it is not the one agreed so far."""
    gate_faults = (
        *_scope(inspection),
        *_notice(inspection, notification, fieldwork or inspection.fieldwork, calendar),
        *team_faults(inspection, inspection.people),
    )
    open_faults = tuple(fault for fault in gate_faults if fault.gate not in inspection.overrides)
    return (*open_faults, *_connections(inspection))


def _scope(inspection: Inspection) -> tuple[GateFault, ...]:
    order = inspection.order
    if order.scope is Scope.JOINT or (order.scope_reason and order.scope_ground not in (None, Ground.OTHER)):
        return ()
    if not order.scope_reason:
        return (GateFault(Gate.SCOPE, "a separate inspection needs scope_ground and scope_reason", 15),)
    return (GateFault(Gate.SCOPE, "a separate inspection on other grounds needs an override of the gate «scope»", 15),)


def _notice(
    inspection: Inspection, notification: date, fieldwork: date | None, calendar: Calendar
) -> tuple[GateFault, ...]:
    order = inspection.order
    gate_faults: list[GateFault] = []
    latest = working_days_after(notification, NOTICE_WORKING_DAYS, calendar).due
    if order.notice is not Notice.FULL:
        if not order.notice_reason:
            gate_faults.append(GateFault(Gate.NOTICE, f"{order.notice} notice needs a written notice_reason", 8))
        elif order.scope is Scope.LOOKED_AFTER:
            message = "less notice for looked after children alone needs an override of the gate «notice»"
            gate_faults.append(GateFault(Gate.NOTICE, message, 8))
    elif fieldwork and fieldwork < latest:
        message = (
            f"fieldwork on {fieldwork} gives less than ten working days; {latest} is the day that gives them, and less needs "
            f"{_ways_to_less_notice(order.scope)}"
        )
        gate_faults.append(GateFault(Gate.NOTICE, message, 8))
    if fieldwork and fieldwork > latest:
        message = f"fieldwork on {fieldwork} is more than ten working days after notification (latest {latest})"
        gate_faults.append(GateFault(Gate.NOTICE, message, 8))
    if fieldwork and fieldwork < notification:
        gate_faults.append(
            GateFault("fieldwork", f"fieldwork on {fieldwork} is before notification on {notification}", 8)
        )
    if fieldwork and (why := calendar.why_not(fieldwork)):
        gate_faults.append(GateFault("fieldwork", f"fieldwork on {fieldwork} is not on a working day ({why})", 8))
    return tuple(gate_faults)


def announced_first_day(inspection: Inspection, notified: date, calendar: Calendar) -> date:
    """Returns the first day on site that was announced to the authority: the one agreed by then, else the latest allowed."""
    return inspection.announced_fieldwork or working_days_after(notified, NOTICE_WORKING_DAYS, calendar).due


def _ways_to_less_notice(scope: Scope) -> str:
    override = "an override of the gate «notice» by a manager"
    return (
        override
        if scope is Scope.LOOKED_AFTER
        else f"a written reason (notice: short, with notice_reason, in the order) or {override}"
    )


def team_faults(inspection: Inspection, people: People) -> tuple[GateFault, ...]:
    """Returns the faults of these people as the team of the inspection (T1), overridden or not; a barred person does not
    count (T2)."""

    def free(*roles: Role) -> set[str]:
        held = {person for role in roles for person in people.get(role, ())}
        return {person for person in held if inspection.connections.get(person) != "barred"}

    inspectors = free(Role.LEAD_INSPECTOR, Role.INSPECTOR)
    gate_faults: list[GateFault] = []
    if len(inspectors) < LEAST_INSPECTORS:
        message = f"the team has {len(inspectors)} of at least three inspectors, the lead among them"
        gate_faults.append(GateFault(Gate.TEAM, message, 11))
    if not free(Role.CQC_INSPECTOR):
        gate_faults.append(GateFault(Gate.TEAM, "the team has no inspector of the Care Quality Commission", 11))
    return tuple(gate_faults)


def _connections(inspection: Inspection) -> tuple[GateFault, ...]:
    team = {person for role in TEAM_ROLES for person in inspection.people.get(role, ())}
    held = [connection_fault(inspection, person) for person in inspection.connections if person in team]
    return tuple(fault for fault in held if fault is not None)


def connection_fault(inspection: Inspection, person: str) -> GateFault | None:
    """Returns the connection that prevents a person from acting in the team, also after the notification (T2)."""
    decision = inspection.connections.get(person, "allowed")
    if decision == "allowed":
        return None
    message = f"{person} {CONNECTION_WORDS[decision]}{_WHAT_HELPS[decision]}"
    return GateFault("connections", message, 62, person=person, connection=decision)


_WHAT_HELPS = {
    "undecided": " (decide_connection)",
    "barred": ": change the team, or a manager departs from that (decide_connection with override)",
}
CONNECTION_WORDS = {
    "undecided": "declared a connection that a manager has not decided on",
    "barred": "has a connection that could undermine objectivity",
}
