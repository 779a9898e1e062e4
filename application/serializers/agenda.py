"""The agenda as JSON, and what it says of each item."""

from typing import Any

from application.queries.agenda import Agenda, AgendaItem
from application.serializers import wording
from framework.inspection.appointments import TITLES
from framework.inspection.limits import BY_KEY


def agenda_as_json(agenda: Agenda) -> dict[str, Any]:
    """Returns the agenda with its items, late ones first, then by day."""
    return {
        "from": agenda.first,
        "to": agenda.last,
        "person": agenda.person or None,
        "items": [_item(item) for item in agenda.items],
    }


def item_words(item: AgendaItem, agenda: Agenda) -> str:
    """Returns an item in words: «Lists of cases, due Fri 5 Nov: late by 1 working day», «On site until Tue 30 Nov»."""
    today = agenda.first
    until = f" until {wording.day(item.until, today)}" if item.until else ""
    if item.kind == "clash":
        return f"CLASH: bound in {item.other}, too{until}"
    if item.kind == "appointment":
        title = "On site" if item.what == "fieldwork" else TITLES[item.what]
        late = f"; agreed for {wording.day(item.day, today)} and not recorded" if item.late else ""
        return f"{title}{until}{late}"
    late = wording.lateness(item.day, today, agenda.calendar)
    return f"{BY_KEY[item.what].title}{f', due {wording.day(item.day, today)}: {late}' if late else ''}"


def _item(item: AgendaItem) -> dict[str, Any]:
    return {
        "day": item.day,
        "kind": item.kind,
        "what": item.what,
        "inspection": item.inspection,
        "authority": item.authority,
        "late": item.late,
        "owner": item.owner,
        "people": item.people,
        "until": item.until,
        "at": item.at.isoformat("minutes") if item.at else None,
        "other": item.other or None,
    }
