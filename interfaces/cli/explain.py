"""`inspections explain`: why a date is what it is, with every day that was counted or skipped."""

from collections.abc import Iterator
from textwrap import fill
from typing import Annotated

import typer

from application.queries.explanation import ExplainedLimit
from application.queries.explanation import explain as explain_limits
from application.serializers import wording
from application.serializers.limits import FROZEN_LIMIT, explanation_as_json, setting_of
from framework.inspection.limits import BY_KEY
from framework.lifecycle.limits import CALENDAR
from framework.vocabulary.office import POLICY_WORDS
from interfaces.cli.options import Data, InspectionId, Json
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import console
from interfaces.cli.sessions import reading_session

Limit = Annotated[str, typer.Argument(metavar="[LIMIT]", help="One limit, such as draft_report.", show_default=False)]


def explain(inspection: InspectionId, limit: Limit = "", json: Json = False, data: Data = None) -> None:
    """Why each date is what it is: the event it is counted from, by which rule and calendar, deferrals, and which days
    were counted or skipped and why. One that is over keeps the calendar it ended with."""
    with reading_session(data) as session:
        explanation = explain_limits(session.caller, session.context, inspection, limit)
        if json:
            print_json(explanation_as_json(explanation))
        else:
            print_text("\n".join(_wrapped(line) for explained in explanation.limits for line in _lines(explained)))


def _wrapped(line: str) -> str:
    return fill(line, console().width, subsequent_indent="      ") if line else ""


def _lines(limit: ExplainedLimit) -> Iterator[str]:
    """Returns one limit for people: the rule, and each day that was counted or skipped."""
    policy = f" ({POLICY_WORDS})" if limit.rule.policy else ""
    yield f"{limit.rule.title}: {wording.day(limit.status.due)} (para {limit.rule.paragraph}){policy}"
    if setting := setting_of(limit):
        words = f"{setting['name']} = {setting['value']} (para {setting['paragraph']})"
        yield f"  setting: {words}, as it was when this was ordered"
    if limit.is_frozen:
        yield f"  {FROZEN_LIMIT}"
    yield from (f"  {line}" for line in (*_why(limit), *_before(limit), *_deferrals(limit), *_days(limit)))
    yield ""


def _why(limit: ExplainedLimit) -> Iterator[str]:
    rule, due_date = limit.rule, limit.due_date
    corrected = f", corrected by event {limit.corrected_by}" if limit.corrected_by else ""
    event = f" (event {limit.event}{corrected})" if limit.event else ""
    if due_date.key == due_date.anchor:
        yield f"day 0: every limit is counted from it{event}"
        return
    anchor = BY_KEY[due_date.anchor].title if due_date.anchor in BY_KEY else wording.plain(due_date.anchor)
    projected = ", which is worked out from the latest days before it" if due_date.projected else ""
    yield f"counted from: {anchor}, {wording.day(due_date.anchor_date)}{event}{projected}"
    yield f"rule: {due_date.count} {due_date.unit}" + (", the first day counted" if rule.first_day_counted else "")
    if rule.reading:
        yield f"reading: {rule.reading}"
    if due_date.capped_by:
        yield f"not later than: {BY_KEY[due_date.capped_by].title}, because of short notice"


def _before(limit: ExplainedLimit) -> Iterator[str]:
    """Returns what stood before a correction, and in earlier rounds."""
    if limit.kept_by and limit.due_date.counted_due:
        yield (
            f"keeps {wording.day(limit.status.due)}: by the correction of event {limit.kept_by} it would be due on "
            f"{wording.day(limit.due_date.counted_due)}, and no correction shortens the time of another person"
        )
    if before := wording.recorded_miss(limit.status):
        yield before
    for missed in limit.earlier:
        on = f" on {wording.day(missed.met_on)}" if missed.met_on else ""
        yield f"round {missed.round}: due {wording.day(missed.due)}, {wording.STATES[missed.state]}{on}"


def _deferrals(limit: ExplainedLimit) -> Iterator[str]:
    """Returns the ledger: nothing of the days before a new notification is counted."""
    for deferral in limit.deferrals:
        if deferral.ended:
            yield (
                f"deferred: {wording.day(deferral.began)}, and notified anew {wording.day(deferral.ended)}: "
                "counted from the new notification (para 9)"
            )
        else:
            yield f"deferred: {wording.day(deferral.began)}, and suspended until it is notified anew (para 9)"


def _days(limit: ExplainedLimit) -> Iterator[str]:
    if limit.due_date.key == limit.due_date.anchor:
        return
    days = limit.days
    if limit.due_date.unit == CALENDAR:
        if days:
            last = days[-1]
            yield f"every day counts: {wording.day(days[0].date)} is day 1, {wording.day(last.date)} day {last.number}"
        return
    yield f"calendar: {limit.calendar.version}"
    for day in days:
        yield f"{wording.day(day.date):<16} {f'day {day.number}' if day.number else f'not counted: {day.why}'}"
