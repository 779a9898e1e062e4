"""A stand-in for the worker: the same environment and queue, and a workflow that only waits."""

import asyncio
import signal

from temporalio.worker import Worker

from application.runtime import process_exit, settings, temporal_client
from tests.operations.up.standin_workflow import Waiting


async def main() -> None:
    """Runs the worker until SIGTERM."""
    client = await temporal_client.connect(settings.read())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Worker(client, task_queue="inspections", workflows=[Waiting]):
        await stop.wait()


if __name__ == "__main__":
    process_exit.run(main)
