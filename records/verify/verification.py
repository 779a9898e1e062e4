"""Runs every check of the records and the files beside them: chains, commitments, projections, checkpoints, kept histories.

A caller that is connected to the engine adds the histories of open inspections (`Verification.add_engine_account`)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from framework.common.errors import CheckFailed
from records.audit.restores import Restore, RestoreStatement
from records.inspections import repository
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
"""Called with the number of events checked so far."""


@dataclass(slots=True)
class Verification:
    """One verification of all records, or of one inspection, in the transaction of `session`."""

    session: Session
    data: Path
    inspection: str = ""
    given: tuple[Path, ...] = ()
    """Files with checkpoints that an auditor was sent."""
    files: tuple[Path, ...] = ()
    """The files of checkpoints, listed before the session began: one written later is not in its snapshot."""
    progress: Progress | None = None
    report: Report = field(default_factory=Report)
    checkpoints: CheckpointEvidence = field(default_factory=CheckpointEvidence)
    heads: dict[str, int] = field(default_factory=dict)
    """Inspection -> its newest event in the log."""
    by_engine: dict[str, int] = field(default_factory=dict)
    """Inspection -> the newest event that a history of the engine attests."""

    restored: list[Restore] = field(default_factory=list)
    """The valid statements about restores, oldest first."""
    superseded: frozenset[RestoreStatement] = frozenset()
    """Attestations that are void since a restore."""

    def run(self) -> Report:
        """Runs every check. Raises `BadInput` for a given file that holds no checkpoint."""
        connection = self.session.connection()
        with self._readable("restore"):
            self.restored, self.superseded = check_restores(connection, self.data, self.report)
        calendars = Calendars(self.session)
        for chain in chains(connection, self.report, self.inspection):
            self._check_beside(chain)
            with self._readable("projections", chain.inspection):
                check_projections(self.session, calendars, chain, self.report)
            self.heads[chain.inspection] = chain.head
            if self.progress:
                self.progress(self.report.checked["events"])
        with self._readable("checkpoint"):
            self.checkpoints = check_checkpoints(
                connection, self.data, self.report, self.inspection, self.files, self.given, self.superseded
            )
        with self._readable("access"):
            if not self.inspection:
                check_access(connection, self.report)
        with self._readable("engine"):
            self._check_kept_histories()
        return self.report

    def add_engine_account(self, account: EngineAccount, source: str = "the engine's history") -> None:
        """Compares the log with one history of the engine; `source` names it in findings."""
        with self._readable("engine", account.inspection):
            check_account(self.session.connection(), account, self.report, source, self.superseded)
        newest = self.by_engine.get(account.inspection, 0)
        self.by_engine[account.inspection] = max(account.newest_event, newest)

    def add_missing_workflows(self, missing: Mapping[str, str]) -> None:
        """Adds the unfinished inspections without a running workflow -> what the engine has instead."""
        unfinished = set(repository.unfinished(self.session))  # one may have ended after the engine was asked
        for inspection in sorted(unfinished & missing.keys()):
            what = f"no workflow runs for it (it is {missing[inspection]}): a worker begins it again within the hour"
            self.report.add("engine", what, inspection)

    def unattested(self) -> dict[str, int]:
        """Returns inspection -> number of its newest events that neither a checkpoint nor a history attests yet."""
        beyond = {
            inspection: head - max(self.checkpoints.heads.get(inspection, 0), self.by_engine.get(inspection, 0))
            for inspection, head in self.heads.items()
        }
        return {inspection: count for inspection, count in beyond.items() if count > 0}

    def _check_beside(self, chain: Chain) -> None:
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
        """Turns errors of reading into a finding: a row that cannot be read was altered."""
        try:
            yield
        except UNREADABLE as fault:
            what = f"what is kept cannot be read, so it was altered ({type(fault).__name__}: {fault})"
            self.report.add(check, what, inspection)

    def _check_kept_histories(self) -> None:
        rows = ENGINE_HISTORIES.c
        query = select(rows.inspection_id, rows.workflow_id, rows.path).where(rows.workflow_id.like("inspection-%"))
        if self.inspection:
            query = query.where(rows.inspection_id == self.inspection)
        for inspection, workflow, path in self.session.connection().execute(query.order_by(rows.inspection_id)):
            try:
                account = read_history(inspection, self.data / HISTORY_FILES / path)
            except CheckFailed as fault:
                self.report.add("engine", str(fault), inspection)
                continue
            self.add_engine_account(account, f"the kept history {workflow}")
