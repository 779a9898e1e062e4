"""The result of a rehearsal, as `rehearse --json` prints it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from framework.calendar.london_time import LONDON
from rehearsal.observer import Records


def result(records: Records, stage: str, data: Path, seconds: float) -> dict[str, Any]:
    """Returns the whole result; moments in London time, absolute paths of documents."""
    letters = records.letters()
    return {
        "id": records.inspection,
        "stage": stage,
        "events": records.head(),
        "letters": [_letter(row) for row in letters],
        "documents": [_document(row, data / "documents") for row in records.documents()],
        "reminders": _reminders(row for row in letters if row.kind == "reminder"),
        "seconds": round(seconds, 2),
    }


def within(data: Path, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the result with paths relative to the folder, so that the folder may be moved."""
    documents = [
        {**row, "path": row["path"] and str(Path(row["path"]).relative_to(data))} for row in answer["documents"]
    ]
    return {**answer, "documents": documents}


def _letter(row: Row[Any]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "to": _addresses(row.to_json),
        "cc": _addresses(row.cc_json),
        "sent": _moment(row.accepted_at),
        "message_id": row.message_id,
        "paragraph": row.paragraph,
    }


def _document(row: Row[Any], folder: Path) -> dict[str, Any]:
    """Returns kind, path and hash of the file that is sent: the PDF if there is one, else the page."""
    path, sha256 = (row.pdf_path, row.pdf_sha256) if row.pdf_path else (row.html_path, row.html_sha256)
    return {"kind": row.kind, "path": str(folder / path) if path else None, "sha256": sha256 or None}


def _reminders(letters: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Returns an entry for each limit and rung that reminders carried, with all who had it in a letter of theirs."""
    entries: dict[tuple[str, int, str], dict[str, Any]] = {}
    for row in letters:
        for item in rungs_of(row):
            entry = {"limit": item["limit"], "rung": item["rung"], "to": [], "sent": _moment(row.accepted_at)}
            stored = entries.setdefault((item["limit"], item["rung"], item["due"]), entry)
            stored["to"] += _addresses(row.to_json)
    return list(entries.values())


def rungs_of(row: Row[Any]) -> list[dict[str, Any]]:
    """Returns the items of a reminder that carry a rung; the others are listed beside them."""
    return [item for item in row.data_json["facts"]["owed"] if item["rung"] is not None]


def _addresses(people: list[dict[str, str]]) -> list[str]:
    return [person["email"] for person in people]


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(LONDON).isoformat(timespec="seconds") if moment else None
