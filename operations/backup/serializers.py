"""Backups, restores and erasures as JSON."""

from pathlib import Path
from typing import Any

from operations.backup.archive import Backup
from operations.backup.models import RestoreResult
from records.inspections.erasure import Erasure


def backup_as_json(backup: Backup) -> dict[str, Any]:
    """Returns what a backup holds, by its manifest."""
    facts = {name: backup.manifest[name] for name in ("made_at", "inspections", "events", "engine", "left_out")}
    return {"file": str(backup.path), "sha256": backup.seal, "files": len(backup.names), **facts}


def restore_as_json(done: RestoreResult) -> dict[str, Any]:
    """Returns what a restore did."""
    return {
        "backup": {
            "file": str(done.backup.path),
            "sha256": done.backup.seal,
            "made_at": done.backup.manifest["made_at"],
        },
        "again": done.again,
        "restore": done.number or None,
        "engine": done.engine,
        "aside": done.aside,
        "inspections": [
            {
                "id": row.inspection,
                "unknown_to_backup": row.begun,
                "steps_told": row.steps,
                "letters_told": row.letters,
                "letters_in_doubt": row.doubt,
                "letters_stopped": row.stopped,
                "events_lost": row.lost,
                "texts_lost": row.words,
                "fault": row.fault or None,
            }
            for row in done.inspections
        ],
        "lost": [
            {"inspection": lost.inspection, "number": lost.number, "kind": lost.kind, "by": lost.by, "on": lost.on}
            for lost in done.lost
        ],
        "gone": done.gone,
        "signed_with_another_key": done.other_key,
    }


def erasure_as_json(erasure: Erasure, data: Path, *, preview: bool) -> dict[str, Any]:
    """Returns what was erased of an inspection, or would be."""
    return {
        "inspection": erasure.inspection,
        "erased": not preview or erasure.erased_on is not None,
        "erased_before": erasure.erased_on,
        "ended": erasure.over,
        "kept_until": erasure.from_day,
        "rule": f"{erasure.years} years after the end (INSPECTIONS_PERSONAL_DATA_YEARS)",
        "rows": dict(erasure.rows),
        "documents": str(data / "documents" / erasure.inspection),
    }
