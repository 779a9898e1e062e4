"""Processes that die with the one that started them, whatever ends it, so that nothing of ours is left running alone.

Run as a program, it ties itself to its parent and then becomes the command it was given:
`python tether.py PARENT COMMAND ...`. It imports nothing of ours, so that it starts at once.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def kill_on_parent_death(parent: int) -> None:
    """Has the kernel kill this process when `parent`, which started it, is gone; at once if that is so already.

    Fit to be the initializer of a pool's processes, too: they outlive a worker that was killed, otherwise."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot be tied to the parent process")
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGKILL)


def with_parent_death(command: list[str]) -> list[str]:
    """The command that runs `command` and has it die with this process."""
    return [sys.executable, "-S", "-E", os.path.abspath(__file__), str(os.getpid()), *command]  # noqa: PTH100


if __name__ == "__main__":
    kill_on_parent_death(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
