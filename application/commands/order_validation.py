"""Whether an order can be started: every fault with its place in the file, what refuses it, and what only keeps it waiting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from application.commands.eligibility import unfit
from application.files.order_file import Fault, OrderRead
from application.files.yaml_files import YamlFile
from application.runtime.suggestions import near
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Refused, Remedy
from framework.common.validation import Location
from framework.editions.registry import edition
from framework.inspection.notification_gates import GateFault
from framework.inspection.notification_gates import faults as gate_faults
from framework.inspection.order import Order
from framework.inspection.state import Inspection, begin
from framework.lifecycle.limits import AS_SHIPPED, POLICY_WORDS, LimitSettings
from framework.vocabulary.roles import TITLES, Role
from records.directory.contacts import Contact
from records.directory.order_lookup import OrderFacts


@dataclass(frozen=True, slots=True)
class Checked:
    """An order that can be started."""

    inspection: Inspection
    """As it will stand, planned."""
    notification: date
    """The day it is notified when nothing keeps it: the order's, or today."""
    gates: tuple[GateFault, ...]
    """What does not hold yet, so that the notification waits."""
    recipients: tuple[Contact, ...]


def check(
    order: Order,
    yaml: YamlFile,
    facts: OrderFacts,
    calendar: Calendar,
    today: date,
    settings: LimitSettings = AS_SHIPPED,
) -> Checked:
    """The order as it will stand. Raises `BadInput` naming every fault with line and column, else `Refused`."""
    faults(OrderRead(yaml, order), facts, calendar)
    refusal = refused(order, facts)
    if refusal:
        raise refusal
    return outlook(order, facts, calendar, today, settings)


def faults(read: OrderRead, facts: OrderFacts, calendar: Calendar) -> None:
    """Raises `BadInput` naming every fault of the order with line and column, those of its form among them."""
    order = read.order
    found = (*_edition(order), *_authority(order, facts), *_people(order, facts), *_days(order, calendar))
    if found or read.faults:
        raise read.error(found)


def refused(order: Order, facts: OrderFacts) -> Refused | None:
    """The rule that keeps a faultless order from being started, if any."""
    if facts.open_inspections:
        scope = order.scope.value.replace("_", " ")
        return Refused(
            f"{facts.authority} has an open {scope} inspection already: {', '.join(facts.open_inspections)}; "
            f"close or cancel it first, or choose another scope ({POLICY_WORDS})"
        )
    if facts.unaddressed:
        names = ", ".join(f"{TITLES[role]}{_held_by(facts, role)}" for role in facts.unaddressed)
        return Refused(
            f"no address is known in {facts.authority} for: {names}",
            50 if {Role.DCS, Role.PCT_CHIEF_EXECUTIVE} & set(facts.unaddressed) else 52,
            remedy=Remedy.IMPORT_PEOPLE,
        )
    return None


def outlook(
    order: Order, facts: OrderFacts, calendar: Calendar, today: date, settings: LimitSettings = AS_SHIPPED
) -> Checked:
    """How an order without faults will stand once started, under the settings of its limits."""
    inspection = begin(order.reference, order, holders(facts), settings)
    notification = today if order.notify == "now" else max(order.notify, today)
    recipients = tuple(contact for role in Role for contact in facts.recipients.get(role, ()))
    return Checked(inspection, notification, gate_faults(inspection, notification, calendar), recipients)


def holders(facts: OrderFacts) -> dict[Role, tuple[str, ...]]:
    """The authority's people by role."""
    return {role: tuple(contact.person for contact in held) for role, held in facts.recipients.items()}


def _edition(order: Order) -> Iterator[Fault]:
    try:
        edition(order.edition)
    except BadInput as error:
        yield ("edition",), str(error)


def _authority(order: Order, facts: OrderFacts) -> Iterator[Fault]:
    if facts.authority is None and order.authority:
        close = near(order.authority, facts.authorities)
        yield ("authority",), f"there is no authority {order.authority}{close}"


def _people(order: Order, facts: OrderFacts) -> Iterator[Fault]:
    for place, person, role in _named(order):
        if person and (fault := unfit(person, role, facts.people.get(person), facts.office)):
            yield place, fault
    leads = [member.person for member in order.team or () if member.role == Role.LEAD_INSPECTOR.value]
    if order.quality_assurance and order.quality_assurance in leads:
        yield ("quality_assurance",), "must be somebody other than the lead inspector, who writes the report (para 61)"


def _named(order: Order) -> Iterator[tuple[Location, str, Role | None]]:
    """Everybody the order names, with the role they are to have; None where that could not be read."""
    yield ("coordinator",), order.coordinator, Role.COORDINATOR
    yield ("manager",), order.manager, Role.MANAGER
    yield ("quality_assurance",), order.quality_assurance, Role.QUALITY_ASSURANCE_MANAGER
    for place, member in enumerate(order.team or ()):
        yield ("team", place, "person"), member.person, Role(member.role) if member.role else None
    for place, override in enumerate(order.overrides or ()):
        yield ("overrides", place, "by"), override.by, Role.MANAGER


def _days(order: Order, calendar: Calendar) -> Iterator[Fault]:
    notified = None if order.notify == "now" else order.notify
    if notified:
        yield from _outside(("notify",), notified, calendar)
    meeting = order.set_up_meeting
    on_site_or_meeting = {("fieldwork",): order.fieldwork, ("set_up_meeting", "day"): meeting.day if meeting else None}
    for place, day in on_site_or_meeting.items():
        if day is None:
            continue
        yield from _outside(place, day, calendar) or _not_worked(place, day, calendar)
        if notified and day < notified:
            yield place, f"{day} is before the notification on {notified}"


def _outside(place: Location, day: date, calendar: Calendar) -> list[Fault]:
    try:
        calendar.why_not(day)
    except BadInput as error:
        return [(place, str(error))]
    return []


def _not_worked(place: Location, day: date, calendar: Calendar) -> list[Fault]:
    why = calendar.why_not(day)
    return [(place, f"{day} is not a working day ({why})")] if why else []


def _held_by(facts: OrderFacts, role: Role) -> str:
    held = facts.recipients.get(role, ())
    return f" ({', '.join(contact.person for contact in held)})" if held else " (nobody holds the post)"
