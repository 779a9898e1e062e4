"""The measured worker process: the product's workers, with a switch for rendering, and the worker of the baseline.

Run as `python -m operations.bench.bench_worker`."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

from activities.rendering.pdf_pool import PdfPool
from application.runtime import process_exit, settings, temporal_client
from application.runtime.mail_settings import mail_server, sender
from application.runtime.parent_death import kill_on_parent_death
from application.workers import WorkerParts, workers
from operations.bench import baseline_workflow
from records.database.connection import connect

COMMAND = (sys.executable, "-m", "operations.bench.bench_worker")
SHIFT = "INSPECTIONS_BENCH_SHIFT"
"""The environment variable that holds the shift of the clocks in seconds."""
SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


class SwitchedPool(PdfPool):
    """Renders while the switch (a file) exists; otherwise returns a small PDF at once."""

    def __init__(self, switch: Path) -> None:
        super().__init__(tie=partial(kill_on_parent_death, os.getpid()))
        self._switch = switch

    async def render(self, html: str) -> bytes:
        """Returns the PDF of the document, or the small one."""
        return await super().render(html) if self._switch.exists() else SMALL_PDF


def switch(data: Path, rendering: bool) -> None:
    """Turns the rendering of documents on or off."""
    if rendering:
        _switch(data).touch()
    else:
        _switch(data).unlink(missing_ok=True)


def _switch(data: Path) -> Path:
    return data / "bench-renders"


async def main() -> int:
    """Runs the workers until SIGTERM."""
    chosen = settings.read()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with SwitchedPool(_switch(chosen.data)) as pool:
        parts = WorkerParts(
            client=await temporal_client.connect(chosen),
            records=connect(chosen.records_url),
            data=chosen.data,
            mail=mail_server(chosen),
            sender=sender(chosen),
            pool=pool,
            clock_shift=timedelta(seconds=float(os.environ[SHIFT])),
        )
        async with AsyncExitStack() as running:
            await running.enter_async_context(baseline_workflow.worker(parts.client, chosen.worker_sandbox))
            for worker in workers(parts, chosen.worker_kinds, chosen.worker_sandbox):
                await running.enter_async_context(worker)
            await stop.wait()
    return 0


if __name__ == "__main__":
    process_exit.run(main)
