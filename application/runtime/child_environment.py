"""The environment of the processes that this product starts: each gets what it needs, no password and no address of anything else.

The environment of a process can be read in /proc by its account for as long as it lives, and ends up in crash reports."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

_NAMES = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "VIRTUAL_ENV",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ]
)
_BEGINNINGS = ("LC_", "LD_", "PYTHON", "XDG_", "FONTCONFIG_")
_OF_A_WORKER = ("INSPECTIONS_", "DATABASE_URL", "PG")
"""Its settings; `PG...` is what libpq takes for a part of the database's address that DATABASE_URL leaves out."""
_WITHOUT_SECRETS = ("INSPECTIONS_LIMIT_", "INSPECTIONS_KILL_AT")


def plain_environment() -> dict[str, str]:
    """Returns what any program needs to run: paths, language, time zone, fonts."""
    return _only(lambda name: name in _NAMES or name.startswith(_BEGINNINGS))


def worker_environment() -> dict[str, str]:
    """Returns the same with the settings of this product, which a worker reads."""
    return {**plain_environment(), **_only(lambda name: name.startswith(_OF_A_WORKER))}


@contextmanager
def settings_withheld() -> Iterator[None]:
    """Takes this process's settings out of its environment, so that no process started meanwhile inherits them.

    For processes that others start for us (of a pool, of the engine's SDK), which take the environment as it is."""
    before = dict(os.environ)
    _become(plain_environment() | _only(lambda name: name.startswith(_WITHOUT_SECRETS)))
    try:
        yield
    finally:
        _become(before)


def _become(environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


def _only(wanted: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if wanted(name)}
