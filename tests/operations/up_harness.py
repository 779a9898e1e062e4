"""Starts and stops `up` in tests, and waits for its effects within a bound."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from temporalio.client import Client, WorkflowHandle

from application.runtime import run_file, settings, temporal_client
from application.runtime.run_file import Running
from tests.operations.up.standin_workflow import Waiting

BOUND = 30.0


def begin(data: Path, **settings: str) -> "subprocess.Popen[str]":
    """Starts `up` on the folder, with further settings."""
    command = [sys.executable, "-m", "tests.operations.up.standin_up", str(data)]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))}
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**env, **settings})


@asynccontextmanager
async def system(data: Path, **settings: str) -> AsyncIterator[tuple["subprocess.Popen[str]", Running]]:
    """Yields a system that is ready, and stops it at the end."""
    up = begin(data, **settings)
    try:
        yield up, await ready(data)
    finally:
        stop(up)


async def ready(data: Path, unlike: Callable[[Running], bool] = lambda _: False) -> Running:
    """Waits until the system is ready; one for which `unlike` is true does not count. Returns its run file."""

    def running() -> Running | None:
        now = run_file.find(data)
        return None if now is None or unlike(now) else now

    await until(lambda: running() is not None)
    result = running()
    assert result
    return result


def stop(up: "subprocess.Popen[str]") -> int:
    """Sends SIGTERM and returns the exit code."""
    up.send_signal(signal.SIGTERM)
    try:
        up.communicate(timeout=BOUND)
    except subprocess.TimeoutExpired:
        up.kill()
        up.communicate()
        raise
    return up.returncode


async def until(condition: Callable[[], bool], bound: float = BOUND) -> None:
    """Waits until the condition holds; fails after `bound` seconds."""
    give_up = time.monotonic() + bound
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        await asyncio.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Returns whether the process has ended; a zombie has."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


async def client(data: Path) -> Client:
    """Returns a client of the engine, as commands get it."""
    return await temporal_client.connect(settings.read(data))


async def open_workflow(data: Path) -> WorkflowHandle[Waiting, int]:
    """Starts a workflow that waits, and counts once."""
    handle = await (await client(data)).start_workflow(Waiting.run, id="waiting", task_queue="inspections")
    assert await handle.execute_update(Waiting.count) == 1
    return handle


async def count_again(data: Path, count: int) -> None:
    """Counts once more in the open workflow; fails unless the result is `count`."""
    handle = (await client(data)).get_workflow_handle_for(Waiting.run, "waiting")
    assert await asyncio.wait_for(handle.execute_update(Waiting.count), BOUND) == count
