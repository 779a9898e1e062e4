"""How the headers of a message are folded: one address a line, whatever stands in the display name; one Message-ID a line.

The standard library breaks a display name that is longer than a line in the middle of its quotes, so that a part of the name
parses as an address of its own. Here a name is written as it is, quoted, or as encoded words (RFC 2047), and never broken
in any other way. The library also encodes a Message-ID that is longer than a line, which no reader takes for one."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from email.headerregistry import Address, AddressHeader
from email.policy import EmailPolicy
from typing import Any

LINE_LENGTH = 66
"""Characters of a header line after the header's name, which takes up to 10 («Reply-To: »); RFC 5322 asks for at most 78."""
ENCODED_BYTES = 42
"""Bytes of UTF-8 in one encoded word: with its frame it stays under the 75 characters that RFC 2047 allows."""
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOOKS_ENCODED = "=?"
IDENTIFIERS = ("Message-ID", "In-Reply-To", "References")
"""Headers that hold Message-IDs and nothing else."""


class LetterPolicy(EmailPolicy):
    """The policy of every message that goes out."""

    def fold(self, name: str, value: Any) -> str:
        """Returns the header as text, folded."""
        if isinstance(value, AddressHeader):
            return _folded(name, ",", map(_mailbox, value.addresses))
        if name in IDENTIFIERS:
            return _folded(name, "", str(value).split())
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Returns the header as bytes, folded."""
        if isinstance(value, AddressHeader) or name in IDENTIFIERS:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


LETTER_POLICY = LetterPolicy(linesep="\r\n")


def _folded(name: str, separator: str, parts: Iterable[str]) -> str:
    """Returns the whole header, each part on lines of its own."""
    return f"{name}: " + f"{separator}\r\n ".join(parts) + "\r\n"


def _mailbox(address: Address) -> str:
    if not address.display_name:
        return address.addr_spec
    phrase, route = _phrase(address.display_name), f"<{address.addr_spec}>"
    last_line = phrase.rpartition("\n")[2]
    separator = " " if len(last_line) + len(route) < LINE_LENGTH else "\r\n "
    return phrase + separator + route


def _phrase(name: str) -> str:
    quoted = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", name))
    if _LOOKS_ENCODED not in name and name.isascii() and name.isprintable() and len(quoted) < LINE_LENGTH:
        return name if _ATOMS.fullmatch(name) else quoted
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _pieces(name))


def _pieces(name: str) -> Iterator[bytes]:
    """Yields the name in UTF-8, cut between characters only: each encoded word must decode by itself."""
    piece = b""
    for character in name:
        encoded = character.encode()
        if len(piece) + len(encoded) > ENCODED_BYTES:
            yield piece
            piece = b""
        piece += encoded
    yield piece
