"""Which open limits an inspection waits for now («waits for»), and which no step can meet any more («never done»)."""

from collections.abc import Collection
from functools import cache

from framework.inspection.cases import faults_before_the_end
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.lifecycle import STEPS
from framework.lifecycle.limits import LIMITS

_GATED = {Gate.CASE_LISTS: "case_lists", Gate.CASES: "first_cases_choice", Gate.CASE_AUDITS: "case_audits"}
"""Gate at the end of fieldwork -> the limit of what it asks for (paras 41, 42)."""
_BEFORE_FIELDWORK = frozenset({rule.key for rule in LIMITS if rule.capped_by_fieldwork} | {"case_audits"})
_WAITED_FOR_BY_NOTHING = frozenset({"evaluation"})
"""The inspection closes without the authority's evaluation of it (para 60)."""


def can_be_met(key: str, stage: Stage) -> bool:
    """Returns whether a step that meets the limit may be taken from this stage, or from one that can follow it."""
    return any(key in step.meets and not _following(stage).isdisjoint(step.sources) for step in STEPS)


@cache
def _following(stage: Stage) -> frozenset[Stage]:
    """Returns the stage itself and every one that steps can lead to from it."""
    stages = {stage}
    while more := {step.dest for step in STEPS if step.dest and not stages.isdisjoint(step.sources)} - stages:
        stages |= more
    return frozenset(stages)


def is_waited_for(key: str, stage: Stage, is_late: bool, gates: Collection[str]) -> bool:
    """Returns whether the inspection waits for this open limit; `gates` are the limits that `limits_before_the_end` names.

    What is late is still owed, but an inspection waits for it only if its next step cannot be taken without it. Until fieldwork
    starts, it waits for all of the preparation."""
    if not can_be_met(key, stage):
        return False
    if is_late and stage is Stage.FIELDWORK and key in _BEFORE_FIELDWORK:
        return key in gates
    return not (is_late and key in _WAITED_FOR_BY_NOTHING)


def limits_before_the_end(inspection: Inspection) -> frozenset[str]:
    """Returns the limits without which fieldwork cannot end (para 41)."""
    return frozenset(_GATED[fault.gate] for fault in faults_before_the_end(inspection))
