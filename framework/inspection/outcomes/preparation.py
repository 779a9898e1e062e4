"""What preparation brings: appointments, first cases, the set-up meeting (paras 8, 32, 33, 41)."""

from dataclasses import replace
from typing import Any

from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_counting_first
from framework.inspection.guards.context import StepContext
from framework.inspection.limits import BY_KEY
from framework.inspection.outcomes.notification import invitation, meeting_facts, withdrawal
from framework.inspection.outcomes.outcome import changed_dates_factory, letter_factory, step_event
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.step_result import Dates, LetterFactory, ResultFactory, StepResult
from framework.messages.orders import DocumentOrder, LetterOrder


def _arrange_meeting(context: StepContext) -> StepResult:
    fields = {"day": str(context.form.day), "at": context.form.at.isoformat("minutes"), "place": context.form.place}
    document = DocumentOrder(kind="agenda", facts={"meeting": meeting_facts(fields)})
    letters = [invitation(), *_withdrawn_for_others(context)]
    return StepResult([step_event(context, **fields)], letters, [document])


def _withdrawn_for_others(context: StepContext) -> list[LetterFactory]:
    """Returns the withdrawal for those who were invited to the old day and are not invited to the new one.

    Who is invited again gets the new invitation alone: under the same UID it moves the entry (RFC 5546)."""
    old = context.matter.meeting_ahead
    if old is None:
        return []
    return [letter_factory("invitation_withdrawn", facts=withdrawal(replace(old, sequence=old.sequence + 1)))]


def _arrange_fieldwork(context: StepContext) -> StepResult:
    outcome = StepResult([step_event(context)])
    if context.matter.was_notified:
        outcome.letter_factories.append(
            changed_dates_factory(context, "changed_dates", cause={"arranged": "fieldwork"})
        )
    return outcome


def _first_cases(context: StepContext) -> StepResult:
    form, before = context.form, context.matter.first_cases
    halves = {"safeguarding": form.safeguarding, "looked_after": form.looked_after}
    data: dict[str, Any] = {half: len(cases) for half, cases in halves.items()}
    event = step_event(context, **data, texts=[*form.safeguarding, *form.looked_after])
    replaced = context.matter.milestones_reached.get("first_cases_chosen")
    facts = {"replaces": str(london_day(replaced.received)) if replaced else None}
    texts = {**halves, "safeguarding_before": before.safeguarding, "looked_after_before": before.looked_after}

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        letter = letter_factory("first_cases", facts=facts)(after, dates)
        return letter.model_copy(update={"texts": texts})

    return StepResult([event], [make], [DocumentOrder(kind="first_cases_list", facts=facts, texts=halves)])


def _hold_meeting(context: StepContext) -> StepResult:
    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        fieldwork = after.fieldwork or dates["fieldwork_starts"]
        return letter_factory("meeting_note", context.command.fields, {"fieldwork": str(fieldwork)})(after, dates)

    return StepResult(
        [step_event(context)], [make], [DocumentOrder(kind="indicative_timetable", facts=_days_on_site(context))]
    )


def _days_on_site(context: StepContext) -> dict[str, list[str]]:
    """Returns the working days of the fieldwork, from the agreed first day or, unless agreed, the latest."""
    due = {s.rule.key: s.due for s in limit_statuses(context.matter, context.calendar)}
    first = context.matter.fieldwork or due["fieldwork_starts"]
    longest = BY_KEY["inspection_ends"].count
    days = [working_days_counting_first(first, number, context.calendar).due for number in range(1, longest + 1)]
    return {"days": [str(day) for day in days]}


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "set_up_meeting_arranged": _arrange_meeting,
    "fieldwork_arranged": _arrange_fieldwork,
    "first_cases_chosen": _first_cases,
    "set_up_meeting_held": _hold_meeting,
}
