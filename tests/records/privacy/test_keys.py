"""Keys of personal data: stored apart from it, and destroyed for good."""

from pathlib import Path

import pytest

from framework.common.errors import CheckFailed, Refused
from records.privacy.keys import KeyStore, of_line, to_line
from tests.records.builders import ID, MOMENT


def test_what_was_sealed_is_opened_with_the_same_key_only(tmp_path: Path) -> None:
    sealed = KeyStore(tmp_path).seal(ID, "texts.body", b"words", MOMENT)
    assert b"words" not in sealed
    assert KeyStore(tmp_path).open(ID, "texts.body", sealed) == b"words"
    for inspection, what in ((ID, "texts.salt"), (ID, "")):
        with pytest.raises(CheckFailed):
            KeyStore(tmp_path).open(inspection, what, sealed)
    with pytest.raises(Refused, match="put the folder `keys` back"):
        KeyStore(tmp_path / "elsewhere").open(ID, "texts.body", sealed)


def test_a_destroyed_key_opens_nothing_and_is_not_made_again(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    sealed = keys.seal(ID, "texts.body", b"words", MOMENT)
    before = (tmp_path / "keys" / "personal.sqlite").read_bytes()
    keys.erase(ID, "{}", MOMENT)
    after = (tmp_path / "keys" / "personal.sqlite").read_bytes()
    assert keys.open(ID, "texts.body", sealed) is None
    with pytest.raises(Refused, match="was destroyed"):
        keys.seal(ID, "texts.body", b"words", MOMENT)
    key = next(before[i : i + 32] for i in range(len(before)) if _opens(before[i : i + 32], sealed))
    assert key not in after
    assert KeyStore(tmp_path).is_erased(ID)


def _opens(key: bytes, sealed: bytes) -> bool:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(key) != 32 or not any(key):
        return False
    try:
        AESGCM(key).decrypt(sealed[:12], sealed[12:], f"{ID}/texts.body".encode())
    except InvalidTag:
        return False
    return True


def test_a_key_destroyed_again_keeps_its_first_event(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.erase(ID, "first", MOMENT)
    keys.erase(ID, "second", MOMENT)
    assert [key.event for key in keys.erased()] == ["first"]


def test_only_its_owner_can_read_the_keys(tmp_path: Path) -> None:
    KeyStore(tmp_path).seal(ID, "texts.body", b"words", MOMENT)
    assert (tmp_path / "keys" / "personal.sqlite").stat().st_mode & 0o777 == 0o600


def test_text_that_was_not_sealed_is_refused() -> None:
    assert of_line(to_line(b"x")) == b"x"
    with pytest.raises(CheckFailed):
        of_line("words in clear")
