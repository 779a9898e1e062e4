"""Archives as somebody may bend them: unpacked, changed and packed again, with or without the key that signs."""

import io
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from application.exports import manifest
from application.exports.container import Entry, directory, header
from records.audit.signing import Signer, signer
from records.exports.format import MANIFEST, SIGNATURE
from tests.cli_harness import run

Members = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Taken:
    """Two exports of one inspection, with names and words and without, and the key they were signed with."""

    data: Path
    full: Path
    spare: Path

    @property
    def key(self) -> Path:
        return self.data / "keys" / "checkpoint.pub"

    @property
    def signer(self) -> Signer:
        return signer(self.data)


def members(archive: Path | bytes) -> Members:
    """Every member, in order."""
    with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(wanted: Members) -> bytes:
    """An archive as the product lays it down."""
    entries = [Entry(name, crc32(content), len(content)) for name, content in wanted.items()]
    body = b"".join(header(entry) + wanted[entry.name] for entry in entries)
    return body + directory(entries)


def signed(wanted: Members, key: Signer, **facts: Any) -> Members:
    """The same members under a manifest that is right for them."""
    said = {**manifest.read(wanted[MANIFEST]).said, "public_key": key.public, **facts}
    rest = {name: content for name, content in wanted.items() if name not in (MANIFEST, SIGNATURE)}
    listed = [manifest.Listed(name, len(content), sha256(content).hexdigest()) for name, content in rest.items()]
    body = manifest.write(said, listed)
    return {MANIFEST: body, SIGNATURE: bytes.fromhex(key.sign(body.decode())), **rest}


def verified(archive: bytes | Path, folder: Path, key: Path | None, code: int) -> str:
    """What `verify-export` says on standard error; it must end with this code."""
    path = archive if isinstance(archive, Path) else folder / "taken.zip"
    if isinstance(archive, bytes):
        path.write_bytes(archive)
    ended = run("verify-export", str(path), *(("--key", str(key)) if key else ()))
    assert ended.exit_code == code, ended.output
    return ended.stderr
