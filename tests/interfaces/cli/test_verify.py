"""`verify` at the command line: how it ends, what it says, and what an auditor who kept a list can do with it."""

import json
import re
import shutil
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.recording.checkpoints import make_checkpoint
from records.audit.checkpoints import files
from tests.cli_harness import ID, CliHarness
from tests.paths import DOCS

AUDIT = (DOCS / "audit.md").read_text()


def alter(cli: CliHarness, statement: str) -> None:
    """Changes the records as a person would who removes the triggers first."""
    with cli.records.begin() as connection:
        for guard in ("change", "go", "replace"):
            connection.execute(text(f"DROP TRIGGER events_never_{guard}"))
        connection.execute(text(statement))


def test_the_first_thing_wrong_is_one_line_and_the_rest_is_in_the_document(cli: CliHarness) -> None:
    cli.notified()
    alter(cli, "UPDATE events SET actor = 'm.okafor' WHERE number = 2")
    result = cli.run("verify", "--json", code=5)
    assert (
        result.stderr
        == f"{ID} event 2: it was altered after it was recorded: its hash is not that of what stands there\n"
    )
    output = json.loads(result.stdout)
    assert not output["right"]
    assert [(finding["check"], finding["inspection"], finding["event"]) for finding in output["found"]] == [
        ("chain", ID, 2)
    ]
    assert cli.run("verify", ID, code=5).stderr == result.stderr


def test_another_inspection_is_none_of_its_business(cli: CliHarness) -> None:
    cli.notified()
    cli.start(reference="SLAC-2010-002", authority="331", notify="now")
    alter(cli, f"UPDATE events SET actor = 'm.okafor' WHERE inspection_id = '{ID}' AND number = 2")
    report = cli.json("verify", "SLAC-2010-002")
    assert (report["right"], report["checked"]["inspections"]) == (True, 1)


def test_what_nothing_attests_is_counted_and_can_be_cut_off_unseen_until_a_list_is_signed(cli: CliHarness) -> None:
    cli.notified()
    before = cli.json("verify")
    assert before["unwitnessed"] == {
        "events": before["checked"]["events"],
        "inspections": {ID: before["checked"]["events"]},
    }
    make_checkpoint(cli.records, cli.data, cli.now)
    after = cli.json("verify")
    assert after["unwitnessed"] == {"events": 0, "inspections": {}}
    assert (after["witnesses"]["checkpoints"], after["witnesses"]["newest"]["number"]) == (1, 1)
    assert "cannot be found" in " ".join(cli.run("verify").stdout.split()).lower()


@pytest.mark.parametrize("change", ["data = '{broken'", "role = 'nobody'", "data = x'ff'"])
def test_an_event_that_cannot_be_read_any_more_is_named_by_every_question(cli: CliHarness, change: str) -> None:
    cli.notified()
    with cli.records.begin() as connection:
        connection.execute(text("DROP TRIGGER events_never_change"))
        connection.execute(text(f"UPDATE events SET {change} WHERE number = 2"))
    to = str(cli.data / "export.zip")
    for words in (("history",), ("history", ID), ("show", ID), ("explain", ID), ("export", ID, "--to", to)):
        output = cli.run(*words, code=5).stderr
        assert f"{ID} event 2 was altered" in output, words
    assert f"{ID} event 2" in cli.run("verify", code=5).stderr


def test_screens_show_its_moments_in_london_time(cli: CliHarness) -> None:
    cli.start()
    cli.now = datetime.fromisoformat("2011-06-18T23:30+00:00")
    make_checkpoint(cli.records, cli.data, cli.now)
    assert "the newest of 19 Jun 2011 00:30 (London)" in cli.run("verify").stdout
    assert cli.json("verify")["witnesses"]["newest"]["made_at"].startswith("2011-06-18T23:30")


def test_no_list_is_made_where_no_head_moved(cli: CliHarness) -> None:
    assert make_checkpoint(cli.records, cli.data, cli.now) is None
    cli.start()
    assert make_checkpoint(cli.records, cli.data, cli.now)
    assert make_checkpoint(cli.records, cli.data, cli.now) is None
    assert [path.name for path in files(cli.data)] == ["heads-000001.json"]


