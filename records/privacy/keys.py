"""Keys that encrypt personal data in backups, one an inspection, stored apart from all data.

They are in a SQLite file of their own in the folder `keys`, which no backup contains. Destroying a key is final: its row
keeps the moment, and what was encrypted with it cannot be read again from any backup, however old."""

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
    """The row of a key that was destroyed."""

    inspection: str
    at: str
    event: str
    """The event of the erasure as JSON: appended again to records restored from a backup made before it."""


class KeyStore:
    """The keys of one installation, in the file `keys/personal.sqlite` of its data folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / FOLDER / KEYS_FILE
        self._keys: dict[str, AESGCM | None] = {}
        self._erased: set[str] | None = None

    def seal(self, inspection: str, what: str, content: bytes, moment: datetime) -> bytes:
        """Encrypts `content` with the inspection's key, which is made where there is none.

        `what` («texts.body») is authenticated with it, so that content cannot be moved to another column. Raises `Refused`
        for an inspection whose key was destroyed."""
        key = self._key(inspection) or self._make(inspection, moment)
        nonce = secrets.token_bytes(NONCE)
        return nonce + key.encrypt(nonce, content, f"{inspection}/{what}".encode())

    def open(self, inspection: str, what: str, sealed: bytes) -> bytes | None:
        """Decrypts what `seal` returned; None where the key was destroyed.

        Raises `Refused` where the key is missing, and `CheckFailed` where it is another key or the bytes were changed."""
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
        """Returns whether the inspection's key was destroyed."""
        if self._erased is None:
            self._erased = {key.inspection for key in self.erased()}
        return inspection in self._erased

    def erased(self) -> list[Erased]:
        """Returns every key that was destroyed."""
        with self._open() as keys:
            rows = keys.execute("SELECT inspection, erased_at, event FROM keys WHERE erased_at IS NOT NULL")
            return [Erased(*row) for row in rows.fetchall()]

    def erase(self, inspection: str, event: str, moment: datetime) -> None:
        """Destroys the inspection's key for good; a second call changes nothing. `event` is kept as `Erased.event`."""
        self._keys.pop(inspection, None)
        self._erased = None
        with self._open() as keys:
            keys.execute(
                "INSERT INTO keys (inspection, key, made_at, erased_at, event) VALUES (?, NULL, ?, ?, ?) "
                "ON CONFLICT (inspection) DO UPDATE SET key = NULL, erased_at = excluded.erased_at, event = excluded.event "
                "WHERE erased_at IS NULL",
                (inspection, to_text(moment), to_text(moment), event),
            )

    def _key(self, inspection: str) -> AESGCM | None:
        if inspection not in self._keys:
            with self._open() as keys:
                row = keys.execute("SELECT key FROM keys WHERE inspection = ?", (inspection,)).fetchone()
            self._keys[inspection] = AESGCM(row[0]) if row and row[0] else None
        return self._keys[inspection]

    def _make(self, inspection: str, moment: datetime) -> AESGCM:
        with self._open() as keys:
            new = AESGCM.generate_key(256)
            statement = "INSERT INTO keys (inspection, key, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            keys.execute(statement, (inspection, new, to_text(moment)))
        self._keys.pop(inspection)
        key = self._key(inspection)
        if key is None:
            raise Refused(f"the key of {inspection} was destroyed: its personal data cannot be kept any more")
        return key

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Opens one transaction, synced to the disk at its end."""
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self._path, timeout=30)) as keys:
            keys.execute("PRAGMA secure_delete=ON")  # otherwise the bytes of a destroyed key stay in a free page
            keys.execute("PRAGMA synchronous=EXTRA")
            keys.execute(_TABLE)
            with keys:
                yield keys


def to_line(sealed: bytes) -> str:
    """Returns sealed bytes as text for a line of a dump."""
    return SEALED + base64.b64encode(sealed).decode()


def of_line(text: str) -> bytes:
    """Returns the sealed bytes of `to_line`. Raises `CheckFailed` for text that `to_line` did not write."""
    try:
        sealed = base64.b64decode(text.removeprefix(SEALED))
    except ValueError:
        sealed = b""
    if to_line(sealed) != text:  # also where bits were altered that base64 passes over
        raise CheckFailed("what should be sealed is not as it was sealed: it was altered")
    return sealed
