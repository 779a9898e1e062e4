"""Every kind of event there is: those of the table of steps, and what the system itself writes beside them.

A test reads the code for kinds that are missing here, and every random life is held against it."""

from framework.inspection.steps import STEPS

SYSTEM_KINDS: tuple[str, ...] = (
    "inspection_ordered",
    "step_refused",
    # What is due of itself
    "reminder_sent",
    "reminder_passed_over",
    "automatic_step_held",
    "calendar_changed",
    # What follows from a step: a submitted report that must be written on, and an approval that falls with it
    "final_reopened",
    "approval_withdrawn",
    # What became of letters and documents
    "letter_accepted",
    "letter_failed",
    "letter_stopped",
    "letter_returned",
    "copy_returned",
    "document_rendered",
    "document_failed",
    "report_placed",
    # What is kept of the engine, and a workflow that was missing there
    "engine_history_kept",
    "workflow_begun_again",
    # What went back with a backup, and what went for good
    "records_restored",
    "event_lost",
    "personal_data_erased",
)
"""Kinds that no step leaves."""

EVENT_KINDS: tuple[str, ...] = (*STEPS.by_event, *SYSTEM_KINDS)
"""All of them, as the log writes them."""
OVERRIDE_KINDS: tuple[str, ...] = ("gate_overridden", "limit_waived")
"""The kinds of event by which a named person departs from a rule, with a reason (paras 8 to 15, 41)."""
CONDITIONAL_OVERRIDE = "connection_decided"
"""The kind of event that does so only where its data says `override`: a barred connection that was allowed (para 62)."""
CONTENT_KINDS: tuple[str, ...] = tuple(kind for kind, step in STEPS.by_event.items() if step.content)
"""The kinds of event that write content to the records without the workflow."""
WORKFLOW_KINDS: tuple[str, ...] = (
    *(kind for kind, step in STEPS.by_event.items() if not step.content),
    *("reminder_sent", "reminder_passed_over", "automatic_step_held", "calendar_changed"),
    *("final_reopened", "approval_withdrawn"),
)
"""The kinds of event that the workflow writes, and must know of: each is recorded with the limits it leads to."""
