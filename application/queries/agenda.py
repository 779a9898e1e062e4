"""The agenda: what is due and agreed in all inspections from today on, by day, what is late first, and where people clash."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import combinations, groupby
from typing import Literal

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.lookups import must_know_person
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.inspection.bookings import BoundTeam, PeopleClash, people_clashes
from framework.inspection.limits import BY_KEY
from framework.inspection.stages import Stage
from framework.messages.orders import Booking
from records.calendars.versions import calendar_in_force
from records.queries import board as rows
from records.queries.agenda import teams_of
from records.queries.board import BoardRow, OpenLimit

DAYS = 14
"""Calendar days after today that an agenda covers unless another number is asked for."""
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class AgendaRequest:
    """Whose agenda, and how far ahead."""

    person: str = ""
    """Only what this person owes or is bound by; empty for all."""
    days: int = DAYS
    """Calendar days after today."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing on the agenda."""

    day: date
    """The day it is due or begins; of a clash that began earlier, today."""
    kind: Literal["limit", "appointment", "clash"]
    what: str
    """The key of a limit, the kind of an appointment, or `people_clash`."""
    inspection: str
    authority: str
    late: bool
    """Whether its day is over and it is not recorded as done."""
    people: tuple[str, ...]
    """Who owes it, or is bound by it."""
    owner: str | None = None
    """The role that owes a limit."""
    until: date | None = None
    """The last day of what takes several."""
    at: time | None = None
    other: str = ""
    """Of a clash, the other inspection."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Late items first, then by day."""

    first: date
    last: date
    person: str
    calendar: Calendar
    items: tuple[AgendaItem, ...]


def agenda(caller: Caller, context: AppContext, request: AgendaRequest) -> Agenda:
    """Returns the agenda over the inspections that the caller may see. Raises `BadInput` for an unknown person."""
    with snapshot(caller, context, Use("agenda", everyday=True)) as view:
        if request.person:
            must_know_person(view.session, request.person)
        first, last = view.today, view.today + timedelta(days=request.days)
        shown = rows.board(view.session, rows.Filter(among=view.visible), first)
        teams = teams_of(view.session, [row.id for row in shown])
        calendar = calendar_in_force(view.session)
    items = [*_of_each(shown, teams, first), *_clashes(shown, teams, first)]
    listed = [item for item in items if item.day <= last and request.person in ("", *item.people)]
    return Agenda(first, last, request.person, calendar, tuple(sorted(listed, key=_order)))


def _of_each(shown: Sequence[BoardRow], teams: Mapping[str, BoundTeam], today: date) -> Iterator[AgendaItem]:
    for row in shown:
        team = teams[row.id]
        agreed = (booking for booking in team.bookings if booking.agreed)
        appointments = [_appointment(row, team, booking, today) for booking in agreed]
        taken = {(_LIMIT_OF[item.what], item.day) for item in appointments}
        yield from (item for item in appointments if (item.until or item.day) >= today or item.late)
        # An appointment on the last day of its limit stands for both.
        yield from (_limit(row, team, limit, today) for limit in row.open_limits if (limit.key, limit.due) not in taken)


_LIMIT_OF = {"set_up_meeting": "set_up_meeting", "fieldwork": "fieldwork_starts"}
"""Kind of booking -> the limit that it meets."""


def _limit(row: BoardRow, team: BoundTeam, limit: OpenLimit, today: date) -> AgendaItem:
    return AgendaItem(
        day=limit.due,
        kind="limit",
        what=limit.key,
        inspection=row.id,
        authority=row.authority,
        late=limit.due < today,
        people=tuple(team.people.get(limit.owner or "", ())),
        owner=limit.owner,
    )


def _appointment(row: BoardRow, team: BoundTeam, booking: Booking, today: date) -> AgendaItem:
    has_begun = booking.kind == "fieldwork" and row.stage == Stage.FIELDWORK
    return AgendaItem(
        day=booking.first,
        kind="appointment",
        what=booking.kind,
        inspection=row.id,
        authority=row.authority,
        late=booking.first < today and not has_begun,
        people=team.bound_by(booking),
        until=booking.last if booking.last != booking.first else None,
        at=booking.at,
    )


def _clashes(shown: Sequence[BoardRow], teams: Mapping[str, BoundTeam], today: date) -> Iterator[AgendaItem]:
    bound = [row for row in shown if teams[row.id].bookings]
    for row, other in combinations(bound, 2):
        clashes = [clash for clash in people_clashes(teams[row.id], teams[other.id]) if clash.last >= today]
        clashes.sort(key=_time_of)
        for _, at_once in groupby(clashes, key=_time_of):
            yield _clash(row, other, tuple(at_once), today)


def _time_of(clash: PeopleClash) -> tuple[date, date, str]:
    return clash.first, clash.last, clash.at


def _clash(row: BoardRow, other: BoardRow, clashes: Sequence[PeopleClash], today: date) -> AgendaItem:
    """Returns one item for all who are bound in both inspections at one time."""
    first, last, at = _time_of(clashes[0])
    return AgendaItem(
        day=max(first, today),
        kind="clash",
        what="people_clash",
        inspection=row.id,
        authority=row.authority,
        late=False,
        people=tuple(clash.person for clash in clashes),
        until=last if last != first else None,
        at=time.fromisoformat(at) if at else None,
        other=other.id,
    )


_KINDS = ("appointment", "limit", "clash")
_LIMITS = tuple(BY_KEY)


def _order(item: AgendaItem) -> tuple[bool, date, int, time, str, int]:
    # Limits due on one day follow the order of the table of limits, as on all screens.
    number = _LIMITS.index(item.what) if item.kind == "limit" else 0
    return not item.late, item.day, _KINDS.index(item.kind), item.at or time.max, item.inspection, number
