"""The key that signs checkpoints: made at first use, readable by its owner alone, with its public half beside it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from framework.common.errors import CheckFailed

FOLDER = "keys"
PRIVATE, PUBLIC = "checkpoint.key", "checkpoint.pub"


@dataclass(frozen=True, slots=True)
class Signer:
    """The signing key of one installation."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """Returns the public half: 32 bytes as hexadecimal."""
        return self.key.public_key().public_bytes_raw().hex()

    def sign(self, body: str) -> str:
        """Returns the Ed25519 signature over the text's UTF-8 bytes, as hexadecimal."""
        return self.key.sign(body.encode()).hex()


def signer(data: Path) -> Signer:
    """Returns the key under `data`, made where there is none. Raises `CheckFailed` for a file that is no such key."""
    folder = data / FOLDER
    path = folder / PRIVATE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as fault:
        raise CheckFailed(f"{path} is no key that can be used ({fault}): restore it from a backup") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckFailed(f"{path} is another kind of key: restore it from a backup")
    signer = Signer(key)
    if public_key(data) != signer.public:
        (folder / PUBLIC).write_text(signer.public + "\n")
    return signer


def public_key(data: Path) -> str:
    """Returns the public half from the file beside the key; empty where there is none yet."""
    try:
        return (data / FOLDER / PUBLIC).read_text().strip()
    except OSError:
        return ""


def is_signed(body: str, signature: str, public: str) -> bool:
    """Returns whether `signature` is that of the key with this public half over exactly this text."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_secret(path, content)


def write_secret(path: Path, content: bytes) -> None:
    """Writes a file that only its owner can read; leaves one that exists as it is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(
        FileExistsError
    ):  # a link, not a rename: of two processes at once, the second must not replace the key
        path.hardlink_to(temporary)
    temporary.unlink()
