"""Builders of altered archives: unpacked, changed and packed again, signed with the right key or another."""

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
class Exports:
    """Two exports of one inspection, with and without personal data, and the key they were signed with."""

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
    """Returns the content of every member, in order."""
    with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(contents: Members) -> bytes:
    """Returns an archive in the layout of the product."""
    entries = [Entry(name, crc32(content), len(content)) for name, content in contents.items()]
    body = b"".join(header(entry) + contents[entry.name] for entry in entries)
    return body + directory(entries)


def signed(contents: Members, key: Signer, **changes: Any) -> Members:
    """Returns the members with a manifest that lists them, signed with `key`."""
    facts = {**manifest.read(contents[MANIFEST]).facts, "public_key": key.public, **changes}
    rest = {name: content for name, content in contents.items() if name not in (MANIFEST, SIGNATURE)}
    listed = [manifest.Listed(name, len(content), sha256(content).hexdigest()) for name, content in rest.items()]
    body = manifest.write(facts, listed)
    return {MANIFEST: body, SIGNATURE: bytes.fromhex(key.sign(body.decode())), **rest}


def verified(archive: bytes | Path, folder: Path, key: Path | None, code: int) -> str:
    """Runs `verify-export`, which must end with this code; returns its standard error."""
    path = archive if isinstance(archive, Path) else folder / "export.zip"
    if isinstance(archive, bytes):
        path.write_bytes(archive)
    result = run("verify-export", str(path), *(("--key", str(key)) if key else ()))
    assert result.exit_code == code, result.output
    return result.stderr
