"""Loading a backup beside the data in use, which stays as it is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from framework.common.errors import BadInput, CheckFailed, Refused
from operations.backup import archive, staging
from operations.backup.archive import Backup
from operations.backup.staging import FOLDER, Staged
from records.privacy.keys import KeyStore
from tests.cli_harness import ID, CliHarness

DOCUMENT = f"{ID}/report.pdf"


@pytest.fixture
def cli(cli_without_engine: CliHarness) -> CliHarness:
    """A data folder with an ordered inspection and one document of it."""
    cli_without_engine.start()
    path = cli_without_engine.data / "documents" / DOCUMENT
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF then")
    return cli_without_engine


def backup(cli: CliHarness) -> Backup:
    cli.run("backup", "--to", str(cli.data.parent / "backup.zip"))
    return archive.check(cli.data.parent / "backup.zip")


def stage(cli: CliHarness, taken: Backup) -> Staged:
    return staging.stage(cli.settings, taken, KeyStore(cli.data), lambda _: None)


def files(cli: CliHarness) -> Mapping[str, bytes]:
    """Returns the files of the data folder, without those of the staged state and of SQLite's log."""
    return {
        str(path.relative_to(cli.data)): path.read_bytes()
        for path in sorted(cli.data.rglob("*"))
        if path.is_file() and FOLDER not in path.parts and "sqlite" not in path.name
    }


def test_records_and_files_are_loaded_beside_those_in_use(cli: CliHarness) -> None:
    taken = backup(cli)
    (cli.data / "documents" / DOCUMENT).write_bytes(b"%PDF now")
    before = files(cli)
    staged = stage(cli, taken)
    assert (staged.folder / "documents" / DOCUMENT).read_bytes() == b"%PDF then"
    with staged.records.connect() as connection:
        assert connection.execute(text("SELECT id FROM inspections")).scalars().all() == [ID]
        assert connection.execute(text("SELECT count(*) FROM parts")).scalar_one() > 0  # made anew from the events
    assert files(cli) == before


def test_files_made_since_the_backup_are_kept(cli: CliHarness) -> None:
    taken = backup(cli)
    (cli.data / "documents" / ID / "later.pdf").write_bytes(b"%PDF later")
    (cli.data / "documents" / ID / ".half-written").write_bytes(b"%P")
    staged = stage(cli, taken)
    names = {path.name for path in (staged.folder / "documents" / ID).iterdir()}
    assert names == {"report.pdf", "later.pdf"}


def test_what_an_interrupted_restore_staged_is_removed_first(cli: CliHarness) -> None:
    taken = backup(cli)
    staged = stage(cli, taken)
    (staged.folder / "documents" / "stale.pdf").write_bytes(b"x")
    with staged.records.begin() as connection:
        connection.execute(text("UPDATE inspections SET stage = 'drafting'"))
    staged.records.dispose()
    again = stage(cli, taken)
    assert not (again.folder / "documents" / "stale.pdf").exists()
    with again.records.connect() as connection:
        assert connection.execute(text("SELECT stage FROM inspections")).scalar_one() == "planned"
    staging.discard(again)
    assert not again.folder.exists()
    assert again.file is not None
    assert not again.file.exists()


def test_a_document_whose_key_was_destroyed_is_left_out(cli: CliHarness) -> None:
    taken = backup(cli)
    KeyStore(cli.data).erase(ID, "{}", cli.now)
    (cli.data / "documents" / DOCUMENT).unlink()
    staged = stage(cli, taken)
    assert not (staged.folder / "documents" / DOCUMENT).exists()


def test_a_backup_with_other_tables_is_refused_before_anything_is_made(cli: CliHarness) -> None:
    taken = backup(cli)
    other = replace(taken, manifest={**taken.manifest, "revision": "9999"})
    with pytest.raises(Refused, match="other tables"):
        stage(cli, other)
    assert not (cli.data / FOLDER).exists()


def test_a_backup_without_one_of_the_tables_is_named(cli: CliHarness) -> None:
    taken = backup(cli)
    files = [row for row in taken.manifest["files"] if row["name"] != "records/letters.jsonl"]
    with pytest.raises(CheckFailed, match="has no table letters"):
        stage(cli, replace(taken, manifest={**taken.manifest, "files": files}))


@pytest.mark.parametrize(
    ("active", "person", "words"),
    [(True, "c.mars", "c.mars is unknown; nearest: c.marsh"), (False, "c.marsh", "c.marsh has left by it")],
)
def test_the_person_must_stand_in_the_directory_of_the_backup(
    tmp_path: Path, active: bool, person: str, words: str
) -> None:
    rows = [["id", "active"], ["c.marsh", active]]
    lines = tuple(json.dumps(row).encode() + b"\n" for row in rows)
    taken = archive.make(tmp_path / "b.zip", [("records/people.jsonl", lines)], {})
    with pytest.raises(BadInput, match=words):
        staging.require_known_person(taken, person)
    if active:
        staging.require_known_person(taken, "c.marsh")
