"""The signed lists of heads against the log: what was signed an hour ago must stand there today.

Lists come from the table, from the files beside it, and from whoever was sent one. A list proves everything its heads stand
on; what was recorded after the newest list nobody has signed yet."""

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
"""Heads asked for in one question: a database takes only so many values."""


@dataclass(slots=True)
class CheckpointEvidence:
    """How far the signed lists reach."""

    heads: dict[str, int] = field(default_factory=dict)
    """Inspection -> the newest event that is signed for."""
    lists: int = 0
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
    """Checks every list, and the log against each. `files` are those beside the table, `given` lists that somebody was
    sent and kept, `superseded` what no longer holds since a restore.

    Raises `BadInput` for a given file that holds no list."""
    reached = CheckpointEvidence(key=public_key(data))
    check = _Lists(connection, report, inspection, reached, superseded)
    kept: dict[int, str] = {}
    previous = GENESIS
    for place, row in enumerate(_rows(connection), start=1):
        try:
            one = of_row(row)
        except BadInput as fault:
            report.add("checkpoint", f"the signed list {row['number']} was altered: {fault}")
            previous = row["sha256"]
            continue
        check.in_its_place(one, row, place, previous)
        check.log_against(one, f"the signed list {one.number}")
        kept[one.number], previous = one.sha256, one.sha256
    _check_files(check, files, kept)
    for path in given:
        _check_given(check, read_file(path), str(path), kept)
    check.calendars_put_in()
    reached.lists = len(kept)
    report.checked["checkpoints"] += len(kept)
    return reached


def _rows(connection: Connection) -> Iterator[RowMapping]:
    result = connection.execute(select(CHECKPOINTS).order_by(CHECKPOINTS.c.number).execution_options(yield_per=20))
    yield from result.mappings()


def _check_files(check: "_Lists", files: tuple[Path, ...], kept: dict[int, str]) -> None:
    """A list on file that the table has not means that the database was set back."""
    newest = max(kept, default=0)
    for path in files:
        try:
            one = read_file(path)
        except BadInput as fault:
            check.report.add("checkpoint", str(fault))
            continue
        _check_given(check, one, str(path), kept)
        if path.name != file_name(one.number):
            check.report.add("checkpoint", f"{path} holds the list {one.number}: lists were swapped")
    names = {path.name for path in files}
    for number in kept:
        if number != newest and file_name(number) not in names:  # the newest may be being written
            check.report.add("checkpoint", f"the file of the signed list {number} is gone")


def _check_given(check: "_Lists", one: Checkpoint, name: str, kept: dict[int, str]) -> None:
    if not check.signature(one, name):
        return
    if one.number not in kept:
        what = (
            f"{name} was signed at {one.made_at}, and the database does not have it: it was set back, or lists removed"
        )
        check.report.add("checkpoint", what)
    elif kept[one.number] != one.sha256:
        check.report.add("checkpoint", f"{name} is another list than the one the database has as {one.number}")
    check.log_against(one, name)


@dataclass(slots=True)
class _Lists:
    """What the checks of one list share."""

    connection: Connection
    report: Report
    inspection: str
    reached: CheckpointEvidence
    superseded: frozenset[RestoreStatement]
    proved: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Heads that were looked up before, and found right: most stand still from one list to the next."""
    beside: dict[RestoreStatement, bool] = field(default_factory=dict)
    """What was looked up before of other things than inspections."""

    def signature(self, one: Checkpoint, name: str) -> bool:
        """Whether the list was signed, and with this installation's key."""
        if not is_signed(one.body, one.signature, one.public_key):
            self.report.add("checkpoint", f"{name} was altered: its signature is not for what stands there")
            return False
        if one.public_key != self.reached.key:
            self.report.add(
                "checkpoint", f"{name} was signed with another key ({one.public_key[:16]}…) than this system's"
            )
            return False
        return True

    def in_its_place(self, one: Checkpoint, row: RowMapping, place: int, previous: str) -> None:
        """Whether a list of the table follows the one before it, and its columns are those of its body."""
        name = f"the signed list {one.number}"
        if not self.signature(one, name):
            return
        columns = (row["number"], row["sha256"], to_text(row["made_at"]))
        if one.number != place or columns != (one.number, one.sha256, one.made_at):
            self.report.add("checkpoint", f"{name} stands in place {place}: lists were removed, put in or altered")
        elif one.previous != previous:
            self.report.add("checkpoint", f"{name} does not follow the one before it: lists were altered or removed")
        self.reached.newest = one

    def log_against(self, one: Checkpoint, name: str) -> None:
        """Whether every head of the list still stands in the log, and what it says beside them is so."""
        self._beside(one, name)
        wanted = {
            inspection: head
            for inspection, head in one.heads.items()
            if self.inspection in ("", inspection)
            and self.proved.get(inspection) != head
            and (inspection, *head) not in self.superseded
        }
        found = self._hashes(wanted)
        for inspection, (number, proof) in wanted.items():
            if found.get((inspection, number)) == proof:
                self.proved[inspection] = (number, proof)
                self.reached.heads[inspection] = max(number, self.reached.heads.get(inspection, 0))
            else:
                there = (inspection, number) in found
                fault = "another event stands there now" if there else "the log does not have it any more"
                what = (
                    f"{name} of {one.made_at} has signed for this event, and {fault}: the log was altered or set back"
                )
                self.report.add("checkpoint", what, inspection, number)

    def _beside(self, one: Checkpoint, name: str) -> None:
        for stated in one.beside():
            if stated in self.superseded or stated in self.beside:
                continue
            self.beside[stated] = is_valid(self.connection, stated)
            if self.beside[stated]:
                continue
            what = f"reading {stated[1]} of the {ACCESS}" if stated[0] == ACCESS else f"the {stated[0]}"
            fault = "is not there any more, or is another one now: it was altered, removed or set back"
            check = "access" if stated[0] == ACCESS else "calendar"
            self.report.add(check, f"{what}, for which {name} of {one.made_at} has signed, {fault}")

    def calendars_put_in(self) -> None:
        """Versions are made one after another: one that the newest list does not know, older than one it knows, was put in."""
        newest = self.reached.newest
        known = newest.calendars if newest else {}
        versions = calendars.made_in_order(self.connection)[::-1]
        self.report.checked["calendars"] += len(versions)
        last = next((made_at for made_at, version in versions if version in known), None)
        for made_at, version in versions:
            if version not in known and last is not None and made_at <= last:
                self.report.add("calendar", f"the {CALENDAR}{version} was put in: no signed list knows of it")

    def _hashes(self, wanted: Heads) -> dict[tuple[str, int], str]:
        keys = [(inspection, number) for inspection, (number, _) in wanted.items()]
        found: dict[tuple[str, int], str] = {}
        for start in range(0, len(keys), BATCH):
            key = tuple_(EVENTS.c.inspection_id, EVENTS.c.number)
            query = select(EVENTS.c.inspection_id, EVENTS.c.number, EVENTS.c.hash).where(
                key.in_(keys[start : start + BATCH])
            )
            found |= {(row[0], row[1]): row[2] for row in self.connection.execute(query)}
        return found
