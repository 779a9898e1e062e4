"""Checks the log of an export against its attestations: the engine's histories and the checkpoints."""

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
"""The largest history, in bytes after decompression; the engine ends a workflow long before."""


def check_restores(
    archive: Opened, facts: Mapping[str, Any], members: Mapping[str, Listed], evidence: Evidence
) -> None:
    """Checks the signed statements about restores, and that the log names the newest that set this inspection back.

    The events that they removed are not reported by the later checks. Raises `CheckFailed`."""
    if format.RESTORES not in members:
        return
    statements, faults = restores.read(archive.rows(format.RESTORES), facts["public_key"])
    if faults:
        raise CheckFailed(f"{format.RESTORES}: {faults[0]}")
    of_inspection = [row.sha256 for row in statements if facts["inspection"] in row.content["touched"]]
    if of_inspection and of_inspection[-1] not in evidence.restored:
        raise CheckFailed(f"{format.RESTORES}: a restore set the inspection back, and its log does not say so")
    evidence.counts["restores"] = len(statements)
    evidence.superseded = restores.superseded(statements)


def check_histories(archive: Opened, inspection: str, members: Mapping[str, Listed], evidence: Evidence) -> None:
    """Compares the log with the engine's histories of the inspection. Raises `CheckFailed`."""
    for history in evidence.claims["engine_history_kept"].values():
        name = f"{format.HISTORY_FILES}/{history['file']}"
        if name in members and history["workflow"].startswith("inspection-"):
            evidence.counts["engine_histories"] += 1
            account = account_of(inspection, parsed(_unpacked(archive.blocks(name), name), name))
            _compare(account, name, evidence)


def _compare(account: EngineAccount, name: str, evidence: Evidence) -> None:
    for commit in account.commits:
        if (account.inspection, commit.head, commit.hash) in evidence.superseded:
            continue
        if evidence.events.get(commit.head, ("",))[0] != commit.hash:
            raise CheckFailed(f"{name} knows event {commit.head} by another hash than the log")
    for given in account.commands:
        for index, (number, kind) in enumerate(zip(given.events, given.kinds, strict=True)):
            event = evidence.events.get(number, ("", {}))[1]
            is_of_command = (event.get("kind"), event.get("command")) == (kind, given.command)
            by = tuple(event.get(key) for key in ("actor", "happened_on", "received_at"))
            if not is_of_command or (index == 0 and by != (given.person, given.on, given.received)):
                raise CheckFailed(f"{name} says the command {given.command} brought event {number}, the log otherwise")


def _unpacked(blocks: Iterable[bytes], name: str) -> bytes:
    unpacker, content = zlib.decompressobj(wbits=31), bytearray()
    try:
        for block in blocks:
            content += unpacker.decompress(block, HISTORY_MOST - len(content) + 1)
            if len(content) > HISTORY_MOST:
                raise CheckFailed(f"{name} unpacks to more than any history is")
    except zlib.error as fault:
        raise CheckFailed(f"{name} cannot be unpacked ({fault})") from None
    return bytes(content)


def check_checkpoints(
    archive: Opened, facts: Mapping[str, Any], members: Mapping[str, Listed], evidence: Evidence
) -> None:
    """Checks the checkpoints, and that the log holds every head of this inspection in them. Raises `CheckFailed`."""
    calendars: Mapping[str, str] = {}
    inspection = facts["inspection"]
    for name in sorted(members):
        if not name.startswith(f"{format.CHECKPOINT_FILES}/"):
            continue
        evidence.counts["checkpoints"] += 1
        checkpoint = _read_checkpoint(archive, name)
        signed = is_signed(checkpoint.body, checkpoint.signature, checkpoint.public_key)
        if checkpoint.public_key != facts["public_key"] or not signed:
            raise CheckFailed(f"{name} was not signed with the key of this export")
        number, digest = checkpoint.heads.get(inspection, (0, ""))
        if (inspection, number, digest) in evidence.superseded:
            continue
        if evidence.events.get(number, ("",))[0] != digest:
            raise CheckFailed(f"{name} has signed for event {number} by another hash than the log: the log was altered")
        evidence.attested = max(evidence.attested, number)
        calendars = checkpoint.calendars
    _check_calendars(archive, calendars)


def _read_checkpoint(archive: Opened, name: str) -> checkpoints.Checkpoint:
    row = parsed(archive.whole(name), name)
    try:
        return checkpoints.read(row["body"], row["signature"], row["public_key"])
    except BadInput as fault:
        raise CheckFailed(f"{name}: {fault}") from None


def _check_calendars(archive: Opened, signed: Mapping[str, str]) -> None:
    """Compares the versions of the calendar with the newest checkpoint; those without their reasons cannot be compared."""
    for row in archive.rows("calendars.jsonl"):
        if not row.get("left_out") and calendar_proof(row) != signed.get(row["version"], calendar_proof(row)):
            raise CheckFailed(f"calendars.jsonl: {row['version']} is not the one a signed list has signed for")
