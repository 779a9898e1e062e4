"""Who held which role when: the table of parts against what the events of one inspection come to.

The table decides who may see an inspection, so that altering it would open one to a stranger, or hide one from its team."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from records.tables.projections import PARTS
from records.verify.findings import Report

Key = tuple[str, str, int]
"""Role, person, and the event with which the part began."""


def check_parts(session: Session, inspection: str, expected: list[dict[str, Any]], report: Report) -> None:
    """Reports every part of an inspection that is missing, was added, or has other moments than its events say."""
    query = select(PARTS).where(PARTS.c.inspection_id == inspection)
    stored = {_key(row): dict(row) for row in session.connection().execute(query).mappings()}
    derived = {_key(row): row for row in expected}
    report.checked["parts"] += len(stored)
    for key in sorted(stored.keys() | derived.keys()):
        if (fault := _fault(stored.get(key), derived.get(key))) is not None:
            role, person, number = key
            report.add("parts", f"the part of {person} as {role} {fault}", inspection, number or None)


def _fault(stored: dict[str, Any] | None, derived: dict[str, Any] | None) -> str | None:
    if stored is None:
        return "is gone from the table of parts"
    if derived is None:
        return "was put in: its events know of none"
    wrong = [name for name in ("since", "until") if stored[name] != derived[name]]
    return (
        f"was altered: {', '.join(f'{name} is {stored[name]}, not {derived[name]}' for name in wrong)}"
        if wrong
        else None
    )


def _key(row: Any) -> Key:
    return row["role"], row["person"], row["number"]
