"""Who reads at this door, and that it goes into the access log before anything is answered (decision 0014)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framework.errors import Unreachable
from interfaces import clock
from interfaces.account import who_runs_this
from interfaces.cli.known import must_know_person
from interfaces.cli.options import reading_as
from interfaces.cli.output import say
from interfaces.settings import Settings
from records import access
from records.database import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

DOOR = "command line"


@dataclass(frozen=True, slots=True)
class Read:
    """What is read: the command, of which inspection (empty for all), asked how."""

    command: str
    inspection: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)


def note(chosen: Settings, records: "Engine", read: Read) -> None:
    """Writes the reading down; where that cannot be done, says so and lets the reader read.

    Raises `BadInput` for a reader the directory does not know."""
    person = reading_as.get() or chosen.person
    if person:
        with reading(records) as session:
            must_know_person(session, person)
    asked = {name: value for name, value in read.asked.items() if value not in ("", None, False)}
    done = access.Access(clock.now(), person, who_runs_this(), DOOR, read.command, read.inspection, asked)
    try:
        with writing(records) as session:
            access.note(session, done)
    except Unreachable as error:
        say(f"this reading is not in the access log: {error}")
