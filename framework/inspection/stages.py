"""The stages an inspection can stand in, in their order. Which step leads where is in `framework.inspection.steps`."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an inspection stands."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    SET_UP = "set_up"
    FIELDWORK = "fieldwork"
    DRAFTING = "drafting"
    FACTUAL_CHECK = "factual_check"
    FINALISING = "finalising"
    FINAL_ISSUED = "final_issued"
    PUBLISHED = "published"
    CLOSED = "closed"
    DEFERRED = "deferred"
    CANCELLED = "cancelled"


MAIN_LINE: tuple[Stage, ...] = tuple(Stage)[:10]
"""The ordinary course, in order; deferral and cancelling stand beside it."""
