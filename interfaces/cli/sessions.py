"""How commands open what they work with, and who calls them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from application.caller import Caller
from application.open_context import open_context, open_to_read, open_with_engine, require_engine
from application.runtime.console import say
from application.runtime.context import AppContext
from application.runtime.os_account import who_runs_this
from application.runtime.settings import Settings
from framework.common.errors import BadInput
from interfaces.cli.options import reading_as


@dataclass(frozen=True, slots=True)
class Session:
    """Who calls, and what the use case works with."""

    caller: Caller
    context: AppContext


@contextmanager
def reading_session(data: Path | None, person: str = "") -> Iterator[Session]:
    """Opens the records for a command that only reads. Once it has answered, raises `Unreachable` where no engine runs."""
    with open_to_read(data, say) as context:
        yield Session(caller_of(context.settings, person), context)
    require_engine(context.settings)


@contextmanager
def quick_session(data: Path | None, person: str = "") -> Iterator[Session]:
    """Opens the records as `reading_session` does, for a command that answers the same whether an engine runs or not."""
    with open_to_read(data, say) as context:
        yield Session(caller_of(context.settings, person), context)


@contextmanager
def records_session(data: Path | None, person: str = "") -> Iterator[Session]:
    """Opens the records for a command that writes to them without an engine."""
    with open_context(data, say) as context:
        yield Session(caller_of(context.settings, person), context)


@asynccontextmanager
async def acting_session(data: Path | None, person: str = "") -> AsyncIterator[Session]:
    """Opens records and engine for a command that acts; without an engine, use cases say what they can do."""
    async with open_with_engine(data, say) as context:
        yield Session(caller_of(context.settings, person), context)


def caller_of(settings: Settings, person: str = "") -> Caller:
    """Returns the caller: the person a command names, else the one of --as, else the one of INSPECTIONS_PERSON."""
    return Caller(person or reading_as.get() or settings.person, ran_as=who_runs_this())


def require_named(session: Session, what: str) -> None:
    """Raises `BadInput` for a command that must be done by a person, where none is named."""
    require_name(session.caller, what)


def require_name(caller: Caller, what: str) -> Caller:
    """Returns the caller of a command that must be done by a person. Raises `BadInput` where none is named."""
    if not caller.person:
        raise BadInput(f"{what}: say who does this with --by PERSON (or INSPECTIONS_PERSON)")
    return caller
