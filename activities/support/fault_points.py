"""For tests only: points before and after each side effect at which a process can be stopped, to be killed there.

`INSPECTIONS_KILL_AT=<point>:<file>` makes the first process that reaches the point write its process identifier into the
file and stop (SIGSTOP), until the test kills or continues it; `<point>*2` stops it at the second time. A process stops
only if the file does not exist yet, so only one does. Without the variable a point costs one comparison of strings.
`POINTS` lists the points."""

import os
import signal
from contextlib import suppress
from itertools import count
from pathlib import Path

POINTS: tuple[str, ...] = (
    # entry points
    "entry point: before the submission is stored",
    "entry point: submission stored",
    "entry point: answer received",
    "entry point: before content is written",
    "entry point: content written",
    "entry point: heading of the report written",
    "entry point: before the inspection is written down",
    "entry point: inspection row created",
    "entry point: workflow started",
    "entry point: before the calendar is written",
    "entry point: calendar written",
    "entry point: calendar round woken",
    # the rollout of a calendar
    "round: page read",
    "round: page told",
    # the workflow of an inspection
    "record state: asked",
    "record state: answered",
    "commit: before",
    "commit: committed",
    "commit: delivery woken",
    "delivery: looked into the outbox",
    # documents, letters and published reports
    "document: before rendering",
    "document: rendered",
    "document: files written",
    "document: marked",
    "letter: before mark_sending",
    "letter: mark_sending written",
    "letter: accepted by the mail system",
    "letter: mark_accepted written",
    "letters: sent at once",
    "letter: refused by the mail system",
    "letter: refusal written",
    "publication: before",
    "publication: report written",
    "publication: marked",
    "publication: index written",
)

_SPEC, _, _FILE = os.environ.get("INSPECTIONS_KILL_AT", "").rpartition(":")
_POINT, _, _TIMES = _SPEC.partition("*")
_passes_left = count(int(_TIMES or 1) - 1, -1)


def fault_point(point: str) -> None:
    """Stops the process here if a test set this point; otherwise does nothing."""
    if point == _POINT and next(_passes_left) == 0:
        _stop()


def _stop() -> None:
    with suppress(FileExistsError), Path(_FILE).open("x") as file:
        file.write(str(os.getpid()))
        file.flush()
        os.kill(os.getpid(), signal.SIGSTOP)
