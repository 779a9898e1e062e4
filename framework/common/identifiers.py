"""Identifiers of letters and documents, derived from the command that orders them: computed again, they are the same."""

from uuid import UUID, uuid5

_NAMES = UUID("3b1c2c5e-8f0e-5d55-9c0e-2a7d4d2f6a10")


def ordered_by(command: str, inspection: str, *what: str, event: int = 0) -> str:
    """Returns the identifier of a letter or document that a command orders. Records restored from a backup have the same.

    `what` is "letter" or "document", its kind, and what distinguishes it from others of the kind; `event` is the index,
    within the decision, of the event that causes it."""
    return str(uuid5(_NAMES, ":".join((inspection, *what, f"{command}#{event}"))))


def letter_id(command: str, inspection: str, kind: str, key: str = "", event: int = 0) -> str:
    """Returns the identifier of a letter; `key` distinguishes letters of one kind, `event` is as in `ordered_by`."""
    return ordered_by(command, inspection, "letter", kind, key, event=event)
