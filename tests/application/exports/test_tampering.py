"""Every alteration of an export is found; a file that is no export is reported differently from an altered one."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from application.exports.check import check
from framework.common.errors import CheckFailed
from records.audit.signing import Signer
from records.exports.format import MANIFEST, PUBLIC_KEY, SIGNATURE
from tests.application.exports.archives import Exports, Members, members, packed, signed, verified

GREAT = 100_000_000
"""Bytes that compress to a hundred thousand."""


@pytest.fixture(scope="module")
def whole(exports: Exports) -> bytes:
    """The smaller of the two exports, unaltered."""
    return exports.spare.read_bytes()


@pytest.fixture(scope="module")
def altered_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of altered archives."""
    return tmp_path_factory.mktemp("altered") / "altered.zip"


def finding(content: bytes, altered_path: Path, key: str = "") -> str:
    """Returns the finding in an altered archive."""
    altered_path.write_bytes(content)
    with pytest.raises(CheckFailed) as fault:
        check(altered_path, key)
    return str(fault.value)


@given(data=st.data())
def test_a_change_of_any_byte_is_found(data: st.DataObject, whole: bytes, altered_path: Path) -> None:
    where = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[where] ^= data.draw(st.integers(1, 255))
    finding(bytes(changed), altered_path)


def test_a_change_of_any_byte_around_the_members_is_found(whole: bytes, altered_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        first, behind = opened.infolist()[0], opened.start_dir
    around = [*range(30 + len(first.filename)), *range(behind, behind + 120), *range(len(whole) - 60, len(whole))]
    for where in around:
        changed = bytearray(whole)
        changed[where] ^= 1 << Random(where).randrange(8)
        finding(bytes(changed), altered_path)


@given(data=st.data())
def test_a_truncated_file_is_found(data: st.DataObject, whole: bytes, altered_path: Path) -> None:
    finding(whole[: data.draw(st.integers(4, len(whole) - 1))], altered_path)


@given(data=st.data())
def test_a_member_changed_added_removed_or_swapped_is_named(
    data: st.DataObject, whole: bytes, altered_path: Path
) -> None:
    contents = members(whole)
    names = [name for name in contents if name not in (MANIFEST, SIGNATURE)]
    name, other = data.draw(st.permutations(names))[:2]
    how = data.draw(st.sampled_from(["changed", "longer", "added", "removed", "swapped", "renamed"]))
    if how == "changed":
        contents[name] = bytes(reversed(contents[name])) if contents[name] != contents[name][::-1] else b"another"
    elif how == "longer":
        contents[name] += b" "
    elif how == "added":
        name = f"{name}.copy"
        contents[name] = b"more"
    elif how == "removed":
        del contents[name]
    elif how == "swapped" and contents[name] != contents[other]:
        contents[name], contents[other] = contents[other], contents[name]
    else:
        contents = {f"{member}.old" if member == name else member: content for member, content in contents.items()}
    message = finding(packed(contents), altered_path)
    assert name in message or other in message


@given(data=st.data())
def test_the_same_members_packed_again_are_found(data: st.DataObject, whole: bytes, altered_path: Path) -> None:
    contents = members(whole)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as anew:
        for name in data.draw(st.permutations(list(contents))):
            anew.writestr(name, contents[name])
    assert "packed anew" in finding(buffer.getvalue(), altered_path)


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        (lambda whole: whole + b"\0", "packed anew"),
        (lambda whole: b"\0" + whole, "packed anew"),
        (lambda whole: whole[:-2] + struct.pack("<H", 5) + b"hello", "packed anew"),
    ],
    ids=["behind it", "before it", "in a comment"],
)
def test_bytes_hidden_outside_the_members_are_found(bend, why: str, whole: bytes, altered_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert why in finding(bend(whole), altered_path)


def test_a_manifest_under_another_signature_is_found(exports: Exports, whole: bytes, altered_path: Path) -> None:
    def forged(change: "Members") -> str:
        return finding(packed({**members(whole), **change}), altered_path)

    contents = members(whole)
    assert "signature is not for" in forged({MANIFEST: contents[MANIFEST].replace(b'"c.marsh"', b'"m.okafor"')})
    assert "signature is not for" in forged({SIGNATURE: bytes(64)})
    assert SIGNATURE in forged({SIGNATURE: contents[SIGNATURE] + b"\0"})
    assert "not written as manifests are" in forged({MANIFEST: contents[MANIFEST] + b"\n"})
    assert "it does not say" in forged({MANIFEST: b"{}"})
    assert "cannot be read" in forged({MANIFEST: b"[" * 100_000})


def test_an_archive_signed_with_another_key_is_accepted_without_a_key_and_refused_with_the_right_one(
    exports: Exports, tmp_path: Path
) -> None:
    from application.exports.manifest import to_pem

    thief = Signer(Ed25519PrivateKey.generate())
    contents = {name: row for name, row in members(exports.spare).items() if not name.startswith("checkpoints/")}
    archive = packed(signed({**contents, PUBLIC_KEY: to_pem(thief.public)}, thief))
    assert "not who signed it" in " ".join(verified(archive, tmp_path, None, 0).split())
    assert "another key" in verified(archive, tmp_path, exports.key, 5)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../outside.txt", "no export has"),
        ("/etc/x", "no export has"),
        ("a\\b", "no export has"),
        ("events.jsonl", "twice"),
    ],
)
def test_a_duplicate_name_or_one_outside_the_folder_is_found(
    name: str, why: str, whole: bytes, altered_path: Path
) -> None:
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, b"x")
    assert why in finding(buffer.getvalue(), altered_path)


@pytest.mark.parametrize("lies", [False, True])
def test_a_member_that_unpacks_to_far_more_than_its_size_is_not_unpacked(
    lies: bool, whole: bytes, altered_path: Path
) -> None:
    contents, buffer = members(whole), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, content in contents.items():
            packing.writestr(name, bytes(GREAT) if name == "tasks.jsonl" else content)
    bomb = buffer.getvalue()
    if lies:  # the directory of the archive claims the right size
        bomb = bomb.replace(struct.pack("<L", GREAT), struct.pack("<L", len(contents["tasks.jsonl"])))
    tracemalloc.start()
    try:
        assert "tasks.jsonl was altered" in finding(bomb, altered_path)
        assert tracemalloc.get_traced_memory()[1] < GREAT // 5
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", bytes(5000), b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_export_is_reported_as_such(content: bytes, tmp_path: Path) -> None:
    assert "is no export" in verified(content, tmp_path, None, 2)


def test_another_zip_is_no_export_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        other.writestr("letter.txt", b"Dear colleague")
    assert "it has no manifest.json" in verified(buffer.getvalue(), tmp_path, None, 2)
    assert "cannot be read" in verified(tmp_path / "gone.zip", tmp_path, None, 2)


def test_a_file_without_a_public_key_is_refused(exports: Exports, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    assert "holds no public key" in verified(exports.spare, tmp_path, tmp_path / "key", 2)
