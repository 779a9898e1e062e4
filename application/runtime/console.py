"""Progress messages of long-running commands, on standard error."""

import sys


def say(text: str) -> None:
    """Print one message on standard error at once."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
