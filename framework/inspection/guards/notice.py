"""Guards of notification, notice, service and deferral (paras 8 to 11)."""

from datetime import date

from framework.calendar.working_days import working_days_between
from framework.inspection.cases import departure
from framework.inspection.guards.context import StepContext
from framework.inspection.notification_gates import NOTICE_WORKING_DAYS, announced_first_day, faults
from framework.inspection.order import Gate, Notice
from framework.inspection.service_forms import Service
from framework.inspection.service_of_notice import is_awaited
from framework.inspection.state import Inspection
from framework.lifecycle.guards import Failed, Guard, guard
from framework.vocabulary.roles import TITLES, Role


def _gates(context: StepContext) -> Failed | None:
    if context.matter.notification_pending:
        return None  # the gates held when the letter went out; that it has arrived is a fact
    messages = [fault.message for fault in faults(context.matter, context.command.on, context.calendar)]
    return Failed("; ".join(messages)) if messages else None


def _addresses(context: StepContext) -> Failed | None:
    if context.step.name == "record_service" and context.matter.notification_pending:
        return None
    missing = context.records.missing_addresses
    return Failed(f"no address is known for: {', '.join(TITLES[role] for role in missing)}") if missing else None


def _not_yet_issued(context: StepContext) -> Failed | None:
    return Failed("the notification is already on its way") if context.matter.notification_pending else None


def _resumption_issued(context: StepContext) -> Failed | None:
    if context.matter.notification_pending:
        return None
    return Failed("the inspection is deferred: take «resume» first, which notifies the authority anew")


def _proof_of_service(context: StepContext) -> Failed | None:
    if context.form.method is not Service.EMAIL:
        return None
    if context.role is not Role.SYSTEM:
        return Failed(
            "service by e-mail is proved by the mail system; record service by_hand or by post, with its proof"
        )
    if context.step.name != "record_service":
        return None
    if not context.matter.notification_pending:
        return Failed("no notification is on its way")
    return _awaited_letter(context)


def _awaited_letter(context: StepContext) -> Failed | None:
    """Requires the newest announcement: the acceptance of an earlier one is not day 0."""
    if is_awaited(context.matter, context.form.letter):
        return None
    return Failed(f"the letter {context.form.letter} is not the notification that is awaited")


def _address_settled(context: StepContext) -> Failed | None:
    """Requires, after a notification that did not arrive, that a person changed the Director's address or confirms it."""
    inspection, since = context.matter, context.matter.unserved
    if since is None:
        return None
    if context.role is Role.SYSTEM:
        return Failed("the last notification did not arrive: a person notifies anew, once the address is right")
    changed = any(
        number > since and event.kind == "contact_changed" and event.data["role"] == Role.DCS
        for number, event in inspection.events.items()
    )
    if changed or context.form.address_confirmed:
        return None
    return Failed(
        "the last notification did not arrive: change the Director's address (change_contact, or import the directory), "
        "or say with address_confirmed=true that it is right"
    )


def _failure_shown(context: StepContext) -> Failed | None:
    if context.role is Role.SYSTEM or context.form.reason:
        return None
    return Failed("say in the field «reason» what shows that the letter did not arrive", bad_input=True)


def _notification_letter(context: StepContext) -> Failed | None:
    """Requires that day 0 is proved by a letter, and by this one."""
    served = context.matter.served_letter
    if not served:
        return Failed("the notification was handed over: no letter of ours is its proof")
    letter = context.form.letter
    if letter in ("", served):
        return None
    return Failed(
        f"no limit counts from the letter {letter}: one that was given up or came back is sent again by «send_again», and "
        "what another letter says can be said another way"
    )


def _notification_or_draft_letter(context: StepContext) -> Failed | None:
    letter = context.form.letter
    if not letter:
        # From fieldwork on it is seldom the notification that is meant, and the event would say that it did not arrive.
        return Failed("say in the field «letter» which letter did not arrive", bad_input=True)
    return None if letter == context.matter.draft_letter else _notification_letter(context)


def _cancellation_letter(context: StepContext) -> Failed | None:
    """Requires that the time for complaints runs from the acceptance of the letter of cancellation, and of this one."""
    served = context.matter.cancellation_letter
    if served and context.form.letter in ("", served):
        return None
    return Failed("the time for complaints does not run from the acceptance of that letter")


def _follows_from_failed_service(context: StepContext) -> Failed | None:
    return Failed("it follows from record_failed_service for the letter with the draft, and is no step of its own")


