"""Reads text files that people name on the command line, up to a maximum size."""

from pathlib import Path

from framework.common.errors import BadInput

LARGEST = 1_000_000
"""The largest file in characters: more than people write by hand."""
_BYTES_A_CHARACTER = 4
"""The most bytes that UTF-8 needs for a character."""


def read_text_file(path: Path, largest: int = LARGEST) -> str:
    """Returns the text of a file in UTF-8, without a byte order mark.

    Raises `BadInput` for a file that cannot be read, is no text, or has more than `largest` characters."""
    try:
        with path.open("rb") as file:  # a device has no size, so the bytes read are bounded, not the size of the file
            content = file.read(largest * _BYTES_A_CHARACTER + 1)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(content) > largest * _BYTES_A_CHARACTER:
        raise _too_large(path, largest)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: cannot be read: it is no text in UTF-8") from None
    if len(text) > largest:
        raise _too_large(path, largest)
    return text


def _too_large(path: Path, largest: int) -> BadInput:
    return BadInput(f"{path}: holds more than {largest} characters: divide it")
