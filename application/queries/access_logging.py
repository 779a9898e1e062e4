"""The access log, written by the use cases themselves (decision 0014): a read before it is answered, an action once its
outcome is known, and a query for an inspection that the caller may not see."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from application.caller import Caller
from application.queries.identification import identify, is_denied
from application.runtime import clock
from application.runtime.context import AppContext
from application.runtime.threads import write_in_thread
from framework.common.errors import InspectionError, Unreachable
from records.audit import access_log
from records.audit.search_term_digest import search_term_digest
from records.database.connection import writing

DENIED: Mapping[str, Any] = {"outcome": "refused", "why": "has no part in it"}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of the records: by which command, of which inspection (empty for all), with which parameters."""

    command: str
    inspection: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    everyday: bool = False
    """True for the everyday screens, which are logged only if the caller may not see the inspection."""


@dataclass(frozen=True, slots=True)
class Logged:
    """Whether a use is in the access log, and the warning if it should be and is not."""

    done: bool
    warning: str = ""


def log_use(caller: Caller, context: AppContext, use: Use) -> Logged:
    """Logs a read. If the log cannot be written, returns a warning: the read is not refused.

    Raises `BadInput` for a caller who is not in the directory; then nothing is logged."""
    if use.everyday:
        return Logged(done=False)
    try:
        with writing(context.records) as session:
            identified = identify(session, caller)
            denied = DENIED if use.inspection and is_denied(session, identified, use.inspection) else {}
            write_entry(session, caller, context.now(), use, {**_without_words(context, use), **denied})
    except Unreachable as error:
        return Logged(done=False, warning=f"this reading is not in the access log: {error}")
    return Logged(done=True)


def log_denied(caller: Caller, context: AppContext, use: Use) -> None:
    """Logs that a caller asked for an inspection they may not see; nothing for one that is not there, or where it cannot be
    written: the caller is not to learn the difference."""
    with suppress(Unreachable), writing(context.records) as session:
        if is_denied(session, identify(session, caller), use.inspection):
            write_entry(session, caller, context.now(), use, {**_without_words(context, use), **DENIED})


OpenLog = Callable[[], AbstractContextManager[Engine]]
"""Opens the records in which an action is logged, once its outcome is known: a restore replaces them meanwhile."""


@dataclass(slots=True)
class _Action:
    """An action that is under way, and what is known of it."""

    caller: Caller
    use: Use
    open_log: OpenLog
    warn: Callable[[str], None]
    facts: dict[str, Any] = field(default_factory=dict)
    unreachable: bool = False

    def fail(self, error: InspectionError) -> None:
        self.unreachable = isinstance(error, Unreachable)
        self.facts |= {"outcome": "unreachable" if self.unreachable else "refused", "why": str(error)}

    @contextmanager
    def outcome(self) -> Iterator[dict[str, Any]]:
        """Yields the facts to log, and adds to them how the action ended."""
        try:
            yield self.facts
        except InspectionError as error:
            self.fail(error)
            raise
        else:
            self.facts = {"outcome": "made", **self.facts}

    def write(self) -> None:
        """Logs the action; nothing is known of one that any other exception broke off."""
        if not self.facts:
            return
        try:
            with self.open_log() as records, writing(records) as session:
                write_entry(session, self.caller, clock.now(), self.use, {**self.use.parameters, **self.facts})
        except Unreachable as error:
            if not self.unreachable:  # otherwise the error of the action itself says enough
                self.warn(f"this is not in the access log: {error}")


@contextmanager
def logged_action(caller: Caller, use: Use, open_log: OpenLog, warn: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Logs an action once its outcome is known: made, refused (with why) or unreachable. Facts put into the dict are logged,
    too. The person is logged as given, known to the directory or not."""
    action = _Action(caller, use, open_log, warn)
    try:
        with action.outcome() as facts:
            yield facts
    finally:
        action.write()


def log_failure(
    caller: Caller, use: Use, open_log: OpenLog, warn: Callable[[str], None], error: InspectionError
) -> None:
    """Logs an action that failed, for one that writes its own entry where it succeeds."""
    action = _Action(caller, use, open_log, warn)
    action.fail(error)
    action.write()


@asynccontextmanager
async def logged_async_action(
    caller: Caller, use: Use, open_log: OpenLog, warn: Callable[[str], None]
) -> AsyncIterator[dict[str, Any]]:
    """Logs an action as `logged_action` does, and writes the log in a thread."""
    action = _Action(caller, use, open_log, warn)
    try:
        with action.outcome() as facts:
            yield facts
    finally:
        await write_in_thread(action.write)


def _without_words(context: AppContext, use: Use) -> dict[str, Any]:
    """Words searched for are not logged: they may be a child's name, and the log is for good."""
    if not (words := str(use.parameters.get("words") or "")):
        return dict(use.parameters)
    return {**use.parameters, **search_term_digest(context.settings.data, words)}


def write_entry(session: Session, caller: Caller, at: datetime, use: Use, parameters: Mapping[str, Any]) -> None:
    """Writes an entry of the access log in a transaction that is under way; parameters that say nothing are left out."""
    given = {name: value for name, value in parameters.items() if value not in ("", None, False)}
    who = (caller.person, caller.ran_as, caller.entry_point)
    access_log.log_read(session, access_log.Access(at, *who, use.command, use.inspection, given))
