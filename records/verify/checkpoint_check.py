"""Checks the log against checkpoints: those of the table, the files beside it, and files that an auditor was sent.

A head in a checkpoint attests its event and, by the chain, every event before it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, RowMapping, select, tuple_

from framework.common.errors import BadInput
from records.audit.checkpoints import ACCESS, CALENDAR, Checkpoint, Heads, file_name, is_valid, of_row, read_file
from records.audit.restores import RestoreStatement
from records.audit.signing import is_signed, public_key
from records.calendars import versions as calendars
from records.database.columns import to_text
from records.log.hash_chain import GENESIS
from records.tables.checkpoints import CHECKPOINTS
from records.tables.inspections import EVENTS
from records.verify.findings import Report

BATCH = 400
"""Heads looked up in one statement: a database takes a bounded number of parameters."""


@dataclass(slots=True)
class CheckpointEvidence:
    """What the checkpoints attest."""

    heads: dict[str, int] = field(default_factory=dict)
    """Inspection -> the newest event that a checkpoint attests."""
    lists: int = 0
    """Number of checkpoints in the table."""
    newest: Checkpoint | None = None
    key: str = ""
    """The installation's public key."""


def check_checkpoints(
    connection: Connection,
    data: Path,
    report: Report,
    inspection: str = "",
    files: tuple[Path, ...] = (),
    given: tuple[Path, ...] = (),
    superseded: frozenset[RestoreStatement] = frozenset(),
) -> CheckpointEvidence:
    """Checks every checkpoint, and the log against each.

    `files` are the files beside the table, `given` those that an auditor was sent, `superseded` the statements that are
    void since a restore. Raises `BadInput` for a given file that holds no checkpoint."""
    evidence = CheckpointEvidence(key=public_key(data))
    check = _Checks(connection, report, inspection, evidence, superseded)
    digests = _check_table(check)
    _check_files(check, files, digests)
    for path in given:
        _check_file(check, read_file(path), str(path), digests)
    check.calendars()
    evidence.lists = len(digests)
    report.checked["checkpoints"] += len(digests)
    return evidence


def _check_table(check: "_Checks") -> dict[int, str]:
    """Checks the rows of the table; returns number -> digest of each checkpoint that could be read."""
    digests: dict[int, str] = {}
    previous = GENESIS
    for position, row in enumerate(_rows(check.connection), start=1):
        try:
            checkpoint = of_row(row)
        except BadInput as fault:
            check.report.add("checkpoint", f"the signed list {row['number']} was altered: {fault}")
            previous = row["sha256"]
            continue
        check.row(checkpoint, row, position, previous)
        check.log(checkpoint, f"the signed list {checkpoint.number}")
        digests[checkpoint.number] = previous = checkpoint.sha256
    return digests


def _rows(connection: Connection) -> Iterator[RowMapping]:
    result = connection.execute(select(CHECKPOINTS).order_by(CHECKPOINTS.c.number).execution_options(yield_per=20))
    yield from result.mappings()


def _check_files(check: "_Checks", files: tuple[Path, ...], digests: dict[int, str]) -> None:
    newest = max(digests, default=0)
    for path in files:
        try:
            checkpoint = read_file(path)
        except BadInput as fault:
            check.report.add("checkpoint", str(fault))
            continue
        _check_file(check, checkpoint, str(path), digests)
        if path.name != file_name(checkpoint.number):
            check.report.add("checkpoint", f"{path} holds the list {checkpoint.number}: lists were swapped")
    names = {path.name for path in files}
    for number in digests:
        if number != newest and file_name(number) not in names:  # the file of the newest may not be written yet
            check.report.add("checkpoint", f"the file of the signed list {number} is gone")


def _check_file(check: "_Checks", checkpoint: Checkpoint, name: str, digests: dict[int, str]) -> None:
    if not check.signature(checkpoint, name):
        return
    number, made_at = checkpoint.number, checkpoint.made_at
    if number not in digests:
        what = f"{name} was signed at {made_at}, and the database does not have it: it was set back, or lists removed"
        check.report.add("checkpoint", what)
    elif digests[number] != checkpoint.sha256:
        check.report.add("checkpoint", f"{name} is another list than the one the database has as {number}")
    check.log(checkpoint, name)


