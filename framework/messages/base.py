"""The base of all messages between entry points, workflows and activities.

One model a message, so that fields can be added while inspections run. No message carries a name, an address or free text:
only identifiers, days and numbers."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """An immutable message that ignores unknown fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")
