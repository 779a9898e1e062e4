"""How a process of ours ends: what it says on standard error, and with which code. The one exit guard.

A process that used the engine's client may crash or hang while the interpreter takes itself apart, after having done
everything right; so it leaves at once, once everything it wrote has gone out.
"""

import os
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

from application.runtime.console import say
from framework.common.errors import FaultyFile, InspectionError

INTERRUPTED = 130
"""What shells expect of a program that was stopped by Ctrl-C."""


InWords = Callable[[InspectionError], str]
"""How an entry point words an error."""


def run(main: Callable[[], Coroutine[Any, Any, int | None]]) -> NoReturn:
    """Run a whole process: `main` to its end, its errors printed, and leave with its exit code (None is 0)."""
    import asyncio  # help is shown without

    try:
        code = asyncio.run(main()) or 0
    except (Exception, KeyboardInterrupt) as error:
        code = tell(error)
    leave(code)


def tell(error: BaseException, in_words: InWords = str) -> int:
    """Print on standard error what went wrong in one line (the faults of a file one each), and return the exit code."""
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
        with suppress(OSError, ValueError):  # a reader that went away, a stream already closed
            stream.flush()
    os._exit(code)


def _one_line(text: str) -> str:
    return " ".join(text.split())
