"""The calendar: which days are working days (Monday to Friday, not a bank holiday in England). `working_days` counts them.

A calendar is immutable data with a version, passed as an argument and never fetched. The shipped one is the first version
in the records, where each changed holiday makes a new version.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from framework.common.errors import BadInput
from framework.common.plain_text import fault_of

SEED = Path(__file__).parent / "data" / "england-holidays.json"
"""Our own list, 2009 to 2030. "proclaimed" is the day on which a special or moved holiday was announced."""

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of one version, complete from `first` to `last`; without bounds where those are None."""

    version: str
    holidays: Mapping[date, str]
    first: date | None = None
    last: date | None = None

    def is_working_day(self, day: date) -> bool:
        """Returns whether `day` is Monday to Friday and no bank holiday. Raises `BadInput` outside `first` to `last`."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Returns why `day` is no working day ("Saturday", "Sunday" or the holiday's title), or None where it is one.

        Raises `BadInput` outside `first` to `last`.
        """
        # Without this error a bank holiday that is not entered yet would count as a working day, unnoticed.
        if (self.first and day < self.first) or (self.last and day > self.last):
            raise BadInput(self._outside(day))
        weekday = day.weekday()
        if weekday >= _SATURDAY:
            return "Saturday" if weekday < _SUNDAY else "Sunday"
        return self.holidays.get(day)

    def to_json(self) -> str:
        """Returns the whole calendar as JSON, from which `restored` makes an equal one."""
        days = [{"date": day.isoformat(), "title": self.holidays[day]} for day in sorted(self.holidays)]
        first, last = (day and day.isoformat() for day in (self.first, self.last))
        return json.dumps({"version": self.version, "first": first, "last": last, "holidays": days})

    def _outside(self, day: date) -> str:
        known = f"from {self.first or 'the beginning'} to {self.last or 'the end'}"
        return f"the calendar {self.version} holds the holidays {known}; {day} is outside: add its holidays first"


@cache
def england() -> Calendar:
    """Returns the shipped calendar of England, complete from 1 January 2009 to 31 December 2030; read at the first call."""
    seed = from_json(SEED.read_text(encoding="utf-8"), "england-2026.1")
    return Calendar(seed.version, seed.holidays, date(2009, 1, 1), date(2030, 12, 31))


def from_json(text: str, version: str) -> Calendar:
    """Reads a calendar from a JSON list of `{"date": "2011-04-29", "title": "Royal wedding"}`; ignores other fields.

    Raises `BadInput` whose `faults` name every fault by its entry (counted from 0) and field.
    """
    return Calendar(version, _listed(_parsed(text, version), version))


def restored(text: str) -> Calendar:
    """Reads a calendar that `Calendar.to_json` wrote. Raises `BadInput` for any other text."""
    data = _parsed(text, "a stored calendar")
    if not isinstance(data, dict) or not isinstance(data.get("version"), str):
        raise BadInput("a stored calendar is a JSON object with version, first, last and holidays")
    first, last = (_day(data[end]) if data.get(end) is not None else None for end in ("first", "last"))
    return Calendar(data["version"], _listed(data.get("holidays"), data["version"]), first, last)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the holidays of {name} are not JSON: {error}") from error


def _listed(entries: Any, name: str) -> dict[date, str]:
    if not isinstance(entries, list):
        raise BadInput(f'the holidays of {name} must be a JSON list of {{"date": ..., "title": ...}}')
    holidays: dict[date, str] = {}
    faults: list[str] = []
    for index, entry in enumerate(entries):
        entry_faults = [f"entry {index}: {fault}" for fault in _faults(entry, holidays)]
        if not entry_faults:
            holidays[_day(entry["date"])] = entry["title"].strip()
        faults += entry_faults
    if faults:
        raise BadInput(f"the holidays of {name} cannot be used", tuple(faults))
    return holidays


def _faults(entry: Any, before: Mapping[date, str]) -> list[str]:
    if not isinstance(entry, dict):
        return ["must be an object with date and title"]
    faults = []
    try:
        if (day := _day(entry.get("date"))) in before:
            faults.append(f'date: {day} is already in the list ("{before[day]}")')
    except BadInput as error:
        faults.append(f"date: {error}")
    if not isinstance(title := entry.get("title"), str) or not title.strip():
        faults.append("title: must say what the holiday is called")
    elif fault := fault_of(title):
        faults.append(f"title: {fault}")
    return faults


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadInput(f"must be a day like 2011-04-29, not {json.dumps(value)}") from error
    if day.isoformat() != value:
        raise BadInput(f"must be written like 2011-04-29, not {json.dumps(value)}")
    return day
