"""An inspection that a restore set back can be taken away: what was signed before and does not hold since is said by the restore."""

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
def archive(lonely: CliHarness) -> Path:
    """The export of an inspection that was set back behind an event a signed list knows."""
    lonely.on_site()
    backup, to = (lonely.data.parent / name for name in ("backup.zip", "export.zip"))
    lonely.run("backup", "--to", str(backup))
    lonely.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    make_checkpoint(lonely.records, lonely.data, lonely.now)
    lonely.records.dispose()
    lonely.run("restore", str(backup), "--by", "c.marsh", "--reason", "The disk failed")
    make_checkpoint(lonely.records, lonely.data, lonely.now)
    assert run("export", ID, "--to", str(to), "--data", str(lonely.data)).exit_code in (0, 4)
    return to


def test_what_a_restore_took_back_is_held_against_nobody(archive: Path, lonely: CliHarness) -> None:
    found = check(archive, signer(lonely.data).public).evidence
    assert (found.counts["restores"], found.counts["checkpoints"]) == (1, 2)
    assert found.witnessed == len(found.events)
    assert "disk" not in members(archive)[RESTORES].decode(), "its reason is free text, and was left out"


@pytest.mark.parametrize(
    ("bent", "why"),
    [("gone", "has signed for event"), ("altered", "was altered, or restores"), ("unnamed", "its log does not say so")],
)
def test_a_restore_excuses_only_what_it_was_signed_for(archive: Path, lonely: CliHarness, bent: str, why: str) -> None:
    kept, key = members(archive), signer(lonely.data)
    row = json.loads(kept[RESTORES])
    if bent == "gone":
        del kept[RESTORES]
    elif bent == "altered":
        row["body"] = row["body"].replace('"superseded":[', f'"superseded":[["{ID}",1,"00"],')
        kept[RESTORES] = (json.dumps(row) + "\n").encode()
    else:
        second = json.loads(row["body"]) | {"number": 2, "previous": row["sha256"]}
        body = canonical(second)
        proof = {"sha256": sha256(body.encode()).hexdigest(), "signature": key.sign(body)}
        kept[RESTORES] += (canonical(row | {"number": 2, "body": body, **proof}) + "\n").encode()
    archive.write_bytes(packed(signed(kept, key)))
    with pytest.raises(CheckFailed, match=why):
        check(archive, key.public)
