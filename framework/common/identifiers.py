"""The identifiers of letters and documents: the same for the same thing of the same command, wherever it is worked out."""

from uuid import UUID, uuid5

_NAMES = UUID("3b1c2c5e-8f0e-5d55-9c0e-2a7d4d2f6a10")


def ordered_by(command: str, inspection: str, *what: str, event: int = 0) -> str:
    """What a command orders (`what`: letter or document, its kind, what tells it apart), caused by the event at that place
    of its decision. The same, too, in records restored from a backup."""
    return str(uuid5(_NAMES, ":".join((inspection, *what, f"{command}#{event}"))))


def letter_id(command: str, inspection: str, kind: str, key: str = "", event: int = 0) -> str:
    """The identifier of a letter."""
    return ordered_by(command, inspection, "letter", kind, key, event=event)
