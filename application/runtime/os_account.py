"""The account on this machine that runs an entry point: who really was there, beside the person the entry point names."""

import getpass


def who_runs_this() -> str:
    """The account on this machine that runs the entry point."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
