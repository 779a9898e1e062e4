"""What a restore is asked for, and what it answers."""

from dataclasses import dataclass, field
from pathlib import Path

from operations.backup.archive import Backup
from operations.backup.attestations import Lost

KEPT, RESTORED, NONE = "kept", "restored", "none"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who puts which backup back, why, and through which entry point."""

    file: Path
    by: str
    reason: str
    entry_point: str
    engine: str = ""
    """kept or restored; empty for the one that is right."""


@dataclass(slots=True)
class Found:
    """What was told to the records of one inspection."""

    inspection: str
    begun: bool = False
    """Whether the backup did not know it at all."""
    steps: list[str] = field(default_factory=list)
    """The kinds of event that were written down again."""
    letters: list[str] = field(default_factory=list)
    """Letters that were marked with what became of them."""
    lost: list[int] = field(default_factory=list)
    """Numbers of events that nobody knows any more."""
    words: int = 0
    """Texts whose words are lost."""
    doubt: list[str] = field(default_factory=list)
    """Letters of which nobody knows whether they went: they go again, under the same Message-ID."""
    stopped: list[str] = field(default_factory=list)
    """Letters that had not gone and cannot, because their words are lost."""
    fault: str = ""
    """Why the rest could not be told."""

    @property
    def changed(self) -> bool:
        """Whether anything was told, or is lost."""
        return bool(self.begun or self.steps or self.letters or self.lost or self.fault)


@dataclass(slots=True)
class Done:
    """What a restore did."""

    backup: Backup
    again: bool = False
    """The same backup was put back before, and nothing was recorded since: nothing was done."""
    engine: str = NONE
    number: int = 0
    aside: list[str] = field(default_factory=list)
    """Where what stood there lies now."""
    other_key: bool = False
    """Whether the backup's lists were signed with another key than the one in the folder `keys`."""
    found: list[Found] = field(default_factory=list)
    """What the engine knew beyond the backup, by inspection."""
    lost: list[Lost] = field(default_factory=list)
    """What was lost, by the word of the records that stood there, where they can be read."""
    gone: list[str] = field(default_factory=list)
    """Inspections that nobody knows any more: the backup does not have them, nor does the engine."""
