"""Child processes that die with their parent, however it ends, so that no orphan is left.

Run as a program (`python parent_death.py PARENT COMMAND ...`), it ties itself to its parent and then executes the command.
It imports no other module of the product, so that it starts quickly.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def kill_on_parent_death(parent: int) -> None:
    """Makes the kernel kill this process when `parent`, which started it, dies; at once if it has died already.

    Also the initializer of a pool's processes, which otherwise outlive a killed worker."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot be tied to the parent process")
    if os.getppid() != parent:  # it died before the call of prctl
        os.kill(os.getpid(), signal.SIGKILL)


def with_parent_death(command: list[str]) -> list[str]:
    """Returns a command that runs `command` and dies with this process."""
    return [sys.executable, "-S", "-E", os.path.abspath(__file__), str(os.getpid()), *command]  # noqa: PTH100


if __name__ == "__main__":
    kill_on_parent_death(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
