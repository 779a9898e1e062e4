"""A workflow that stands still becomes a task, which is closed when it goes on."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from activities.names import inspection_of
from application.runtime import clock
from application.runtime.settings import Settings
from operations.up.console import say


@dataclass(slots=True)
class StuckTasks:
    """Tells of what stands still: on standard error, and by tasks in the records."""

    settings: Settings
    tell: Callable[[str], None] = say
    _said: set[tuple[str, str]] = field(default_factory=set)

    async def __call__(self, stuck: Mapping[str, str]) -> None:
        """Everything that stands still now, and nothing else: the same again changes nothing."""
        for workflow_id, problem in sorted(set(stuck.items()) - self._said):
            self.tell(f"{workflow_id} stands still, its workflow fails ({problem}): see the worker's log")
        self._said = set(stuck.items())
        await asyncio.to_thread(self._keep, stuck)

    def _keep(self, stuck: Mapping[str, str]) -> None:
        # The engine's client is loaded already; the database comes only where it is needed.
        from records.database.connection import connect, writing
        from records.tasks import tasks

        wanted = [(inspection_of(workflow_id), workflow_id, stuck[workflow_id]) for workflow_id in sorted(stuck)]
        records = connect(self.settings.records_url)
        try:
            with writing(records) as session:
                tasks.keep_stuck(session, wanted, clock.now())
        finally:
            records.dispose()
