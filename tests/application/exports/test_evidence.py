"""An altered export that is signed with the right key is found, because its members attest each other."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.exports.check import check
from framework.common.errors import CheckFailed
from records.audit.checkpoints import read
from records.audit.signing import Signer
from records.log.hash_chain import canonical
from tests.application.exports.archives import Exports, Members, members, packed, signed

Row = dict[str, Any]


def finding(exports: Exports, folder: Path, change: Callable[[Members], None], **facts: Any) -> str:
    """Returns the finding in the full export after a change, signed again with the system's own key."""
    contents = members(exports.full)
    change(contents)
    path = folder / "signed.zip"
    path.write_bytes(packed(signed(contents, exports.signer, **facts)))
    with pytest.raises(CheckFailed) as fault:
        check(path, exports.signer.public)
    return str(fault.value)


def row(member: str, index: int, **changes: Any) -> Callable[[Members], None]:
    """Returns a change of one row of a member."""

    def change(contents: Members) -> None:
        rows = [json.loads(line) for line in contents[member].splitlines()]
        rows[index] |= changes
        contents[member] = "".join(canonical(line) + "\n" for line in rows).encode()

    return change


def without(member: str, index: int) -> Callable[[Members], None]:
    """Returns the removal of one row of a member."""

    def change(contents: Members) -> None:
        rows = contents[member].splitlines(keepends=True)
        contents[member] = b"".join(line for line in rows if line is not rows[index])

    return change


def test_an_unchanged_export_signed_again_is_accepted(exports: Exports, tmp_path: Path) -> None:
    path = tmp_path / "signed.zip"
    path.write_bytes(packed(signed(members(exports.full), exports.signer)))
    assert check(path, exports.signer.public).evidence.counts["events"] == len(
        members(exports.full)["events.jsonl"].splitlines()
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (row("events.jsonl", 4, actor="q.lindqvist"), "event 6 does not follow"),
        (row("events.jsonl", -1, actor="q.lindqvist"), "not at the head the manifest names"),
        (row("events.jsonl", 4, more=1), "event 5 is not written as events are"),
        (row("events.jsonl", 4, inspection="SLAC-2010-002"), "event 5 does not follow"),
        (without("events.jsonl", 4), "event 5 does not follow"),
        (without("events.jsonl", -1), "and not at the head the manifest names"),
        (row("texts.jsonl", 0, body="Other words."), "is not what event"),
        (row("texts.jsonl", 0, commitment="0" * 64), "is not what the log commits to"),
        (row("texts.jsonl", 0, left_out=True), "says that everything is included"),
        (without("texts.jsonl", 0), "and no member holds it"),
        (row("letters.jsonl", 0, queued_at="2010-11-03T08:00:00.000000Z"), "letters.jsonl"),
        (without("letters.jsonl", 0), "and no member holds it"),
        (row("documents.jsonl", 0, state="final"), "documents.jsonl"),
        (row("documents.jsonl", 0, html_path="another.html"), "documents/another.html, and it is not there"),
        (row("comments.jsonl", 0, late=True), "comment-1 was altered"),
    ],
)
def test_an_altered_row_is_named(change: Callable[[Members], None], why: str, exports: Exports, tmp_path: Path) -> None:
    assert why in finding(exports, tmp_path, change)


def test_an_added_row_is_named(exports: Exports, tmp_path: Path) -> None:
    def change(contents: Members) -> None:
        first = json.loads(contents["letters.jsonl"].splitlines()[0])
        contents["letters.jsonl"] += (canonical({**first, "id": "another"}) + "\n").encode()

    assert "another is not what the log commits to" in finding(exports, tmp_path, change)


@pytest.mark.parametrize("folder", ["documents", "published", "histories"])
def test_a_missing_or_altered_file_is_named(folder: str, exports: Exports, tmp_path: Path) -> None:
    name = next(member for member in members(exports.full) if member.startswith(f"{folder}/"))

    def altered(contents: Members) -> None:
        contents[name] = b"another"

    def gone(contents: Members) -> None:
        del contents[name]

    assert f"{name} was altered: its sha256 is another than in the log" in finding(exports, tmp_path, altered)
    assert f"the log names the file {name}" in finding(exports, tmp_path, gone)


def test_a_checkpoint_with_another_head_is_found(exports: Exports, tmp_path: Path) -> None:
    def listed(contents: Members, key: Signer) -> None:
        name = next(member for member in contents if member.startswith("checkpoints/"))
        body = json.loads(contents[name])["body"]
        body = body.replace(json.loads(body)["heads"]["SLAC-2010-001"][1], "1" * 64)
        contents[name] = read(body, key.sign(body), key.public).to_file().encode()

    thief = Signer(Ed25519PrivateKey.generate())
    assert "by another hash than the log" in finding(
        exports, tmp_path, lambda contents: listed(contents, exports.signer)
    )
    assert "was not signed with the key" in finding(exports, tmp_path, lambda contents: listed(contents, thief))


def test_a_history_with_another_event_is_found(exports: Exports, tmp_path: Path) -> None:
    """The log is written again with valid hashes; the engine's history still attests the original events."""

    def change(contents: Members) -> None:
        lines, previous = [], "0" * 64
        for line in contents["events.jsonl"].splitlines():
            event = {**json.loads(line), "previous": previous}
            event["actor"] = "q.lindqvist" if event["actor"] == "i.ashdown" else event["actor"]
            lines.append(canonical(event))
            previous = sha256(lines[-1].encode()).hexdigest()
        contents["events.jsonl"] = "".join(line + "\n" for line in lines).encode()
        for name in [member for member in contents if member.startswith("checkpoints/")]:
            del contents[name]

    contents = members(exports.full)
    change(contents)
    head = sha256(contents["events.jsonl"].splitlines()[-1]).hexdigest()
    assert "knows event" in finding(exports, tmp_path, change, head=head)


def test_a_history_that_unpacks_to_more_than_the_maximum_is_refused(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.exports.attestations.HISTORY_MOST", 100)
    assert "unpacks to more than any history is" in finding(exports, tmp_path, lambda contents: None)


def test_unreadable_rows_are_a_finding(exports: Exports, tmp_path: Path) -> None:
    def change(contents: Members) -> None:
        contents["texts.jsonl"] = b'{"id": 5}\n'

    assert "cannot be read, so it was altered" in finding(exports, tmp_path, change)
    assert "is no JSON" in finding(exports, tmp_path, lambda contents: contents.update({"texts.jsonl": b"words\n"}))
    assert "ends within a line" in finding(exports, tmp_path, lambda contents: contents.update({"texts.jsonl": b"{}"}))
