"""Ports on this machine: free ones, and the ones a data folder had before, so that they stay the same."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from framework.common.errors import BadInput

HERE = "127.0.0.1"
"""The only address anything of `up` listens on."""
NAME = "ports.json"


LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""


def choose(data: Path, wanted: Mapping[str, int | None]) -> dict[str, int]:
    """Returns a port for each name: the one asked for, else the one it had, else a free one, and keeps them in the data folder.

    Another program may take a port between this choice and its use: choose again then. Raises `BadInput` when a port that
    was asked for is taken."""
    had = _read(data)
    chosen: dict[str, int] = {}
    for name, asked in wanted.items():
        if asked is not None and not is_free(asked):
            raise BadInput(f"port {asked} is in use by another program: choose another --port")
        before = had.get(name, 0)
        free = before if before and before not in chosen.values() and is_free(before) else _any()
        chosen[name] = asked or free
    new = data / f"{NAME}.new"
    new.write_text(json.dumps({**had, **chosen}) + "\n")
    new.replace(data / NAME)
    return chosen


def listens(process: int, port: int) -> bool:
    """Returns whether it is this process that listens on the port: another engine may have been quicker."""
    sockets = {f"socket:[{inode}]" for inode in _listening_on(port)}
    try:
        return any(str(opened.readlink()) in sockets for opened in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it has ended, or closed a file meanwhile
        return False


def _listening_on(port: int) -> Iterator[str]:
    """Yields the inodes of the sockets that listen on a port of this machine."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
            yield rest[5]


def is_free(port: int) -> bool:
    """Returns whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
        return True


def _any() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def _read(data: Path) -> dict[str, int]:
    try:
        found = json.loads((data / NAME).read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in found.items() if isinstance(port, int)} if isinstance(found, dict) else {}
