"""Those who bear witness to the log of an export beside its own chain: the engine's history, and signed lists of heads."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from application.exports.log import Evidence
from application.exports.manifest import Listed
from application.exports.reader import Opened, parsed
from framework.common.errors import BadInput, CheckFailed
from records.audit import checkpoints, restores
from records.audit.signing import is_signed
from records.calendars.versions import version_digest as calendar_proof
from records.exports import format
from records.verify.engine_history_check import EngineAccount, account_of

HISTORY_MOST = 512 << 20
"""Bytes of a history once unpacked; the engine ends a workflow long before."""


def ask_restores(archive: Opened, said: Mapping[str, Any], members: Mapping[str, Listed], found: Evidence) -> None:
    """Every time records were put back: as it was signed, the newest that set this inspection back named in its log. Raises
    `CheckFailed`. What they took back, no list and no history is held against the log for."""
    if format.RESTORES not in members:
        return
    told, faults = restores.read(archive.rows(format.RESTORES), said["public_key"])
    if faults:
        raise CheckFailed(f"{format.RESTORES}: {faults[0]}")
    mine = [one.sha256 for one in told if said["inspection"] in one.content["touched"]]
    if mine and mine[-1] not in found.restored:
        raise CheckFailed(f"{format.RESTORES}: a restore set the inspection back, and its log does not say so")
    found.counts["restores"] = len(told)
    found.superseded = restores.superseded(told)


def ask_histories(archive: Opened, inspection: str, members: Mapping[str, Listed], found: Evidence) -> None:
    """What the engine's own account of the inspection says, against the log."""
    for said in found.claims["engine_history_kept"].values():
        name = f"{format.HISTORY_FILES}/{said['file']}"
        if name in members and said["workflow"].startswith("inspection-"):
            found.counts["engine_histories"] += 1
            told = account_of(inspection, parsed(_unpacked(archive.blocks(name), name), name))
            _compare(told, name, found)


def _compare(told: EngineAccount, name: str, found: Evidence) -> None:
    for one in told.commits:
        if (told.inspection, one.head, one.hash) in found.superseded:
            continue
        if found.events.get(one.head, ("",))[0] != one.hash:
            raise CheckFailed(f"{name} knows event {one.head} by another hash than the log")
    for given in told.commands:
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


def ask_lists(archive: Opened, said: Mapping[str, Any], members: Mapping[str, Listed], found: Evidence) -> None:
    """Whether every head that was signed still stands in the log. Raises `CheckFailed`."""
    signed: Mapping[str, str] = {}
    for name in sorted(members):
        if not name.startswith(f"{format.CHECKPOINT_FILES}/"):
            continue
        found.counts["checkpoints"] += 1
        row = parsed(archive.whole(name), name)
        try:
            one = checkpoints.read(row["body"], row["signature"], row["public_key"])
        except BadInput as fault:
            raise CheckFailed(f"{name}: {fault}") from None
        if one.public_key != said["public_key"] or not is_signed(one.body, one.signature, one.public_key):
            raise CheckFailed(f"{name} was not signed with the key of this export")
        number, proof = one.heads.get(said["inspection"], (0, ""))
        if (said["inspection"], number, proof) in found.superseded:
            continue
        if found.events.get(number, ("",))[0] != proof:
            raise CheckFailed(f"{name} has signed for event {number} by another hash than the log: the log was altered")
        found.witnessed = max(found.witnessed, number)
        signed = one.calendars
    _ask_calendars(archive, signed)


def _ask_calendars(archive: Opened, signed: Mapping[str, str]) -> None:
    """The versions that the newest list knows, against what it says of them; where their reasons are left out they are not."""
    for row in archive.rows("calendars.jsonl"):
        if not row.get("left_out") and calendar_proof(row) != signed.get(row["version"], calendar_proof(row)):
            raise CheckFailed(f"calendars.jsonl: {row['version']} is not the one a signed list has signed for")
