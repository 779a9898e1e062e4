"""The environment of child processes: each gets the variables it needs, and no other password or address.

The environment of a running process can be read in /proc by its account, and is part of crash reports."""

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
"""The settings of a worker; libpq reads `PG...` for parts of the database's address that DATABASE_URL leaves out."""
_WITHOUT_SECRETS = ("INSPECTIONS_LIMIT_", "INSPECTIONS_KILL_AT")


def plain_environment() -> dict[str, str]:
    """Returns the variables that any program needs: paths, language, time zone, fonts."""
    return _only(lambda name: name in _NAMES or name.startswith(_BEGINNINGS))


def worker_environment() -> dict[str, str]:
    """Returns the variables of any program and the settings of the product, which a worker reads."""
    return {**plain_environment(), **_only(lambda name: name.startswith(_OF_A_WORKER))}


@contextmanager
def settings_withheld() -> Iterator[None]:
    """Removes the settings from this process's environment while inside, so that no process started then inherits them.

    For processes that libraries start (a pool, the engine's SDK), which inherit the environment unchanged."""
    before = dict(os.environ)
    _set_environment(plain_environment() | _only(lambda name: name.startswith(_WITHOUT_SECRETS)))
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


def _only(condition: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if condition(name)}
