"""Needs of notification, notice and service (paras 8 to 11)."""

from datetime import date

from framework.calendar.working_days import working_days_after, working_days_between
from framework.common.errors import BadInput
from framework.inspection.forms import Service
from framework.inspection.guards.context import Guard, StepContext
from framework.inspection.notification_gates import NOTICE_WORKING_DAYS, faults
from framework.inspection.order import Gate, Notice, Scope
from framework.inspection.service_of_notice import is_awaited
from framework.vocabulary.roles import TITLES, Role


def _gates(asked: StepContext) -> str | None:
    if asked.inspection.notification_pending:
        return None  # asked when the letter went out; that it has arrived is a fact
    found = faults(asked.inspection, asked.command.on, asked.calendar)
    return "; ".join(fault.message for fault in found) or None


def _addresses(asked: StepContext) -> str | None:
    arrived = asked.step.name == "record_service" and asked.inspection.notification_pending
    missing = asked.record_state.missing_addresses if asked.record_state and not arrived else ()
    return f"no address is known for: {', '.join(TITLES[role] for role in missing)}" if missing else None


def _not_yet_issued(asked: StepContext) -> str | None:
    return "the notification is already on its way" if asked.inspection.notification_pending else None


def _resumption_issued(asked: StepContext) -> str | None:
    if asked.inspection.notification_pending:
        return None
    return "the inspection is deferred: take «resume» first, which notifies the authority anew"


def _proof_of_service(asked: StepContext) -> str | None:
    by_mail = asked.form.method is Service.EMAIL
    if by_mail and asked.role is not Role.SYSTEM:
        return "service by e-mail is proved by the mail system; record service by_hand or by post, with its proof"
    if by_mail and asked.step.name == "record_service" and not asked.inspection.notification_pending:
        return "no notification is on its way"
    return _awaited_letter(asked) if by_mail and asked.step.name == "record_service" else None


def _awaited_letter(asked: StepContext) -> str | None:
    """Of several announcements, only the newest tells day 0 by its fate."""
    if is_awaited(asked.inspection, asked.form.letter):
        return None
    return f"the letter {asked.form.letter} is not the notification that is awaited"


def _within_notice(asked: StepContext) -> str | None:
    notified = asked.inspection.date_of("notification")
    starts: date = asked.form.starts
    if notified is None:
        return None
    if starts < notified:
        return f"{starts} is before the notification on {notified}"
    given = working_days_between(notified, starts, asked.calendar)
    departs = Gate.NOTICE in asked.inspection.overrides
    if given > NOTICE_WORKING_DAYS and not departs:
        return f"{starts} is {given} working days after notification; at most ten (override the gate «notice» first)"
    if given < NOTICE_WORKING_DAYS and asked.inspection.scope is Scope.LOOKED_AFTER and not departs:
        return "less notice for looked after children alone needs an override of the gate «notice»"
    if given < NOTICE_WORKING_DAYS and asked.inspection.notice is Notice.FULL and not asked.form.reason:
        return f"{starts} gives less than ten working days of notice: give the reason"
    return None


def _fieldwork_day(asked: StepContext) -> str | None:
    day: date = asked.form.fieldwork
    if why := asked.calendar.why_not(day):
        return f"{day} is not a working day ({why})"
    if day < asked.command.on:
        return f"{day} lies in the past"
    found = faults(asked.inspection, asked.command.on, asked.calendar, fieldwork=day)
    return "; ".join(fault.message for fault in found) or None


def _notice_given(asked: StepContext) -> str | None:
    """Fieldwork on a full notice begins before its day only with the reason, given now or when it was arranged (para 8)."""
    inspection, notified = asked.inspection, asked.inspection.date_of("notification")
    if asked.form.reason and inspection.scope is not Scope.LOOKED_AFTER:
        return None
    if inspection.notice is not Notice.FULL or Gate.NOTICE in inspection.overrides or notified is None:
        return None
    agreed = inspection.fieldwork or working_days_after(notified, NOTICE_WORKING_DAYS, asked.calendar).due
    if asked.command.on >= agreed:
        return None
    alone = inspection.scope is Scope.LOOKED_AFTER
    how = "override the gate «notice» first" if alone else "give the reason for starting earlier (the field «reason»)"
    return f"the authority has notice until {agreed}: {how}"


def _new_notification_day(asked: StepContext) -> str | None:
    if asked.form.notify is None:
        raise BadInput("defer: while planned, the field «notify» (the new day of notification) is needed")
    return f"{asked.form.notify} lies in the past" if asked.form.notify < asked.command.on else None


def _deferral_requested(asked: StepContext) -> str | None:
    return None if asked.inspection.deferral_ground else "no request to defer waits for a decision"


def _cancellation_not_yet_served(asked: StepContext) -> str | None:
    if not asked.inspection.was_notified:
        return "nobody was told of this inspection: there is no cancellation to serve"
    served = "cancellation_served" in asked.inspection.milestones_reached
    return "the letter of cancellation is recorded as served already" if served else None


GUARDS: dict[str, Guard] = {
    "gates": _gates,
    "addresses": _addresses,
    "not_yet_issued": _not_yet_issued,
    "resumption_issued": _resumption_issued,
    "proof_of_service": _proof_of_service,
    "awaited_letter": _awaited_letter,
    "within_notice": _within_notice,
    "fieldwork_day": _fieldwork_day,
    "notice_given": _notice_given,
    "deferral_requested": _deferral_requested,
    "new_notification_day": _new_notification_day,
    "cancellation_not_yet_served": _cancellation_not_yet_served,
}
