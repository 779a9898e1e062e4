"""What the members of an export prove of each other: the chain of events, what it commits to, files against the hashes in it,
the engine's histories, and signed lists of heads. Whether the members are the ones that were signed is asked before."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from framework.errors import BadInput, CheckFailed
from interfaces.export.manifest import Listed, Manifest
from interfaces.export.opened import Opened, parsed
from records import head_lists
from records.chain import GENESIS, canonical, commitment
from records.exports import shape
from records.exports.files import document_file
from records.promised import comment_name, comment_proof, document_proof, letter_proof
from records.signing import is_signed
from records.verify.engine_check import Account, account

MEMBERS = frozenset(
    {
        *("inspection", "number", "command", "ordinal", "kind", "happened_on", "received_at", "recorded_at"),
        *("actor", "role", "door", "ran_as", "paragraph", "data", "reason", "cause", "previous"),
    }
)
"""Of an event, no more and no fewer (`records.chain`)."""
NEWEST = {
    "document_rendered": "document",
    "letter_accepted": "letter",
    "report_placed": "document",
    "engine_history_kept": "run",
}
"""Kinds of event that vouch for a file, and what names the thing they speak of."""
HISTORY_MOST = 512 << 20
"""Bytes of a history once unpacked; the engine ends a workflow long before."""
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)

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
    witnessed: int = 0
    """The newest event that a signed list bears witness to."""


def examine(archive: Opened, manifest: Manifest) -> Evidence:
    """Looks at all of it. Raises `CheckFailed` naming the first thing wrong."""
    found, members = Evidence(), {one.name: one for one in manifest.members}
    try:
        _chain(archive, manifest.said, found)
        _kept(archive, manifest, found)
        _files(archive, manifest, members, found)
        _histories(archive, members, found)
        _witnesses(archive, manifest.said, members, found)
    except UNREADABLE as fault:
        raise CheckFailed(f"what is kept cannot be read, so it was altered ({type(fault).__name__}: {fault})") from None
    return found


def _chain(archive: Opened, said: Mapping[str, Any], found: Evidence) -> None:
    previous = GENESIS
    for number, line in enumerate(archive.lines(shape.EVENTS), start=1):
        event = parsed(line, shape.EVENTS)
        if event.keys() != MEMBERS or canonical(event).encode() != line:
            raise CheckFailed(f"event {number} is not written as events are")
        if (event["inspection"], event["number"], event["previous"]) != (said["inspection"], number, previous):
            raise CheckFailed(f"event {number} does not follow the one before it: the chain is broken")
        previous = sha256(line).hexdigest()
        found.events[number] = (previous, event)
        promised = event["data"].get("commitments", {})
        found.promised |= {name: (proof, number) for name, proof in promised.items()}
        if event["kind"] in NEWEST:
            found.claims[event["kind"]][event["data"][NEWEST[event["kind"]]]] = event["data"]
    found.counts["events"] = len(found.events)
    if (len(found.events), previous) != (said["events"], said["head"]):
        raise CheckFailed(f"the log ends at event {len(found.events)}, and not at the head the manifest names")


def _kept(archive: Opened, manifest: Manifest, found: Evidence) -> None:
    """Texts, letters, documents and comments, each against its commitment; none put in, and none gone."""
    here = set(manifest.said["kept_elsewhere"])
    for member, proof in PROOFS.items():
        for row in archive.rows(member):
            name = comment_name(row) if member == shape.COMMENTS else row["id"]
            if manifest.full and row.get("left_out"):
                raise CheckFailed(f"{member}: {name} is left out, and the manifest says that everything is included")
            _committed(member, name, row, proof, found)
            found.counts[member.removesuffix(".jsonl")] += 1
            here.add(name)
    for name, (_, number) in found.promised.items():
        if name not in here:
            raise CheckFailed(f"event {number} commits to {name}, and no member holds it")


def _committed(member: str, name: str, row: Row, proof: Any, found: Evidence) -> None:
    own = row["commitment"] if member == shape.TEXTS else ""
    promised, number = found.promised.get(name, (own, 0))
    if not promised or (own and own != promised):
        raise CheckFailed(f"{member}: {name} is not what the log commits to")
    if not row.get("left_out") and proof(row) != promised:
        raise CheckFailed(f"{member}: {name} was altered: it is not what event {number} commits to")


def _text_proof(row: Row) -> str:
    return commitment(row["salt"], row["body"])


PROOFS = {
    shape.TEXTS: _text_proof,
    shape.LETTERS: letter_proof,
    shape.DOCUMENTS: document_proof,
    shape.COMMENTS: comment_proof,
}


def _files(archive: Opened, manifest: Manifest, members: Mapping[str, Listed], found: Evidence) -> None:
    """Every file an event vouches for: there where everything is included, and with the hash the event names."""
    for row in archive.rows(shape.DOCUMENTS):
        made = found.claims["document_rendered"].get(row["id"], {})
        for kind in ("html", "pdf"):
            if digest := made.get(f"{kind}_sha256"):
                _vouched(members, document_file(row, kind), digest, found, owed=manifest.full)
    for said in found.claims["report_placed"].values():
        _vouched(members, f"{shape.PUBLISHED_FILES}/{said['file']}", said["sha256"], found, owed=manifest.full)
    for letter, said in found.claims["letter_accepted"].items():
        _vouched(members, shape.letter_file(letter), said["sha256"], found, owed=False)
    for said in found.claims["engine_history_kept"].values():
        _vouched(members, f"{shape.HISTORY_FILES}/{said['file']}", said["sha256"], found, owed=True)


def _vouched(members: Mapping[str, Listed], name: str, digest: str, found: Evidence, *, owed: bool) -> None:
    listed = members.get(name)
    if listed is None:
        if owed:
            raise CheckFailed(f"the log names the file {name}, and it is not there")
        return
    found.counts["files"] += 1
    if listed.sha256 != digest:
        raise CheckFailed(f"{name} was altered: its sha256 is another than in the log")


def _histories(archive: Opened, members: Mapping[str, Listed], found: Evidence) -> None:
    """What the engine's own account of the inspection says, against the log."""
    for said in found.claims["engine_history_kept"].values():
        name = f"{shape.HISTORY_FILES}/{said['file']}"
        if name in members and said["workflow"].startswith("inspection-"):
            found.counts["engine_histories"] += 1
            told = account("", parsed(_unpacked(archive.blocks(name), name), name))
            _compare(told, name, found)


