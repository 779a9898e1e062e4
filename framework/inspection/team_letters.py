"""Letters to each member of the team: when they are assigned, when their part or their days change, and when they are released.

They follow from the state before and after a decision, whatever changed it. Before the authority is notified none goes, so that
those of a new order go after the announcement and the invitation. Each has a calendar entry for the days on site (para 11) and
the code of conduct (para 62), which the member acknowledges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role

Dates = Mapping[str, date | None]

ON_SITE = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)
MEMBERS = (*ON_SITE, Role.QUALITY_ASSURANCE_MANAGER)
CHANGES_A_TEAM = frozenset(
    {
        *("notified", "notified_anew", "notification_failed", "deferred", "cancelled", "corrected"),
        *("lead_changed", "team_changed", "fieldwork_arranged", "fieldwork_started", "calendar_changed"),
    }
)
"""The kinds of event that can change who is in the team, its days on site, or who leads."""
_BEFORE_THE_END = (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
_WITHOUT_DAYS = (Stage.PLANNED, Stage.DEFERRED, Stage.CANCELLED)
_AFTER_THE_END = (Stage.DRAFTING, Stage.FACTUAL_CHECK, Stage.FINALISING, Stage.FINAL_ISSUED)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The content of a member's letter: their role, who leads, and the days on site."""

    role: Role
    lead: str
    first: date | None = None
    """The first day on site; None where there is none, or none ahead."""
    last: date | None = None
    agreed: bool = field(default=False, compare=False)
    """Whether the first day is agreed; otherwise it is the latest that is allowed. The same days agreed are no change."""


def team_letters(
    before: Inspection, dates_before: Dates, after: Inspection, dates: Dates, number: int, today: date
) -> Iterator[LetterOrder]:
    """Yields the letters to the team that a decision of `today` brings.

    `number` is that of its newest event, which orders calendar entries."""
    if after.stage not in (*_BEFORE_THE_END, *_WITHOUT_DAYS, *_AFTER_THE_END):
        return
    (lead,) = after.people[Role.LEAD_INSPECTOR]  # also of a letter to the lead who was released
    were, are = assignments(before, dates_before), assignments(after, dates)
    over = after.stage in _AFTER_THE_END  # days on site that are over do not change
    for person in dict.fromkeys((*are, *were)):
        was, now = were.get(person), are.get(person)
        if over and was and now:
            was = replace(was, first=now.first, last=now.last)
        if was != now:
            yield _letter(person, was, now, lead, number, today)


def assignments(inspection: Inspection, dates: Dates) -> dict[str, Assignment]:
    """Returns each member's assignment, by person; empty before the authority was notified and after a cancellation."""
    ever_notified = "notified" in inspection.milestones_reached or inspection.round > 1
    if not ever_notified or inspection.stage is Stage.CANCELLED:
        return {}
    (lead,) = inspection.people[Role.LEAD_INSPECTOR]
    first, last = _days(inspection, dates)
    agreed = inspection.fieldwork is not None or inspection.date_of("fieldwork_started") is not None
    return {
        person: Assignment(role, lead, first, last, agreed) if role in ON_SITE and first else Assignment(role, lead)
        for role in MEMBERS
        for person in inspection.people.get(role, ())
    }


def _days(inspection: Inspection, dates: Dates) -> tuple[date | None, date | None]:
    if inspection.stage not in _BEFORE_THE_END:
        return None, None
    started = inspection.date_of("fieldwork_started") if inspection.stage is Stage.FIELDWORK else None
    return started or inspection.fieldwork or dates.get("fieldwork_starts"), dates.get("inspection_ends")


def _letter(
    person: str, was: Assignment | None, now: Assignment | None, lead: str, number: int, today: date
) -> LetterOrder:
    assignment = now or was
    assert assignment is not None
    facts: dict[str, Any] = {
        "what": "assigned" if was is None else "released" if now is None else "changed",
        "role": assignment.role.value,
        "first": str(assignment.first or ""),
        "last": str(assignment.last or ""),
        "agreed": assignment.agreed,
        "changed": _changes(was, now) if was and now else [],
    }
    if entry := _entry(was, now, today):
        facts["on_site"] = {**entry, "person": person, "sequence": number}
    return LetterOrder(kind="assignment", to=(), persons=(person,), key=person, facts=facts, names={"lead": lead})


def _changes(was: Assignment, now: Assignment) -> list[str]:
    """Returns which of "role", "lead" and "days" changed."""
    differs = {"role": was.role != now.role, "lead": was.lead != now.lead}
    differs["days"] = (was.first, was.last) != (now.first, now.last)
    return [name for name, changed in differs.items() if changed]


def _entry(was: Assignment | None, now: Assignment | None, today: date) -> dict[str, Any] | None:
    """Returns the calendar entry of the days on site, or its withdrawal; None where there is none, it stays as it is, or it is over."""
    days = {(part.first, part.last) for part in (was, now) if part and part.first}
    entered = now if now and now.first else was
    if not days or entered is None or (was and now and (was.first, was.last) == (now.first, now.last)):
        return None
    if entered.last is not None and entered.last < today:
        return None
    is_withdrawn = now is None or now.first is None
    return {"first": str(entered.first), "last": str(entered.last), "withdrawn": is_withdrawn}
