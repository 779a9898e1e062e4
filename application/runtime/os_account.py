"""The account on this machine that runs a door: who really was there, beside the person the door names."""

import getpass


def who_runs_this() -> str:
    """The account on this machine that runs the door."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
