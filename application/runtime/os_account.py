"""The account on this machine that runs an entry point; the person who acts is named separately."""

import getpass


def who_runs_this() -> str:
    """Returns the account on this machine that runs the entry point."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
