"""Builds the data of the chronology's template: people, limits, entries by day, documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from framework.correspondence.documents import document as document_rule
from framework.inspection.limits import BY_KEY
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import TITLES, Role
from records.exports.chronology import ChronologyBuilder
from records.exports.rows import Row


def chronology_context(
    row: Mapping[str, Any], events: Sequence[StoredEvent], tables: Mapping[str, list[Row]], people: list[Row]
) -> Row:
    """Returns the data of the template. Where `people` is empty, texts are left out as well as names."""
    texts = {text["id"]: text["body"] for text in tables["texts"]} if people else {}
    builder = ChronologyBuilder(row["edition"], tables["letters"], people, texts)
    entries = builder.entries(events)
    days = [
        {"day": day, "entries": [asdict(entry) for entry in group]}
        for day, group in groupby(entries, key=lambda entry: entry.day)
    ]
    return {
        "inspection": {name: row[name] for name in ("id", "reference", "authority", "scope", "edition", "stage")},
        "people": list(_roles(row["people_json"], builder)),
        "limits": [_limit(limit) for limit in tables["limits"]],
        "days": days,
        "documents": [_document(document) for document in tables["documents"]],
        "events": len(events),
        "head": events[-1].hash if events else "",
        "histories": len(tables["histories"]),
        "named": bool(people),
    }


def _roles(people: Mapping[str, Sequence[str]], builder: ChronologyBuilder) -> Iterator[dict[str, str]]:
    for role in Role:
        if held := people.get(role.value):
            yield {"role": TITLES[role], "who": ", ".join(map(builder.name, held))}


def _limit(row: Row) -> dict[str, Any]:
    rule = BY_KEY[row["key"]]
    met = row["met_on"].isoformat() if row["met_on"] else ""
    return {"title": rule.title, "policy": rule.policy, "due": row["due"].isoformat(), "met": met} | {
        name: row[name] for name in ("key", "round", "paragraph", "state", "projected", "missed")
    }


def _document(row: Row) -> dict[str, Any]:
    return {
        "title": document_rule(row["kind"]).title,
        "event": row["event_number"],
        "state": row["state"],
        "sha256": row["pdf_sha256"],
    }
