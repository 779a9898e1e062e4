"""Threads for the database work of use cases that are coroutines.

A write may wait for a lock for up to `BUSY_SECONDS`. Writes have threads of their own, so that waiting writes never delay a
read; both pools together have fewer threads than there are connections."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_READERS = ThreadPoolExecutor(8, thread_name_prefix="reads")
_WRITERS = ThreadPoolExecutor(24, thread_name_prefix="writes")


async def read_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a function that reads the records in a thread."""
    return await _run(_READERS, partial(function, *args, **kwargs))


async def write_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a function that writes the records in a thread."""
    return await _run(_WRITERS, partial(function, *args, **kwargs))


async def _run(threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, call)
