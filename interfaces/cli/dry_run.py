"""`inspections start --dry-run`: everything an order would bring, worked out without any service.

The directory and the calendar are those of the records where there are any, and otherwise those shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from application.commands.order_validation import Checked, StartRequest, faults, outlook, refused, require_starter
from application.commands.start_inspection import StartResult, started_before
from application.files.order_file import OrderRead, read_order
from application.files.yaml_files import read_yaml
from application.open_context import open_records
from application.runtime import clock, settings
from application.runtime.console import say
from application.runtime.settings import Settings
from application.serializers import wording
from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Unreachable
from framework.inspection.notification_gates import faults as gate_faults
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.milestones import as_json
from framework.vocabulary.roles import AUTHORITY_ROLES, TITLES, Role
from interfaces.cli.output import print_json, print_table, print_text
from records.calendars import versions
from records.database.connection import connect, reading, upgrade
from records.directory import directory, order_lookup
from records.directory.contacts import contacts
from records.inspections import repository


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read to answer."""

    facts: order_lookup.OrderFacts
    calendar: Calendar
    shipped: bool
    """Whether there were no records, so that the shipped directory answered."""
    before: StartResult | None = None
    """What the same reference began before; nothing new would be started."""
    kept: Checked | None = None
    """That inspection as it stands, under the settings of its own order."""


def dry_run(file: Path, by: str, confirm: bool, json: bool, data: Path | None) -> None:
    """Shows what `start` would bring, and raises what it would raise. What was started before is shown as it is kept."""
    read = read_order(read_yaml(file))
    order = read.order
    chosen = settings.read(data)
    request = StartRequest(order, read.file, clock.now(), by, confirm, chosen.limits)
    asked = _ask(chosen, request)
    if asked.shipped:
        say("there are no records: checked against the shipped directory and calendar")
    if asked.before and asked.kept and not read.faults:
        say(asked.before.notice)
        _show(asked.kept.inspection.order, asked, asked.kept, None, json)
        return
    fault = _fault(read, request, asked)
    if read.faults and isinstance(fault, BadInput):  # there is no telling what it would bring
        if json:
            print_json({"id": order.reference, "dry_run": True, "faults": list(fault.faults), "refused": None})
        raise fault
    checked = outlook(request, asked.facts, asked.calendar)
    _show(order, asked, checked, fault, json)
    if fault:
        raise fault


def _show(order: Order, asked: Asked, checked: Checked, fault: BadInput | Refused | None, json: bool) -> None:
    limits = _limits(checked, asked.calendar)
    if json:
        print_json(_document(order, asked, checked, limits, fault))
    else:
        _print(order, asked, checked, limits, fault)


def faulty(read: OrderRead, by: str, chosen: Settings) -> BadInput:
    """Returns every fault of an order whose form has some: with those of its people and days, where there are records."""
    request = StartRequest(read.order, read.file, clock.now(), by)
    try:
        asked = _read(open_records(chosen), request, shipped=False)
        faults(read, request, asked.facts, asked.calendar)
    except BadInput as error:
        return error
    except Unreachable:
        pass
    return read.error()


def _fault(read: OrderRead, request: StartRequest, asked: Asked) -> BadInput | Refused | None:
    try:
        require_starter(request, asked.facts)
        faults(read, request, asked.facts, asked.calendar)
    except BadInput as error:
        return error
    return refused(request, asked.facts, asked.calendar)


def _limits(checked: Checked, calendar: Calendar) -> tuple[LimitStatus, ...]:
    try:
        known = "notification" in checked.inspection.milestones_reached
        found = limit_statuses(checked.inspection, calendar, as_if_notified=None if known else checked.notification)
        return tuple(sorted(found, key=lambda standing: standing.due))
    except BadInput:  # outside the calendar: among the faults
        return ()


def _ask(chosen: Settings, request: StartRequest) -> Asked:
    try:
        return _read(open_records(chosen), request, shipped=False)
    except Unreachable:
        with _shipped() as records:
            return _read(records, request, shipped=True)


