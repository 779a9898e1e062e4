"""Checks an export with the file and a public key alone. The first finding ends the check."""

from dataclasses import dataclass
from pathlib import Path

from application.exports.evidence import examine
from application.exports.log import Evidence
from application.exports.manifest import Listed, Manifest, read, to_pem
from application.exports.reader import Opened, opened
from framework.common.errors import CheckFailed
from records.audit.signing import is_signed
from records.exports.format import FORMAT, MANIFEST, PUBLIC_KEY, SIGNATURE


@dataclass(frozen=True, slots=True)
class CheckedExport:
    """An export without a finding."""

    manifest: Manifest
    evidence: Evidence
    given: bool
    """Whether it was checked with a key that is not from the export itself."""


def check(path: Path, key: str = "") -> CheckedExport:
    """Checks the export at `path` with a public key (hexadecimal), or with the key in the export if none is given.

    Raises `BadInput` for a file that is no export, `CheckFailed` with the first finding."""
    with opened(path) as archive:
        manifest = _manifest(archive, key)
        _members(archive, manifest)
        if not archive.has_exact_layout([MANIFEST, SIGNATURE, *(member.name for member in manifest.members)]):
            raise CheckFailed(
                f"{path} was altered: every member is right, but it was packed anew, or something was put beside them"
            )
        return CheckedExport(manifest, examine(archive, manifest), given=bool(key))


def _manifest(archive: Opened, key: str) -> Manifest:
    if SIGNATURE not in archive.names:
        raise CheckFailed(f"it was altered: {SIGNATURE} is gone")
    body, signature = archive.whole(MANIFEST), archive.whole(SIGNATURE)
    try:
        text = body.decode()
        manifest = read(body)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise CheckFailed(f"{MANIFEST} was altered: it cannot be read ({fault})") from None
    own = str(manifest.facts["public_key"])
    if key and own != key:
        raise CheckFailed(f"it was signed with another key ({own[:16]}…) than the one given ({key[:16]}…)")
    if not is_signed(text, signature.hex(), own):
        raise CheckFailed(f"{MANIFEST} was altered: the signature is not for what stands there")
    if manifest.facts["format"] != FORMAT:
        raise CheckFailed(f"it is of format {manifest.facts['format']}, and this version of the product knows {FORMAT}")
    return manifest


def _members(archive: Opened, manifest: Manifest) -> None:
    """Checks that the archive holds exactly the members of the manifest, unaltered."""
    listed = _listed(manifest)
    names = [name for name in archive.names if name not in (MANIFEST, SIGNATURE)]
    if missing := [name for name in listed if name not in names]:
        raise CheckFailed(f"{missing[0]} was removed: the manifest names it, and it is not there")
    if added := [name for name in names if name not in listed]:
        raise CheckFailed(f"{added[0]} was added: the manifest does not name it")
    for member in listed.values():
        archive.allow(member)
        if fault := archive.fault(member):
            raise CheckFailed(fault)
    if PUBLIC_KEY not in listed or archive.whole(PUBLIC_KEY) != to_pem(manifest.facts["public_key"]):
        raise CheckFailed(f"{PUBLIC_KEY} is not the key the manifest names")


def _listed(manifest: Manifest) -> dict[str, Listed]:
    listed: dict[str, Listed] = {}
    for member in manifest.members:
        if member.name in listed or member.name in (MANIFEST, SIGNATURE):
            raise CheckFailed(f"{MANIFEST} names {member.name} twice")
        listed[member.name] = member
    return listed
