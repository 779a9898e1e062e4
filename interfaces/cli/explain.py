"""`inspections explain`: why a date is what it is, with every day that was counted or skipped."""

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.runtime.settings import variable
from application.serializers import wording
from framework.common.errors import BadInput
from framework.lifecycle.limits import BY_KEY, CALENDAR, POLICY_WORDS
from interfaces.cli.options import Data, Json
from interfaces.cli.output import console, print_text

if TYPE_CHECKING:
    from application.queries.limit_explanations import Explained

KEPT = "met before the calendar changed, and keeps the day it was due on"
Identifier = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
Limit = Annotated[str, typer.Argument(metavar="[LIMIT]", help="One limit, such as draft_report.", show_default=False)]


def explain(inspection: Identifier, limit: Limit = "", json: Json = False, data: Data = None) -> None:
    """Why each date is what it is: the event it is counted from, by which rule and calendar, deferrals, and which days
    were counted or skipped and why. One that is over keeps the calendar it ended with."""
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.queries.limit_explanations import explained
    from application.queries.lookups import must_know
    from application.runtime.suggestions import near
    from interfaces.cli.output import print_json
    from records.inspections.repository import calendar_of

    if limit and limit not in BY_KEY:
        raise BadInput(f"there is no limit «{limit}»{near(limit, BY_KEY)}; the limits are {', '.join(BY_KEY)}")
    with looking(data, Read("explain", inspection, {"limit": limit})) as view:
        must_know(view.session, inspection)
        calendar = calendar_of(view.session, inspection)
        every = explained(view.session, inspection, calendar, view.today)
        found = [one for one in every if limit in ("", one.rule.key)]
        if limit and not found:
            raise BadInput(f"{BY_KEY[limit].title}: what it is counted from has not happened in {inspection}")
        if json:
            print_json({"calendar": calendar.version, "milestones": [as_json(one) for one in found]})
        else:
            print_text("\n".join(_wrapped(line) for one in found for line in told(one)))


def _wrapped(line: str) -> str:
    return fill(line, console().width, subsequent_indent="      ") if line else ""


def as_json(one: "Explained") -> dict[str, Any]:
    """The shape of `dates --json`; beside it the event it is counted from, what is ours marked, the reading, the setting,
    deferrals, and, for a limit that was met before the calendar changed and keeps its day, the calendar of that day."""
    from framework.lifecycle.milestones import as_json as plain

    shown = plain(one.milestone, explain=True)
    shown.setdefault("skipped", [])
    shown["counted"] = [day.date for day in one.days if day.number]
    extra = {
        "anchor_event": one.event,
        "anchor_corrected_by": one.corrected_by,
        "policy": POLICY_WORDS if one.rule.policy else None,
        "reading": one.rule.reading,
        "setting": _setting(one),
        "capped_by": one.milestone.capped_by,
        "kept": KEPT if one.kept else None,
        "calendar": one.calendar.version if one.kept else None,
    }
    shown |= {name: value for name, value in extra.items() if value}
    shown["deferrals"] = [{"began": each.began, "ended": each.ended} for each in one.deferrals]
    return {**shown, "state": one.standing.state, "met_on": one.standing.met_on}


def _setting(one: "Explained") -> dict[str, Any] | None:
    if one.setting is None:
        return None
    return {"name": variable(one.setting[0]), "value": one.setting[1], "paragraph": one.rule.paragraph}


def told(one: "Explained") -> Iterator[str]:
    """One limit for people: the rule, and each day that was looked at."""
    policy = f" ({POLICY_WORDS})" if one.rule.policy else ""
    yield f"{one.rule.title}: {wording.day(one.standing.due)} (para {one.rule.paragraph}){policy}"
    if said := _setting(one):
        yield f"  setting: {said['name']} = {said['value']} (para {said['paragraph']}), as it was when this was ordered"
    if one.kept:
        yield f"  {KEPT}"
    yield from (f"  {line}" for line in (*_why(one), *_deferrals(one), *_days(one)))
    yield ""


def _why(one: "Explained") -> Iterator[str]:
    rule, milestone = one.rule, one.milestone
    event = f" (event {one.event}{f', put right by event {one.corrected_by}' if one.corrected_by else ''})"
    said = event if one.event else ""
    if milestone.key == milestone.anchor:
        yield f"day 0: every limit is counted from it{said}"
        return
    anchor = BY_KEY[milestone.anchor].title if milestone.anchor in BY_KEY else wording.plain(milestone.anchor)
    projected = ", which is worked out from the latest days before it" if milestone.projected else ""
    yield f"counted from: {anchor}, {wording.day(milestone.anchor_date)}{said}{projected}"
    yield f"rule: {milestone.count} {milestone.unit}" + (", the first day counted" if rule.first_day_counted else "")
    if rule.reading:
        yield f"reading: {rule.reading}"
    if milestone.capped_by:
        yield f"not later than: {BY_KEY[milestone.capped_by].title}, because of short notice"


def _deferrals(one: "Explained") -> Iterator[str]:
    """The ledger: nothing of the days before a new notification is counted."""
    for each in one.deferrals:
        if each.ended:
            yield (
                f"deferred: {wording.day(each.began)}, and notified anew {wording.day(each.ended)}: "
                "counted from the new notification (para 9)"
            )
        else:
            yield f"deferred: {wording.day(each.began)}, and suspended until it is notified anew (para 9)"


def _days(one: "Explained") -> Iterator[str]:
    if one.milestone.key == one.milestone.anchor:
        return
    if one.milestone.unit == CALENDAR:
        if one.days:
            last = one.days[-1]
            yield f"every day counts: {wording.day(one.days[0].date)} is day 1, {wording.day(last.date)} day {last.number}"
        return
    yield f"calendar: {one.calendar.version}"
    for day in one.days:
        yield f"{wording.day(day.date):<16} {f'day {day.number}' if day.number else f'not counted: {day.why}'}"