def _compare(told: Account, name: str, found: Evidence) -> None:
    for one in told.recordings:
        if found.events.get(one.head, ("",))[0] != one.hash:
            raise CheckFailed(f"{name} knows event {one.head} by another hash than the log")
    for given in told.given:
        for place, (number, kind) in enumerate(zip(given.events, given.kinds, strict=True)):
            event = found.events.get(number, ("", {}))[1]
            right = (event.get("kind"), event.get("command")) == (kind, given.command)
            by = tuple(event.get(key) for key in ("actor", "happened_on", "received_at"))
            if not right or (place == 0 and by != (given.person, given.on, given.received)):
                raise CheckFailed(f"{name} says the command {given.command} brought event {number}, the log otherwise")


def _unpacked(blocks: Iterable[bytes], name: str) -> bytes:
    unpacker, found = zlib.decompressobj(wbits=31), bytearray()
    try:
        for block in blocks:
            found += unpacker.decompress(block, HISTORY_MOST - len(found) + 1)
            if len(found) > HISTORY_MOST:
                raise CheckFailed(f"{name} unpacks to more than any history is")
    except zlib.error as fault:
        raise CheckFailed(f"{name} cannot be unpacked ({fault})") from None
    return bytes(found)


def _witnesses(archive: Opened, said: Mapping[str, Any], members: Mapping[str, Listed], found: Evidence) -> None:
    for name in members:
        if not name.startswith(f"{shape.WITNESS_FILES}/"):
            continue
        found.counts["head_lists"] += 1
        row = parsed(archive.whole(name), name)
        try:
            one = head_lists.read(row["body"], row["signature"], row["public_key"])
        except BadInput as fault:
            raise CheckFailed(f"{name}: {fault}") from None
        if one.public_key != said["public_key"] or not is_signed(one.body, one.signature, one.public_key):
            raise CheckFailed(f"{name} was not signed with the key of this export")
        number, proof = one.heads.get(said["inspection"], (0, ""))
        if found.events.get(number, ("",))[0] != proof:
            raise CheckFailed(f"{name} has signed for event {number} by another hash than the log: the log was altered")
        found.witnessed = max(found.witnessed, number)
