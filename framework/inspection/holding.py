"""Which open limits an inspection waits for now («waits for»), and which no step can meet any more («never done»)."""

from collections.abc import Collection

from framework.inspection.cases import faults_before_the_end
from framework.inspection.limits import LIMITS
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.inspection.steps import STEPS

_GATED = {Gate.CASE_LISTS: "case_lists", Gate.CASES: "first_cases_choice", Gate.CASE_AUDITS: "case_audits"}
"""Gate at the end of fieldwork -> the limit of what it asks for (paras 41, 42)."""
_BEFORE_FIELDWORK = frozenset({rule.key for rule in LIMITS if rule.capped_by} | {"case_audits"})
_WAITED_FOR_BY_NOTHING = frozenset({"evaluation"})
"""The inspection closes without the authority's evaluation of it (para 60)."""


def is_waited_for(key: str, stage: Stage, is_late: bool, gates: Collection[str]) -> bool:
    """Returns whether the inspection waits for this open limit; `gates` are the limits that `limits_before_the_end` names.

    What is late is still owed, but an inspection waits for it only if its next step cannot be taken without it. Until fieldwork
    starts, it waits for all of the preparation."""
    if not STEPS.can_be_met(key, stage):
        return False
    if is_late and stage is Stage.FIELDWORK and key in _BEFORE_FIELDWORK:
        return key in gates
    return not (is_late and key in _WAITED_FOR_BY_NOTHING)


def limits_before_the_end(inspection: Inspection) -> frozenset[str]:
    """Returns the limits without which fieldwork cannot end (para 41)."""
    return frozenset(_GATED[fault.gate] for fault in faults_before_the_end(inspection))
