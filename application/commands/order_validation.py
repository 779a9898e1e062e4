"""Checks whether an order can be started: its faults with their locations, refusals, and gates that delay its notification."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from application.commands.eligibility import unfit
from application.runtime.suggestions import near
from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Remedy
from framework.common.validation import Location
from framework.editions.registry import begin_inspection, edition
from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.notification_gates import GateFault
from framework.inspection.notification_gates import faults as gate_faults
from framework.inspection.notification_time import needs_confirmation, notified_at
from framework.inspection.order import Order
from framework.inspection.state import Inspection
from framework.vocabulary.office import POLICY_WORDS
from framework.vocabulary.roles import TITLES, Role
from records.directory.contacts import Contact
from records.directory.order_lookup import OrderFacts

STARTERS = frozenset({Role.COORDINATOR, Role.MANAGER})
"""Posts that may start an inspection."""

Fault = tuple[Location, str]


class OrderGiven(Protocol):
    """An order as a caller gave it: in a file, in a form, or as JSON."""

    @property
    def order(self) -> Order:
        """Returns the order; if its form has faults, with the fields that could be read."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Returns the faults of its form, each with its location."""

    def error(self, others: tuple[Fault, ...] = ()) -> BadInput:
        """Returns the error for the faults of the form and `others`, each with its location in the file or form."""


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """An order that can be started."""

    inspection: Inspection
    """As it will be, planned."""
    notification: date
    """The day it is notified if nothing delays it: the order's, or today."""
    gates: tuple[GateFault, ...]
    """The gates that do not hold yet, so that the notification waits."""
    recipients: tuple[Contact, ...]
    notified_at: datetime | None = None
    """The moment of it; None where the announcement is handed over by a person."""


@dataclass(frozen=True, slots=True)
class StartRequest:
    """An order as it comes in: who starts it, when, and whether a notification at an unusual time is confirmed."""

    given: OrderGiven
    now: datetime
    by: str = ""
    confirmed: bool = False
    settings: LimitSettings = AS_SHIPPED

    @property
    def order(self) -> Order:
        """Returns the order itself."""
        return self.given.order

    @property
    def starter(self) -> str:
        """Returns the person who starts it: by default the order's coordinator."""
        return self.by or self.order.coordinator

    @property
    def today(self) -> date:
        """Returns the day it is in London."""
        return london_day(self.now)


def check(request: StartRequest, facts: OrderFacts, calendar: Calendar) -> CheckedOrder:
    """Returns the order as it will be. Raises `BadInput` naming every fault with its location, else `Refused`."""
    require_starter(request, facts)
    require_faultless(request, facts, calendar)
    if refusal := refused(request, facts, calendar):
        raise refusal
    return outlook(request, facts, calendar)


def require_starter(request: StartRequest, facts: OrderFacts) -> None:
    """Raises `BadInput` where the person named as starting the inspection is not in the directory, or has left."""
    if request.by and (fault := unfit(request.by, None, facts.people.get(request.by), facts.office)):
        raise BadInput(fault, field="by")


def require_faultless(request: StartRequest, facts: OrderFacts, calendar: Calendar) -> None:
    """Raises `BadInput` naming every fault of the order with its location, those of its form among them."""
    order = request.order
    people = (*_people(order, facts), *_overrides(order, request.starter))
    faults = (*_edition(order), *_authority(order, facts), *people, *_days(order, request.today, calendar))
    if faults or request.given.faults:
        raise request.given.error(faults)


def refused(request: StartRequest, facts: OrderFacts, calendar: Calendar) -> Refused | None:
    """Returns the rule that keeps a faultless order from being started, if any."""
    order, starter = request.order, request.starter
    posts = facts.people[starter].posts if starter in facts.people else ()
    if refusal := refused_starter(starter, posts):
        return refusal
    if facts.open_inspections and not order.beside_reason:
        return Refused(
            f"{facts.authority} has an open inspection already: {', '.join(facts.open_inspections)}; another one starts when that "
            f"one is over, or with a reason in the order why both are needed (beside_reason) ({POLICY_WORDS})"
        )
    dated = None if order.notify == "now" or order.service == "by_hand" else order.notify
    if dated and not request.confirmed and (why := needs_confirmation(dated, request.now, calendar)):
        return Refused(f"{why}, and nothing was started ({POLICY_WORDS})", 8, remedy=Remedy.CONFIRM_START)
    if facts.unaddressed:
        names = ", ".join(f"{TITLES[role]}{_held_by(facts, role)}" for role in facts.unaddressed)
        return Refused(
            f"no address is known in {facts.authority} for: {names}",
            50 if {Role.DCS, Role.PCT_CHIEF_EXECUTIVE} & set(facts.unaddressed) else 52,
            remedy=Remedy.IMPORT_PEOPLE,
        )
    return None


