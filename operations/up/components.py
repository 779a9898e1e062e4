"""What `up` is put together from, so that each part can be replaced in tests: the worker and the records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.runtime.settings import Settings
from operations.up import worker_process
from operations.up.console import say


def prepare_records(settings: Settings) -> None:
    """Brings the records up to date, and puts the directory and calendar in where there is none. A restore that was cut off
    comes to its end first.

    Raises `Unreachable` when the database cannot be reached, or belongs to another engine."""
    # The engine's client is loaded already; the database comes only where it is needed.
    from application.commands.migrate_records import prepare
    from application.runtime import engine_owner, pending_restore
    from operations.backup import staging

    if pending_restore.finish(settings):
        say("a restore that was cut off has come to its end")
    staging.clear(settings)
    say(f"preparing the records in {settings.data}")
    prepare(settings, engine_owner.embedded(settings))


@dataclass(frozen=True)
class Parts:
    """The parts, as they are unless said otherwise."""

    worker: Sequence[str] = worker_process.COMMAND
    """The command that runs a worker; where things are is in its environment."""
    prepare: Callable[[Settings], None] = prepare_records
    """Called before anything is started."""
