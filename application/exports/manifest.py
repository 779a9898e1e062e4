"""The manifest: every member with its size and sha256, and what the archive is. What is signed is its bytes as they stand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from framework.common.errors import BadInput
from records.exports.format import FORMAT, Personal
from records.log.hash_chain import canonical

WHAT = "the whole record of one inspection"
_KINDS: Mapping[str, type] = {
    "format": int,
    "inspection": str,
    "events": int,
    "head": str,
    "personal": str,
    "kept_elsewhere": list,
    "public_key": str,
    "made_at": str,
    "members": list,
}
"""What a manifest must say to be read at all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One member as the manifest lists it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read. Whether it was signed is not said here."""

    said: Mapping[str, Any]
    members: tuple[Listed, ...]

    @property
    def full(self) -> bool:
        """Whether personal data and free text are included."""
        return bool(self.said["personal"] == Personal.INCLUDE.value)


def write(facts: Mapping[str, Any], members: Iterable[Listed]) -> bytes:
    """The bytes that are signed."""
    listed = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in members]
    return canonical({**facts, "format": FORMAT, "what": WHAT, "members": listed}).encode()


def read(content: bytes) -> Manifest:
    """A manifest from its bytes. Raises `ValueError` for what is none, or is not written as we write it."""
    said = json.loads(content)
    wrong = [name for name, kind in _KINDS.items() if not isinstance(said, dict) or type(said.get(name)) is not kind]
    if wrong:
        raise ValueError(f"it does not say «{wrong[0]}»")
    if canonical(said).encode() != content:
        raise ValueError("it is not written as manifests are")
    members = tuple(Listed(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in said["members"])
    return Manifest(said, members)


def to_pem(public: str) -> bytes:
    """A public key (32 bytes as hexadecimal) as other programs read it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_key(content: bytes, name: str) -> str:
    """A public key as hexadecimal, from PEM or from 64 hexadecimal digits. Raises `BadInput` naming the file."""
    try:
        if b"-----BEGIN" not in content:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(content.decode())).public_bytes_raw().hex()
        key = load_pem_public_key(content)
        assert isinstance(key, Ed25519PublicKey)
    except (ValueError, AssertionError):
        what = "an Ed25519 public key, as PEM or as 64 hexadecimal digits"
        raise BadInput(f"{name} holds no public key: it must be {what}") from None
    return key.public_bytes_raw().hex()
