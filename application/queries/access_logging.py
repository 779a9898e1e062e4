"""Who reads at this entry point, and that it goes into the access log before anything is answered (decision 0014); and who restored,
erased, or changed the calendar or the directory there, or was refused: that goes into it once it is known."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from application.queries.lookups import must_know_person
from application.runtime import clock
from application.runtime.console import say
from application.runtime.os_account import reading_as, who_runs_this
from application.runtime.settings import Settings
from framework.common.errors import InspectionError, Unreachable
from records.audit import access_log
from records.database.connection import reading, require_reachable, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

ENTRY_POINT = "command line"


@dataclass(frozen=True, slots=True)
class Read:
    """What is read: the command, of which inspection (empty for all), asked how."""

    command: str
    inspection: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)


def note(chosen: Settings, records: "Engine", read: Read) -> None:
    """Writes the reading down; where that cannot be done, says so and lets the reader read.

    Raises `BadInput` for a reader the directory does not know, `Unreachable` where nothing can be read either."""
    person = reading_as.get() or chosen.person
    if person:
        with reading(records) as session:
            must_know_person(session, person)
    try:
        _keep(records, person, _without_words(chosen, read))
    except Unreachable as error:
        with reading(records) as session:
            require_reachable(session)  # or it is this that is told, once
        say(f"this reading is not in the access log: {error}")


def _without_words(chosen: Settings, read: Read) -> Read:
    """Words searched for are not kept: they may be a child's name, and the log is for good."""
    if not (words := str(read.asked.get("words") or "")):
        return read
    from records.audit.search_term_digest import search_term_digest  # the keys are slow to load, and few search

    return replace(read, asked={**read.asked, **search_term_digest(chosen.data, words)})


@contextmanager
def deed(records: "Callable[[], Engine]", by: str, wanted: Read) -> Iterator[dict[str, Any]]:
    """Writes down what somebody set out to do, and what came of it: made, refused (with why), or unreachable.

    `records` opens the records when that is known; what is put into the dict that is given goes into the log, too. `by` is
    kept as it was said, known to the directory or not."""
    facts: dict[str, Any] = {}
    lost = False
    try:
        yield facts
    except InspectionError as error:
        lost = isinstance(error, Unreachable)
        facts |= {"outcome": "unreachable" if lost else "refused", "why": str(error)}
        raise
    else:
        facts = {"outcome": "made", **facts}
    finally:
        if facts:  # nothing is known of what broke off otherwise
            _keep_deed(records, by, Read(wanted.command, wanted.inspection, {**wanted.asked, **facts}), quiet=lost)


def _keep_deed(records: "Callable[[], Engine]", by: str, done: Read, quiet: bool) -> None:
    """`quiet` where the deed itself found something out of reach: that is told, and says enough."""
    try:
        opened = records()
        try:
            _keep(opened, by, done)
        finally:
            opened.dispose()
    except Unreachable as error:
        if not quiet:
            say(f"this is not in the access log: {error}")


def _keep(records: "Engine", person: str, read: Read) -> None:
    """Raises `Unreachable` where it cannot be written."""
    asked = {name: value for name, value in read.asked.items() if value not in ("", None, False)}
    done = access_log.Access(clock.now(), person, who_runs_this(), ENTRY_POINT, read.command, read.inspection, asked)
    with writing(records) as session:
        access_log.log_read(session, done)