def _within_notice(context: StepContext) -> Failed | None:
    inspection, starts = context.matter, context.form.starts
    announced_on = _announced_on(inspection)
    if announced_on is None or Gate.NOTICE in inspection.overrides:
        return None
    given = working_days_between(announced_on, starts, context.calendar)
    if given > NOTICE_WORKING_DAYS and inspection.date_of("notification"):
        return Failed(
            f"{starts} is {given} working days after notification; at most ten (override the gate «notice» first)"
        )
    return _less_than_announced(inspection, starts, announced_first_day(inspection, announced_on, context.calendar))


def _announced_on(inspection: Inspection) -> date | None:
    """Returns day 0, or the day of a letter that is still on its way: it names the first day on site already."""
    issued = inspection.date_of("notification_issued") if inspection.notification_pending else None
    return inspection.date_of("notification") or issued


def _less_than_announced(inspection: Inspection, starts: date, announced: date) -> Failed | None:
    """Refuses less notice than was announced: that is a decision of the manager, whatever the reason (N1, para 8)."""
    if starts >= announced or inspection.notice is Notice.NONE or Gate.NOTICE in inspection.overrides:
        return None
    message = f"the authority has notice until {announced}, and {starts} is before it"
    return Failed(f"{message}: {departure(Gate.NOTICE)}", 8)


def _fieldwork_day(context: StepContext) -> Failed | None:
    day: date = context.form.fieldwork
    if why := context.calendar.why_not(day):
        return Failed(f"{day} is not a working day ({why})")
    if day < context.command.on:
        return Failed(f"{day} lies in the past")
    messages = [fault.message for fault in faults(context.matter, context.command.on, context.calendar, day)]
    return Failed("; ".join(messages)) if messages else None


def _notice_given(context: StepContext) -> Failed | None:
    """Requires the agreed first day on site, or the one that was announced (para 8)."""
    inspection, notified = context.matter, context.matter.date_of("notification")
    if notified is None:
        return None
    announced = announced_first_day(inspection, notified, context.calendar)
    return _less_than_announced(inspection, context.command.on, inspection.fieldwork or announced)


def _new_notification_day(context: StepContext) -> Failed | None:
    notify: date | None = context.form.notify
    if notify is None:
        return Failed("while planned, the field «notify» (the new day of notification) is needed", bad_input=True)
    return Failed(f"{notify} lies in the past") if notify < context.command.on else None


def _deferral_requested(context: StepContext) -> Failed | None:
    return None if context.matter.deferral_ground else Failed("no request to defer waits for a decision")


def _no_request_waits(context: StepContext) -> Failed | None:
    if context.matter.deferral_ground is None:
        return None
    day = context.matter.date_of("deferral_requested")
    return Failed(
        f"a request to defer of {day} waits: the manager decides on it first (refuse_deferral or defer), or it is taken back (withdraw_deferral_request)",
        9,
    )


def _cancellation_not_yet_served(context: StepContext) -> Failed | None:
    if not context.matter.was_notified:
        return Failed("the authority was never notified of this inspection: there is no cancellation to serve")
    served = "cancellation_served" in context.matter.milestones_reached
    return Failed("the letter of cancellation is recorded as served already") if served else None


GUARDS: dict[str, Guard] = {
    "gates": guard(_gates),
    "addresses": guard(_addresses, "record_state"),
    "not_yet_issued": guard(_not_yet_issued),
    "resumption_issued": guard(_resumption_issued),
    "proof_of_service": guard(_proof_of_service, "form", "actor"),
    "awaited_letter": guard(_awaited_letter, "form"),
    "address_settled": guard(_address_settled, "form", "actor"),
    "failure_shown": guard(_failure_shown, "form", "actor"),
    "notification_letter": guard(_notification_letter, "form"),
    "notification_or_draft_letter": guard(_notification_or_draft_letter, "form"),
    "cancellation_letter": guard(_cancellation_letter, "form"),
    "follows_from_failed_service": guard(_follows_from_failed_service),
    "within_notice": guard(_within_notice, "form"),
    "fieldwork_day": guard(_fieldwork_day, "form"),
    "notice_given": guard(_notice_given, "form"),
    "deferral_requested": guard(_deferral_requested),
    "no_request_waits": guard(_no_request_waits),
    "new_notification_day": guard(_new_notification_day, "form"),
    "cancellation_not_yet_served": guard(_cancellation_not_yet_served),
}
