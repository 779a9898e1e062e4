"""Exports, made and checked, as JSON."""

from dataclasses import fields
from typing import Any

from application.exports.check import CheckedExport
from application.exports.make import ExportMade

OWN_KEY = (
    "Checked with the key that lies in the export itself: this proves that nothing was changed since it was signed, and not "
    "who signed it."
)
GIVEN_KEY = "Signed with the key that was given, and unaltered since."


def export_as_json(export: ExportMade) -> dict[str, Any]:
    """Returns an export: the facts of its manifest, and size and sha256 of the file."""
    return {field.name: getattr(export, field.name) for field in fields(export)}


def checked_export_as_json(checked: CheckedExport) -> dict[str, Any]:
    """Returns what was checked in an export in which nothing is wrong."""
    manifest, evidence = checked.manifest.facts, checked.evidence
    names = (
        *("inspection", "reference", "stage", "edition", "made_at", "exported_by", "ran_as", "product", "events"),
        "head",
    )
    return {
        "right": True,
        **{name: manifest.get(name) for name in names},
        "personal": manifest["personal"],
        "left_out": manifest.get("left_out"),
        "kept_elsewhere": manifest["kept_elsewhere"],
        "public_key": manifest["public_key"],
        "key_given": checked.given,
        "members": len(checked.manifest.members),
        "checked": dict(evidence.counts),
        "witnessed_to": evidence.attested,
        "proves": GIVEN_KEY if checked.given else OWN_KEY,
    }
