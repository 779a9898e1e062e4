"""Valid forms for every step of an inspection, as they would be filled in on the day."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_after
from framework.inspection.order import Gate
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.steps import Step
from framework.messages.commands import SYSTEM
from framework.vocabulary.roles import TEAM_ROLES, Role
from tests.framework.in_memory import FIRST_CASES
from tests.framework.lifecycle.inspection_states import Reached
from tests.framework.ordinary_path import REASON

Fields = Mapping[str, Any]
Filled = tuple[Fields, date | None]
"""A form, and the day it is dated; None for today."""
Variants = Mapping[str, tuple[Filled, ...]]
"""The kinds of a move (a request on this ground, or on that) -> the forms for it, of which the first that is valid is taken."""

PROOF: Fields = {"proof": "t-p"}
COMMENT: Fields = {"comments": [{"where": "para 1", "text": "t-c"}]}
AGAINST_A_CONNECTION: Fields = {"connection": "t-c"}


def today(*forms: Fields) -> tuple[Filled, ...]:
    """Returns forms that are dated today."""
    return tuple((form, None) for form in forms)


SIMPLE: dict[str, Fields] = {
    "record_cancellation_service": {"method": "post", **PROOF},
    "choose_first_cases": FIRST_CASES,
    "hold_set_up_meeting": {"attendees": "t-a", "decisions": "t-d"},
    "give_oral_feedback": {"headings": "t-h", **REASON},
    "end_fieldwork": {"spoke_with_children": True, "sought_views_of_parents": True, **REASON},
    "grade": {"heading": "safeguarding.ambition", "grade": "good", "text": "t-t", "equality": "t-e"},
    "write_section": {"heading": "about", "text": "t-t"},
    "add_concern": {"raised_by": "parent_or_carer", "text": "t-t"},
    "settle_concern": {"number": 1, "text": "t-t"},
    "answer_comment": {"number": 1, "accepted": True, **REASON},
    "explain_change": {"heading": "safeguarding.ambition", **REASON},
    "decide_late_comments": {"use": False, **REASON},
    "send_again": {"letter": "letter-1"},
    **dict.fromkeys(
        ["send_back_draft", "send_back_final", "hold_publication", "release_publication", "refuse_deferral", "cancel"],
        REASON,
    ),
}
"""Steps whose form is the same on every day. A step that stands nowhere here has an empty form."""


def variants(state: Reached, step: Step, calendar: Calendar) -> Variants:
    """Returns the forms with which a person may take a step."""
    make = BY_STEP.get(step.name)
    return make(state, step, calendar) if make else {"": today(SIMPLE.get(step.name, {}))}


def reported(state: Reached, step: Step) -> Variants:
    """Returns the forms with which the system reports the outcome of a letter; none where no letter is out."""
    inspection = state.inspection
    if step.name == "record_service" and inspection.notification_pending:
        return {"accepted": today({"method": "email", "letter": inspection.awaited_letter})}
    if step.name == "record_cancellation_service":
        return {"accepted": today({"method": "email"})}
    if step.name == "record_failed_service":
        return {f"{name} returned": today({"letter": letter}) for name, letter in _letters(inspection).items()}
    return {}


def _letters(inspection: Inspection) -> dict[str, str]:
    """Returns the letters that are out and on which a clock hangs."""
    letters = {
        "awaited": inspection.awaited_letter if inspection.notification_pending else "",
        "notification": inspection.served_letter,
        "draft": inspection.draft_letter,
        "cancellation": inspection.cancellation_letter,
    }
    return {name: letter for name, letter in letters.items() if letter}


def _failed_service(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {name: today({"letter": letter, **REASON}) for name, letter in _letters(state.inspection).items()}


def _notify(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {"": today({"address_confirmed": state.inspection.unserved is not None})}


def _service(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {"by hand": today({"method": "by_hand", **PROOF})}


def _days_ahead(state: Reached, calendar: Calendar, *counts: int) -> list[str]:
    day = london_day(state.now)
    return [str(working_days_after(day, count, calendar).due) for count in counts]


def _meeting(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {"": today(*({"day": day, "place": "Town Hall"} for day in _days_ahead(state, calendar, 1)))}


def _fieldwork(state: Reached, step: Step, calendar: Calendar) -> Variants:
    """Ten working days from now, and ever fewer down to none: the most that the notice allows, and the least."""
    return {"": today(*({"starts": day, **REASON} for day in _days_ahead(state, calendar, *range(10, -1, -1))))}


def _comments(state: Reached, step: Step, calendar: Calendar) -> Variants:
    without = {"without": today({})} if step.dest is not None else {}
    return {"": today(COMMENT), **without}


def _request_deferral(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {ground: today({"ground": ground, **REASON}) for ground in ("other", "staff_absence")}


def _defer(state: Reached, step: Step, calendar: Calendar) -> Variants:
    planned = state.inspection.stage is Stage.PLANNED
    return {"": today({**REASON, **({"notify": _days_ahead(state, calendar, 5)[0]} if planned else {})})}


def _resume(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {"": today({"fieldwork": _days_ahead(state, calendar, 10)[0]})}


def _fresh(inspection: Inspection, *people: str) -> str:
    """Returns the first of these who holds and held no role here."""
    held = {person for holders in inspection.ever_held.values() for person in holders}
    return next((person for person in people if person not in held), people[-1])


def _change_lead(state: Reached, step: Step, calendar: Calendar) -> Variants:
    person = {"person": _fresh(state.inspection, "i.edgar", "i.ferris", "i.grey"), "stays": True, **REASON}
    return {"": today(person), "with a connection": today({**person, **AGAINST_A_CONNECTION})}


def _change_team(state: Reached, step: Step, calendar: Calendar) -> Variants:
    person = {"person": _fresh(state.inspection, "i.hale", "i.innes", "i.jupp"), "role": "inspector"}
    barred = {**person, **AGAINST_A_CONNECTION, "undermines_objectivity": True}
    return {
        "joins": today(person),
        "with a connection": today({**person, **AGAINST_A_CONNECTION}),
        "barred": today(barred),
    }


def _change_contact(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {"": today({"role": "dcs", "person": _fresh(state.inspection, "dcs.2", "dcs.3", "dcs.4"), **REASON})}


def _decide_connection(state: Reached, step: Step, calendar: Calendar) -> Variants:
    inspection = state.inspection
    team = {person for role in TEAM_ROLES for person in inspection.people.get(role, ())}
    open_ = [(person, how) for person, how in inspection.connections.items() if how != "allowed" and person in team]
    return {
        f"{how} {'allowed' if allowed else 'barred'}": today(
            {"person": person, "allowed": allowed, "override": allowed and how == "barred", **REASON}
        )
        for person, how in open_
        for allowed in ((True, False) if how == "undecided" else (True,))
    }


def _override(state: Reached, step: Step, calendar: Calendar) -> Variants:
    return {
        gate.value: today({"gate": gate.value, **REASON}) for gate in Gate if gate not in state.inspection.overrides
    }


def _waive(state: Reached, step: Step, calendar: Calendar) -> Variants:
    day = london_day(state.now)
    late = (limit for limit in state.limits(calendar) if limit.state == "open" and limit.due < day)
    forms = today(*({"limit": limit.rule.key, **REASON} for limit in late if limit.rule.owner))
    return {"": forms} if forms else {}


def _correct(state: Reached, step: Step, calendar: Calendar) -> Variants:
    """The newest steps first, a few days earlier or later than they are dated."""
    forms = [
        ({"event": number, **REASON, **PROOF}, day + timedelta(days=days))
        for number, (_, day) in list(state.inspection.log.items())[: -MOST_CORRECTED - 1 : -1]
        for days in (-1, -2, 1, -3, -4)
        if day + timedelta(days=days) <= london_day(state.now)
    ]
    return {"": tuple(forms)} if forms else {}


def _withdraw(state: Reached, step: Step, calendar: Calendar) -> Variants:
    numbers = list(state.inspection.log)[: -MOST_CORRECTED - 1 : -1]
    return {"": today(*({"event": number, **REASON} for number in numbers))} if numbers else {}


MOST_CORRECTED = 8
"""So many of the newest steps are tried."""

BY_STEP: dict[str, Callable[[Reached, Step, Calendar], Variants]] = {
    "notify": _notify,
    "record_service": _service,
    "record_failed_service": _failed_service,
    "arrange_set_up_meeting": _meeting,
    "arrange_fieldwork": _fieldwork,
    "return_comments": _comments,
    "request_deferral": _request_deferral,
    "defer": _defer,
    "resume": _resume,
    "change_lead": _change_lead,
    "change_team": _change_team,
    "change_contact": _change_contact,
    "decide_connection": _decide_connection,
    "override": _override,
    "waive_limit": _waive,
    "correct": _correct,
    "withdraw": _withdraw,
}


def people_of(inspection: Inspection, role: Role) -> Iterator[str]:
    """Yields who holds a role here, those without a connection first."""
    if role is Role.SYSTEM:
        yield SYSTEM.person
    held = inspection.people.get(role, ())
    yield from sorted(held, key=lambda person: inspection.connections.get(person, "allowed") != "allowed")
