"""Progress messages of long-running commands, and errors, on standard error."""

import sys

from framework.common.plain_text import shown


def say(text: str) -> None:
    """Prints one message on standard error at once, with control characters replaced."""
    print(shown(text), file=sys.stderr, flush=True)  # noqa: T201


def say_in_place(text: str) -> None:
    """Prints over the last line, for a growing count."""
    print(f"\r{shown(text)}", end="", file=sys.stderr, flush=True)  # noqa: T201