def test_the_key_is_its_owners_alone_and_its_public_half_is_shown(cli: CliHarness) -> None:
    cli.start()
    checkpoint = make_checkpoint(cli.records, cli.data, cli.now)
    assert checkpoint
    key = cli.data / "keys" / "checkpoint.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert cli.json("verify")["witnesses"]["public_key"] == checkpoint.public_key
    assert checkpoint.public_key[:32] in cli.run("verify").stdout


def test_a_list_that_was_kept_elsewhere_finds_what_was_set_back_with_everything_beside_it(
    cli: CliHarness, tmp_path: Path
) -> None:
    cli.start()
    make_checkpoint(cli.records, cli.data, cli.now)
    cli.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(cli.data, tmp_path / "earlier")
    cli.on("2010-11-03").take("notify")
    make_checkpoint(cli.records, cli.data, cli.now)
    mailed = shutil.copyfile(files(cli.data)[-1], tmp_path / "mailed.json")
    assert cli.json("verify", "--witness", str(mailed))["right"]
    cli.records.dispose()
    shutil.rmtree(cli.data)
    shutil.copytree(tmp_path / "earlier", cli.data)
    assert cli.json("verify")["right"], "all of it was set back alike"
    assert "was set back" in cli.run("verify", "--witness", str(mailed), code=5).stderr


def test_another_key_is_found_by_a_person_who_kept_a_list(cli: CliHarness, tmp_path: Path) -> None:
    cli.start()
    make_checkpoint(cli.records, cli.data, cli.now)
    mailed = shutil.copyfile(files(cli.data)[-1], tmp_path / "mailed.json")
    shutil.rmtree(cli.data / "keys")
    cli.on("2010-11-03").take("notify")
    make_checkpoint(cli.records, cli.data, cli.now)
    assert "signed with another key" in cli.run("verify", "--witness", str(mailed), code=5).stderr


def test_the_script_in_the_documents_checks_a_chain_without_our_code(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified()
    match = re.search(r"^```python\n(.*?)^```$", AUDIT, re.MULTILINE | re.DOTALL)
    assert match
    (tmp_path / "check.py").write_text(match[1])

    def check() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", str(tmp_path / "check.py"), str(cli.data / "records.sqlite")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert (check().returncode, check().stdout) == (0, "1 chains are whole\n")
    alter(cli, "UPDATE events SET data = '{}' WHERE number = 2")
    assert (check().returncode, check().stderr) == (1, f"{ID} event 2: altered\n")


# A file that holds none -----------------------------------------------------------------------------------------------

SIGNED = {"signature": "0", "public_key": "0"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "there is no such file"),
        (b"\xff", "holds no signed list of heads"),
        (b"{}", "holds no signed list of heads"),
        (b"[1]", "holds no signed list of heads"),
        (json.dumps({"body": {}, **SIGNED}).encode(), "holds no signed list of heads"),
        (json.dumps({"body": "[]", **SIGNED}).encode(), "what was signed is no list of heads"),
        (json.dumps({"body": '{"heads": {"a": 1}}', **SIGNED}).encode(), "what was signed is no list of heads"),
        (json.dumps({"body": '{"heads": {}, "access": 1}', **SIGNED}).encode(), "what was signed is no list of heads"),
    ],
)
def test_a_file_that_is_no_list_is_named_in_words_of_ours(
    cli: CliHarness, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    file = tmp_path / "heads.json"
    if content is not None:
        file.write_bytes(content)
    output = cli.run("verify", "--witness", str(file), code=2).stderr
    assert (output.startswith(str(file)), expected in output, output.count("\n")) == (True, True, 1)
    assert not {"[", "(", "'"} & set(output.removeprefix(str(file)))


def test_a_folder_is_no_list(cli: CliHarness, tmp_path: Path) -> None:
    assert "that is a folder" in cli.run("verify", "--witness", str(tmp_path), code=2).stderr
