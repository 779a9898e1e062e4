"""An inspection that a restore set back can be exported: the restore names the attestations that no longer hold."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from activities.recording.checkpoints import make_checkpoint
from application.exports.check import check
from framework.common.errors import CheckFailed
from records.audit.signing import signer
from records.exports.format import RESTORES
from records.log.hash_chain import canonical
from tests.application.exports.archives import members, packed, signed
from tests.cli_harness import ID, CliHarness, run


@pytest.fixture
def archive(cli_without_engine: CliHarness) -> Path:
    """The export of an inspection that was set back before an event that a checkpoint attests."""
    cli_without_engine.on_site()
    backup, to = (cli_without_engine.data.parent / name for name in ("backup.zip", "export.zip"))
    cli_without_engine.run("backup", "--to", str(backup))
    cli_without_engine.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    make_checkpoint(cli_without_engine.records, cli_without_engine.data, cli_without_engine.now)
    cli_without_engine.records.dispose()
    cli_without_engine.run("restore", str(backup), "--by", "c.marsh", "--reason", "The disk failed")
    make_checkpoint(cli_without_engine.records, cli_without_engine.data, cli_without_engine.now)
    assert run("export", ID, "--to", str(to), "--data", str(cli_without_engine.data)).exit_code in (0, 4)
    return to


def test_events_that_a_restore_removed_are_no_finding(archive: Path, cli_without_engine: CliHarness) -> None:
    evidence = check(archive, signer(cli_without_engine.data).public).evidence
    assert (evidence.counts["restores"], evidence.counts["checkpoints"]) == (1, 2)
    assert evidence.attested == len(evidence.events)
    assert "disk" not in members(archive)[RESTORES].decode(), "its reason is free text, and was left out"


@pytest.mark.parametrize(
    ("altered", "why"),
    [("gone", "has signed for event"), ("altered", "was altered, or restores"), ("unnamed", "its log does not say so")],
)
def test_a_restore_excuses_only_what_it_was_signed_for(
    archive: Path, cli_without_engine: CliHarness, altered: str, why: str
) -> None:
    contents, key = members(archive), signer(cli_without_engine.data)
    row = json.loads(contents[RESTORES])
    if altered == "gone":
        del contents[RESTORES]
    elif altered == "altered":
        row["body"] = row["body"].replace('"superseded":[', f'"superseded":[["{ID}",1,"00"],')
        contents[RESTORES] = (json.dumps(row) + "\n").encode()
    else:
        second = json.loads(row["body"]) | {"number": 2, "previous": row["sha256"]}
        body = canonical(second)
        proof = {"sha256": sha256(body.encode()).hexdigest(), "signature": key.sign(body)}
        contents[RESTORES] += (canonical(row | {"number": 2, "body": body, **proof}) + "\n").encode()
    archive.write_bytes(packed(signed(contents, key)))
    with pytest.raises(CheckFailed, match=why):
        check(archive, key.public)
