"""Tables of an inspection that are spoilt, each in one way that the exploration must find, with the row it must name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from framework.editions.october_2010.inspection import INSPECTION
from framework.inspection import forms
from framework.inspection.guards.context import StepContext
from framework.inspection.lifecycle import InspectionLifecycle
from framework.inspection.outcomes.outcome import default_result, letter_factory
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.due_items import Due
from framework.lifecycle.duties import DutyRule
from framework.lifecycle.limit_status import LimitStatus
from framework.lifecycle.step_result import StepResult
from framework.lifecycle.steps import Step, StepTable, row
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One way to spoil the tables."""

    name: str
    lifecycle: InspectionLifecycle
    fault: str
    """How the fault begins that must be found."""


def _with_steps(rows: Iterable[Step]) -> InspectionLifecycle:
    return replace(INSPECTION, steps=StepTable(Stage, tuple(rows)))


def _with_row(name: str, stage: Stage, **changes: Any) -> InspectionLifecycle:
    """Returns the tables with one row changed: that of the step from this stage."""
    rows = (
        replace(step, **changes) if step.name == name and stage in step.sources else step for step in INSPECTION.steps
    )
    return _with_steps(rows)


def _with_limit(key: str, **changes: Any) -> InspectionLifecycle:
    rules = (replace(rule, **changes) if rule.key == key else rule for rule in INSPECTION.limits)
    return replace(INSPECTION, limits=tuple(rules))


def _with_letter(event: str, **changes: Any) -> InspectionLifecycle:
    """Returns the tables with another address on the letters of a step."""

    def outcome(context: StepContext) -> StepResult:
        result = default_result(context)
        result.letter_factories = [_readdressed(kind, changes) for kind in context.step.letters]
        return result

    return replace(INSPECTION, outcomes={**INSPECTION.outcomes, event: outcome})


def _readdressed(kind: str, changes: dict[str, Any]) -> Callable[[Inspection, Any], LetterOrder]:
    return lambda after, dates: letter_factory(kind)(after, dates).model_copy(update=changes)


BACK = row("reopen_check", Stage.FINALISING, Stage.FACTUAL_CHECK, Role.SYSTEM, forms.Nothing, "check_reopened", 51)
"""An automatic step that takes back the lapse of the time for comments, at once."""


@dataclass(frozen=True, eq=False)
class ReopeningLifecycle(InspectionLifecycle):
    """An inspection in which BACK is due as soon as the time for comments has lapsed."""

    def automatic_items(self, matter: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
        items = super().automatic_items(matter, limits, now)
        return [*items, Due(now, BACK.name)] if matter.stage is Stage.FINALISING else items


def _that_undo_each_other() -> InspectionLifecycle:
    tables = {field.name: getattr(INSPECTION, field.name) for field in fields(INSPECTION)}
    return ReopeningLifecycle(**{**tables, "steps": StepTable(Stage, (*INSPECTION.steps, BACK))})


SPOILT: tuple[Spoilt, ...] = (
    Spoilt(
        "a row is removed",
        _with_steps(step for step in INSPECTION.steps if step.name != "publish"),
        "no end can be reached from final_issued, to which issue_final",
    ),
    Spoilt(
        "the only step that leads out of a stage stays there",
        _with_row("issue_final", Stage.FINALISING, dest=None),
        "no end can be reached from finalising",
    ),
    Spoilt(
        "a step leads back to where it began",
        _with_row("close_window", Stage.PUBLISHED, dest=None),
        "close window is due again at once, at published",
    ),
    Spoilt(
        "a guard never holds",
        _with_row("approve_final", Stage.FINALISING, guards=("follows_from_failed_service",)),
        "approve_final (final_approved) can never be taken from finalising",
    ),
    Spoilt(
        "a step may be taken from a stage that is the end",
        _with_row("record_evaluation", Stage.PUBLISHED, sources=(Stage.PUBLISHED, Stage.CLOSED)),
        "record_evaluation (evaluation_returned) can never be taken from closed",
    ),
    Spoilt(
        "a step is of a role that is held by no person",
        _with_row("choose_first_cases", Stage.SET_UP, by=(Role.LEAD_INSPECTOR, Role.CHILD_PROTECTION_CONTACT)),
        "choose_first_cases (first_cases_chosen) can never be taken by child_protection_contact",
    ),
    Spoilt(
        "a letter has no addressee",
        _with_letter("oral_feedback_given", to=()),
        "the letter oral_feedback of give_oral_feedback goes to nobody",
    ),
    Spoilt(
        "a letter goes to a role that is held by no person",
        _with_letter("draft_sent", to=(Role.AUDITOR,)),
        "the letter draft_report of send_draft goes to nobody",
    ),
    Spoilt(
        "a limit is owed by no role",
        _with_limit("case_audits", owner=None),
        "the limit case_audits is owed by no role",
    ),
    Spoilt(
        "a limit has no ladder",
        replace(INSPECTION, ladders={**INSPECTION.ladders, "publication": ()}),
        "no reminder ever asks for the limit publication",
    ),
    Spoilt(
        "a limit is asked of a role that may not take its step",
        replace(
            INSPECTION,
            duties={**INSPECTION.duties, "documents": (DutyRule("receive_documents", Role.CHIEF_EXECUTIVE),)},
        ),
        "no reminder ever asks for the limit documents",
    ),
    Spoilt(
        "two automatic steps undo each other",
        _that_undo_each_other(),
        "automatic steps undo each other: lapse_comments, reopen_check",
    ),
)
