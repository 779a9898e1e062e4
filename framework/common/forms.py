"""The base of every form: what a person gives with an order or a step."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from framework.common.free_text import may_have_lines
from framework.common.plain_text import plain


class Strict(BaseModel):
    """A shape that knows its fields and no others, and takes no text that acts on what shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _plain_text(cls, value: Any, info: ValidationInfo) -> Any:
        if type(value) is str:  # a member of an enumeration is a str, too, and was compared already
            return plain(value, lines=may_have_lines(cls.model_fields[str(info.field_name)]))
        if isinstance(value, tuple):
            return tuple(plain(item) if type(item) is str else item for item in value)
        return value
