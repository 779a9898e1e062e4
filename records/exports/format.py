"""The format of an export: the names of its members, and the shape of its content, shared by making and checking it."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FORMAT = 1
"""The version of the format, in the manifest."""

MANIFEST, SIGNATURE, PUBLIC_KEY, README = "manifest.json", "manifest.sig", "public-key.pem", "README.txt"
CHRONOLOGY_PAGE, CHRONOLOGY_PDF = "chronology.html", "chronology.pdf"
EVENTS, TEXTS, LETTERS, DOCUMENTS, COMMENTS = (
    "events.jsonl",
    "texts.jsonl",
    "letters.jsonl",
    "documents.jsonl",
    "comments.jsonl",
)
RESTORES = "restores.jsonl"
LETTER_FILES, DOCUMENT_FILES, PUBLISHED_FILES, HISTORY_FILES, CHECKPOINT_FILES = (
    "letters",
    "documents",
    "published",
    "histories",
    "checkpoints",
)

Member = bytes | Path
"""The content of a member, or the file that holds it."""


class Personal(StrEnum):
    """Whether names, addresses and free text are in the export."""

    INCLUDE = "include"
    LEAVE_OUT = "leave-out"


@dataclass(slots=True)
class Gathered:
    """The content of an export, without manifest, signature and chronology."""

    inspection: str
    personal: Personal
    members: dict[str, Member] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """The members of the manifest about the inspection."""
    chronology: dict[str, Any] = field(default_factory=dict)
    """The data of the chronology's template."""


def letter_file(letter: str, event: int) -> str:
    """Returns the name of the member with a letter as it was accepted; `event` is the number of that event."""
    return f"{LETTER_FILES}/{event:04}-{letter}.eml"
