"""The components of `up` that tests replace: the worker and the preparation of the records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.runtime.settings import Settings
from operations.up import worker_process
from operations.up.console import say


def prepare_records(settings: Settings) -> None:
    """Migrates the records and seeds directory and calendar if they are empty; completes an interrupted restore first.

    Raises `Unreachable` if the database cannot be reached or another engine owns its records."""
    # Imported here, because tests that replace this function need no database.
    from application.commands.migrate_records import prepare
    from application.runtime import engine_owner, pending_restore
    from operations.backup import staging

    if pending_restore.finish(settings):
        say("a restore that was cut off has come to its end")
    staging.clear(settings)
    say(f"preparing the records in {settings.data}")
    prepare(settings, engine_owner.embedded(settings))


@dataclass(frozen=True)
class Components:
    """The components, with those of the product as defaults."""

    worker: Sequence[str] = worker_process.COMMAND
    """The command that runs a worker; its environment holds all addresses."""
    prepare: Callable[[Settings], None] = prepare_records
    """Called before any process is started."""
