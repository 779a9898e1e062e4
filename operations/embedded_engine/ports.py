"""Ports on this machine: free ones, and the ones a data folder had before, so that they stay the same."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

from framework.common.errors import BadInput

HERE = "127.0.0.1"
"""The only address anything of `up` listens on."""
NAME = "ports.json"


def choose(data: Path, wanted: Mapping[str, int | None]) -> dict[str, int]:
    """A port for each name: the one asked for, else the one it had, else a free one. Kept in the data folder.

    Raises `BadInput` when a port that was asked for is taken."""
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


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
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
