"""What a letter may speak of: the events that its inspection has had by the time it is written.

A letter that says «what you handed in stays with us» is true only where something was handed in."""

from typing import Any

from framework.inspection.state import Inspection
from framework.inspection.steps import HANDING_IN, STEPS

HANDED_IN = tuple(step.event for step in STEPS if step.sources == HANDING_IN)
"""What the authority gives for the inspection, as templates ask for it."""
SPOKEN_OF = (*HANDED_IN, "set_up_meeting_held", "first_cases_chosen", "fieldwork_started", "draft_sent", "published")
"""Kinds of event on which a sentence of a letter depends."""


def letter_context(state: Inspection) -> dict[str, Any]:
    """Returns the facts that every letter has: `so_far`, which kinds of `SPOKEN_OF` happened, and `handed_in`, which of `HANDED_IN`."""
    so_far = [kind for kind in SPOKEN_OF if kind in state.milestones_reached]
    return {"so_far": so_far, "handed_in": [kind for kind in so_far if kind in HANDED_IN]}
