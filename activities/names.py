"""The names and task queues of activities, so that workflows ask for them without importing what they need."""

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
NOTIFY_OF_CALENDAR = "notify_of_calendar"
COUNT_BEHIND_CALENDAR = "count_behind_calendar"
WAKE_DELIVERIES = "wake_deliveries"

TAKE_STEP = "take_step"
"""The update of an inspection's workflow."""
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
"""What the engine's own screens can search inspections by. Search attributes are never encrypted: nothing personal."""

INSPECTION_WORKFLOW = "InspectionWorkflow"
DELIVERY_WORKFLOW = "DeliveryWorkflow"
HISTORY_ARCHIVE_WORKFLOW = "HistoryArchiveWorkflow"
CHECKPOINTS_WORKFLOW = "CheckpointsWorkflow"
CHECKPOINTS_WORKFLOW_ID = "checkpoints"
"""There is one in each system."""
CALENDAR_ROLLOUT_WORKFLOW = "CalendarRolloutWorkflow"
CALENDAR_ROLLOUT_ID = "calendar-rollout"
"""The engine's name for the one round: a version made while it goes round is told of as well."""


def inspection_workflow_id(inspection: str) -> str:
    """The engine's name for one inspection's story."""
    return f"inspection-{inspection}"


def delivery_workflow_id(inspection: str) -> str:
    """The engine's name for the delivery of one inspection's letters."""
    return f"delivery-{inspection}"


def inspection_of(workflow_id: str) -> str | None:
    """The inspection whose story or delivery this workflow is; None for any other workflow."""
    kind, _, inspection = workflow_id.partition("-")
    return inspection if kind in ("inspection", "delivery") and inspection else None


def archive_workflow_id(inspection: str) -> str:
    """The engine's name for the keeping of one inspection's histories."""
    return f"archive-{inspection}"
