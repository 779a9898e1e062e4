"""The engine's own history against the log: what `record` answered, and what commands were given, as the engine keeps it.

The engine's store is another one than the records: whoever alters the log would have to alter both. A history is read from
its JSON, as the engine exports it, so that a kept one can be checked when the engine has long forgotten it."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from framework.common.errors import CheckFailed
from records.audit.restores import RestoreStatement
from records.database.columns import to_text
from records.tables.inspections import EVENTS
from records.verify.findings import Report

RECORDED_BY = "commit_decision"
"""The name of the activity whose answers are witnesses (`activities.names.COMMIT_DECISION`)."""


@dataclass(frozen=True, slots=True)
class RecordedCommit:
    """What the engine heard when a decision was written down."""

    head: int
    hash: str


@dataclass(frozen=True, slots=True)
class AcceptedCommand:
    """A command as the engine took it in, and what it was answered."""

    command: str
    person: str
    on: str
    received: str
    events: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(slots=True)
class EngineAccount:
    """What one run's history says of its inspection."""

    inspection: str
    recordings: list[RecordedCommit] = field(default_factory=list)
    given: list[AcceptedCommand] = field(default_factory=list)

    @property
    def reaches(self) -> int:
        """The newest event it bears witness to."""
        return max((one.head for one in self.recordings), default=0)


def account(inspection: str, history: Mapping[str, Any]) -> EngineAccount:
    """What a history in the engine's JSON says."""
    found = EngineAccount(inspection)
    commands: dict[str, Mapping[str, Any]] = {}
    for event in history["events"]:
        found.recordings += _recordings(event)
        if accepted := event.get("workflowExecutionUpdateAcceptedEventAttributes"):
            for command in _payloads(accepted["acceptedRequest"]["input"].get("args", {})):
                commands[accepted["acceptedRequest"]["meta"]["updateId"]] = command
        elif completed := event.get("workflowExecutionUpdateCompletedEventAttributes"):
            command = commands.get(completed["meta"]["updateId"])
            for answer in _payloads(completed["outcome"].get("success", {})):
                found.given += [_given(command, answer)] if command else []
    return found


def read_history(inspection: str, path: Path) -> EngineAccount:
    """The same from a kept file. Raises `CheckFailed` for a file that is no history."""
    try:
        return account(inspection, json.loads(gzip.decompress(path.read_bytes())))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, zlib.error) as fault:
        raise CheckFailed(f"{path} is no history of the engine ({fault}): restore it from a backup") from None


def check_account(
    connection: Connection,
    told: EngineAccount,
    report: Report,
    where: str,
    superseded: frozenset[RestoreStatement] = frozenset(),
) -> None:
    """Compares the log with what the engine was told. `where` names the history: kept, or the engine itself; `superseded`
    is what no longer holds since a restore."""
    report.checked["engine_histories"] += 1
    columns = ("number", "hash", "kind", "command_id", "actor", "happened_on", "received_at")
    query = select(*(EVENTS.c[name] for name in columns)).where(EVENTS.c.inspection_id == told.inspection)
    rows = {row["number"]: row for row in connection.execute(query).mappings()}
    for one in told.recordings:
        report.checked["recordings"] += 1
        row = rows.get(one.head)
        if (told.inspection, one.head, one.hash) in superseded:
            continue
        if row is None or row["hash"] != one.hash:
            fault = "the log does not have it" if row is None else "another stands in the log"
            what = f"{where} knows this event, and {fault}: the records were altered or set back"
            report.add("engine", what, told.inspection, one.head)
    for given in told.given:
        report.checked["commands"] += 1
        _check_given(rows, given, told.inspection, report, where)


def _check_given(
    rows: Mapping[int, RowMapping], given: AcceptedCommand, inspection: str, report: Report, where: str
) -> None:
    for number, kind in zip(given.events, given.kinds, strict=True):
        row = rows.get(number)
        if row is None or (row["kind"], row["command_id"]) != (kind, given.command):
            what = f"{where} says the command {given.command} brought {kind} here, and the log says otherwise"
            report.add("engine", what, inspection, number)
    first = rows.get(given.events[0]) if given.events else None
    if first is not None and _said(first) != (given.person, given.on, given.received):
        what = f"{where} has the command {given.command} by {given.person} of {given.on}, and the log says otherwise"
        report.add("engine", what, inspection, given.events[0])


def _said(row: RowMapping) -> tuple[str, str, str]:
    return row["actor"], row["happened_on"].isoformat(), to_text(row["received_at"])


def answers(history_event: Mapping[str, Any], activity: str) -> Iterator[Any]:
    """What a local activity answered, where this event of the engine's history is its mark."""
    details = history_event.get("markerRecordedEventAttributes", {}).get("details", {})
    data: Mapping[str, Any] = next(_payloads(details.get("data", {})), {})
    if data.get("activity_type") == activity:
        yield from _payloads(details.get("result", {}))


def _recordings(history_event: Mapping[str, Any]) -> Iterator[RecordedCommit]:
    for result in answers(history_event, RECORDED_BY):
        if result["head"] > 0:
            yield RecordedCommit(result["head"], result["hash"])


def _given(command: Mapping[str, Any], answer: Mapping[str, Any]) -> AcceptedCommand:
    received = to_text(datetime.fromisoformat(command["received"]))
    events, kinds = tuple(answer["events"]), tuple(answer["kinds"])
    return AcceptedCommand(command["id"], command["actor"]["person"], command["on"], received, events, kinds)


def _payloads(holder: Mapping[str, Any]) -> Iterator[Any]:
    for payload in holder.get("payloads", ()):
        yield json.loads(base64.b64decode(payload.get("data", "") or b"null"))
