"""Events: one form for all kinds. Kinds are named in the past tense, beside their step in the table of each lifecycle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from framework.calendar.london_time import london_day
from framework.messages.commands import Actor, Command
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one inspection. It never holds free text, which is in the records under an identifier."""

    kind: str
    on: date
    """The London day it happened; a limit is judged on it."""
    received: datetime
    """The moment of receipt at the entry point, or of the engine's clock, in UTC."""
    by: str
    """The person's identifier, or "system"."""
    role: Role
    entry_point: str
    """The entry point: "command line", "portal", "engine", "rehearsal"."""
    ran_as: str = ""
    """The account on the machine that ran the entry point; the person who acted is `by`."""
    paragraph: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    """Further facts as JSON: identifiers, days, numbers; never a name or free text."""
    reason: str | None = None
    """The identifier of the text of the reason, if one was required."""
    cause: str = ""
    """The cause: "command:<id>", "limit:<key>", "letter:<id>"."""

    @classmethod
    def from_command(
        cls,
        command: Command,
        *,
        kind: str,
        role: Role,
        paragraph: int | None,
        data: Mapping[str, Any],
        reason: str | None = None,
        actor: Actor | None = None,
    ) -> "Event":
        """Returns an event that the command causes, dated and received as the command is.

        `actor` is who acts where it is not the person who sent the command: the system, in the same decision."""
        actor = actor or command.actor
        return cls(
            kind=kind,
            on=command.on,
            received=command.received,
            by=actor.person,
            role=role,
            entry_point=actor.entry_point,
            ran_as=actor.ran_as,
            paragraph=paragraph,
            data=data,
            reason=reason,
            cause=f"command:{command.id}",
        )


def system_event(
    kind: str, moment: datetime, data: Mapping[str, Any], cause: str, paragraph: int | None = None
) -> Event:
    """Returns an event of the system itself at `moment`, dated by its London day."""
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
    """An event in the log."""

    inspection: str
    number: int
    event: Event
    recorded: datetime
    command_id: str
    ordinal: int
    hash: str = ""
