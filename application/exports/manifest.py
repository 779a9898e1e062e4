"""The manifest: facts about the export, and every member with size and SHA-256. Its exact bytes are signed."""

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
"""Required member -> its type."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One member in the manifest."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A parsed manifest; its signature is checked elsewhere."""

    facts: Mapping[str, Any]
    members: tuple[Listed, ...]

    @property
    def full(self) -> bool:
        """Returns whether personal data and free text are included."""
        return bool(self.facts["personal"] == Personal.INCLUDE.value)


def write(facts: Mapping[str, Any], members: Iterable[Listed]) -> bytes:
    """Returns the bytes of a manifest."""
    listed = [{"name": member.name, "size": member.size, "sha256": member.sha256} for member in members]
    return canonical({**facts, "format": FORMAT, "what": WHAT, "members": listed}).encode()


def read(content: bytes) -> Manifest:
    """Parses a manifest. Raises `ValueError` for other content, or another form than `write` gives."""
    facts = json.loads(content)
    wrong = [name for name, kind in _KINDS.items() if not isinstance(facts, dict) or type(facts.get(name)) is not kind]
    if wrong:
        raise ValueError(f"it does not say «{wrong[0]}»")
    if canonical(facts).encode() != content:
        raise ValueError("it is not written as manifests are")
    members = tuple(Listed(str(row["name"]), int(row["size"]), str(row["sha256"])) for row in facts["members"])
    return Manifest(facts, members)


def to_pem(public: str) -> bytes:
    """Returns a public key (32 bytes as hexadecimal) in PEM."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_key(content: bytes, name: str) -> str:
    """Reads a public key, as PEM or 64 hexadecimal digits; returns it as hexadecimal. Raises `BadInput` naming the file."""
    try:
        if b"-----BEGIN" not in content:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(content.decode())).public_bytes_raw().hex()
        key = load_pem_public_key(content)
        assert isinstance(key, Ed25519PublicKey)
    except (ValueError, AssertionError):
        what = "an Ed25519 public key, as PEM or as 64 hexadecimal digits"
        raise BadInput(f"{name} holds no public key: it must be {what}") from None
    return key.public_bytes_raw().hex()
