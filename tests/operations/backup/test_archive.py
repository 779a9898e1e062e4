"""The file of a backup: written completely or not at all, and every alteration is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.common.errors import BadInput, CheckFailed
from operations.backup import archive

MEMBERS = (("records/events.jsonl", (b"one\n", b"two\n")), ("documents/a.pdf", (b"%PDF",)))


def make_archive(folder: Path) -> Path:
    return archive.make(folder / "b.zip", MEMBERS, {"made_at": "now"}).path


def test_members_are_read_as_they_were_written(tmp_path: Path) -> None:
    backup = archive.check(make_archive(tmp_path))
    assert backup.names == ("records/events.jsonl", "documents/a.pdf")
    assert list(backup.read("records/events.jsonl")) == [b"one\n", b"two\n"]
    backup.extract("documents/a.pdf", tmp_path / "out" / "a.pdf")
    assert (tmp_path / "out" / "a.pdf").read_bytes() == b"%PDF"
    assert backup.manifest["made_at"] == "now"
    assert backup.path.stat().st_mode & 0o777 == 0o600


def test_an_existing_file_is_refused_and_unchanged(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    with pytest.raises(BadInput, match="is there already"):
        make_archive(tmp_path)
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_an_error_while_it_is_written_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        archive.make(tmp_path / "b.zip", [("records/events.jsonl", broken())], {})
    assert list(tmp_path.iterdir()) == []


def test_a_change_of_any_byte_is_found(tmp_path: Path) -> None:
    path = make_archive(tmp_path)
    whole = path.read_bytes()
    for index in range(len(whole)):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        with pytest.raises((CheckFailed, BadInput)) as fault:
            archive.check(path)
        # a file that does not begin like a backup is none; otherwise it was altered
        assert isinstance(fault.value, CheckFailed) or index < 30 + len(archive.FIRST), index


def test_truncated_or_extended_it_is_found(tmp_path: Path) -> None:
    path = make_archive(tmp_path)
    whole = path.read_bytes()
    for length in range(30 + len(archive.FIRST), len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckFailed):
            archive.check(path)
    path.write_bytes(whole + b"\n")
    with pytest.raises(CheckFailed):
        archive.check(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"something else"])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BadInput, match="is no backup"):
        archive.check(tmp_path / "b.zip")
    with pytest.raises(BadInput):
        archive.check(tmp_path / "not there")


def test_a_member_with_a_path_outside_the_data_is_refused(tmp_path: Path) -> None:
    path = archive.make(tmp_path / "b.zip", [("documents/../../away", (b"x",))], {}).path
    with pytest.raises(CheckFailed, match="outside"):
        archive.check(path)
