"""Ends the processes of the product: prints errors on standard error and exits with their code.

A process that used the engine's client may crash or hang while the interpreter shuts down; so it exits at once, after its
output is flushed.
"""

import os
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

from application.runtime.console import say
from framework.common.errors import FaultyFile, InspectionError

INTERRUPTED = 130
"""The exit code that shells expect of a program stopped by Ctrl-C."""

InWords = Callable[[InspectionError], str]
"""Returns the message of an error, as an entry point words it."""


def run(main: Callable[[], Coroutine[Any, Any, int | None]]) -> NoReturn:
    """Runs `main`, prints its error, and ends the process with its exit code (None is 0)."""
    import asyncio  # help is shown without

    try:
        code = asyncio.run(main()) or 0
    except (Exception, KeyboardInterrupt) as error:
        code = print_error(error)
    leave(code)


def print_error(error: BaseException, in_words: InWords = str) -> int:
    """Prints an error in one line on standard error (the faults of a file one each), and returns its exit code."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, InspectionError):
        faults = tuple(getattr(error, "faults", ()))
        apart = isinstance(error, FaultyFile) and len(faults) > 1
        words = in_words(error)
        lines = [words, *faults] if apart else [": ".join(filter(None, (words, "; ".join(faults))))]
    else:
        lines = [f"unexpected error: {type(error).__name__}: {error}"]
    for line in lines:
        say(_one_line(line))
    return error.exit_code if isinstance(error, InspectionError) else 1


def leave(code: int) -> NoReturn:
    """Ends the process with `code`: at once if the engine's client was loaded, otherwise in the ordinary way."""
    if "temporalio.client" not in sys.modules:
        raise SystemExit(code)
    import logging

    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # the reader has gone, or the stream is closed
            stream.flush()
    os._exit(code)


def _one_line(text: str) -> str:
    return " ".join(text.split())
