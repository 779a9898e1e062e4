"""How `inspections start --dry-run` presents what an order would bring."""

from application.commands.order_preview import OrderPreview
from application.commands.order_validation import CheckedOrder
from application.serializers import wording
from framework.inspection.stages import Stage
from framework.vocabulary.roles import TITLES, Role
from interfaces.cli.output import print_text
from interfaces.cli.screen import print_table


def print_preview(preview: OrderPreview, checked: CheckedOrder) -> None:
    """Prints the limits, who would be written to, and what keeps the authority from being notified."""
    order, inspection = preview.order, checked.inspection
    scope = wording.plain(order.scope)
    print_text(f"{order.reference}: {scope} inspection of {preview.authority or 'an unknown authority'}")
    if preview.before:
        stage = wording.plain(inspection.stage)
        print_text(f"As it is kept, at stage {stage}; `inspections show {preview.before.id}` says more.")
    print_text()
    _print_limits(preview, checked)
    print_text("\nWritten to")
    rows = [(TITLES[Role(contact.role)], contact.name, contact.email or "no address") for contact in checked.recipients]
    print_table(("Role", "Name", "Address"), rows)
    if preview.clashes:
        print_text("\nBound in another inspection at the same time (refuses nothing; becomes a task)")
        bound = [(row["person"], row["inspection"], row["from"], row["to"], row["at"]) for row in preview.clashes]
        print_table(("Person", "Inspection", "From", "To", "At"), bound)
    if inspection.stage is Stage.PLANNED:
        _print_notification(checked, cannot_start=preview.fault is not None)


def _print_limits(preview: OrderPreview, checked: CheckedOrder) -> None:
    rows = [
        (
            status.rule.title,
            wording.day(status.due),
            wording.paragraph(status.rule.paragraph, status.rule.policy),
            wording.owner(status.rule.owner, checked.inspection.people),
        )
        for status in preview.limits
    ]
    print_table(("Limit", "Due", "Para", "Owed by"), rows, title=f"Calendar {preview.calendar}")
    print_text(f"{wording.POLICY_NOTE}")
    print_text("What hangs on a day not known yet is worked out from the latest day before it.")


def _print_notification(checked: CheckedOrder, *, cannot_start: bool) -> None:
    """Prints what is missing before the notification. What keeps the order from being started is raised after it."""
    if cannot_start:
        print_text("\nThis order cannot be started as it stands; what is wrong follows below.")
    elif checked.notified_at and not checked.gates:
        words = wording.day_zero(checked.notified_at)
        print_text(f"\n{words[0].upper()}{words[1:]}.".replace(": ", ":\n"))
    print_text("\nBefore the authority is notified")
    empty = "No gate keeps it waiting." if cannot_start else "Everything holds."
    print_table(("", "Para"), [(gate.message, gate.paragraph) for gate in checked.gates], empty=empty)
