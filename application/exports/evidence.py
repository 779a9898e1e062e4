"""What the members of an export prove of each other: the chain of events, what it commits to, files against the hashes in it,
the engine's histories, and signed lists of heads. Whether the members are the ones that were signed is asked before."""

from collections.abc import Mapping
from typing import Any

from application.exports.attestations import ask_histories, ask_lists, ask_restores
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
    """Looks at all of it. Raises `CheckFailed` naming the first thing wrong."""
    found, members = Evidence(), {one.name: one for one in manifest.members}
    try:
        read_log(archive, manifest.said, found)
        _kept(archive, manifest, found)
        _files(archive, manifest, members, found)
        ask_restores(archive, manifest.said, members, found)
        ask_histories(archive, manifest.said["inspection"], members, found)
        ask_lists(archive, manifest.said, members, found)
    except UNREADABLE as fault:
        raise CheckFailed(f"what is kept cannot be read, so it was altered ({type(fault).__name__}: {fault})") from None
    return found


def _kept(archive: Opened, manifest: Manifest, found: Evidence) -> None:
    """Texts, letters, documents and comments, each against its commitment; none put in, and none gone."""
    here = set(manifest.said["kept_elsewhere"])
    for member, proof in PROOFS.items():
        for row in archive.rows(member):
            name = comment_name(row) if member == format.COMMENTS else row["id"]
            if manifest.full and row.get("left_out"):
                raise CheckFailed(f"{member}: {name} is left out, and the manifest says that everything is included")
            _committed(member, name, row, proof, found)
            found.counts[member.removesuffix(".jsonl")] += 1
            here.add(name)
    for name, (_, number) in found.promised.items():
        if name not in here:
            raise CheckFailed(f"event {number} commits to {name}, and no member holds it")


def _committed(member: str, name: str, row: Row, proof: Any, found: Evidence) -> None:
    own = row["commitment"] if member == format.TEXTS else ""
    promised, number = found.promised.get(name, (own, 0))
    if not promised or (own and own != promised):
        raise CheckFailed(f"{member}: {name} is not what the log commits to")
    if not row.get("left_out") and proof(row) != promised:
        raise CheckFailed(f"{member}: {name} was altered: it is not what event {number} commits to")


def _text_proof(row: Row) -> str:
    return commitment(row["salt"], row["body"])


PROOFS = {
    format.TEXTS: _text_proof,
    format.LETTERS: letter_commitment,
    format.DOCUMENTS: document_commitment,
    format.COMMENTS: comment_commitment,
}


def _files(archive: Opened, manifest: Manifest, members: Mapping[str, Listed], found: Evidence) -> None:
    """Every file an event vouches for: there where everything is included, and with the hash the event names."""
    for row in archive.rows(format.DOCUMENTS):
        made = found.claims["document_rendered"].get(row["id"], {})
        for kind in ("html", "pdf"):
            if digest := made.get(f"{kind}_sha256"):
                _vouched(members, document_file(row, kind), digest, found, owed=manifest.full)
    for said in found.claims["report_placed"].values():
        _vouched(members, f"{format.PUBLISHED_FILES}/{said['file']}", said["sha256"], found, owed=manifest.full)
    _letters(archive, members, found, owed=manifest.full)
    for said in found.claims["engine_history_kept"].values():
        _vouched(members, f"{format.HISTORY_FILES}/{said['file']}", said["sha256"], found, owed=True)


def _letters(archive: Opened, members: Mapping[str, Listed], found: Evidence, *, owed: bool) -> None:
    """Every letter that was accepted, as it was sent; of one that was restored the message may be lost, and has no sha256."""
    salts = {row["id"]: row["salt"] for row in archive.rows(format.LETTERS)}
    for number, said in found.accepted.items():
        name = format.letter_file(said["letter"], number)
        if name in members:
            found.counts["files"] += 1
            if message_commitment(salts[said["letter"]], b"".join(archive.blocks(name))) != said["sha256"]:
                raise CheckFailed(f"{name} was altered: it is not the message that the log says was sent")
        elif owed and said["sha256"]:
            raise CheckFailed(f"the log says that the letter {said['letter']} was sent, and {name} is not there")


def _vouched(members: Mapping[str, Listed], name: str, digest: str, found: Evidence, *, owed: bool) -> None:
    listed = members.get(name)
    if listed is None:
        if owed:
            raise CheckFailed(f"the log names the file {name}, and it is not there")
        return
    found.counts["files"] += 1
    if listed.sha256 != digest:
        raise CheckFailed(f"{name} was altered: its sha256 is another than in the log")
