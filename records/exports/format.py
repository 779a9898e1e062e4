"""What an export is made of: the names of its members, and what is gathered for it. Maker and checker share this."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FORMAT = 1
"""Of the export as a whole; another number is another way of reading it."""

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
LETTER_FILES, DOCUMENT_FILES, PUBLISHED_FILES, HISTORY_FILES, WITNESS_FILES = (
    "letters",
    "documents",
    "published",
    "histories",
    "checkpoints",
)

Member = bytes | Path
"""The content of a member, or the file that holds it."""


class Personal(StrEnum):
    """What becomes of names, addresses and free text."""

    INCLUDE = "include"
    LEAVE_OUT = "leave-out"


@dataclass(slots=True)
class Gathered:
    """Everything of one inspection that goes into its export, but for what is written about the export itself."""

    inspection: str
    personal: Personal
    members: dict[str, Member] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """What the manifest says of the inspection."""
    story: dict[str, Any] = field(default_factory=dict)
    """What the chronology is made from."""


def letter_file(letter: str, event: int) -> str:
    """The member that holds a letter as it was accepted; `event` is the number of the event that says so."""
    return f"{LETTER_FILES}/{event:04}-{letter}.eml"
