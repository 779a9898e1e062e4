"""Messages as they were accepted, sealed under their inspection's key and put together again byte for byte.

A document that goes with a letter is kept anyway, so its place in the message is taken by its identifier and sha256; everything
else of the message is sealed (AES-GCM). With the key of an inspection its messages are erased, too."""

import json
import zlib
from base64 import encodebytes
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from framework.common.errors import CheckFailed
from records.log.commitments import message_commitment
from records.outbox.messages import SealedMessage
from records.privacy.keys import KeyStore, of_line, to_line
from records.tables.outbox import DOCUMENTS

DOCUMENTS_FOLDER = "documents"
"""The folder of the data that holds the files of documents."""

Row = Mapping[Any, Any]
_Piece = str | tuple[str, str]
"""A part of the message, or the identifier and sha256 of the document whose file stands there."""


class MessageArchive:
    """The messages of one installation."""

    def __init__(self, data: Path) -> None:
        self._keys = KeyStore(data)
        self._documents = data / DOCUMENTS_FOLDER

    def seal(self, letter: Row, message: bytes, attachments: Mapping[str, bytes], moment: datetime) -> SealedMessage:
        """Returns the message of a letter's row as it is kept. `attachments`: identifier of a document -> its file.

        Raises `Refused` for an inspection whose key was destroyed."""
        proof = message_commitment(letter["salt"], message)
        packed = zlib.compress(json.dumps(_pieces(message, attachments)).encode())
        return SealedMessage(proof, to_line(self._keys.seal(letter["inspection_id"], _place(proof), packed, moment)))

    def read(self, connection: Connection, row: Row) -> bytes | None:
        """Returns the message of a row of `messages`; None where it was erased.

        Raises `CheckFailed` where row or document were altered or are gone, `Refused` where the inspection's key is not there."""
        if not row["sealed"]:
            return None
        packed = self._keys.open(row["inspection_id"], _place(row["sha256"]), of_line(row["sealed"]))
        if packed is None:
            return None
        pieces = json.loads(zlib.decompress(packed))
        return b"".join(
            piece.encode("latin-1") if isinstance(piece, str) else _encoded(self._document(connection, *piece))
            for piece in pieces
        )

    def _document(self, connection: Connection, identifier: str, digest: str) -> bytes:
        path = connection.execute(select(DOCUMENTS.c.pdf_path).where(DOCUMENTS.c.id == identifier)).scalar()
        try:
            content = (self._documents / str(path)).read_bytes()
        except OSError as fault:
            raise CheckFailed(
                f"the document {identifier} that went with it cannot be read ({fault.strerror})"
            ) from None
        if sha256(content).hexdigest() != digest:
            raise CheckFailed(f"the document {identifier} that went with it was altered")
        return content


def _place(proof: str) -> str:
    return f"messages.sealed/{proof}"


def _pieces(message: bytes, attachments: Mapping[str, bytes]) -> list[_Piece]:
    """Splits the message at its attachments; one that is encoded in another way stays part of the text around it."""
    pieces: list[_Piece] = []
    rest = message
    for identifier, content in attachments.items():
        before, attachment, after = rest.partition(_encoded(content)) if content else (rest, b"", b"")
        if attachment:
            pieces += [before.decode("latin-1"), (identifier, sha256(content).hexdigest())]
            rest = after
    return [*pieces, rest.decode("latin-1")]


def _encoded(content: bytes) -> bytes:
    """Returns a file as it is in a message: in base64, 76 characters a line."""
    return encodebytes(content).replace(b"\n", b"\r\n")
