"""The zip itself, of which every byte is laid down: members stored as they are, one after another, no comments, no extra
fields, no moments. So the same members are the same bytes, nothing can stand between them, and a change of any byte shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from framework.common.errors import BadInput

MAGIC = b"PK\x03\x04"
MOST_BYTES = 2**32 - 2**24
"""Larger ones would need another layout; no inspection comes near."""
MOST_MEMBERS = 60_000

_LOCAL, _CENTRAL, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
_VERSION, _UNIX, _DATE = 20, (3 << 8) + 20, (1 << 5) + 1
"""Needs version 2.0; made on a Unix; 1 January 1980, the first day a zip can name."""
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the zip names it."""

    name: str
    crc: int
    size: int


def header(entry: Entry) -> bytes:
    """What stands before a member."""
    name = entry.name.encode("ascii")
    return _LOCAL.pack(MAGIC, _VERSION, 0, 0, 0, _DATE, entry.crc, entry.size, entry.size, len(name), 0) + name


def directory(entries: Iterable[Entry]) -> bytes:
    """What stands behind the last member, to the end of the file. Raises `BadInput` for more than a zip can hold."""
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


def is_laid_down(file: BinaryIO, entries: list[Entry]) -> bool:
    """Whether the file is these members and nothing else: every byte that is not a member's is the one we write."""
    file.seek(0)
    for expected, passed in _frame(entries):
        if file.read(len(expected)) != expected:
            return False
        file.seek(passed, 1)
    return file.read(1) == b""


def _frame(entries: list[Entry]) -> Iterator[tuple[bytes, int]]:
    """What must be read, and how much is then passed over."""
    for entry in entries:
        yield header(entry), entry.size
    yield directory(entries), 0
