"""Chooses free ports on this machine, preferring those that a data folder used before."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from framework.common.errors import BadInput

HERE = "127.0.0.1"
"""The address that every process of `up` listens on: loopback only."""
FILE_NAME = "ports.json"

LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""


def choose(data: Path, requested: Mapping[str, int | None]) -> dict[str, int]:
    """Returns a port for each name and saves them in the data folder: the requested one, else the previous, else any free.

    Raises `BadInput` if a requested port is in use. Another program may take a port before it is used: choose again then."""
    previous = _read(data)
    chosen: dict[str, int] = {}
    for name, port in requested.items():
        if port is not None and not is_free(port):
            raise BadInput(f"port {port} is in use by another program: choose another --port")
        before = previous.get(name, 0)
        free = before if before and before not in chosen.values() and is_free(before) else _any_free()
        chosen[name] = port or free
    temporary = data / f"{FILE_NAME}.new"
    temporary.write_text(json.dumps({**previous, **chosen}) + "\n")
    temporary.replace(data / FILE_NAME)
    return chosen


def listens(process: int, port: int) -> bool:
    """Returns whether this process listens on the port: another engine may have taken it first."""
    sockets = {f"socket:[{inode}]" for inode in _listening_on(port)}
    try:
        return any(str(opened.readlink()) in sockets for opened in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # the process has ended, or closed a file meanwhile
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


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def _read(data: Path) -> dict[str, int]:
    try:
        ports = json.loads((data / FILE_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in ports.items() if isinstance(port, int)} if isinstance(ports, dict) else {}
