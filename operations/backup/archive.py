"""The file of a backup: a zip archive with a manifest, sealed by a hash over the whole file.

The first member identifies the format, the last one (`manifest.json`) lists every other with size and SHA-256. The archive's
comment, the last 64 bytes of the file, is the SHA-256 of everything before it, so a truncated or altered file is found."""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from activities.support.atomic_files import flush_folder
from framework.common.errors import BadInput, CheckFailed

FORMAT = "inspections-backup"
VERSION = 1
FIRST, LAST = "inspections-backup.json", "manifest.json"
SEAL = 64
BLOCK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)

Member = tuple[str, Iterable[bytes]]
"""The name of a member, and its content in pieces."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was checked."""

    path: Path
    seal: str
    """The SHA-256 of the file without the seal, as hexadecimal."""
    manifest: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the names of all members, in order."""
        return tuple(file["name"] for file in self.manifest["files"])

    def read(self, name: str) -> Iterator[bytes]:
        """Yields a member line by line."""
        with zipfile.ZipFile(self.path) as archive, archive.open(name) as member:
            yield from member

    def extract(self, name: str, to: Path) -> None:
        """Writes a member to the file `to`, flushed to the disk."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self.path) as archive, archive.open(name) as member, to.open("wb") as file:
            while block := member.read(BLOCK):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())


def make(path: Path, members: Iterable[Member], facts: Mapping[str, Any]) -> Backup:
    """Writes the file completely or not at all. Raises `BadInput` if it exists or cannot be written."""
    if path.exists():
        raise BadInput(f"{path} is there already: name another file with --to")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "xb", opener=_open_for_owner) as file:
            manifest = _write(file, members, facts)
            seal = _seal(file)
        os.link(temporary, path)  # unlike a rename, it never overwrites a file
        flush_folder(path.parent)
    except FileExistsError:
        raise BadInput(f"{path} is there already: name another file with --to") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()
    return Backup(path, seal, manifest)


def check(path: Path) -> Backup:
    """Checks seal and members of a backup, and returns it.

    Raises `BadInput` for a file that is no backup, `CheckFailed` for one that is truncated or altered."""
    try:
        with path.open("rb") as file:
            head = file.read(30 + len(FIRST))
            if head[:4] != b"PK\x03\x04" or head[30:] != FIRST.encode():
                raise BadInput(f"{path} is no backup of this system")
            seal = _check_seal(file)
        return Backup(path, seal, _manifest(path))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, NotImplementedError) as fault:
        raise CheckFailed(f"{path} was altered or cut short ({fault}): take another backup") from None


def _write(file: IO[bytes], members: Iterable[Member], facts: Mapping[str, Any]) -> Mapping[str, Any]:
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(_info(FIRST), json.dumps({"format": FORMAT, "version": VERSION}))
        for name, content in members:
            files.append({"name": name, **_write_member(archive, name, content)})
        manifest = {"format": FORMAT, "version": VERSION, **facts, "files": files}
        archive.writestr(_info(LAST), json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.comment = b"0" * SEAL
    return manifest


def _write_member(archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> dict[str, Any]:
    digest, size = sha256(), 0
    with archive.open(_info(name), "w", force_zip64=True) as member:
        for piece in content:
            member.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"size": size, "sha256": digest.hexdigest()}


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name == FIRST else zipfile.ZIP_DEFLATED
    return info


def _seal(file: IO[bytes]) -> str:
    """Writes the hash of everything before it into the archive's comment; returns it."""
    file.flush()
    with Path(file.name).open("r+b") as archive:
        seal = _digest(archive, Path(file.name).stat().st_size - SEAL)
        archive.seek(-SEAL, os.SEEK_END)
        archive.write(seal.encode())
        archive.flush()
        os.fsync(archive.fileno())
    return seal


def _check_seal(file: IO[bytes]) -> str:
    """Returns the seal of a file. Raises `ValueError` if it is not the hash of the rest."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    digest = _digest(file, max(size - SEAL, 0))
    if file.read(SEAL + 1) != digest.encode():
        raise ValueError("its seal does not fit")
    return digest


def _digest(file: IO[bytes], size: int) -> str:
    digest, left = sha256(), size
    while left and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def _manifest(path: Path) -> Mapping[str, Any]:
    with zipfile.ZipFile(path) as archive:
        manifest: Mapping[str, Any] = json.loads(archive.read(LAST))
        if manifest["format"] != FORMAT or manifest["version"] != VERSION:
            raise ValueError(f"its form is {manifest['format']} {manifest['version']}, not {FORMAT} {VERSION}")
        for entry in manifest["files"]:
            _check_member(archive, entry)
    return manifest


def _check_member(archive: zipfile.ZipFile, entry: Mapping[str, Any]) -> None:
    name = entry["name"]
    if name.startswith("/") or ".." in Path(name).parts:
        raise ValueError(f"{name} would be put outside the data")
    digest, size = sha256(), 0
    with archive.open(name) as member:
        while block := member.read(BLOCK):
            digest.update(block)
            size += len(block)
    if (digest.hexdigest(), size) != (entry["sha256"], entry["size"]):
        raise ValueError(f"{name} is not what was put in")


def _open_for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
