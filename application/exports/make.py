"""Making an export: what was gathered, the story to read, the manifest over all of it, and the file, whole or not at all."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

from sqlmodel import Session

from activities.rendering.templates import html_to_pdf, render_page, render_plain
from application.exports import manifest
from application.exports.check import check
from application.exports.container import Entry, directory, header
from application.exports.member_descriptions import members_in_words
from framework.common.errors import BadInput, CheckFailed
from records.audit.signing import Signer, signer
from records.exports import format
from records.exports.format import Gathered, Member, Personal
from records.exports.gather import gather

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported, and by whom."""

    inspection: str
    personal: Personal
    by: str
    """The person; empty where nobody was named."""
    ran_as: str
    moment: datetime


def make(session: Session, data: Path, wish: Wish, to: Path) -> dict[str, Any]:
    """Writes the export of one inspection to `to`; answers what its manifest says, and size and sha256 of the file.

    Raises `BadInput` for an unknown inspection or a file that cannot be written, or is there already; `CheckFailed` where
    what is kept was altered: nothing is written then."""
    gathered = gather(session, data, wish.inspection, wish.personal)
    key = signer(data)
    members = _all_members(gathered, key.public)
    entries = {name: _entry(name, content) for name, content in members.items()}
    facts = _facts(gathered, wish, key.public)
    body = manifest.write(facts, (listed for listed, _ in entries.values()))
    beside = to.with_name(f".{to.name}.{uuid4().hex}")
    try:
        _write(beside, {**_signed(body, key), **members}, entries)
        check(beside, key.public)
        whole = _entry(to.name, beside)[0]
        _give_name(beside, to)
    except OSError as fault:
        raise BadInput(f"{to} cannot be written: {fault.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    return {**facts, "members": len(members), "size": whole.size, "sha256": whole.sha256}


def must_be_free(to: Path) -> None:
    """Raises `BadInput` where the export cannot be put: a file is there already, or no folder for it is."""
    if to.exists() or to.is_symlink():
        raise BadInput(f"{to} is there already: name another file, or remove it first (an export is never overwritten)")
    if not to.parent.is_dir():
        raise BadInput(f"there is no folder {to.parent}: make it first")


def _all_members(gathered: Gathered, public: str) -> dict[str, Member]:
    """Everything but manifest and signature; the same for the same state."""
    data = {**gathered.chronology, "rule": {"title": "Chronology of the inspection"}, "document": {"state": ""}}
    page = render_page("exports/chronology", data)
    members: dict[str, Member] = {
        format.CHRONOLOGY_PAGE: page.encode(),
        format.CHRONOLOGY_PDF: html_to_pdf(page),
        format.PUBLIC_KEY: manifest.to_pem(public),
        **dict(sorted(gathered.members.items())),
    }
    readme = {
        **gathered.facts,
        "authority": gathered.chronology["inspection"]["authority"],
        "public_key": public,
        "members": members_in_words(members, gathered.facts),
    }
    return {format.README: f"{render_plain('exports/readme', readme)}\n".encode(), **members}


def _facts(gathered: Gathered, wish: Wish, public: str) -> dict[str, Any]:
    return {
        **gathered.facts,
        "made_at": wish.moment,
        "exported_by": wish.by or None,
        "ran_as": wish.ran_as,
        "product": {"name": "inspections", "version": version("inspections")},
        "public_key": public,
    }


def _signed(body: bytes, key: Signer) -> dict[str, bytes]:
    return {format.MANIFEST: body, format.SIGNATURE: bytes.fromhex(key.sign(body.decode()))}


def _entry(name: str, content: Member) -> tuple[manifest.Listed, Entry]:
    size, digest, crc = 0, sha256(), 0
    for block in _blocks(content):
        size, crc = size + len(block), crc32(block, crc)
        digest.update(block)
    return manifest.Listed(name, size, digest.hexdigest()), Entry(name, crc, size)


def _write(path: Path, members: dict[str, Member], known: dict[str, tuple[manifest.Listed, Entry]]) -> None:
    """Readable by its owner alone: it may hold names and words."""
    entries = []
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for name, content in members.items():
            entries.append(known[name][1] if name in known else _entry(name, content)[1])
            file.write(header(entries[-1]))
            for block in _blocks(content):
                file.write(block)
        file.write(directory(entries))
        file.flush()
        os.fsync(file.fileno())


def _blocks(content: Member) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    try:
        with content.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as fault:
        raise CheckFailed(f"{content} cannot be read ({fault.strerror}): nothing was exported") from None


def _give_name(beside: Path, to: Path) -> None:
    """Of two exports that want one name at once, the first one's stands."""
    try:
        to.hardlink_to(beside)
    except FileExistsError:
        must_be_free(to)
        raise
    except OSError:  # a file system without links
        must_be_free(to)
        beside.rename(to)
