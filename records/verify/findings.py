"""What a check found wrong, and what it looked at: the shapes every check answers with."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST = 100
"""More findings than anybody reads; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was recorded."""

    check: str
    """Which check found it: chain, text, letter, document, publication, content,
    limits, standings, words, projections, files, kept, restore, calendar, access, witness or engine."""
    inspection: str
    """Empty where it is no inspection's."""
    event: int | None
    """The number of the event it concerns, where there is one."""
    what: str
    """One sentence: what is wrong, and how that is seen."""

    def line(self) -> str:
        """The finding on one line, with its place."""
        place = " ".join(
            [self.inspection or "the witnesses", *([f"event {self.event}"] if self.event is not None else [])]
        )
        return f"{place}: {self.what}"

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"check": self.check, "inspection": self.inspection or None, "event": self.event, "what": self.what}


@dataclass(slots=True)
class Report:
    """What was checked, and what was found, in the order it was."""

    checked: Counter[str] = field(default_factory=Counter)
    """What kind of thing -> how many were looked at."""
    found: list[Finding] = field(default_factory=list)
    more: int = 0
    """How many findings there were beyond those kept."""

    def add(self, check: str, what: str, inspection: str = "", event: int | None = None) -> None:
        """Keeps a finding."""
        if len(self.found) < MOST:
            self.found.append(Finding(check, inspection, event, what))
        else:
            self.more += 1
