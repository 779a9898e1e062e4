"""The lock on a data folder: one `up` at a time, for as long as its engine lives.

The lock is an open file that `up` holds and its engine inherits, so the kernel releases it when both are gone, and
never before: two engines on one store would corrupt each other's queues. The content of the file is only for messages.
"""

import fcntl
import os
import time
from pathlib import Path

from framework.common.errors import BadInput, Refused, Remedy

NAME = "up.lock"
TIMEOUT_SECONDS = 1.0
"""Seconds to retry: `is_held` takes the lock for an instant to check it."""


def take(data: Path) -> int:
    """Locks the folder, which is made if it is missing; returns the file descriptor that is the lock.

    Raises `Refused` naming the folder and the process that holds it, `BadInput` if the folder cannot be written."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"the data folder {data} cannot be written: {error.strerror}") from None
    give_up = time.monotonic() + TIMEOUT_SECONDS
    while not _locked(lock, fcntl.LOCK_EX):
        if time.monotonic() > give_up:
            os.close(lock)
            raise Refused(f"{data} is in use by another system ({holder(data)})", remedy=Remedy.STOP_OTHER_SYSTEM)
        time.sleep(0.05)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def is_held(data: Path) -> bool:
    """Returns whether a system or a restore holds the lock of this folder."""
    try:
        lock = os.open(data / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _locked(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def holder(data: Path) -> str:
    """Returns the process that took the lock last, in words."""
    try:
        return f"process {int((data / NAME).read_text())}"
    except (OSError, ValueError):
        return "a process that has just begun"


def _locked(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
