"""Free text and names stay in the records; what travels through the engine holds only the identifier of each text.

A field marked `Private` is taken out by `detach` before anything is sent, and its identifier put in its place."""

from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import BaseModel, Field

_TEXTS = UUID("6f0d9c0a-6b1e-4d0e-9a83-3a6f0c1b7e52")


class Private:
    """Marks a field whose content must never reach the engine's store."""


FreeText = Annotated[str, Field(min_length=1, max_length=50_000), Private()]
"""Words somebody wrote."""
Identifiers = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Private()]
"""Children's unique identifiers: data about persons, kept like free text."""
ShortText = Annotated[str, Field(min_length=1, max_length=120), Private()]
"""A few words somebody wrote."""


def detach(form: BaseModel, under: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The form as JSON with each private value replaced by its identifier, and the texts by identifier.

    `under` (inspection and command) makes identifiers that are the same when the command is sent again."""
    texts: dict[str, str] = {}
    return _detach(form, under, texts), texts


def _detach(form: BaseModel, path: str, texts: dict[str, str]) -> dict[str, Any]:
    plain = form.model_dump(mode="json", exclude_none=True)
    for name, field in type(form).model_fields.items():
        value = getattr(form, name)
        if value is None or name not in plain:
            continue
        here = f"{path}/{name}"
        if any(isinstance(mark, Private) for mark in field.metadata) or _optional_private(field.annotation):
            plain[name] = _keep(value, here, texts)
        elif isinstance(value, BaseModel):
            plain[name] = _detach(value, here, texts)
        elif isinstance(value, tuple | list) and value and isinstance(value[0], BaseModel):
            plain[name] = [_detach(item, f"{here}/{place}", texts) for place, item in enumerate(value)]
    return plain


def _keep(value: Any, path: str, texts: dict[str, str]) -> str | list[str]:
    if isinstance(value, tuple | list):
        return [_keep_one(str(item), f"{path}/{place}", texts) for place, item in enumerate(value)]
    return _keep_one(str(value), path, texts)


def _keep_one(text: str, path: str, texts: dict[str, str]) -> str:
    identifier = text_id(path)
    texts[identifier] = text
    return identifier


def text_id(path: str) -> str:
    """The identifier of the text that stands at this place: the same place, the same identifier."""
    return f"t-{uuid5(_TEXTS, path)}"


def _optional_private(annotation: Any) -> bool:
    """True for `FreeText | None`, whose mark sits inside the union."""
    return any(
        isinstance(mark, Private)
        for part in getattr(annotation, "__args__", ())
        for mark in getattr(part, "__metadata__", ())
    )
