"""The reminders of one morning: one letter for each person who owes something they can do now, with all of it, soonest first.

Each letter has its event, which names every rung that the letter is for. For a person without an address a task is opened
instead; the letters of the others are sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_after, working_days_between
from framework.inspection.limit_days import agreed_day
from framework.inspection.limits import BY_KEY
from framework.inspection.state import Inspection
from framework.lifecycle.duties import Duty, open_duty
from framework.lifecycle.ladders import DueRung
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.reminder_plan import armed_on, can_be_late
from framework.lifecycle.step_result import Dates, LetterFactory, StepResult
from framework.messages.events import system_event
from framework.messages.orders import LetterOrder, TaskOrder
from framework.vocabulary.roles import Role

SOON = 3
"""Working days: what is due within these is listed with the rest, as far ahead as the ladder reaches."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One limit that one person is reminded of."""

    limit: LimitStatus
    duty: Duty
    carried: DueRung | None
    """The rung that brings it into today's letter; None where it is listed beside the others."""


def reminder_result(
    inspection: Inspection,
    rungs: Sequence[DueRung],
    calendar: Calendar,
    moment: datetime,
    unreachable: Mapping[str, str] | None = None,
) -> StepResult:
    """Returns the letters of a morning with their events; for those `unreachable` (addressee -> why), a task instead."""
    carried = {rung.limit: rung for rung in rungs}
    result = StepResult([])
    for addressee, owed in _by_addressee(inspection, carried, calendar, london_day(moment)).items():
        own = [item.carried for item in owed if item.carried is not None]
        if why := (unreachable or {}).get(addressee):
            result.events.append(system_event("reminder_passed_over", moment, *_about(addressee, own)))
            result.tasks.append(_task(addressee, own, why))
        elif own:
            result.letter_factories.append(_letter(addressee, owed, len(result.events), inspection, calendar, moment))
            result.events.append(system_event("reminder_sent", moment, *_about(addressee, own)))
    return result


def passed_over(rungs: Sequence[DueRung], moment: datetime, why: str) -> StepResult:
    """Returns the outcome if no reminder of a morning can be sent: a task is opened, and they are not tried again."""
    event = system_event("reminder_passed_over", moment, *_about("", rungs))
    return StepResult([event], tasks=[_task("", rungs, why)])


def _by_addressee(
    inspection: Inspection, carried: Mapping[str, DueRung], calendar: Calendar, today: date
) -> dict[str, list[Owed]]:
    """Returns what each person owes, soonest first; the key is a role if only the directory names its holder."""
    by_addressee: dict[str, list[Owed]] = {}
    for limit in sorted(limit_statuses(inspection, calendar), key=lambda status: status.due):
        duty = open_duty(inspection, limit.rule, today, calendar) if limit.state == "open" else None
        rung = carried.get(limit.rule.key)
        if duty and (rung or _is_listed(inspection, limit, calendar, today)):
            for addressee in duty.people or (duty.role.value,):
                by_addressee.setdefault(addressee, []).append(Owed(limit, duty, rung))
    return {who: owed for who, owed in by_addressee.items() if any(item.carried for item in owed)}


def _is_listed(inspection: Inspection, limit: LimitStatus, calendar: Calendar, today: date) -> bool:
    """Returns whether a limit without a rung of its own today is listed in a letter that is sent for another."""
    armed, appointment = armed_on(inspection, limit), agreed_day(inspection, limit)
    if armed is None or armed > today:
        return False
    if limit.due < today:
        is_chased_on = max((rung.days for rung in inspection.lifecycle.ladder(limit.rule)), default=0) > 1
        is_late = can_be_late(inspection, limit.rule.key) and (appointment is None or appointment < today)
        return is_chased_on and is_late
    return (
        bool(inspection.lifecycle.ladder(limit.rule))
        and appointment is None
        and limit.due <= working_days_after(today, SOON, calendar).due
    )


def _about(addressee: str, rungs: Sequence[DueRung]) -> tuple[dict[str, Any], str, int]:
    """Returns data, cause and paragraph of an event: the latter two are those of the first limit."""
    data = {"to": addressee, "rungs": [rung.data() for rung in rungs]}
    return data, f"limit:{rungs[0].limit}", BY_KEY[rungs[0].limit].paragraph


def _task(addressee: str, rungs: Sequence[DueRung], why: str) -> TaskOrder:
    facts = {"person": addressee, "limits": [rung.limit for rung in rungs], "why": why}
    return TaskOrder(key=f"reminder:{addressee}", kind="letter", facts=facts)


def _letter(
    addressee: str, owed: Sequence[Owed], event: int, inspection: Inspection, calendar: Calendar, moment: datetime
) -> LetterFactory:
    items = [_item(inspection, item, calendar, london_day(moment)) for item in owed]
    is_person = bool(owed[0].duty.people)

    def make(after: Inspection, dates: Dates) -> LetterOrder:
        return LetterOrder(
            kind="reminder",
            to=() if is_person else (Role(addressee),),
            persons=(addressee,) if is_person else (),
            cc=tuple(_copies(inspection, addressee, owed)),
            event=event,
            key=addressee,
            facts={"owed": items},
        )

    return make


def _copies(inspection: Inspection, addressee: str, owed: Sequence[Owed]) -> Iterator[Role]:
    """Yields who has a copy of a letter with something late in it, without the person it goes to."""
    rungs = {item.limit.rule.key: item.carried.rung for item in owed if item.carried}
    copies = dict.fromkeys(
        role
        for key, days in rungs.items()
        for rung in inspection.lifecycle.ladder(inspection.rule(key))
        if rung.days == days
        for role in rung.cc
    )
    yield from (role for role in copies if inspection.people.get(role) != (addressee,))


def _item(inspection: Inspection, owed: Owed, calendar: Calendar, today: date) -> dict[str, Any]:
    limit, duty = owed.limit, owed.duty
    appointment = agreed_day(inspection, limit)
    facts: dict[str, Any] = {
        "limit": limit.rule.key,
        "step": duty.step,
        "title": duty.title,
        "due": str(limit.due),
        "rung": owed.carried.rung if owed.carried else None,
        "days_late": max(0, working_days_between(limit.due, today, calendar)),
    }
    if appointment is not None and owed.carried is not None and owed.carried.rung < 0:
        facts["appointment"] = _appointment(inspection, limit, appointment)
    return facts


def _appointment(inspection: Inspection, limit: LimitStatus, day: date) -> dict[str, str]:
    meeting = inspection.meeting
    if limit.rule.key == "set_up_meeting" and meeting is not None:
        return {"day": str(meeting.day), "time": meeting.at.isoformat("minutes"), "place": meeting.place}
    return {"day": str(day), "time": "", "place": ""}
