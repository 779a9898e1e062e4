"""The file of a backup: whole or not there, and whatever was done to it since is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.common.errors import BadInput, CheckFailed
from operations.backup import archive

MEMBERS = (("records/events.jsonl", (b"one\n", b"two\n")), ("documents/a.pdf", (b"%PDF",)))


def made(folder: Path) -> Path:
    return archive.make(folder / "b.zip", MEMBERS, {"made_at": "now"}).path


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    found = archive.check(made(tmp_path))
    assert found.names == ("records/events.jsonl", "documents/a.pdf")
    assert list(found.read("records/events.jsonl")) == [b"one\n", b"two\n"]
    found.extract("documents/a.pdf", tmp_path / "out" / "a.pdf")
    assert (tmp_path / "out" / "a.pdf").read_bytes() == b"%PDF"
    assert found.manifest["made_at"] == "now"
    assert found.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    with pytest.raises(BadInput, match="is there already"):
        made(tmp_path)
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_one_that_is_cut_off_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        archive.make(tmp_path / "b.zip", [("records/events.jsonl", broken())], {})
    assert list(tmp_path.iterdir()) == []


def test_every_byte_counts(tmp_path: Path) -> None:
    path = made(tmp_path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((CheckFailed, BadInput)) as fault:
            archive.check(path)
        # a file that does not even begin like a backup is none; everything else was altered
        assert isinstance(fault.value, CheckFailed) or place < 30 + len(archive.FIRST), place


def test_cut_short_or_made_longer_it_is_found(tmp_path: Path) -> None:
    path = made(tmp_path)
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


def test_a_member_that_would_be_put_elsewhere_is_refused(tmp_path: Path) -> None:
    path = archive.make(tmp_path / "b.zip", [("documents/../../away", (b"x",))], {}).path
    with pytest.raises(CheckFailed, match="outside"):
        archive.check(path)
