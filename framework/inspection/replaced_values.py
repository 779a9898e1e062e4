"""The values that an event replaces, by kind of event, kept in its data as `before`. The new values are the event's other data."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from framework.inspection.state import Inspection
from framework.vocabulary.roles import Role

Fields = Mapping[str, Any]
ReadReplaced = Callable[[Inspection, Fields], dict[str, Any]]


def replaced_value(kind: str, inspection: Inspection, fields: Fields) -> dict[str, Any] | None:
    """Returns the values that an event of this kind replaces, as JSON, empty if there were none; None for kinds that replace
    nothing."""
    read = REPLACED.get(kind)
    return read(inspection, fields) if read else None


def _held(inspection: Inspection, role: Role) -> dict[str, Any]:
    return {"people": list(inspection.people.get(role, ()))}


def _day(name: str, day: date | None) -> dict[str, Any]:
    return {name: day.isoformat()} if day else {}


def _meeting(inspection: Inspection, fields: Fields) -> dict[str, Any]:
    agreed = inspection.meeting_ahead
    if agreed is None:
        return {}
    return {"day": agreed.day.isoformat(), "at": agreed.at.isoformat("minutes"), "place": agreed.place}


def _first_cases(inspection: Inspection, fields: Fields) -> dict[str, Any]:
    counts = inspection.first_cases.counts()
    return {half.value: number for half, number in counts.items()} if any(counts.values()) else {}


REPLACED: Mapping[str, ReadReplaced] = {
    "lead_changed": lambda state, _: _held(state, Role.LEAD_INSPECTOR),
    "contact_changed": lambda state, fields: _held(state, Role(fields["role"])),
    "team_changed": lambda state, fields: _held(state, Role(fields["role"])),
    "fieldwork_arranged": lambda state, _: _day("starts", state.fieldwork),
    "resumption_issued": lambda state, _: _day("fieldwork", state.fieldwork),
    "notification_postponed": lambda state, _: _day("notify", state.notify_on),
    "set_up_meeting_arranged": _meeting,
    "first_cases_chosen": _first_cases,
    "connection_decided": lambda state, fields: {"connection": state.connections.get(fields["person"], "")},
}
"""Grades, sections and answers are in `records.inspections.content`, where their values are; a correction keeps the old day."""