def _read(records: Engine, request: StartRequest, shipped: bool) -> Asked:
    order, starter = request.order, request.starter
    try:
        with reading(records) as session:
            calendar, before = versions.calendar_in_force(session), started_before(session, order)
            if before is None:
                return Asked(order_lookup.facts(session, order, starter), calendar, shipped)
            kept = repository.state(session, before.id)
            return Asked(
                order_lookup.facts(session, kept.order), calendar, shipped, before, _kept(session, kept, calendar)
            )
    finally:
        records.dispose()


def _kept(session: Session, inspection: Inspection, calendar: Calendar) -> Checked:
    today = london_day(clock.now())
    notification = inspection.date_of("notification") or max(inspection.notify_on or today, today)
    gates = gate_faults(inspection, notification, calendar) if inspection.stage is Stage.PLANNED else ()
    known = contacts(session.connection(), inspection.order.authority, inspection.people)
    recipients = tuple(held for role in Role if role in AUTHORITY_ROLES for held in known.by_role.get(role, ()))
    return Checked(inspection, notification, gates, recipients)


@contextmanager
def _shipped() -> Iterator[Engine]:
    """Records as `up` makes them, thrown away at once."""
    with TemporaryDirectory() as folder:
        records = connect(f"sqlite:///{folder}/records.sqlite")
        upgrade(records)
        directory.seed(records)
        yield records


def _document(
    order: Order, asked: Asked, checked: Checked, limits: tuple[LimitStatus, ...], fault: BadInput | Refused | None
) -> dict[str, Any]:
    return {
        "id": order.reference,
        "dry_run": True,
        "existing": asked.before is not None,
        "stage": checked.inspection.stage,
        "authority": asked.facts.authority,
        "authority_code": order.authority,
        "scope": order.scope,
        "notification": checked.notification,
        "notified_at": checked.notified_at,
        "calendar": asked.calendar.version,
        "milestones": [_limit(standing) for standing in limits],
        "gates": checked.gates,
        "recipients": [contact.row() for contact in checked.recipients],
        "faults": list(fault.faults) if isinstance(fault, BadInput) else [],
        "refused": str(fault) if isinstance(fault, Refused) else None,
    }


def _limit(standing: LimitStatus) -> dict[str, Any]:
    rule = standing.rule
    return {
        **as_json(standing.due_date, explain=True),
        "title": rule.title,
        "owner": rule.owner,
        "policy": rule.policy,
    }


def _print(
    order: Order,
    asked: Asked,
    checked: Checked,
    limits: tuple[LimitStatus, ...],
    fault: BadInput | Refused | None,
) -> None:
    scope = wording.plain(order.scope)
    print_text(f"{order.reference}: {scope} inspection of {asked.facts.authority or 'an unknown authority'}")
    if asked.before:
        print_text(
            f"As it is kept, at stage {wording.plain(checked.inspection.stage)}; `inspections show {asked.before.id}` says more."
        )
    print_text()
    rows = [
        (
            standing.rule.title,
            wording.day(standing.due),
            wording.paragraph(standing.rule.paragraph, standing.rule.policy),
            wording.owner(standing.rule.owner, checked.inspection.people),
        )
        for standing in limits
    ]
    print_table(("Limit", "Due", "Para", "Owed by"), rows, title=f"Calendar {asked.calendar.version}")
    print_text(f"{wording.POLICY_NOTE}")
    print_text("What hangs on a day not known yet is worked out from the latest day before it.")
    print_text("\nWritten to")
    held = [(TITLES[Role(c.role)], c.name, c.email or "no address") for c in checked.recipients]
    print_table(("Role", "Name", "Address"), held)
    if checked.inspection.stage is Stage.PLANNED:
        _print_gates(checked, fault)


def _print_gates(checked: Checked, fault: BadInput | Refused | None) -> None:
    """Prints what is missing before the notification. What keeps the order from being started is raised after it."""
    if fault:
        print_text("\nThis order cannot be started as it stands; what is wrong follows below.")
    elif checked.notified_at and not checked.gates:
        said = wording.day_zero(checked.notified_at)
        print_text(f"\n{said[0].upper()}{said[1:]}.".replace(": ", ":\n"))
    print_text("\nBefore the authority is notified")
    empty = "No gate keeps it waiting." if fault else "Everything holds."
    print_table(("", "Para"), [(gate.message, gate.paragraph) for gate in checked.gates], empty=empty)
