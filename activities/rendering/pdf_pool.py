"""Renders PDFs in processes of their own: one takes 0.1 s of CPU and more, which would block the event loop.

Processes are spawned, never forked: a fork after the Temporal client has started its threads deadlocks.
"""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from types import TracebackType

from activities.rendering.pdf import html_to_pdf
from framework.common.errors import Unreachable


class PdfPool:
    """Renders PDFs in `size` processes; a process that died is replaced and its document is tried once more."""

    def __init__(self, size: int = 2, tie: Callable[[], None] | None = None) -> None:
        """`tie` runs first in each process: it makes the process end when its parent dies."""
        self._size = size
        self._tie = tie
        self._executor: ProcessPoolExecutor | None = None

    async def render(self, html: str) -> bytes:
        """Returns the PDF of a document. Raises `Unreachable` if its process died twice."""
        for _ in range(2):
            executor = self._running()
            try:
                return await asyncio.get_running_loop().run_in_executor(executor, html_to_pdf, html)
            except BrokenProcessPool:
                self._drop(executor)
        raise Unreachable("the process that makes PDFs died twice on one document; see the worker's log for its memory")

    def close(self) -> None:
        """Ends the processes. The next `render` starts new ones."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def __enter__(self) -> "PdfPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._size, get_context("spawn"), _begin, (self._tie,))
        return self._executor

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        # Several documents may fail on the same broken executor: only the first of them may drop it.
        if self._executor is broken:
            broken.shutdown(wait=False, cancel_futures=True)
            self._executor = None


def _begin(tie: Callable[[], None] | None) -> None:
    """Prepares a new process: ties it to its parent, leaves Ctrl-C to the parent, and imports WeasyPrint in advance."""
    if tie is not None:
        tie()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_module("weasyprint")
