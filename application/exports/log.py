"""The log of an export: the chain of its events, and what they vouch for."""

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
"""Of an event, no more and no fewer (`records.log.hash_chain`)."""
NEWEST = {
    "document_rendered": "document",
    "report_placed": "document",
    "engine_history_kept": "run",
}
"""Kinds of event that vouch for a file, and what names the thing they speak of."""

Row = dict[str, Any]


@dataclass(slots=True)
class Evidence:
    """What was looked at, and what the log says."""

    counts: Counter[str] = field(default_factory=Counter)
    events: dict[int, tuple[str, Row]] = field(default_factory=dict)
    """Number -> hash and event."""
    promised: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Identifier of a text, letter, document or comment -> the newest commitment to it, and the event that holds it."""
    claims: dict[str, dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in NEWEST})
    accepted: dict[int, Row] = field(default_factory=dict)
    """Number -> what each event says of a letter that was accepted."""
    restored: list[str] = field(default_factory=list)
    """The sha256 of every restore the log names, in order."""
    superseded: frozenset[RestoreStatement] = frozenset()
    """What lists and histories say and what does not hold any more, by the signed word of a restore that the log names."""
    witnessed: int = 0
    """The newest event that a signed list bears witness to."""


def read_log(archive: Opened, said: Mapping[str, Any], found: Evidence) -> None:
    """Follows the chain to the head the manifest names. Raises `CheckFailed` at the first break."""
    previous = GENESIS
    for number, line in enumerate(archive.lines(format.EVENTS), start=1):
        event = parsed(line, format.EVENTS)
        if event.keys() != MEMBERS or canonical(event).encode() != line:
            raise CheckFailed(f"event {number} is not written as events are")
        if (event["inspection"], event["number"], event["previous"]) != (said["inspection"], number, previous):
            raise CheckFailed(f"event {number} does not follow the one before it: the chain is broken")
        previous = sha256(line).hexdigest()
        found.events[number] = (previous, event)
        promised = event["data"].get("commitments", {})
        found.promised |= {name: (proof, number) for name, proof in promised.items()}
        if event["kind"] == KIND:
            found.restored.append(event["data"].get("sha256", ""))
        if event["kind"] == "letter_accepted":
            found.accepted[number] = event["data"]
        if event["kind"] in NEWEST:
            found.claims[event["kind"]][event["data"][NEWEST[event["kind"]]]] = event["data"]
    found.counts["events"] = len(found.events)
    if (len(found.events), previous) != (said["events"], said["head"]):
        raise CheckFailed(f"the log ends at event {len(found.events)}, and not at the head the manifest names")
