"""The account on this machine that runs an entry point: who really was there, beside the person the entry point names."""

import getpass
from contextvars import ContextVar

reading_as: ContextVar[str] = ContextVar("reading_as", default="")
"""Who reads in this call, where the entry point names a person; empty otherwise."""


def who_runs_this() -> str:
    """The account on this machine that runs the entry point."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
