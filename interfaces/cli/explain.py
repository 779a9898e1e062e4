"""`inspections explain`: why a date is what it is, with every day that was counted or skipped."""

from collections.abc import Iterator
from datetime import timedelta
from textwrap import fill
from typing import Annotated, Any

import typer

from framework.calendar import Calendar
from framework.days import explained
from framework.errors import BadInput
from framework.inspection import Inspection
from framework.limits import BY_KEY, CALENDAR, POLICY_WORDS, LimitRule, Milestone
from framework.milestones import as_json
from framework.standing import Standing, standings_on
from interfaces.cli import words
from interfaces.cli.options import Data, Json
from interfaces.cli.output import console
from interfaces.settings import variable

KEPT = "met before the calendar changed, and keeps the day it was due on"
Identifier = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
Limit = Annotated[str, typer.Argument(metavar="[LIMIT]", help="One limit, such as draft_report.", show_default=False)]


def explain(inspection: Identifier, limit: Limit = "", json: Json = False, data: Data = None) -> None:
    """Why each date is what it is: what it is counted from, by which rule and calendar, which days were skipped and why."""
    from interfaces.cli.known import must_know
    from interfaces.cli.open_system import looking
    from interfaces.cli.output import print_json
    from interfaces.cli.reader import Read
    from interfaces.nearest import near
    from records import inspections
    from records.calendars import calendar_in_force

    if limit and limit not in BY_KEY:
        raise BadInput(f"there is no limit «{limit}»{near(limit, BY_KEY)}; the limits are {', '.join(BY_KEY)}")
    with looking(data, Read("explain", inspection, {"limit": limit})) as view:
        must_know(view.session, inspection)
        state, calendar = inspections.state(view.session, inspection), calendar_in_force(view.session)
        found = [one for one in standings_on(state, calendar, view.today) if limit in ("", one.rule.key)]
        if limit and not found:
            raise BadInput(f"{BY_KEY[limit].title}: what it is counted from has not happened in {inspection}")
        if json:
            print_json(document(found, calendar, state))
        else:
            print("\n".join(_wrapped(line) for one in found for line in told(one, calendar, state)))


def _wrapped(line: str) -> str:
    return fill(line, console().width, subsequent_indent="      ") if line else ""


def document(found: list[Standing], calendar: Calendar, state: Inspection) -> dict[str, Any]:
    """The shape of `dates --json`, with what is ours marked, each reading given, each setting named, and each limit that was
    met before the calendar changed and keeps its day."""
    return {"calendar": calendar.version, "milestones": [_limit(one, state) for one in found]}


def _limit(one: Standing, state: Inspection) -> dict[str, Any]:
    shown = as_json(one.milestone, explain=True)
    shown.setdefault("skipped", [])
    if one.rule.policy:
        shown["policy"] = POLICY_WORDS
    if one.rule.reading:
        shown["reading"] = one.rule.reading
    if setting := state.settings.named(one.rule.key):
        shown["setting"] = {"name": variable(setting[0]), "value": setting[1], "paragraph": one.rule.paragraph}
    if one.milestone.capped_by:
        shown["capped_by"] = one.milestone.capped_by
    if one.rule.key in state.stood:
        shown["kept"] = KEPT
    return {**shown, "state": one.state, "met_on": one.met_on}


def told(one: Standing, calendar: Calendar, state: Inspection) -> Iterator[str]:
    """One limit for people: the rule, and each day that was looked at."""
    rule, milestone = one.rule, one.milestone
    policy = f" ({POLICY_WORDS})" if rule.policy else ""
    yield f"{rule.title}: {words.day(one.due)} (para {rule.paragraph}){policy}"
    if setting := state.settings.named(rule.key):
        yield f"  setting: {variable(setting[0])} = {setting[1]} (para {rule.paragraph}), as it was when this was ordered"
    if rule.key in state.stood:
        yield f"  {KEPT}"
    yield from (f"  {line}" for line in _why(rule, milestone, calendar))
    yield ""


def _why(rule: LimitRule, milestone: Milestone, calendar: Calendar) -> Iterator[str]:
    if milestone.key == milestone.anchor:
        yield "day 0: every limit is counted from it"
        return
    anchor = BY_KEY[milestone.anchor].title if milestone.anchor in BY_KEY else words.plain(milestone.anchor)
    projected = ", which is worked out from the latest days before it" if milestone.projected else ""
    yield f"counted from: {anchor}, {words.day(milestone.anchor_date)}{projected}"
    yield f"rule: {milestone.count} {milestone.unit}" + (", the first day counted" if rule.first_day_counted else "")
    if rule.reading:
        yield f"reading: {rule.reading}"
    if milestone.capped_by:
        yield f"not later than: {BY_KEY[milestone.capped_by].title}, because of short notice"
    if milestone.unit != CALENDAR:
        yield f"calendar: {calendar.version}"
        yield from _days(rule, milestone, calendar)


def _days(rule: LimitRule, milestone: Milestone, calendar: Calendar) -> Iterator[str]:
    first = milestone.anchor_date + timedelta(days=0 if rule.first_day_counted else 1)
    for day in explained(first, milestone.due, calendar) if milestone.count else ():
        yield f"{words.day(day.date):<16} {f'day {day.number}' if day.number else f'not counted: {day.why}'}"
