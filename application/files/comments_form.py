"""Reads the form for comments that the authority filled in (para 51): the fields of a PDF become those of `return_comments`.

The names of the fields are in `templates/documents/comments_form.html.j2`."""

import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.common.errors import BadInput
from framework.common.validation import Location, dotted

LARGEST = 5_000_000
"""The largest form in bytes: it has about 60,000, and a program that fills it in may add its fonts."""
_SIGNATURE = b"%PDF-"
_SIGNATURE_WITHIN = 1024
"""Bytes in which the signature may begin."""
_FIELD = re.compile(r"comment_(\d{1,3})_(where|wrong|right)")
NO_PLACE = "place not named"
_TYPE_IT = "enter the comments one by one, or in a file in YAML"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The values of a form as fields of the step, and the numbers that name its comments in messages."""

    name: str
    data: Mapping[str, Any]
    numbers: tuple[int, ...]
    """The number of each comment in the form."""

    def fault(self, at: Location, message: str) -> str:
        """Returns one fault with the file, and the comment and field as the form numbers them."""
        if len(at) > 1 and at[0] == "comments" and isinstance(at[1], int):
            return f"{self.name}: comment {self.numbers[at[1]]}: {message}"
        return f"{self.name}: {dotted(at)}: {message}"


def is_pdf(path: Path) -> bool:
    """Returns whether the file has the signature of a PDF; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return _SIGNATURE in file.read(_SIGNATURE_WITHIN)
    except OSError:
        return False


def read_comments_form(path: Path, inspection: str) -> FilledForm:
    """Returns the comments of a filled-in form of this inspection, those without a place included.

    Raises `BadInput` for a file that holds no such form, is of another inspection, or has both comments and the tick for
    none, or neither."""
    values = _values(path)
    reference = values.get("reference", "")
    if reference != inspection:
        raise BadInput(f"{path}: is a form of the inspection «{reference}», not of {inspection}")
    comments = _comments(values)
    none = values.get("no_comments") not in (None, "", "/Off", "Off")
    if none and comments:
        raise BadInput(f"{path}: says that there are no comments, and has some: ask the authority which it is")
    if not none and not comments:
        raise BadInput(
            f"{path}: has no comment, and «We have no comments» is not ticked: ask the authority whether it is the right file; "
            "a draft that came back without any is recorded by return_comments without a file"
        )
    data: dict[str, Any] = {"comments": [comment for _, comment in comments]}
    if signed := ", ".join(filter(None, (values.get(name, "") for name in ("returned_by", "post", "returned_on")))):
        data["signed"] = signed
    return FilledForm(str(path), data, tuple(number for number, _ in comments))


def _comments(values: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    parts: dict[int, dict[str, str]] = {}
    for name, value in values.items():
        if value and (match := _FIELD.fullmatch(name)):
            parts.setdefault(int(match[1]), {})[match[2]] = value
    return [(number, _comment(parts[number])) for number in sorted(parts)]


def _comment(parts: Mapping[str, str]) -> dict[str, str]:
    texts = [parts.get("wrong", ""), f"What is right: {parts['right']}" if "right" in parts else ""]
    return {"where": parts.get("where", NO_PLACE), "text": "\n\n".join(filter(None, texts))}


def _values(path: Path) -> dict[str, str]:
    """Returns the values of the form's fields by name, without white space around them."""
    fields = _fields(path, _read(path))
    if "reference" not in fields:
        how = "was it printed into another PDF, or scanned?"
        raise BadInput(f"{path}: has no fields of the form for comments: {how} Then {_TYPE_IT}")
    return {name: _plain(field.get("/V")) for name, field in fields.items() if isinstance(field, Mapping)}


def _plain(value: object) -> str:
    """Returns a value as text, with the line ends of every program as `\\n`."""
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise BadInput(f"{path}: has more than {LARGEST} bytes: {_TYPE_IT}")
    return content


def _fields(path: Path, content: bytes) -> dict[str, Any]:
    import pypdf  # takes 0.1 s to import, and only one step needs it

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its warnings are about the program that saved the form
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise BadInput(f"{path}: is protected by a password: save it without one, or {_TYPE_IT}")
        return reader.get_fields() or {}
    except BadInput:
        raise
    except Exception as error:  # pypdf raises errors of many types for a damaged file
        raise BadInput(f"{path}: cannot be read as a PDF ({type(error).__name__}): {_TYPE_IT}") from None
