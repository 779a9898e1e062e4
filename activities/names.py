"""Names of activities, workflows, messages and task queues, so that workflows name activities without importing them."""

from temporalio.common import SearchAttributeKey

QUERY_RECORD_STATE = "query_record_state"
COMMIT_DECISION = "commit_decision"
RENDER_DOCUMENT = "render_document"
SEND_FIRST_ATTEMPT = "send_first_attempt"
SEND_LETTER = "send_letter"
PUBLISH_REPORT = "publish_report"
KEEP_HISTORIES = "keep_histories"
SWEEP_HISTORIES = "sweep_histories"
MAKE_CHECKPOINT = "make_checkpoint"
SEND_CHECKPOINT = "send_checkpoint"
READ_BOUNCES = "read_bounces"
NOTIFY_OF_CALENDAR = "notify_of_calendar"
COUNT_BEHIND_CALENDAR = "count_behind_calendar"
WAKE_DELIVERIES = "wake_deliveries"

TAKE_STEP = "take_step"
"""The update of an inspection's workflow that takes a step."""
REFRESH = "refresh"
DELIVERY_OUTCOME = "delivery_outcome"
OUTBOX_CHANGED = "outbox_changed"
CALENDAR_CHANGED = "calendar_changed"
"""Signals."""

INSPECTIONS_QUEUE = "inspections"
DOCUMENTS_QUEUE = "documents"
LETTERS_QUEUE = "letters"

STAGE = SearchAttributeKey.for_keyword("Stage")
LATE = SearchAttributeKey.for_bool("Late")
"""Search attributes of inspections in the engine's web pages. They are never encrypted: nothing personal goes into them."""

INSPECTION_WORKFLOW = "InspectionWorkflow"
DELIVERY_WORKFLOW = "DeliveryWorkflow"
HISTORY_ARCHIVE_WORKFLOW = "HistoryArchiveWorkflow"
CHECKPOINTS_WORKFLOW = "CheckpointsWorkflow"
CHECKPOINTS_WORKFLOW_ID = "checkpoints"
"""There is one such workflow in each system."""
CALENDAR_ROLLOUT_WORKFLOW = "CalendarRolloutWorkflow"
CALENDAR_ROLLOUT_ID = "calendar-rollout"
"""The identifier of the only rollout workflow: a version made during a rollout signals the one that runs."""


def inspection_workflow_id(inspection: str) -> str:
    """Returns the identifier of the workflow of one inspection."""
    return f"inspection-{inspection}"


def delivery_workflow_id(inspection: str) -> str:
    """Returns the identifier of the workflow that delivers the letters of one inspection."""
    return f"delivery-{inspection}"


def inspection_of(workflow_id: str) -> str | None:
    """Returns the inspection of an inspection's or delivery's workflow; None for any other workflow."""
    kind, _, inspection = workflow_id.partition("-")
    return inspection if kind in ("inspection", "delivery") and inspection else None


def archive_workflow_id(inspection: str) -> str:
    """Returns the identifier of the workflow that archives the histories of one inspection."""
    return f"archive-{inspection}"
