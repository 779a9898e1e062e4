"""Reads an archive that may be altered or hostile: members are read in blocks, never more of one than its manifest allows, and
nothing is written to disk."""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from application.exports.container import MAGIC, MOST_BYTES, MOST_MEMBERS, Entry, has_exact_layout, header
from application.exports.manifest import Listed
from framework.common.errors import BadInput, CheckFailed
from records.exports.format import MANIFEST, SIGNATURE

BLOCK = 1 << 16
MANIFEST_MOST = 32 << 20
"""The largest manifest, in bytes: one of sixty thousand members is smaller."""
LINE_MOST = 64 << 20
SIGNATURE_BYTES = 64
_HEAD = len(header(Entry(MANIFEST, 0, 0)))
"""The number of bytes up to the end of the name of the first member, with which every export begins."""
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")
BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, LookupError, OverflowError)
"""The errors that the library raises for an altered archive."""


class Opened:
    """An open archive and its members."""

    def __init__(self, file: BinaryIO, zipped: ZipFile) -> None:
        self._file, self._zip = file, zipped
        self._infos = _infos(zipped)
        self._sizes = {MANIFEST: MANIFEST_MOST, SIGNATURE: SIGNATURE_BYTES}

    @property
    def names(self) -> list[str]:
        """Returns the names of the members, in the order of the archive's directory."""
        return list(self._infos)

    def allow(self, listed: Listed) -> None:
        """Allows a member to be read up to its size in the manifest."""
        self._sizes[listed.name] = listed.size

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yields the content of a member. Raises `CheckFailed` if it is longer than allowed, or cannot be read."""
        left = self._sizes[name]
        try:
            with self._zip.open(self._infos[name]) as member:
                while block := member.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise CheckFailed(f"{name} was altered: it is longer than the manifest says")
                    yield block
        except BROKEN as fault:
            raise CheckFailed(f"{name} was altered: it cannot be read ({fault})") from None

    def whole(self, name: str) -> bytes:
        """Returns the content of a small member."""
        return b"".join(self.blocks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yields a member line by line, without line ends. Raises `CheckFailed` if the last line has none."""
        pending: list[bytes] = []
        for block in self.blocks(name):
            first, *rest = block.split(b"\n")
            pending.append(first)
            if rest:
                yield b"".join(pending)
                yield from rest[:-1]
                pending = rest[-1:]
            elif len(pending) * BLOCK > LINE_MOST:
                raise CheckFailed(f"{name} was altered: it has a line longer than any record")
        if any(pending):
            raise CheckFailed(f"{name} was altered: it ends within a line")

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Yields the JSON objects of a member, one per line. Raises `CheckFailed`."""
        for line in self.lines(name):
            yield parsed(line, name)

    def fault(self, listed: Listed) -> str:
        """Returns the finding for a member; empty if size and hash are those of the manifest."""
        digest, size = sha256(), 0
        for block in self.blocks(listed.name):
            digest.update(block)
            size += len(block)
        unaltered = size == listed.size and digest.hexdigest() == listed.sha256
        return "" if unaltered else f"{listed.name} was altered: it is not the one the manifest names"

    def has_exact_layout(self, names: list[str]) -> bool:
        """Returns whether the file holds exactly these members in this order, and no other byte."""
        sizes = {name: info.file_size for name, info in self._infos.items()}
        return has_exact_layout(self._file, [Entry(name, self._infos[name].CRC, sizes[name]) for name in names])


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Opens the archive at `path`. Raises `BadInput` for a file that is no export, `CheckFailed` for a truncated one."""
    try:
        file = path.open("rb")
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from None
    with file:
        head = file.read(_HEAD)
        try:
            zipped = ZipFile(file)
        except BROKEN as fault:
            if head.startswith(MAGIC):
                what = "it begins as an archive and does not end as one"
                raise CheckFailed(f"{path} was cut short or altered: {what}") from None
            raise BadInput(f"{path} is no export: it is no zip file ({fault})") from None
        with zipped:
            _require_manifest(path, zipped, head)
            yield Opened(file, zipped)


def _require_manifest(path: Path, zipped: ZipFile, head: bytes) -> None:
    """Raises `BadInput` for an archive without a manifest, or `CheckFailed` if it was removed from the directory."""
    if MANIFEST in zipped.namelist():
        return
    if head.endswith(MANIFEST.encode()):  # an export begins with its manifest
        raise CheckFailed(f"{path} was altered: its directory does not name the {MANIFEST} it begins with")
    raise BadInput(f"{path} is no export: it has no {MANIFEST}")


def parsed(line: bytes, name: str) -> dict[str, Any]:
    """Parses one JSON object. Raises `CheckFailed` naming the member."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise CheckFailed(f"{name} was altered: a line of it is no JSON ({fault})") from None
    if not isinstance(row, dict):
        raise CheckFailed(f"{name} was altered: a line of it is no record")
    return row


def _infos(zipped: ZipFile) -> dict[str, ZipInfo]:
    """Returns the members by name. Raises `CheckFailed` for a duplicate name, or one outside the folder of extraction."""
    infos: dict[str, ZipInfo] = {}
    total = 0
    for info in zipped.infolist():
        if not _NAME.fullmatch(info.orig_filename):
            raise CheckFailed(
                f"it was altered: it has a member called {info.orig_filename[:80]!r}, which no export has"
            )
        if info.filename in infos:
            raise CheckFailed(f"it was altered: {info.filename} is there twice")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 1:
            raise CheckFailed(f"it was altered: {info.filename} is packed in a way no export is")
        infos[info.filename] = info
        total += info.file_size
    if total > MOST_BYTES or len(infos) > MOST_MEMBERS:
        raise CheckFailed("it was altered: it holds more than any export does")
    return infos
