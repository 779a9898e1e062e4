"""Files of the system cannot be read by other accounts of the machine; wider permissions are restricted."""

from pathlib import Path

from application.runtime.private_files import restrict


def mode(path: Path) -> int:
    return path.lstat().st_mode & 0o777


def test_wider_permissions_are_restricted_and_named_and_the_owner_keeps_every_right(tmp_path: Path) -> None:
    data = tmp_path / "var"
    (data / "documents").mkdir(parents=True)
    data.chmod(0o755)
    letter, key = data / "documents" / "letter.pdf", data / "key"
    for path, rights in ((letter, 0o644), (key, 0o600), (data / "documents", 0o777)):
        path.exists() or path.write_text("x")
        path.chmod(rights)
    changed, left = restrict((data,))
    assert changed == [data, data / "documents", letter]
    assert left == []
    assert {mode(data), mode(data / "documents")} == {0o700}
    assert {mode(letter), mode(key)} == {0o600}
    assert restrict((data,)) == ([], [])


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    outside = tmp_path / "elsewhere" / "file"
    outside.write_text("x")
    outside.chmod(0o644)
    (tmp_path / "var").mkdir(mode=0o700)
    (tmp_path / "var" / "link").symlink_to(outside)
    (tmp_path / "var" / "folder").symlink_to(outside.parent)
    assert restrict((tmp_path / "var", tmp_path / "var" / "link", tmp_path / "none")) == ([], [])
    assert mode(outside) == 0o644


def test_a_file_whose_permissions_cannot_be_changed_is_named() -> None:
    foreign = Path("/proc/self/status")
    assert restrict((foreign,)) == ([], [foreign])
