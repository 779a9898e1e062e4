"""The zip container of an export, whose layout is fixed to the byte: members stored uncompressed, one after another, without
comments, extra fields or time stamps. So equal members give equal bytes, and a change of any byte is found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from framework.common.errors import BadInput

MAGIC = b"PK\x03\x04"
MOST_BYTES = 2**32 - 2**24
"""The largest export; a larger one would need another layout, but no inspection comes near."""
MOST_MEMBERS = 60_000

_LOCAL, _CENTRAL, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
_VERSION, _UNIX, _DATE = 20, (3 << 8) + 20, (1 << 5) + 1
"""Version 2.0 needed; made on Unix; 1 January 1980, the first day a zip can hold."""
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One member in the directory of the zip."""

    name: str
    crc: int
    size: int


def header(entry: Entry) -> bytes:
    """Returns the local header of a member."""
    name = entry.name.encode("ascii")
    return _LOCAL.pack(MAGIC, _VERSION, 0, 0, 0, _DATE, entry.crc, entry.size, entry.size, len(name), 0) + name


def directory(entries: Iterable[Entry]) -> bytes:
    """Returns the bytes after the last member. Raises `BadInput` for more than an export can hold."""
    written, offset, count = [], 0, 0
    for entry in entries:
        name, size = entry.name.encode("ascii"), entry.size
        facts = (_UNIX, _VERSION, 0, 0, 0, _DATE, entry.crc, size, size, len(name), 0, 0, 0, 0, _MODE, offset)
        written.append(_CENTRAL.pack(b"PK\x01\x02", *facts) + name)
        offset, count = offset + len(header(entry)) + size, count + 1
        if offset > MOST_BYTES or count > MOST_MEMBERS:
            raise BadInput(f"an export holds at most {MOST_BYTES:,} bytes in {MOST_MEMBERS:,} members; this is more")
    central = b"".join(written)
    return central + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), offset, 0)


def has_exact_layout(file: BinaryIO, entries: list[Entry]) -> bool:
    """Returns whether the file holds these members and, around them, exactly the bytes that the product writes."""
    file.seek(0)
    for expected, skipped in _frame(entries):
        if file.read(len(expected)) != expected:
            return False
        file.seek(skipped, 1)
    return file.read(1) == b""


def _frame(entries: list[Entry]) -> Iterator[tuple[bytes, int]]:
    """Yields the expected bytes before each member and at the end, each with the size of the member after it."""
    for entry in entries:
        yield header(entry), entry.size
    yield directory(entries), 0
