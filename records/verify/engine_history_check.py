"""Compares the log with the engine's history of a workflow: the results of its commits, and the commands it accepted.

The engine's store is apart from the records: an altered log contradicts it. A history is read from the JSON that the engine
exports, so that a kept one can be compared after the engine's own retention is over."""

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

COMMIT_ACTIVITY = "commit_decision"
"""The name of the activity whose results attest events (`activities.names.COMMIT_DECISION`)."""


@dataclass(frozen=True, slots=True)
class RecordedCommit:
    """The head that one commit returned to the engine."""

    head: int
    hash: str


@dataclass(frozen=True, slots=True)
class AcceptedCommand:
    """A command that the workflow accepted, and the events it was answered with."""

    command: str
    person: str
    on: str
    received: str
    events: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(slots=True)
class EngineAccount:
    """The commits and commands in the history of one run of an inspection's workflow."""

    inspection: str
    commits: list[RecordedCommit] = field(default_factory=list)
    commands: list[AcceptedCommand] = field(default_factory=list)

    @property
    def newest_event(self) -> int:
        """Returns the number of the newest event that it attests; 0 for none."""
        return max((commit.head for commit in self.commits), default=0)


def account_of(inspection: str, history: Mapping[str, Any]) -> EngineAccount:
    """Returns the commits and commands in a history, given as the engine's JSON."""
    account = EngineAccount(inspection)
    accepted_updates: dict[str, Mapping[str, Any]] = {}
    for event in history["events"]:
        account.commits += _commits(event)
        if accepted := event.get("workflowExecutionUpdateAcceptedEventAttributes"):
            for command in _payloads(accepted["acceptedRequest"]["input"].get("args", {})):
                accepted_updates[accepted["acceptedRequest"]["meta"]["updateId"]] = command
        elif completed := event.get("workflowExecutionUpdateCompletedEventAttributes"):
            command = accepted_updates.get(completed["meta"]["updateId"])
            for answer in _payloads(completed["outcome"].get("success", {})):
                account.commands += [_accepted(command, answer)] if command else []
    return account


def read_history(inspection: str, path: Path) -> EngineAccount:
    """Returns the commits and commands in a kept history. Raises `CheckFailed` for a file that is no history."""
    try:
        return account_of(inspection, json.loads(gzip.decompress(path.read_bytes())))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, zlib.error) as fault:
        raise CheckFailed(f"{path} is no history of the engine ({fault}): restore it from a backup") from None


def check_account(
    connection: Connection,
    account: EngineAccount,
    report: Report,
    source: str,
    superseded: frozenset[RestoreStatement] = frozenset(),
) -> None:
    """Compares the log with the account of a history.

    `source` names the history in findings; `superseded` are the statements that are void since a restore."""
    report.checked["engine_histories"] += 1
    columns = ("number", "hash", "kind", "command_id", "actor", "happened_on", "received_at")
    query = select(*(EVENTS.c[name] for name in columns)).where(EVENTS.c.inspection_id == account.inspection)
    rows = {row["number"]: row for row in connection.execute(query).mappings()}
    for commit in account.commits:
        report.checked["recordings"] += 1
        row = rows.get(commit.head)
        if (account.inspection, commit.head, commit.hash) in superseded:
            continue
        if row is None or row["hash"] != commit.hash:
            fault = "the log does not have it" if row is None else "another stands in the log"
            what = f"{source} knows this event, and {fault}: the records were altered or set back"
            report.add("engine", what, account.inspection, commit.head)
    for command in account.commands:
        report.checked["commands"] += 1
        _check_command(rows, command, account.inspection, report, source)


def _check_command(
    rows: Mapping[int, RowMapping], command: AcceptedCommand, inspection: str, report: Report, source: str
) -> None:
    for number, kind in zip(command.events, command.kinds, strict=True):
        row = rows.get(number)
        if row is None or (row["kind"], row["command_id"]) != (kind, command.command):
            what = f"{source} says the command {command.command} brought {kind} here, and the log says otherwise"
            report.add("engine", what, inspection, number)
    first = rows.get(command.events[0]) if command.events else None
    if first is not None and _origin(first) != (command.person, command.on, command.received):
        taken = f"the command {command.command} by {command.person} of {command.on}"
        report.add("engine", f"{source} has {taken}, and the log says otherwise", inspection, command.events[0])


def _origin(row: RowMapping) -> tuple[str, str, str]:
    return row["actor"], row["happened_on"].isoformat(), to_text(row["received_at"])


def answers(history_event: Mapping[str, Any], activity: str) -> Iterator[Any]:
    """Returns the result of a local activity of this name, where the event is the marker that recorded it."""
    details = history_event.get("markerRecordedEventAttributes", {}).get("details", {})
    data: Mapping[str, Any] = next(_payloads(details.get("data", {})), {})
    if data.get("activity_type") == activity:
        yield from _payloads(details.get("result", {}))


def _commits(history_event: Mapping[str, Any]) -> Iterator[RecordedCommit]:
    for result in answers(history_event, COMMIT_ACTIVITY):
        if result.get("head", 0) > 0:  # a conflict and a refusal have none
            yield RecordedCommit(result["head"], result["hash"])


def _accepted(command: Mapping[str, Any], answer: Mapping[str, Any]) -> AcceptedCommand:
    received = to_text(datetime.fromisoformat(command["received"]))
    events, kinds = tuple(answer["events"]), tuple(answer["kinds"])
    return AcceptedCommand(command["id"], command["actor"]["person"], command["on"], received, events, kinds)


def _payloads(holder: Mapping[str, Any]) -> Iterator[Any]:
    for payload in holder.get("payloads", ()):
        yield json.loads(base64.b64decode(payload.get("data", "") or b"null"))
