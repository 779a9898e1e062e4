"""What happened: one shape for every event. Kinds are named in the past tense beside their step in `lifecycle`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from framework.calendar.london_time import london_day
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in one inspection. Free text is never here: it stands in the records under an identifier."""

    kind: str
    on: date
    """The London day it happened; a limit is judged on it."""
    received: datetime
    """The moment the entry point (or the engine's clock) took it in, UTC."""
    by: str
    """The person's identifier, or "system"."""
    role: Role
    entry_point: str
    """Where it came in: "command line", "portal", "engine", "rehearsal"."""
    ran_as: str = ""
    """Who ran the entry point on the machine, beside the person it names."""
    paragraph: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    """What else is known, as JSON: identifiers, days, numbers; never a name or free text."""
    reason: str | None = None
    """The identifier of the text that gives the reason, where one was owed."""
    cause: str = ""
    """What brought it about: "command:<id>", "limit:<key>", "letter:<id>"."""


def system_event(
    kind: str, moment: datetime, data: Mapping[str, Any], cause: str, paragraph: int | None = None
) -> Event:
    """What the system itself did, or saw happen, at `moment` (dated by the London day it was then)."""
    return Event(
        kind=kind,
        on=london_day(moment),
        received=moment,
        by="system",
        role=Role.SYSTEM,
        entry_point="engine",
        paragraph=paragraph,
        data=data,
        cause=cause,
    )


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the log keeps it."""

    inspection: str
    number: int
    event: Event
    recorded: datetime
    command_id: str
    ordinal: int
    hash: str = ""
