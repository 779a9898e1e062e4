"""Translates errors of a database that cannot be used into `Unreachable`, with a message that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, TimeoutError

from framework.common.errors import Remedy, Unreachable

_SQLITE = {
    "SQLITE_CANTOPEN": "it cannot be opened: make its folder, or let this user write there",
    "SQLITE_READONLY": "it cannot be written: give this user the right to write the file and its folder",
    "SQLITE_PERM": "it cannot be written: give this user the right to write the file and its folder",
    "SQLITE_BUSY": "another process kept it locked: end that process, or try again",
    "SQLITE_LOCKED": "another process kept it locked: end that process, or try again",
    "SQLITE_FULL": "the disk is full: make room and try again",
    "SQLITE_IOERR": "the disk failed to read or write: look at the disk and its space",
    "SQLITE_CORRUPT": "the file is damaged: restore a backup",
    "SQLITE_NOTADB": "the file is no SQLite database: look whether the path is right",
    "SQLITE_PROTOCOL": "its locks cannot be had: look whether the file is on a network disk",
}
_NO_TABLES = "its tables are not there"
_POSTGRESQL = {
    "08": "the connection failed: look whether the server runs and DATABASE_URL is right",
    "28": "the server refused the name or password: look at DATABASE_URL",
    "3D": "the server has no database of that name: create it, or correct DATABASE_URL",
    "42501": "this user may not do that: give it the right on the tables",
    "42P01": _NO_TABLES,
    "53": "the server is out of room or connections: make room and try again",
    "57": "the server is shutting down or ended the connection: try again",
    "25006": "the server only reads: point DATABASE_URL at the one that writes",
    "55P03": "a lock could not be had in time: try again",
}
_WORDS = {
    "does not exist": "3D",
    "authentication failed": "28",
    "no password supplied": "28",
    "too many": "53",
    "starting up": "57",
    "shutting down": "57",
}
"""Words -> the code they stand for: a server that refuses a connection gives the driver a text without a code."""
_NO_ANSWER = "it does not answer: look whether the server runs and DATABASE_URL is right"


@contextmanager
def translate_db_errors(engine: Engine) -> Iterator[None]:
    """Raises `Unreachable` in place of errors of a database that cannot be used; any other error passes unchanged."""
    try:
        yield
    except TimeoutError as error:
        raise Unreachable(_message(engine, "all its connections are in use: try again")) from error
    except DBAPIError as error:
        advice = _advice(engine, error)
        if advice:
            remedy = Remedy.MAKE_RECORDS if advice == _NO_TABLES else None
            raise Unreachable(_message(engine, advice), remedy=remedy) from error
        raise


def _message(engine: Engine, advice: str) -> str:
    return f"the database {engine.url.render_as_string(hide_password=True)}: {advice}"


def _advice(engine: Engine, error: DBAPIError) -> str | None:
    cause = error.orig
    if engine.dialect.name == "sqlite":
        return _sqlite_advice(getattr(cause, "sqlite_errorname", ""), str(cause))
    state = getattr(cause, "sqlstate", None)
    if state is None:
        state = next((code for words, code in _WORDS.items() if words in str(cause)), None)
    if state is None:
        # The error comes from the driver itself: no server answered.
        return _NO_ANSWER if error.connection_invalidated or type(cause).__name__ == "OperationalError" else None
    return next((advice for start, advice in _POSTGRESQL.items() if state.startswith(start)), None)


def _sqlite_advice(name: str, words: str) -> str | None:
    if words.startswith("no such table"):
        return _NO_TABLES
    return next((advice for start, advice in _SQLITE.items() if name.startswith(start)), None)
