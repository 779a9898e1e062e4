"""Reading text files that people name on the command line: never more of one than a person can have meant."""

from pathlib import Path

from framework.common.errors import BadInput

LARGEST = 1_000_000
"""Characters; nobody writes more by hand."""
_BYTES_A_CHARACTER = 4
"""The most that UTF-8 takes for one."""


def read_text_file(path: Path, largest: int = LARGEST) -> str:
    """Return the text of a file in UTF-8, without a byte order mark.

    Raises `BadInput` for a file that cannot be read, is no text, or has more than `largest` characters."""
    try:
        with path.open("rb") as file:  # a device has no size: what is read is bounded, not what the file says of itself
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
