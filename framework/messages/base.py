"""The base of all messages between entry points, workflows and activities.

One model a message, so that fields can be added while inspections run. No message carries a name, an address or free text:
only identifiers, days and numbers."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Is immutable, and ignores fields that it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")
