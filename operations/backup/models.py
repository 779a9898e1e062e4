"""The request and the result of a restore."""

from dataclasses import dataclass, field
from pathlib import Path

from operations.backup.archive import Backup
from operations.backup.attestations import LostEvent

ENGINE_KEPT, ENGINE_RESTORED, NO_ENGINE = "kept", "restored", "none"


@dataclass(frozen=True, slots=True)
class RestoreCommand:
    """Which backup to restore, by whom, why, and through which entry point."""

    file: Path
    by: str
    reason: str
    entry_point: str
    engine: str = ""
    """ENGINE_KEPT or ENGINE_RESTORED; empty to keep the store of the data folder, or restore the one of the backup if it has none."""


@dataclass(slots=True)
class ReconciledInspection:
    """What was reconciled in the records of one inspection."""

    inspection: str
    begun: bool = False
    """Whether the backup did not hold it at all."""
    steps: list[str] = field(default_factory=list)
    """The kinds of the events that were written again."""
    letters: list[str] = field(default_factory=list)
    """Letters that were marked with their delivery outcome."""
    lost: list[int] = field(default_factory=list)
    """Numbers of the events that are lost."""
    words: int = 0
    """The number of lost texts."""
    doubt: list[str] = field(default_factory=list)
    """Letters whose outcome is unknown: they are sent again, under the same Message-ID."""
    stopped: list[str] = field(default_factory=list)
    """Letters that were not sent and cannot be, because their texts are lost."""
    fault: str = ""
    """Why the rest could not be reconciled; empty if nothing failed."""

    @property
    def changed(self) -> bool:
        """Returns whether the restored records of the inspection differ from the backup, or lack an event."""
        return bool(self.begun or self.steps or self.letters or self.lost or self.fault)


@dataclass(slots=True)
class RestoreResult:
    """The result of a restore."""

    backup: Backup
    again: bool = False
    """Whether nothing was done, because the same backup was restored last and nothing was recorded since."""
    engine: str = NO_ENGINE
    number: int = 0
    aside: list[str] = field(default_factory=list)
    """Where the previous state was moved to."""
    other_key: bool = False
    """Whether the backup's checkpoints were signed with another key than the one in the folder `keys`."""
    inspections: list[ReconciledInspection] = field(default_factory=list)
    """What was reconciled, by inspection."""
    lost: list[LostEvent] = field(default_factory=list)
    """Events by people that are lost, according to the previous records, if these can be read."""
    gone: list[str] = field(default_factory=list)
    """Inspections that are attested, but in neither the backup nor the engine."""
