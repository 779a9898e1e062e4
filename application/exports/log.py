"""Reads and checks the log of an export: the chain of its events, and their commitments."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from application.exports.reader import Opened, parsed
from framework.common.errors import CheckFailed
from records.audit.restores import KIND, RestoreStatement
from records.exports import format
from records.log.hash_chain import GENESIS, canonical

MEMBERS = frozenset(
    {
        *("inspection", "number", "command", "ordinal", "kind", "happened_on", "received_at", "recorded_at"),
        *("actor", "role", "entry_point", "ran_as", "paragraph", "data", "reason", "cause", "previous"),
    }
)
"""The members of an event (`records.log.hash_chain`)."""
NEWEST = {
    "document_rendered": "document",
    "report_placed": "document",
    "engine_history_kept": "run",
}
"""Kind of event that holds the hash of a file -> the member of its data that identifies the file's subject."""

Row = dict[str, Any]


@dataclass(slots=True)
class Evidence:
    """The content of the log that the other members are checked against, and counts of what was checked."""

    counts: Counter[str] = field(default_factory=Counter)
    events: dict[int, tuple[str, Row]] = field(default_factory=dict)
    """Number -> hash and event."""
    commitments: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Identifier of a text, letter, document or comment -> the newest commitment to it, and the event that holds it."""
    claims: dict[str, dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in NEWEST})
    accepted: dict[int, Row] = field(default_factory=dict)
    """Number -> data of each event of an accepted letter."""
    restored: list[str] = field(default_factory=list)
    """The sha256 of every restore the log names, in order."""
    superseded: frozenset[RestoreStatement] = frozenset()
    """The attestations that no longer hold, according to a signed restore that the log names."""
    attested: int = 0
    """The number of the newest event that a checkpoint attests."""


def read_log(archive: Opened, facts: Mapping[str, Any], evidence: Evidence) -> None:
    """Follows the chain to the head in the manifest. Raises `CheckFailed` at the first break."""
    previous = GENESIS
    for number, line in enumerate(archive.lines(format.EVENTS), start=1):
        event = parsed(line, format.EVENTS)
        if event.keys() != MEMBERS or canonical(event).encode() != line:
            raise CheckFailed(f"event {number} is not written as events are")
        if (event["inspection"], event["number"], event["previous"]) != (facts["inspection"], number, previous):
            raise CheckFailed(f"event {number} does not follow the one before it: the chain is broken")
        previous = sha256(line).hexdigest()
        evidence.events[number] = (previous, event)
        commitments = event["data"].get("commitments", {})
        evidence.commitments |= {name: (commitment, number) for name, commitment in commitments.items()}
        if event["kind"] == KIND:
            evidence.restored.append(event["data"].get("sha256", ""))
        if event["kind"] == "letter_accepted":
            evidence.accepted[number] = event["data"]
        if event["kind"] in NEWEST:
            evidence.claims[event["kind"]][event["data"][NEWEST[event["kind"]]]] = event["data"]
    evidence.counts["events"] = len(evidence.events)
    if (len(evidence.events), previous) != (facts["events"], facts["head"]):
        raise CheckFailed(f"the log ends at event {len(evidence.events)}, and not at the head the manifest names")
