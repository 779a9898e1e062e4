"""What inspectors have of the cases: the authority's lists, the first choice, the authority's own audits (paras 41, 42).

In most instances lists and first choice are there before fieldwork starts, and the audits before it ends: each is a gate that
a manager may depart from. Without notice there is no time before fieldwork, so that all of it is asked for by its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from framework.inspection.order import Gate, Notice, Scope
from framework.inspection.state import Inspection

FIRST_CASES_EACH = 4
"""Cases of each half in scope that are chosen before fieldwork (para 41, C2)."""


@dataclass(frozen=True, slots=True)
class CaseFault:
    """What is missing of the cases, and the gate under which a manager may go on without it."""

    gate: Gate
    message: str
    paragraph: int


def faults_before_fieldwork(inspection: Inspection) -> Iterator[CaseFault]:
    """Yields what is missing before fieldwork starts; nothing where the authority has no notice (para 8)."""
    if inspection.notice is not Notice.NONE:
        yield from _of_preparation(inspection)


def faults_before_the_end(inspection: Inspection) -> Iterator[CaseFault]:
    """Yields what is missing before fieldwork ends."""
    yield from _of_preparation(inspection)
    if Gate.CASE_AUDITS not in inspection.overrides and "case_audits_received" not in inspection.milestones_reached:
        message = "in most instances the authority's audits of the first cases are in before fieldwork ends"
        yield CaseFault(Gate.CASE_AUDITS, f"{message}: {departure(Gate.CASE_AUDITS)}", 41)


def choice_fault(inspection: Inspection, chosen: Mapping[Scope, int]) -> CaseFault | None:
    """Returns what a choice of so many cases of each half lacks, as the first one; none at all is less than four, too."""
    if Gate.CASES in inspection.overrides:
        return None
    short = [
        f"{number} {half.value.replace('_', ' ')}"
        for half, number in chosen.items()
        if inspection.scope in (Scope.JOINT, half) and number < FIRST_CASES_EACH
    ]
    if not short:
        return None
    message = (
        f"in most instances at least four cases of each half in scope are chosen first, and here {', '.join(short)}"
    )
    return CaseFault(Gate.CASES, f"{message}: {departure(Gate.CASES)}", 41)


def departure(gate: Gate) -> str:
    """Returns who may depart from what is usual, and how."""
    return f"a manager may depart from that (override, gate «{gate.value}»)"


def _of_preparation(inspection: Inspection) -> Iterator[CaseFault]:
    if Gate.CASE_LISTS not in inspection.overrides and "case_lists_received" not in inspection.milestones_reached:
        message = "in most instances the authority's lists of cases are in before fieldwork starts"
        yield CaseFault(Gate.CASE_LISTS, f"{message}: {departure(Gate.CASE_LISTS)}", 42)
    if fault := choice_fault(inspection, inspection.first_cases.counts()):
        yield fault
