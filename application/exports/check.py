"""The check of an export, with nothing but the file and a public key. The first thing wrong ends it."""

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
    """An export in which nothing is wrong."""

    manifest: Manifest
    evidence: Evidence
    given: bool
    """Whether it was checked with a key from outside."""


def check(path: Path, key: str = "") -> CheckedExport:
    """Checks the export at `path` with a public key (hexadecimal); without one, with the key that lies in it.

    Raises `BadInput` for a file that is no export, `CheckFailed` naming the first thing wrong."""
    with opened(path) as archive:
        manifest = _manifest(archive, key)
        _members(archive, manifest)
        if not archive.is_laid_down([MANIFEST, SIGNATURE, *(one.name for one in manifest.members)]):
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
    own = str(manifest.said["public_key"])
    if key and own != key:
        raise CheckFailed(f"it was signed with another key ({own[:16]}…) than the one given ({key[:16]}…)")
    if not is_signed(text, signature.hex(), own):
        raise CheckFailed(f"{MANIFEST} was altered: the signature is not for what stands there")
    if manifest.said["format"] != FORMAT:
        raise CheckFailed(f"it is of format {manifest.said['format']}, and this version of the product knows {FORMAT}")
    return manifest


def _members(archive: Opened, manifest: Manifest) -> None:
    """Exactly the members of the manifest, each as it was."""
    listed = _listed(manifest)
    there = [name for name in archive.names if name not in (MANIFEST, SIGNATURE)]
    if gone := [name for name in listed if name not in there]:
        raise CheckFailed(f"{gone[0]} was removed: the manifest names it, and it is not there")
    if added := [name for name in there if name not in listed]:
        raise CheckFailed(f"{added[0]} was added: the manifest does not name it")
    for one in listed.values():
        archive.allow(one)
        if fault := archive.fault(one):
            raise CheckFailed(fault)
    if PUBLIC_KEY not in listed or archive.whole(PUBLIC_KEY) != to_pem(manifest.said["public_key"]):
        raise CheckFailed(f"{PUBLIC_KEY} is not the key the manifest names")


def _listed(manifest: Manifest) -> dict[str, Listed]:
    listed: dict[str, Listed] = {}
    for one in manifest.members:
        if one.name in listed or one.name in (MANIFEST, SIGNATURE):
            raise CheckFailed(f"{MANIFEST} names {one.name} twice")
        listed[one.name] = one
    return listed
