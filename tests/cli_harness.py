"""A data folder with real records and no engine, and the command line in front of it: what tests of commands begin with."""

import json
import shutil
import tempfile
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from application.caller import Caller
from application.commands.start_inspection import StartInspection, StartResult, record_order
from application.files.order_file import read_order
from application.files.yaml_files import YamlFile
from application.runtime import rehearsal_marker, settings
from application.runtime.context import AppContext
from application.runtime.os_account import who_runs_this
from framework.calendar.london_time import at_nine, london_day
from framework.common.free_text import detach
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import build_commit, decide
from framework.messages.commands import Actor, Command
from framework.messages.commit import CommitResult
from framework.messages.record_state import RecordStateQuery
from interfaces.cli.main import app
from records.calendars.versions import calendar_in_force
from records.database import connection as database
from records.directory import directory
from records.inspections import commit as recordings
from records.inspections import content, repository
from records.inspections.readiness import record_state
from records.log import texts
from tests.framework.in_memory import actor
from tests.orders import order_as_text

ID = "SLAC-2010-001"


def an_order(**changes: Any) -> YamlFile:
    """Returns an order as a person writes it; None leaves a field out."""
    return YamlFile("order.yaml", order_as_text(**changes))


@cache
def _seeded() -> Path:
    """Records with tables, directory and calendar, made once for all tests of a process."""
    path = Path(tempfile.mkdtemp(prefix="seeded-")) / "records.sqlite"
    engine = database.connect(f"sqlite:///{path}")
    database.upgrade(engine)
    directory.seed(engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


class CliHarness:
    """The command line at one data folder, on a day of one's choosing."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, marked: bool = True) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        shutil.copyfile(_seeded(), self.data / "records.sqlite")
        if marked:
            rehearsal_marker.write(self.data, {})
        self.now = datetime.fromisoformat("2010-11-01T10:00+00:00")
        self.settings = settings.read(self.data)
        self.records = database.connect(self.settings.records_url)
        self.system = AppContext(self.settings, self.records, now=lambda: self.now)
        monkeypatch.setattr("application.runtime.clock.now", lambda: self.now)
        for name in ("TEMPORAL_ADDRESS", "DATABASE_URL", "INSPECTIONS_DATA"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(folder / "no-such-file"))

    def run(self, *words: str, code: int = 0) -> Result:
        """One command line on this folder, which must end with this exit code."""
        result = self.run_freely(*words)
        assert result.exit_code == code, result.output
        return result

    def run_freely(self, *words: str) -> Result:
        """One command line on this folder, however it ends."""
        return run(*words, "--data", str(self.data))

    def json(self, *words: str) -> Any:
        """What a reading command answers as JSON."""
        return json.loads(self.run(*words, "--json").stdout)

    def on(self, day: str) -> "CliHarness":
        """It is nine in the morning of that day."""
        self.now = at_nine(date.fromisoformat(day))
        return self

    def start(self, **changes: Any) -> StartResult:
        """Writes an order down, as `start` does before it begins the workflow; `by` and `confirmed` are its options."""
        by, confirmed = changes.pop("by", ""), changes.pop("confirmed", False)
        name = f"start-{changes.get('reference', ID)}"
        request = StartInspection(read_order(an_order(**changes)), name, confirmed)
        return record_order(Caller(by, ran_as=who_runs_this()), self.system, request)

    def take(
        self, step: str, by: str = "system", identifier: str = ID, on: str = "", **fields: Any
    ) -> CommitResult | None:
        """Takes a step now, for today or for an earlier day `on`, as entry point and workflow do together."""
        self.now += timedelta(seconds=1)
        with database.writing(self.records) as session:
            state = repository.state(session, identifier)
            row = STEPS.find(step, state.stage)
            assert row, f"{step} cannot be taken from {state.stage}"
            name = f"{step}-{self.now:%s}"
            plain, words = detach(row.form.model_validate(fields), f"{identifier}/{name}")
            texts.store_texts(session, identifier, words, self.now)
            day = date.fromisoformat(on) if on else london_day(self.now)
            command = Command(id=name, step=step, actor=self._actor(by), on=day, received=self.now, fields=plain)
            if row.content:
                content.write(session, state, command, self.now)
                return None
            calendar = calendar_in_force(session)
            known = record_state(session, RecordStateQuery(inspection=identifier, step=step))
            decision = decide(state, command, calendar, self.now, known)
            commit, _ = build_commit(decision, name, self.now, known.head, calendar)
            return recordings.commit(session, commit)

    def notified(self) -> "CliHarness":
        """Ordered on Monday 1 November 2010, and notified by e-mail on the 3rd."""
        self.start()
        self.on("2010-11-03").take("notify")
        self.take("record_service", method="email")
        return self

    def on_site(self) -> "CliHarness":
        """Up to the first day of fieldwork, Wednesday 17 November 2010."""
        self.notified().on("2010-11-08").take("receive_case_lists", "link.330")
        self.on("2010-11-09").take("hold_set_up_meeting", "i.ashdown", attendees="All of us", decisions="As proposed")
        for gate in ("cases", "case_audits"):
            self.take("override", "m.okafor", gate=gate, reason="The files were flooded")
        self.on("2010-11-17").take("start_fieldwork", "i.ashdown")
        return self

    def rows(self, query: str) -> list[Any]:
        """What the database itself says."""
        with self.records.connect() as connection:
            return list(connection.execute(text(query)))

    @staticmethod
    def _actor(person: str) -> Actor:
        return actor(person)


def run(*words: str) -> Result:
    """One command line, however it ends."""
    return CliRunner().invoke(app, list(words))


def fits(printed: str, width: int = 80) -> bool:
    """Whether no line is wider."""
    return all(len(line.rstrip()) <= width for line in printed.splitlines())
