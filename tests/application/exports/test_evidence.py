"""An export that is signed with the right key and wrong inside is found all the same: the members bear witness to each other."""

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
from tests.application.exports.archives import Members, Taken, members, packed, signed

Row = dict[str, Any]


def said(taken: Taken, folder: Path, change: Callable[[Members], None], **facts: Any) -> str:
    """What the check says of the full export after a change, signed anew with the system's own key."""
    kept = members(taken.full)
    change(kept)
    path = folder / "signed.zip"
    path.write_bytes(packed(signed(kept, taken.signer, **facts)))
    with pytest.raises(CheckFailed) as fault:
        check(path, taken.signer.public)
    return str(fault.value)


def row(member: str, place: int, **changes: Any) -> Callable[[Members], None]:
    """One row of a member says something else."""

    def change(kept: Members) -> None:
        rows = [json.loads(line) for line in kept[member].splitlines()]
        rows[place] |= changes
        kept[member] = "".join(canonical(one) + "\n" for one in rows).encode()

    return change


def without(member: str, place: int) -> Callable[[Members], None]:
    """One row of a member is gone."""

    def change(kept: Members) -> None:
        rows = kept[member].splitlines(keepends=True)
        kept[member] = b"".join(one for one in rows if one is not rows[place])

    return change


def test_what_is_only_signed_anew_is_right(taken: Taken, tmp_path: Path) -> None:
    path = tmp_path / "signed.zip"
    path.write_bytes(packed(signed(members(taken.full), taken.signer)))
    assert check(path, taken.signer.public).evidence.counts["events"] == len(
        members(taken.full)["events.jsonl"].splitlines()
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
def test_a_row_that_says_something_else_is_named(
    change: Callable[[Members], None], why: str, taken: Taken, tmp_path: Path
) -> None:
    assert why in said(taken, tmp_path, change)


def test_a_row_nobody_ordered_is_named(taken: Taken, tmp_path: Path) -> None:
    def change(kept: Members) -> None:
        first = json.loads(kept["letters.jsonl"].splitlines()[0])
        kept["letters.jsonl"] += (canonical({**first, "id": "another"}) + "\n").encode()

    assert "another is not what the log commits to" in said(taken, tmp_path, change)


@pytest.mark.parametrize("folder", ["documents", "published", "histories"])
def test_a_file_the_log_vouches_for_is_there_and_is_the_one(folder: str, taken: Taken, tmp_path: Path) -> None:
    name = next(one for one in members(taken.full) if one.startswith(f"{folder}/"))

    def altered(kept: Members) -> None:
        kept[name] = b"another"

    def gone(kept: Members) -> None:
        del kept[name]

    assert f"{name} was altered: its sha256 is another than in the log" in said(taken, tmp_path, altered)
    assert f"the log names the file {name}" in said(taken, tmp_path, gone)


def test_a_signed_list_that_knows_another_head_is_found(taken: Taken, tmp_path: Path) -> None:
    def listed(kept: Members, key: Signer) -> None:
        name = next(one for one in kept if one.startswith("checkpoints/"))
        one = json.loads(kept[name])
        body = one["body"].replace(json.loads(one["body"])["heads"]["SLAC-2010-001"][1], "1" * 64)
        kept[name] = read(body, key.sign(body), key.public).to_file().encode()

    thief = Signer(Ed25519PrivateKey.generate())
    assert "by another hash than the log" in said(taken, tmp_path, lambda kept: listed(kept, taken.signer))
    assert "was not signed with the key" in said(taken, tmp_path, lambda kept: listed(kept, thief))


def test_a_history_that_knows_another_event_is_found(taken: Taken, tmp_path: Path) -> None:
    """The log is written anew, hashes and all; the engine's history, kept elsewhere, remembers."""

    def change(kept: Members) -> None:
        lines, previous = [], "0" * 64
        for line in kept["events.jsonl"].splitlines():
            event = {**json.loads(line), "previous": previous}
            event["actor"] = "q.lindqvist" if event["actor"] == "i.ashdown" else event["actor"]
            lines.append(canonical(event))
            previous = sha256(lines[-1].encode()).hexdigest()
        kept["events.jsonl"] = "".join(line + "\n" for line in lines).encode()
        for name in [one for one in kept if one.startswith("checkpoints/")]:
            del kept[name]

    kept = members(taken.full)
    change(kept)
    head = sha256(kept["events.jsonl"].splitlines()[-1]).hexdigest()
    assert "knows event" in said(taken, tmp_path, change, head=head)


def test_a_history_that_unpacks_to_more_than_any_is_is_refused(
    taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.exports.attestations.HISTORY_MOST", 100)
    assert "unpacks to more than any history is" in said(taken, tmp_path, lambda kept: None)


def test_rows_that_nobody_can_read_are_a_finding(taken: Taken, tmp_path: Path) -> None:
    def change(kept: Members) -> None:
        kept["texts.jsonl"] = b'{"id": 5}\n'

    assert "cannot be read, so it was altered" in said(taken, tmp_path, change)
    assert "is no JSON" in said(taken, tmp_path, lambda kept: kept.update({"texts.jsonl": b"words\n"}))
    assert "ends within a line" in said(taken, tmp_path, lambda kept: kept.update({"texts.jsonl": b"{}"}))
