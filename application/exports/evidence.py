"""Checks the members of an export against each other: the chain of events, its commitments, files against its hashes, the
engine's histories, and checkpoints. That the members are those of the signed manifest is checked before."""

from collections.abc import Mapping
from typing import Any

from application.exports.attestations import check_checkpoints, check_histories, check_restores
from application.exports.log import Evidence, Row, read_log
from application.exports.manifest import Listed, Manifest
from application.exports.reader import Opened
from framework.common.errors import CheckFailed
from records.exports import format
from records.exports.files import document_file
from records.log.commitments import (
    comment_commitment,
    comment_name,
    document_commitment,
    letter_commitment,
    message_commitment,
)
from records.log.hash_chain import commitment

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def examine(archive: Opened, manifest: Manifest) -> Evidence:
    """Checks everything. Raises `CheckFailed` with the first finding."""
    evidence, members = Evidence(), {member.name: member for member in manifest.members}
    try:
        read_log(archive, manifest.facts, evidence)
        _check_rows(archive, manifest, evidence)
        _check_files(archive, manifest, members, evidence)
        check_restores(archive, manifest.facts, members, evidence)
        check_histories(archive, manifest.facts["inspection"], members, evidence)
        check_checkpoints(archive, manifest.facts, members, evidence)
    except UNREADABLE as fault:
        raise CheckFailed(f"what is kept cannot be read, so it was altered ({type(fault).__name__}: {fault})") from None
    return evidence


def _check_rows(archive: Opened, manifest: Manifest, evidence: Evidence) -> None:
    """Checks texts, letters, documents and comments against their commitments; none may be added or missing."""
    names = set(manifest.facts["kept_elsewhere"])
    for member, commit in COMMITMENTS.items():
        for row in archive.rows(member):
            name = comment_name(row) if member == format.COMMENTS else row["id"]
            if manifest.full and row.get("left_out"):
                raise CheckFailed(f"{member}: {name} is left out, and the manifest says that everything is included")
            _check_row(member, name, row, commit, evidence)
            evidence.counts[member.removesuffix(".jsonl")] += 1
            names.add(name)
    for name, (_, number) in evidence.commitments.items():
        if name not in names:
            raise CheckFailed(f"event {number} commits to {name}, and no member holds it")


def _check_row(member: str, name: str, row: Row, commit: Any, evidence: Evidence) -> None:
    own = row["commitment"] if member == format.TEXTS else ""
    expected, number = evidence.commitments.get(name, (own, 0))
    if not expected or (own and own != expected):
        raise CheckFailed(f"{member}: {name} is not what the log commits to")
    if not row.get("left_out") and commit(row) != expected:
        raise CheckFailed(f"{member}: {name} was altered: it is not what event {number} commits to")


def _text_commitment(row: Row) -> str:
    return commitment(row["salt"], row["body"])


COMMITMENTS = {
    format.TEXTS: _text_commitment,
    format.LETTERS: letter_commitment,
    format.DOCUMENTS: document_commitment,
    format.COMMENTS: comment_commitment,
}


def _check_files(archive: Opened, manifest: Manifest, members: Mapping[str, Listed], evidence: Evidence) -> None:
    """Checks every file that an event names by its hash; none may be missing if personal data is included."""
    for row in archive.rows(format.DOCUMENTS):
        rendered = evidence.claims["document_rendered"].get(row["id"], {})
        for kind in ("html", "pdf"):
            if digest := rendered.get(f"{kind}_sha256"):
                _check_file(members, document_file(row, kind), digest, evidence, required=manifest.full)
    for placed in evidence.claims["report_placed"].values():
        path = f"{format.PUBLISHED_FILES}/{placed['file']}"
        _check_file(members, path, placed["sha256"], evidence, required=manifest.full)
    _check_letters(archive, members, evidence, required=manifest.full)
    for history in evidence.claims["engine_history_kept"].values():
        _check_file(members, f"{format.HISTORY_FILES}/{history['file']}", history["sha256"], evidence, required=True)


def _check_letters(archive: Opened, members: Mapping[str, Listed], evidence: Evidence, *, required: bool) -> None:
    """Checks every accepted message; one that a restore lost has no sha256 in the log."""
    salts = {row["id"]: row["salt"] for row in archive.rows(format.LETTERS)}
    for number, accepted in evidence.accepted.items():
        name = format.letter_file(accepted["letter"], number)
        if name in members:
            evidence.counts["files"] += 1
            if message_commitment(salts[accepted["letter"]], b"".join(archive.blocks(name))) != accepted["sha256"]:
                raise CheckFailed(f"{name} was altered: it is not the message that the log says was sent")
        elif required and accepted["sha256"]:
            raise CheckFailed(f"the log says that the letter {accepted['letter']} was sent, and {name} is not there")


def _check_file(members: Mapping[str, Listed], name: str, digest: str, evidence: Evidence, *, required: bool) -> None:
    listed = members.get(name)
    if listed is None:
        if required:
            raise CheckFailed(f"the log names the file {name}, and it is not there")
        return
    evidence.counts["files"] += 1
    if listed.sha256 != digest:
        raise CheckFailed(f"{name} was altered: its sha256 is another than in the log")
