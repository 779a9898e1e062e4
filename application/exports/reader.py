"""An archive that was opened by somebody who trusts nothing in it: members are read in blocks, never more of one than its
manifest allows, and nothing is written anywhere."""

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

from application.exports.container import MAGIC, MOST_BYTES, MOST_MEMBERS, Entry, header, is_laid_down
from application.exports.manifest import Listed
from framework.common.errors import BadInput, CheckFailed
from records.exports.format import MANIFEST, SIGNATURE

BLOCK = 1 << 16
MANIFEST_MOST = 32 << 20
"""Bytes; a manifest of sixty thousand members is smaller."""
LINE_MOST = 64 << 20
SIGNATURE_BYTES = 64
_HEAD = len(header(Entry(MANIFEST, 0, 0)))
"""Bytes with which every export begins, up to the name of its first member."""
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")
BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, LookupError, OverflowError)
"""What the library raises for an archive that somebody bent."""


class Opened:
    """The archive's members, by name."""

    def __init__(self, file: BinaryIO, zipped: ZipFile) -> None:
        self._file, self._zip = file, zipped
        self._infos = _infos(zipped)
        self._sizes = {MANIFEST: MANIFEST_MOST, SIGNATURE: SIGNATURE_BYTES}

    @property
    def names(self) -> list[str]:
        """Every member, as the archive lists them."""
        return list(self._infos)

    def allow(self, listed: Listed) -> None:
        """Says how much of a member may be read."""
        self._sizes[listed.name] = listed.size

    def blocks(self, name: str) -> Iterator[bytes]:
        """A member's content. Raises `CheckFailed` for one that is longer than it may be, or cannot be read."""
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
        """A small member at once."""
        return b"".join(self.blocks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """A member line by line, without line ends. Raises `CheckFailed` where the last line has none."""
        held: list[bytes] = []
        for block in self.blocks(name):
            first, *rest = block.split(b"\n")
            held.append(first)
            if rest:
                yield b"".join(held)
                yield from rest[:-1]
                held = rest[-1:]
            elif len(held) * BLOCK > LINE_MOST:
                raise CheckFailed(f"{name} was altered: it has a line longer than any record")
        if any(held):
            raise CheckFailed(f"{name} was altered: it ends within a line")

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The JSON objects of a member, one a line. Raises `CheckFailed`."""
        for line in self.lines(name):
            yield parsed(line, name)

    def fault(self, listed: Listed) -> str:
        """What is wrong with a member; empty when it is the one that was signed."""
        found, size = sha256(), 0
        for block in self.blocks(listed.name):
            found.update(block)
            size += len(block)
        right = size == listed.size and found.hexdigest() == listed.sha256
        return "" if right else f"{listed.name} was altered: it is not the one the manifest names"

    def is_laid_down(self, names: list[str]) -> bool:
        """Whether the file is exactly these members, in this order, and not a byte else."""
        sizes = {name: info.file_size for name, info in self._infos.items()}
        return is_laid_down(self._file, [Entry(name, self._infos[name].CRC, sizes[name]) for name in names])


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The archive at `path`. Raises `BadInput` for a file that is no export, `CheckFailed` for one that was cut short."""
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
            _must_hold_manifest(path, zipped, head)
            yield Opened(file, zipped)


def _must_hold_manifest(path: Path, zipped: ZipFile, head: bytes) -> None:
    """Where the file itself begins with a manifest, one that its directory does not name was taken out."""
    if MANIFEST in zipped.namelist():
        return
    if head.endswith(MANIFEST.encode()):
        raise CheckFailed(f"{path} was altered: its directory does not name the {MANIFEST} it begins with")
    raise BadInput(f"{path} is no export: it has no {MANIFEST}")


def parsed(line: bytes, name: str) -> dict[str, Any]:
    """One JSON object. Raises `CheckFailed` naming the member."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise CheckFailed(f"{name} was altered: a line of it is no JSON ({fault})") from None
    if not isinstance(found, dict):
        raise CheckFailed(f"{name} was altered: a line of it is no record")
    return found


def _infos(zipped: ZipFile) -> dict[str, ZipInfo]:
    """Every member once, under a name that stays inside the folder it is unpacked into. Raises `CheckFailed`."""
    found: dict[str, ZipInfo] = {}
    total = 0
    for info in zipped.infolist():
        if not _NAME.fullmatch(info.orig_filename):
            raise CheckFailed(
                f"it was altered: it has a member called {info.orig_filename[:80]!r}, which no export has"
            )
        if info.filename in found:
            raise CheckFailed(f"it was altered: {info.filename} is there twice")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 1:
            raise CheckFailed(f"it was altered: {info.filename} is packed in a way no export is")
        found[info.filename] = info
        total += info.file_size
    if total > MOST_BYTES or len(found) > MOST_MEMBERS:
        raise CheckFailed("it was altered: it holds more than any export does")
    return found
