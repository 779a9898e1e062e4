"""Makes an export: the records of one inspection, a chronology, the manifest over all of it, and the file, written completely or
not at all."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

from activities.rendering.templates import html_to_pdf, render_page, render_plain
from application.caller import Caller
from application.exports import manifest
from application.exports.check import check
from application.exports.container import Entry, directory, header
from application.exports.member_descriptions import members_in_words
from application.queries.access_logging import Use
from application.queries.snapshot import Snapshot, snapshot
from application.runtime import private_files
from application.runtime.context import AppContext
from framework.common.errors import BadInput, CheckFailed
from records.audit.signing import Signer, signer
from records.exports import format
from records.exports.format import Gathered, Member
from records.exports.format import Personal as Personal
from records.exports.gather import gather

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export, and where to."""

    inspection: str
    to: Path
    personal: Personal = Personal.LEAVE_OUT


@dataclass(frozen=True, slots=True)
class ExportMade:
    """An export that was written: what its manifest says, and size and sha256 of the file."""

    file: Path
    inspection: str
    reference: str
    authority_code: str
    scope: str
    edition: str
    stage: str
    open: bool
    events: int
    head: str
    personal: str
    left_out: Mapping[str, int]
    """What was left out, and how many of each."""
    kept_elsewhere: tuple[str, ...]
    """What the log commits to and no member holds."""
    letters_as_sent: int
    engine_histories: Mapping[str, int | str]
    """Number of files, and what they are."""
    witnesses: int
    witnesses_by_another_key: int
    made_at: datetime
    exported_by: str | None
    ran_as: str
    product: Mapping[str, str]
    public_key: str
    members: int
    size: int
    sha256: str


def export_inspection(caller: Caller, context: AppContext, request: ExportRequest) -> ExportMade:
    """Writes the export of one inspection to a file.

    Raises `BadInput` for an unknown inspection or a file that cannot be written, or is there already; `CheckFailed` where
    the records were altered: nothing is written then."""
    require_free(request.to)
    parameters = {"personal": request.personal.value, "to": request.to.name}
    with snapshot(caller, context, Use("export", request.inspection, parameters)) as view:
        view.inspection(request.inspection)
        return _export(view, context, request)


def require_free(to: Path) -> None:
    """Raises `BadInput` where the export cannot be put: a file is there already, or no folder for it is."""
    if to.exists() or to.is_symlink():
        raise BadInput(f"{to} is there already: name another file, or remove it first (an export is never overwritten)")
    if not to.parent.is_dir():
        raise BadInput(f"there is no folder {to.parent}: make it first")


def _export(view: Snapshot, context: AppContext, request: ExportRequest) -> ExportMade:
    data, to = context.settings.data, request.to
    gathered = gather(view.session, data, request.inspection, request.personal)
    key = signer(data)
    members = _all_members(gathered, key.public)
    entries = {name: _entry(name, content) for name, content in members.items()}
    facts = _facts(gathered, view, key.public)
    body = manifest.write(facts, (listed for listed, _ in entries.values()))
    temporary = to.with_name(f".{to.name}.{uuid4().hex}")
    try:
        _write(temporary, {**_signed(body, key), **members}, entries)
        check(temporary, key.public)
        listed_file = _entry(to.name, temporary)[0]
        _link(temporary, to)
    except OSError as fault:
        raise BadInput(f"{to} cannot be written: {fault.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    facts["kept_elsewhere"] = tuple(facts["kept_elsewhere"])
    return ExportMade(file=to, **facts, members=len(members), size=listed_file.size, sha256=listed_file.sha256)


def _all_members(gathered: Gathered, public: str) -> dict[str, Member]:
    """Returns everything but manifest and signature; the same for the same state."""
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


def _facts(gathered: Gathered, view: Snapshot, public: str) -> dict[str, Any]:
    return {
        **gathered.facts,
        "made_at": view.now,
        "exported_by": view.caller.person or None,
        "ran_as": view.caller.ran_as,
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
    """Writes the file, readable by its owner alone: it may hold names and texts."""
    entries = []
    with private_files.create(path) as file:
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


def _link(temporary: Path, to: Path) -> None:
    """Gives the file its name; of two exports to one name at once, the first wins."""
    try:
        to.hardlink_to(temporary)
    except FileExistsError:
        require_free(to)
        raise
    except OSError:  # a file system without links
        require_free(to)
        temporary.rename(to)
