"""Orders as JSON: started, and previewed."""

from typing import Any

from application.commands.order_preview import OrderPreview
from application.commands.start_inspection import StartResult
from framework.common.errors import BadInput, Refused
from framework.inspection.milestones import as_json as milestone_as_json
from framework.lifecycle.limit_status import LimitStatus


def start_as_json(result: StartResult) -> dict[str, Any]:
    """Returns the inspection that was started."""
    return {"id": result.id}


def preview_as_json(preview: OrderPreview) -> dict[str, Any]:
    """Returns what an order would bring; its faults alone where its form has some."""
    order, fault, checked = preview.order, preview.fault, preview.checked
    faults = list(fault.faults) if isinstance(fault, BadInput) else []
    refused = str(fault) if isinstance(fault, Refused) else None
    if checked is None:
        return {"id": order.reference, "dry_run": True, "faults": faults, "refused": refused}
    return {
        "id": order.reference,
        "dry_run": True,
        "existing": preview.before is not None,
        "stage": checked.inspection.stage,
        "authority": preview.authority,
        "authority_code": order.authority,
        "scope": order.scope,
        "notification": checked.notification,
        "notified_at": checked.notified_at,
        "calendar": preview.calendar,
        "milestones": [_limit(status) for status in preview.limits],
        "gates": checked.gates,
        "clashes": list(preview.clashes),
        "recipients": [contact.row() for contact in checked.recipients],
        "faults": faults,
        "refused": refused,
    }


def _limit(status: LimitStatus) -> dict[str, Any]:
    rule = status.rule
    return {
        **milestone_as_json(status.due_date, explain=True),
        "title": rule.title,
        "owner": rule.owner,
        "policy": rule.policy,
    }
