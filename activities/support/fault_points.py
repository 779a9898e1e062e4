"""For tests only: the places, around everything that reaches outside, at which a process can be made to stand still and die.

`INSPECTIONS_KILL_AT=<point>:<file>` makes the first process that comes to the point write its identifier into the file
and stop, until somebody kills it or lets it go on; with `<point>*2` when it comes there a second time. The file is the
once: where it exists, the point is passed. Without the variable nothing is done but one comparison.
What each place is called stands in `POINTS`."""

import os
import signal
from contextlib import suppress
from itertools import count
from pathlib import Path

POINTS: tuple[str, ...] = (
    # what an entry point does
    "entry point: before the submission is stored",
    "entry point: submission stored",
    "entry point: answer received",
    "entry point: before content is written",
    "entry point: content written",
    "entry point: before the inspection is written down",
    "entry point: inspection row created",
    "entry point: workflow started",
    "entry point: before the calendar is written",
    "entry point: calendar written",
    "entry point: calendar round woken",
    # what the calendar's round does
    "round: page read",
    "round: page told",
    # what an inspection does
    "record state: asked",
    "record state: answered",
    "commit: before",
    "commit: committed",
    "commit: delivery woken",
    "delivery: looked into the outbox",
    # what goes out
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

_WHERE, _, _FILE = os.environ.get("INSPECTIONS_KILL_AT", "").rpartition(":")
_POINT, _, _TIMES = _WHERE.partition("*")
_times_to_go = count(int(_TIMES or 1) - 1, -1)


def fault_point(point: str) -> None:
    """Say that the process is at this point; it goes on, unless a test wants it to end here."""
    if point == _POINT and next(_times_to_go) == 0:
        _stand_still()


def _stand_still() -> None:
    with suppress(FileExistsError), Path(_FILE).open("x") as file:
        file.write(str(os.getpid()))
        file.flush()
        os.kill(os.getpid(), signal.SIGSTOP)
