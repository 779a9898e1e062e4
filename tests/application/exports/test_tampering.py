"""Whoever changes an export is found, by whatever way; what is no export is told apart from what was altered."""

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
from tests.application.exports.archives import Members, Taken, members, packed, signed, verified

GREAT = 100_000_000
"""Bytes, packed into a hundred thousand."""


@pytest.fixture(scope="module")
def whole(taken: Taken) -> bytes:
    """The smaller of the two, as it was written."""
    return taken.spare.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where altered archives are put."""
    return tmp_path_factory.mktemp("altered") / "altered.zip"


def found(content: bytes, place: Path, key: str = "") -> str:
    """What the check says of an altered archive."""
    place.write_bytes(content)
    with pytest.raises(CheckFailed) as fault:
        check(place, key)
    return str(fault.value)


@given(data=st.data())
def test_any_byte_that_is_another_is_found(data: st.DataObject, whole: bytes, place: Path) -> None:
    where = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[where] ^= data.draw(st.integers(1, 255))
    found(bytes(changed), place)


def test_any_byte_of_what_stands_around_the_members_is_found(whole: bytes, place: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        first, behind = opened.infolist()[0], opened.start_dir
    around = [*range(30 + len(first.filename)), *range(behind, behind + 120), *range(len(whole) - 60, len(whole))]
    for where in around:
        changed = bytearray(whole)
        changed[where] ^= 1 << Random(where).randrange(8)
        found(bytes(changed), place)


@given(data=st.data())
def test_a_file_cut_short_anywhere_is_found(data: st.DataObject, whole: bytes, place: Path) -> None:
    found(whole[: data.draw(st.integers(4, len(whole) - 1))], place)


@given(data=st.data())
def test_a_member_changed_added_removed_or_swapped_is_named(data: st.DataObject, whole: bytes, place: Path) -> None:
    kept = members(whole)
    names = [name for name in kept if name not in (MANIFEST, SIGNATURE)]
    name, other = data.draw(st.permutations(names))[:2]
    how = data.draw(st.sampled_from(["changed", "longer", "added", "removed", "swapped", "renamed"]))
    if how == "changed":
        kept[name] = bytes(reversed(kept[name])) if kept[name] != kept[name][::-1] else b"another"
    elif how == "longer":
        kept[name] += b" "
    elif how == "added":
        name = f"{name}.copy"
        kept[name] = b"more"
    elif how == "removed":
        del kept[name]
    elif how == "swapped" and kept[name] != kept[other]:
        kept[name], kept[other] = kept[other], kept[name]
    else:
        kept = {f"{one}.old" if one == name else one: content for one, content in kept.items()}
    said = found(packed(kept), place)
    assert name in said or other in said


@given(data=st.data())
def test_the_same_members_packed_anew_are_told(data: st.DataObject, whole: bytes, place: Path) -> None:
    kept = members(whole)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as anew:
        for name in data.draw(st.permutations(list(kept))):
            anew.writestr(name, kept[name])
    assert "packed anew" in found(buffer.getvalue(), place)


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        (lambda whole: whole + b"\0", "packed anew"),
        (lambda whole: b"\0" + whole, "packed anew"),
        (lambda whole: whole[:-2] + struct.pack("<H", 5) + b"hello", "packed anew"),
    ],
    ids=["behind it", "before it", "in a comment"],
)
def test_nothing_can_be_hidden_beside_the_members(bend, why: str, whole: bytes, place: Path) -> None:  # type: ignore[no-untyped-def]
    assert why in found(bend(whole), place)


def test_a_manifest_under_another_signature_is_found(taken: Taken, whole: bytes, place: Path) -> None:
    def forged(change: "Members") -> str:
        return found(packed({**members(whole), **change}), place)

    kept = members(whole)
    assert "signature is not for" in forged({MANIFEST: kept[MANIFEST].replace(b'"c.marsh"', b'"m.okafor"')})
    assert "signature is not for" in forged({SIGNATURE: bytes(64)})
    assert SIGNATURE in forged({SIGNATURE: kept[SIGNATURE] + b"\0"})
    assert "not written as manifests are" in forged({MANIFEST: kept[MANIFEST] + b"\n"})
    assert "it does not say" in forged({MANIFEST: b"{}"})
    assert "cannot be read" in forged({MANIFEST: b"[" * 100_000})


def test_an_archive_signed_anew_is_right_by_its_own_key_and_wrong_by_the_one_given(
    taken: Taken, tmp_path: Path
) -> None:
    from application.exports.manifest import to_pem

    thief = Signer(Ed25519PrivateKey.generate())
    kept = {name: one for name, one in members(taken.spare).items() if not name.startswith("checkpoints/")}
    archive = packed(signed({**kept, PUBLIC_KEY: to_pem(thief.public)}, thief))
    assert "not who signed it" in " ".join(verified(archive, tmp_path, None, 0).split())
    assert "another key" in verified(archive, tmp_path, taken.key, 5)


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
def test_a_name_twice_or_one_that_leads_out_of_the_folder_is_found(
    name: str, why: str, whole: bytes, place: Path
) -> None:
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, b"x")
    assert why in found(buffer.getvalue(), place)


@pytest.mark.parametrize("lies", [False, True])
def test_a_member_that_unpacks_to_far_more_than_it_may_is_not_unpacked(lies: bool, whole: bytes, place: Path) -> None:
    kept, buffer = members(whole), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, content in kept.items():
            packing.writestr(name, bytes(GREAT) if name == "tasks.jsonl" else content)
    bomb = buffer.getvalue()
    if lies:  # the directory says that it is as small as it should be
        bomb = bomb.replace(struct.pack("<L", GREAT), struct.pack("<L", len(kept["tasks.jsonl"])))
    tracemalloc.start()
    try:
        assert "tasks.jsonl was altered" in found(bomb, place)
        assert tracemalloc.get_traced_memory()[1] < GREAT // 5
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", bytes(5000), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_export_is_told_apart(content: bytes, tmp_path: Path) -> None:
    assert "is no export" in verified(content, tmp_path, None, 2)


def test_another_zip_is_no_export_and_no_file_is_none(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        other.writestr("letter.txt", b"Dear colleague")
    assert "it has no manifest.json" in verified(buffer.getvalue(), tmp_path, None, 2)
    assert "cannot be read" in verified(tmp_path / "gone.zip", tmp_path, None, 2)


def test_a_key_that_is_none_is_told(taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    assert "holds no public key" in verified(taken.spare, tmp_path, tmp_path / "key", 2)
