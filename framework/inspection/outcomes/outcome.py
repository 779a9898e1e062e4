"""The parts of every outcome: the step's event, its letters, made from the state it leads to, its documents and tasks."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from framework.calendar.london_time import london_day
from framework.correspondence.letters import PCT, TOLD_OF_REPORT
from framework.correspondence.letters import letter as rule_of
from framework.inspection.guards.context import StepContext
from framework.inspection.limit_changes import changed_days
from framework.inspection.replaced_values import replaced_value
from framework.inspection.state import Inspection
from framework.lifecycle import misses
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.step_result import Dates, LetterFactory, StepResult
from framework.messages.commands import SYSTEM
from framework.messages.events import Event
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.roles import Role


def default_result(context: StepContext) -> StepResult:
    """Returns the step's own event, with every letter and document of its row."""
    outcome = StepResult([step_event(context)])
    outcome.letter_factories = [letter_factory(kind, context.command.fields) for kind in context.step.letters]
    outcome.documents = [DocumentOrder(kind=kind) for kind in context.step.documents]
    return outcome


def step_event(context: StepContext, kind: str | None = None, **data: Any) -> Event:
    """Returns the event of a step, with its form as data (texts by identifier) and the values it replaces."""
    command, kind = context.command, kind or context.step.event
    return Event.from_command(
        command,
        kind=kind,
        role=context.role,
        paragraph=context.step.paragraph,
        data={**command.facts, **data, **_replaces(context, kind)},
        reason=command.reason,
    )


def misses_as_it_ends(context: StepContext) -> dict[str, Any]:
    """Returns the limits that are past their day and unmet, for the event of a step that ends the time of every limit."""
    today = london_day(context.command.received)
    return misses.as_data(misses.unmet_limits(context.matter, context.calendar, today))


def system_event(context: StepContext, kind: str, paragraph: int, **data: Any) -> Event:
    """Returns an event that the system adds in the same decision."""
    facts = {**data, **_replaces(context, kind)}
    return Event.from_command(
        context.command, kind=kind, role=Role.SYSTEM, paragraph=paragraph, data=facts, actor=SYSTEM
    )


def _replaces(context: StepContext, kind: str) -> dict[str, Any]:
    """Returns the values that the event replaces, if its kind replaces any."""
    was = replaced_value(kind, context.matter, context.command.fields)
    return {} if was is None else {"before": was}


def letter_factory(
    kind: str,
    texts: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    event: int = 0,
    names: Mapping[str, str] | None = None,
) -> Callable[[Inspection, Dates], LetterOrder]:
    """Returns a factory of the letter to the recipients of its row, with the texts of the form and the facts given."""
    rule = rule_of(kind)

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        return LetterOrder(
            kind=kind,
            to=rule.to,
            cc=rule.cc,
            event=event,
            facts=dict(facts or {}),
            texts=_text_fields(texts or {}),
            names=dict(names or {}),
            attachments=rule.attachments,
        )

    return make


def _text_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str) and value.startswith("t-")}


def changed_dates_factory(
    context: StepContext,
    kind: str,
    facts: Mapping[str, Any] | None = None,
    announced_on: date | None = None,
    cause: Mapping[str, str] | None = None,
) -> LetterFactory:
    """Returns a factory of the letter that names each moved day that still concerns its readers, from what to what.

    It makes None if nothing moved; with `facts` of its own, it makes the letter also if only days moved that concern none of
    them. `announced_on` is the day of the announcement, while day 0 was not yet known. `cause` is for a letter without reason."""
    stated = {"cause": dict(cause)} if cause else {}
    limits = limit_statuses(context.matter, context.calendar, as_if_begun=announced_on)
    before = {s.rule.key: s for s in limits if s.state != "suspended" or announced_on}
    old_fieldwork = context.matter.fieldwork

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        moving = {key: status.due for key, status in before.items()}
        changed = changed_days(moving, dates)
        moved = [change.facts() for change in changed if is_owed_the_day(before[change.limit], context.matter)]
        if after.fieldwork != old_fieldwork and after.fieldwork:
            was = str(old_fieldwork) if old_fieldwork else None
            moved.insert(
                0, {"limit": "fieldwork", "title": "First day on site", "from": was or "", "to": str(after.fieldwork)}
            )
        if not (moved or (changed and facts)):
            return None
        letter = letter_factory(kind, context.command.fields, {"moved": moved, **stated, **(facts or {})})(after, dates)
        return copied_to_readers(letter, context.matter)

    return make


def owed_anew_factory(context: StepContext) -> LetterFactory:
    """Returns a factory of the letter about what is owed anew, on another day than the one that letters gave.

    A limit that is met keeps the day that letters gave when the calendar changes. Where the step that met it is withdrawn, its
    day is counted by the calendar of now. It makes None where there is no such limit."""
    given = dict(context.matter.frozen_due_dates)

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        owed = [limit for limit in limit_statuses(after, context.calendar) if is_owed_the_day(limit, after)]
        now = {limit.rule.key: limit.due for limit in owed if limit.state == "open"}
        moved = [change.facts() for change in changed_days(given, now)]
        if not moved:
            return None
        facts = {"moved": moved, "cause": {"withdrawn": True}}
        return copied_to_readers(letter_factory("changed_dates", facts=facts)(after, dates), after)

    return make


def is_owed_the_day(limit: LimitStatus, inspection: Inspection) -> bool:
    """Returns whether the Director, the link officer or the lead still has something to do by this day, and was given the day.

    The notification is over; a limit that is met needs no day; the days after publication are first given by a later letter."""
    if limit.rule.key == "notification" or limit.met_on or limit.state in ("lapsed", "waived"):
        return False
    if limit.rule.key == "fieldwork_starts" and inspection.fieldwork:
        return False  # the letters gave the agreed day, not the latest one
    first_given = FIRST_GIVEN.get(limit.rule.key)
    return not limit.due_date.projected or first_given is None or first_given in inspection.milestones_reached


FIRST_GIVEN: Mapping[str, str] = {"complaints_close": "final_issued", "evaluation": "published"}
"""Limit -> the event whose letter is the first to give its day; the announcement gives the others."""


def copied_to_readers(letter: LetterOrder, inspection: Inspection) -> LetterOrder:
    """Returns a letter about days that moved with copies to the roles that were given one of them with a copy of a report."""
    limits = {moved["limit"] for moved in letter.facts["moved"]}
    copies = ((event, roles) for event, (roles, given) in COPIED_WITH.items() if limits & given)
    also = (role for event, roles in copies if event in inspection.milestones_reached for role in roles)
    return letter.model_copy(update={"cc": tuple(dict.fromkeys((*letter.cc, *also)))})


COPIED_WITH: Mapping[str, tuple[tuple[Role, ...], frozenset[str]]] = {
    "draft_sent": ((PCT,), frozenset({"factual_comments", "final_report", "publication"})),
    "final_issued": (TOLD_OF_REPORT, frozenset({"publication", "complaints_close"})),
}
"""The event -> who had a copy of its letter (paras 50, 52), and the limits whose day that letter gives."""