def refused_starter(starter: str, posts: Collection[Role]) -> Refused | None:
    """Returns the rule that keeps a person with these posts from starting an inspection, if any."""
    if set(posts) & STARTERS:
        return None
    titles = " or ".join(TITLES[role] for role in Role if role in STARTERS)
    return Refused(f"an inspection is started by: {titles}; {starter} is neither", 8)


def outlook(request: StartRequest, facts: OrderFacts, calendar: Calendar) -> CheckedOrder:
    """Returns an order without faults as it will be once started, under the settings of its limits."""
    order = request.order
    inspection = begin_inspection(order.reference, order, holders(facts), request.settings)
    inspection.overrides |= {override.gate for override in order.overrides}
    dated = None if order.notify == "now" else order.notify
    moment = notified_at(dated, request.now)
    notification = london_day(moment)
    recipients = tuple(contact for role in Role for contact in facts.recipients.get(role, ()))
    gates = gate_faults(inspection, notification, calendar)
    return CheckedOrder(inspection, notification, gates, recipients, None if order.service == "by_hand" else moment)


def holders(facts: OrderFacts) -> dict[Role, tuple[str, ...]]:
    """Returns the authority's people by role."""
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
    for location, person, role in _named(order):
        if person and (fault := unfit(person, role, facts.people.get(person), facts.office)):
            yield location, fault
    leads = [member.person for member in order.team or () if member.role == Role.LEAD_INSPECTOR.value]
    if order.quality_assurance and order.quality_assurance in leads:
        yield ("quality_assurance",), "must be somebody other than the lead inspector, who writes the report (para 61)"


def _overrides(order: Order, starter: str) -> Iterator[Fault]:
    """Yields a fault for each override by another person than the starter: an override is given by the person who decides it."""
    for index, override in enumerate(order.overrides or ()):
        if override.by and starter and override.by != starter:
            yield (
                ("overrides", index, "by"),
                f"an order carries overrides only of the person who starts it, here {starter}: leave this one out, and let "
                f"{override.by} give it with the step override",
            )


def _named(order: Order) -> Iterator[tuple[Location, str, Role | None]]:
    """Yields every person in the order with the role they are to have; None if that could not be read."""
    yield ("coordinator",), order.coordinator, Role.COORDINATOR
    yield ("manager",), order.manager, Role.MANAGER
    yield ("quality_assurance",), order.quality_assurance, Role.QUALITY_ASSURANCE_MANAGER
    for index, member in enumerate(order.team or ()):
        yield ("team", index, "person"), member.person, Role(member.role) if member.role else None
    for index, override in enumerate(order.overrides or ()):
        yield ("overrides", index, "by"), override.by, Role.MANAGER


def _days(order: Order, today: date, calendar: Calendar) -> Iterator[Fault]:
    notified = None if order.notify == "now" else order.notify
    if notified:
        yield from _outside(("notify",), notified, calendar)
        if notified < today:
            yield ("notify",), f"{notified} is over: name a day to come, or now"
    meeting = order.set_up_meeting
    on_site_or_meeting = {("fieldwork",): order.fieldwork, ("set_up_meeting", "day"): meeting.day if meeting else None}
    for location, day in on_site_or_meeting.items():
        if day is None:
            continue
        yield from _outside(location, day, calendar) or _not_worked(location, day, calendar)
        if notified and day < notified:
            yield location, f"{day} is before the notification on {notified}"


def _outside(location: Location, day: date, calendar: Calendar) -> list[Fault]:
    try:
        calendar.why_not(day)
    except BadInput as error:
        return [(location, str(error))]
    return []


def _not_worked(location: Location, day: date, calendar: Calendar) -> list[Fault]:
    why = calendar.why_not(day)
    return [(location, f"{day} is not a working day ({why})")] if why else []


def _held_by(facts: OrderFacts, role: Role) -> str:
    held = facts.recipients.get(role, ())
    return f" ({', '.join(contact.person for contact in held)})" if held else " (nobody holds the post)"
