"""The keys under which an inspection's personal data goes into backups: one a key, kept apart from all data.

They lie in a small database of their own under the folder `keys`, which no backup holds. A key that was destroyed stays
destroyed: its row says when, and what was sealed under it can never be read again, in however old a backup it is."""

import base64
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from framework.common.errors import CheckFailed, Refused
from records.audit.signing import FOLDER
from records.database.columns import to_text

KEYS_FILE = "personal.sqlite"
SEALED = "sealed:"
NONCE = 12
_TABLE = (
    "CREATE TABLE IF NOT EXISTS keys (inspection TEXT PRIMARY KEY, key BLOB, made_at TEXT NOT NULL, "
    "erased_at TEXT, event TEXT NOT NULL DEFAULT '')"
)


@dataclass(frozen=True, slots=True)
class Erased:
    """A key that was destroyed."""

    inspection: str
    at: str
    event: str
    """What the log says of it, as JSON: told again to records that were restored from before."""


class KeyStore:
    """The keys of one installation."""

    def __init__(self, data: Path) -> None:
        self._path = data / FOLDER / KEYS_FILE
        self._known: dict[str, AESGCM | None] = {}
        self._gone: set[str] | None = None

    def seal(self, inspection: str, what: str, content: bytes, moment: datetime) -> bytes:
        """The content, readable only with the inspection's key (made where there is none). `what` names its place.

        Raises `Refused` for an inspection whose key was destroyed: nothing of it should be left to seal."""
        key = self._key(inspection) or self._make(inspection, moment)
        nonce = secrets.token_bytes(NONCE)
        return nonce + key.encrypt(nonce, content, f"{inspection}/{what}".encode())

    def open(self, inspection: str, what: str, sealed: bytes) -> bytes | None:
        """What was sealed; None where the key was destroyed. Raises `Refused` where the key is not there, `CheckFailed` where
        it is another one."""
        key = self._key(inspection)
        if key is None:
            if self.is_erased(inspection):
                return None
            raise Refused(
                f"the key of {inspection or 'the system'} is not in {self._path}: put the folder `keys` back first, "
                "which is kept apart from backups"
            )
        try:
            return key.decrypt(sealed[:NONCE], sealed[NONCE:], f"{inspection}/{what}".encode())
        except InvalidTag:
            raise CheckFailed(
                f"{what} of {inspection} was sealed with another key than the one in {self._path}"
            ) from None

    def is_erased(self, inspection: str) -> bool:
        """Whether the inspection's key was destroyed."""
        if self._gone is None:
            self._gone = {one.inspection for one in self.erased()}
        return inspection in self._gone

    def erased(self) -> list[Erased]:
        """Every key that was destroyed."""
        with self._open() as keys:
            rows = keys.execute("SELECT inspection, erased_at, event FROM keys WHERE erased_at IS NOT NULL")
            return [Erased(*row) for row in rows.fetchall()]

    def erase(self, inspection: str, event: str, moment: datetime) -> None:
        """Destroys the inspection's key for good. `event` is what the log says of it. Done again it changes nothing."""
        self._known.pop(inspection, None)
        self._gone = None
        with self._open() as keys:
            keys.execute(
                "INSERT INTO keys (inspection, key, made_at, erased_at, event) VALUES (?, NULL, ?, ?, ?) "
                "ON CONFLICT (inspection) DO UPDATE SET key = NULL, erased_at = excluded.erased_at, event = excluded.event "
                "WHERE erased_at IS NULL",
                (inspection, to_text(moment), to_text(moment), event),
            )

    def _key(self, inspection: str) -> AESGCM | None:
        if inspection not in self._known:
            with self._open() as keys:
                row = keys.execute("SELECT key FROM keys WHERE inspection = ?", (inspection,)).fetchone()
            self._known[inspection] = AESGCM(row[0]) if row and row[0] else None
        return self._known[inspection]

    def _make(self, inspection: str, moment: datetime) -> AESGCM:
        with self._open() as keys:
            new = AESGCM.generate_key(256)
            statement = "INSERT INTO keys (inspection, key, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            keys.execute(statement, (inspection, new, to_text(moment)))
        self._known.pop(inspection)
        key = self._key(inspection)
        if key is None:
            raise Refused(f"the key of {inspection} was destroyed: its personal data cannot be kept any more")
        return key

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when it ends. What is destroyed is overwritten, not only marked as free."""
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self._path, timeout=30)) as keys:
            keys.execute("PRAGMA secure_delete=ON")
            keys.execute("PRAGMA synchronous=EXTRA")
            keys.execute(_TABLE)
            with keys:
                yield keys


def to_line(sealed: bytes) -> str:
    """Sealed bytes as text."""
    return SEALED + base64.b64encode(sealed).decode()


def of_line(text: str) -> bytes:
    """The bytes again. Raises `CheckFailed` for text that was not sealed."""
    if not text.startswith(SEALED):
        raise CheckFailed("personal data in the backup is not sealed: it was altered")
    return base64.b64decode(text.removeprefix(SEALED))