@dataclass(slots=True)
class _Checks:
    """The checks of one checkpoint, and what they share."""

    connection: Connection
    report: Report
    inspection: str
    evidence: CheckpointEvidence
    superseded: frozenset[RestoreStatement]
    attested: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Heads that were compared before: most do not move from one checkpoint to the next."""
    beside: set[RestoreStatement] = field(default_factory=set)
    """Statements about calendars and the access log that were compared before."""

    def signature(self, checkpoint: Checkpoint, name: str) -> bool:
        """Returns whether the checkpoint was signed with this installation's key; adds a finding where it was not."""
        if not is_signed(checkpoint.body, checkpoint.signature, checkpoint.public_key):
            self.report.add("checkpoint", f"{name} was altered: its signature is not for what stands there")
            return False
        if checkpoint.public_key != self.evidence.key:
            what = f"{name} was signed with another key ({checkpoint.public_key[:16]}…) than this system's"
            self.report.add("checkpoint", what)
            return False
        return True

    def row(self, checkpoint: Checkpoint, row: RowMapping, position: int, previous: str) -> None:
        """Checks a row of the table: its signature, its link to the one before, and its columns against its body."""
        name = f"the signed list {checkpoint.number}"
        if not self.signature(checkpoint, name):
            return
        columns = (row["number"], row["sha256"], to_text(row["made_at"]))
        body = (checkpoint.number, checkpoint.sha256, checkpoint.made_at)
        if checkpoint.number != position or columns != body:
            self.report.add("checkpoint", f"{name} stands in place {position}: lists were removed, put in or altered")
        elif checkpoint.previous != previous:
            self.report.add("checkpoint", f"{name} does not follow the one before it: lists were altered or removed")
        self.evidence.newest = checkpoint

    def log(self, checkpoint: Checkpoint, name: str) -> None:
        """Compares every head of the checkpoint with the log, and its other statements with their tables."""
        self._check_beside(checkpoint, name)
        heads = {
            inspection: head
            for inspection, head in checkpoint.heads.items()
            if self.inspection in ("", inspection)
            and self.attested.get(inspection) != head
            and (inspection, *head) not in self.superseded
        }
        hashes = self._hashes(heads)
        for inspection, (number, digest) in heads.items():
            if hashes.get((inspection, number)) == digest:
                self.attested[inspection] = (number, digest)
                self.evidence.heads[inspection] = max(number, self.evidence.heads.get(inspection, 0))
            else:
                exists = (inspection, number) in hashes
                fault = "another event stands there now" if exists else "the log does not have it any more"
                signed = f"{name} of {checkpoint.made_at} has signed for this event"
                self.report.add(
                    "checkpoint", f"{signed}, and {fault}: the log was altered or set back", inspection, number
                )

    def _check_beside(self, checkpoint: Checkpoint, name: str) -> None:
        for statement in checkpoint.beside():
            if statement in self.superseded or statement in self.beside:
                continue
            self.beside.add(statement)
            if is_valid(self.connection, statement):
                continue
            of_access = statement[0] == ACCESS
            what = f"reading {statement[1]} of the {ACCESS}" if of_access else f"the {statement[0]}"
            fault = "is not there any more, or is another one now: it was altered, removed or set back"
            signed = f"for which {name} of {checkpoint.made_at} has signed"
            self.report.add("access" if of_access else "calendar", f"{what}, {signed}, {fault}")

    def calendars(self) -> None:
        """Finds versions of the calendar that were inserted among older ones.

        Versions are made one after another: one that the newest checkpoint lacks cannot be older than one it has."""
        newest = self.evidence.newest
        attested = newest.calendars if newest else {}
        versions = calendars.made_in_order(self.connection)[::-1]
        self.report.checked["calendars"] += len(versions)
        last = next((made_at for made_at, version in versions if version in attested), None)
        for made_at, version in versions:
            if version not in attested and last is not None and made_at <= last:
                self.report.add("calendar", f"the {CALENDAR}{version} was put in: no signed list knows of it")

    def _hashes(self, heads: Heads) -> dict[tuple[str, int], str]:
        keys = [(inspection, number) for inspection, (number, _) in heads.items()]
        hashes: dict[tuple[str, int], str] = {}
        for start in range(0, len(keys), BATCH):
            key = tuple_(EVENTS.c.inspection_id, EVENTS.c.number)
            columns = (EVENTS.c.inspection_id, EVENTS.c.number, EVENTS.c.hash)
            rows = self.connection.execute(select(*columns).where(key.in_(keys[start : start + BATCH])))
            hashes |= {(row[0], row[1]): row[2] for row in rows}
        return hashes
