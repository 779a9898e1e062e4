"""Which days are working days: Monday to Friday, not a bank holiday in England. Counting them is in `days`.

A calendar is data with a version: it is handed to whoever counts, never fetched and never changed. The shipped one is
the seed of the records' own table, where a new holiday makes a new version.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from framework.common.errors import BadInput

SEED = Path(__file__).parent / "data" / "england-holidays.json"
"""Our own list, 2009 to 2030. "proclaimed", where an entry has it, is the day a special or moved one was made known."""

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of one version, complete from `first` to `last`; None means that it does not say."""

    version: str
    holidays: Mapping[date, str]
    first: date | None = None
    last: date | None = None

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and no bank holiday. Raises BadInput outside `first` to `last`."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why `day` is not worked: "Saturday", "Sunday" or the holiday's title; None for a working day.

        Raises BadInput outside `first` to `last`: a holiday nobody has entered yet would be counted in silence.
        """
        if (self.first and day < self.first) or (self.last and day > self.last):
            raise BadInput(self._outside(day))
        weekday = day.weekday()
        if weekday >= _SATURDAY:
            return "Saturday" if weekday < _SUNDAY else "Sunday"
        return self.holidays.get(day)

    def to_json(self) -> str:
        """Everything there is to know, as JSON that `restored` reads back into an equal calendar."""
        days = [{"date": day.isoformat(), "title": self.holidays[day]} for day in sorted(self.holidays)]
        first, last = (day and day.isoformat() for day in (self.first, self.last))
        return json.dumps({"version": self.version, "first": first, "last": last, "holidays": days})

    def _outside(self, day: date) -> str:
        known = f"from {self.first or 'the beginning'} to {self.last or 'the end'}"
        return f"the calendar {self.version} holds the holidays {known}; {day} is outside: add its holidays first"


@cache
def england() -> Calendar:
    """The shipped calendar of England, complete from 1 January 2009 to 31 December 2030; read when first asked for."""
    seed = from_json(SEED.read_text(encoding="utf-8"), "england-2026.1")
    return Calendar(seed.version, seed.holidays, date(2009, 1, 1), date(2030, 12, 31))


def from_json(text: str, version: str) -> Calendar:
    """The calendar in a JSON list of `{"date": "2011-04-29", "title": "Royal wedding"}`; other fields are passed over.

    Raises BadInput whose `faults` name every fault by its entry (counted from 0) and field.
    """
    return Calendar(version, _listed(_parsed(text, version), version))


def restored(text: str) -> Calendar:
    """The calendar that `Calendar.to_json` wrote. Raises BadInput when it is something else."""
    kept = _parsed(text, "a kept calendar")
    if not isinstance(kept, dict) or not isinstance(kept.get("version"), str):
        raise BadInput("a kept calendar is a JSON object with version, first, last and holidays")
    first, last = (_day(kept[end]) if kept.get(end) is not None else None for end in ("first", "last"))
    return Calendar(kept["version"], _listed(kept.get("holidays"), kept["version"]), first, last)


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
        found = [f"entry {index}: {fault}" for fault in _faults(entry, holidays)]
        if not found:
            holidays[_day(entry["date"])] = entry["title"].strip()
        faults += found
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
    return faults


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadInput(f"must be a day like 2011-04-29, not {json.dumps(value)}") from error
    if day.isoformat() != value:
        raise BadInput(f"must be written like 2011-04-29, not {json.dumps(value)}")
    return day
