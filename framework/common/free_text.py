"""Free text and names are stored in the records alone; payloads of the engine hold only the identifier of each text.

`detach` replaces every field marked `Private` by the identifier of its text before a form is sent to the engine."""

import re
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import AfterValidator, BaseModel, Field
from pydantic.fields import FieldInfo

from framework.common.errors import BadInput

_TEXTS = UUID("6f0d9c0a-6b1e-4d0e-9a83-3a6f0c1b7e52")
_TEXT_ID = re.compile(r"t-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEAST_LETTERS = 5
"""The fewest letters in which a reason says anything. Policy, not in the source."""
_MUST_SAY_WHY = "must say why, in at least five letters"


def is_text_id(text: str) -> bool:
    """Returns whether this is the identifier of a text, which travels in the place of the words."""
    return text.startswith("t-") and _TEXT_ID.fullmatch(text) is not None


def says_why(text: str) -> bool:
    """Returns whether this may stand as a reason: it has at least five letters."""
    return sum(map(str.isalpha, text)) >= LEAST_LETTERS


def require_reason(text: str) -> None:
    """Raises `BadInput` unless this may stand as a reason; for reasons that are no field of a form."""
    if not says_why(text):
        raise BadInput(_MUST_SAY_WHY, field="reason")


def _must_say_why(text: str) -> str:
    if not is_text_id(text) and not says_why(text):
        raise ValueError(_MUST_SAY_WHY)
    return text


class Private:
    """Marks a field whose content must not reach the engine's store."""


class Lines:
    """Marks a field whose text may have several lines."""


FreeText = Annotated[str, Field(min_length=1, max_length=50_000), Private(), Lines()]
"""Text written by a person."""
Reason = Annotated[str, Field(min_length=1, max_length=50_000), AfterValidator(_must_say_why), Private(), Lines()]
"""Text that says why something is done, in at least five letters."""
ShortText = Annotated[str, Field(min_length=1, max_length=120), Private()]
"""A few words written by a person."""


def detach(form: BaseModel, under: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns the form as JSON with each private value replaced by its identifier, and the texts by identifier.

    `under` is «INSPECTION/COMMAND»: identifiers are derived from it, so that a command sent again has the same ones."""
    texts: dict[str, str] = {}
    return _detach(form, under, texts), texts


def _detach(form: BaseModel, path: str, texts: dict[str, str]) -> dict[str, Any]:
    plain = form.model_dump(mode="json", exclude_none=True)
    for name, field in type(form).model_fields.items():
        value = getattr(form, name)
        if value is None or name not in plain:
            continue
        field_path = f"{path}/{name}"
        if _is_private(field):
            plain[name] = _replace(value, field_path, texts)
        elif isinstance(value, BaseModel):
            plain[name] = _detach(value, field_path, texts)
        elif isinstance(value, tuple | list) and value and isinstance(value[0], BaseModel):
            plain[name] = [_detach(item, f"{field_path}/{index}", texts) for index, item in enumerate(value)]
    return plain


def _replace(value: Any, path: str, texts: dict[str, str]) -> str | list[str]:
    if isinstance(value, tuple | list):
        return [_store(str(item), f"{path}/{index}", texts) for index, item in enumerate(value)]
    return _store(str(value), path, texts)


def _store(text: str, path: str, texts: dict[str, str]) -> str:
    identifier = text_id(path)
    texts[identifier] = text
    return identifier


def text_id(path: str) -> str:
    """Returns the identifier of the text at `path` («INSPECTION/COMMAND/FIELD»); the same path has the same identifier."""
    return f"t-{uuid5(_TEXTS, path)}"


def may_have_lines(field: FieldInfo) -> bool:
    """Returns whether the text of a field may have several lines."""
    return any(isinstance(mark, Lines) for mark in _marks(field))


def _is_private(field: FieldInfo) -> bool:
    return any(isinstance(mark, Private) for mark in _marks(field))


def _marks(field: FieldInfo) -> Iterator[Any]:
    yield from field.metadata
    # Of `FreeText | None` pydantic leaves the marks inside the union, not in the field's metadata.
    for part in getattr(field.annotation, "__args__", ()):
        yield from getattr(part, "__metadata__", ())
