"""Everything that can be checked from the records and the files beside them, in order: chains, what they commit to, what
is made anew from them, lists of heads, kept histories. What the running engine says is added by whoever can ask it
(`Verification.engine_says`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from framework.common.errors import CheckFailed
from records.audit.restores import Restore, RestoreStatement
from records.projections.as_known import Calendars
from records.tables.checkpoints import ENGINE_HISTORIES
from records.verify.access_check import check_access
from records.verify.chain_check import Chain, chains
from records.verify.checkpoint_check import CheckpointEvidence, check_checkpoints
from records.verify.commitment_check import check_commitments
from records.verify.content_check import check_content
from records.verify.engine_history_check import EngineAccount, check_account, read_history
from records.verify.files_check import HISTORY_FILES, check_files
from records.verify.findings import Report
from records.verify.message_check import check_messages
from records.verify.projection_check import check_projections
from records.verify.restores_check import check_restores

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
Progress = Callable[[int], None]
"""Told how many events are through."""


@dataclass(slots=True)
class Verification:
    """One look at everything, or at one inspection."""

    session: Session
    data: Path
    inspection: str = ""
    given: tuple[Path, ...] = ()
    """Signed lists that somebody was sent and kept."""
    files: tuple[Path, ...] = ()
    """The signed lists on file, looked up before the session began: one written since is not in its moment."""
    progress: Progress | None = None
    report: Report = field(default_factory=Report)
    witnessed: CheckpointEvidence = field(default_factory=CheckpointEvidence)
    heads: dict[str, int] = field(default_factory=dict)
    """Inspection -> its newest event, as the log has it."""
    by_engine: dict[str, int] = field(default_factory=dict)
    """Inspection -> the newest event that a history of the engine bears witness to."""

    restored: list[Restore] = field(default_factory=list)
    """Each time the records were put back from a backup."""
    superseded: frozenset[RestoreStatement] = frozenset()
    """What bore witness to the log until a restore, and does not since."""

    def run(self) -> Report:
        """Looks at all of it. Raises `BadInput` for a given list that is none."""
        connection = self.session.connection()
        with self._readable("restore"):
            self.restored, self.superseded = check_restores(connection, self.data, self.report)
        calendars = Calendars(self.session)
        for chain in chains(connection, self.report, self.inspection):
            self._beside(chain)
            with self._readable("projections", chain.inspection):
                check_projections(self.session, calendars, chain, self.report)
            self.heads[chain.inspection] = chain.head
            if self.progress:
                self.progress(self.report.checked["events"])
        with self._readable("checkpoint"):
            self.witnessed = check_checkpoints(
                connection, self.data, self.report, self.inspection, self.files, self.given, self.superseded
            )
        with self._readable("access"):
            if not self.inspection:
                check_access(connection, self.report)
        with self._readable("engine"):
            self._kept_histories()
        return self.report

    def engine_says(self, told: EngineAccount, where: str = "the engine's history") -> None:
        """Compares the log with one history of the engine."""
        with self._readable("engine", told.inspection):
            check_account(self.session.connection(), told, self.report, where, self.superseded)
        self.by_engine[told.inspection] = max(told.reaches, self.by_engine.get(told.inspection, 0))

    def unwitnessed(self) -> dict[str, int]:
        """Inspection -> how many of its newest events no list and no history of the engine bears witness to yet."""
        beyond = {
            inspection: head - max(self.witnessed.heads.get(inspection, 0), self.by_engine.get(inspection, 0))
            for inspection, head in self.heads.items()
        }
        return {inspection: count for inspection, count in beyond.items() if count > 0}

    def _beside(self, chain: Chain) -> None:
        with self._readable("kept", chain.inspection):
            check_commitments(self.session.connection(), chain, self.report)
        with self._readable("letter", chain.inspection):
            check_messages(self.session.connection(), chain, self.data, self.report)
        with self._readable("files", chain.inspection):
            check_files(self.session.connection(), chain, self.data, self.report)
        with self._readable("content", chain.inspection):
            check_content(self.session, chain, self.report)

    @contextmanager
    def _readable(self, check: str, inspection: str = "") -> Iterator[None]:
        """Rows that were bent until nobody can read them are a finding, too."""
        try:
            yield
        except UNREADABLE as fault:
            what = f"what is kept cannot be read, so it was altered ({type(fault).__name__}: {fault})"
            self.report.add(check, what, inspection)

    def _kept_histories(self) -> None:
        rows = ENGINE_HISTORIES.c
        query = select(rows.inspection_id, rows.workflow_id, rows.path).where(rows.workflow_id.like("inspection-%"))
        if self.inspection:
            query = query.where(rows.inspection_id == self.inspection)
        for inspection, workflow, path in self.session.connection().execute(query.order_by(rows.inspection_id)):
            try:
                told = read_history(inspection, self.data / HISTORY_FILES / path)
            except CheckFailed as fault:
                self.report.add("engine", str(fault), inspection)
                continue
            self.engine_says(told, f"the kept history {workflow}")
