"""The findings of the checks, and the counts of what they compared."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MAX_FINDINGS = 100
"""Findings kept; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from what was recorded."""

    check: str
    """The check: chain, text, letter, document, comment, publication, content, limits, limit_history, words, projections,
    files, kept, restore, calendar, access, checkpoint or engine."""
    inspection: str
    """Empty where it is about no inspection."""
    event: int | None
    """The number of the event it is about, if any."""
    what: str
    """One sentence: what is wrong, and what shows it."""

    def line(self) -> str:
        """Returns the finding on one line, after what it is about."""
        subject = self.inspection or "the attestations"
        event = f" event {self.event}" if self.event is not None else ""
        return f"{subject}{event}: {self.what}"

    def data(self) -> dict[str, Any]:
        """Returns the finding as JSON."""
        return {"check": self.check, "inspection": self.inspection or None, "event": self.event, "what": self.what}


@dataclass(slots=True)
class Report:
    """The findings, in the order of the checks, and what was compared."""

    checked: Counter[str] = field(default_factory=Counter)
    """Kind of row or file -> number compared."""
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    """Number of findings beyond those kept."""

    def add(self, check: str, what: str, inspection: str = "", event: int | None = None) -> None:
        """Adds a finding; beyond `MAX_FINDINGS` it is only counted."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(check, inspection, event, what))
        else:
            self.more += 1
