"""Random lives with corrections, deferrals and new holidays: what is known of a past moment later is what was known then."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis.strategies import integers
from sqlalchemy import Engine, select

from application.queries.inspection_view import case_view
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.lifecycle.decide import Decision, build_commit
from framework.lifecycle.limit_status import limit_statuses, limit_statuses_on
from framework.messages.commit import Committed
from records.calendars import versions
from records.database import connection as database
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import commit as recordings
from records.inspections import repository
from records.inspections.repository import Start
from records.projections import limit_history as kept_standings
from records.queries.statistics import GROUPS, Statistics, statistics
from records.tables.projections import LIMIT_HISTORY
from tests.framework.in_memory import AUTHORITY_PEOPLE, InMemoryInspection
from tests.framework.ordinary_path import REASON, get_on
from tests.records.builders import ordered

MANY = os.environ.get("HYPOTHESIS_PROFILE") == "full"
TICK = timedelta(seconds=1)
UNSENT: dict[str, Any] = {
    "letters": (),
    "documents": (),
    "comments": (),
    "tasks": (),
    "send_again": None,
    "publish": False,
}
"""Letters and documents need real texts; their fate as it was known is tested at the command line."""


class RecordedLife(InMemoryInspection):
    """A life that is written to the records as it goes."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        limits = tuple(one.row() for one in limit_statuses(self.inspection, self.calendar))
        with writing(engine) as session:
            start = Start(self.inspection.order, AUTHORITY_PEOPLE, self.now, limits=limits)
            repository.create(session, self.inspection.id, start)
        ordered(engine, self.now)
        self.now += TICK

    def settle(self, decision: Decision) -> Decision:
        wanted, _ = build_commit(decision, f"r{self.head}", self.now, self.head, self.calendar)
        with writing(self.engine) as session:
            result = recordings.commit(session, wanted.model_copy(update=UNSENT))
            assert isinstance(result, Committed)
            assert result.head == self.head + len(decision.events)
        self.now += TICK
        return super().settle(decision)

    def proclaim(self, day: date) -> None:
        """A new holiday, in force at once."""
        with writing(self.engine) as session:
            days = {**self.calendar.holidays, day: "A wedding"}
            made = versions.add_version(session, days, self.now, "c.marsh", "proclaimed")
        self.calendar = Calendar(**made.model_dump())
        self.now += TICK


@dataclass
class Snapshot:
    """Everything that is asked of a moment, as it was answered then."""

    moment: Any
    state: Any
    limits: Any
    calendar: str
    figures: dict[str, Statistics]


def looked_at(life: RecordedLife) -> Snapshot:
    today = life.now.date()
    with reading(life.engine) as session:
        figures = {by: statistics(session, by, life.now) for by in GROUPS}
    limits = limit_statuses_on(life.inspection, life.calendar, today)
    return Snapshot(life.now, life.inspection.after(()), limits, life.calendar.version, figures)


LEADS = ("i.bellamy", "i.ashdown")


def corrects(life: RecordedLife, chance: Random, day: date) -> None:
    if life.inspection.log:
        life.do("correct", "c.marsh", day, event=chance.choice(list(life.inspection.log)), **REASON)


def defers(life: RecordedLife, chance: Random, day: date) -> None:
    if life.inspection.stage is not Stage.PLANNED:
        life.do("defer", "m.okafor", **REASON)


DEEDS: tuple[tuple[int, Callable[[RecordedLife, Random, date], object]], ...] = (
    (5, lambda life, chance, day: get_on(life, chance.choice((0, 0, 1)))),
    (3, lambda life, chance, day: life.until(life.now + timedelta(days=chance.choice((1, 2, 5, 12))))),
    (3, corrects),
    (1, defers),
    (2, lambda life, chance, day: life.do("resume", "c.marsh", fieldwork=day.isoformat())),
    (1, lambda life, chance, day: life.do("change_lead", "c.marsh", person=chance.choice(LEADS), **REASON)),
    (1, lambda life, chance, day: life.proclaim(day)),
)
"""How often, and what."""


def something_happens(life: RecordedLife, chance: Random) -> None:
    """The next step, time, a correction, a deferral, another lead, a holiday."""
    (deed,) = chance.choices([deed for _, deed in DEEDS], [often for often, _ in DEEDS])
    with suppress(Refused, BadInput):
        deed(life, chance, life.now.date() + timedelta(days=chance.randint(-6, 12)))


@given(seed=integers(0, 10**9))
@settings(max_examples=150 if MANY else 8, deadline=None)
def test_a_past_moment_is_known_later_as_it_was_known_then(seed: int) -> None:
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh(Path(folder))
        life, seen = RecordedLife(engine), []
        for _ in range(30):
            something_happens(life, chance)
            if chance.random() < 0.4:
                life.now += TICK
                seen.append(looked_at(life))
                life.now += TICK
        with reading(engine) as session:
            for then in seen:
                assert repository.state(session, life.inspection.id, then.moment) == then.state
                view = case_view(session, life.inspection.id, life.now, then.moment)
                assert view.calendar.version == then.calendar
                assert limit_statuses_on(view.state, view.calendar, view.today) == then.limits
                for by, figures in then.figures.items():
                    assert statistics(session, by, then.moment) == figures, by
        before = rows(engine)
        with writing(engine) as session:
            kept_standings.rebuild(session, life.inspection.id)
        assert rows(engine) == before
        assert len(before) > 1
        engine.dispose()


def rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(LIMIT_HISTORY).order_by(LIMIT_HISTORY.c.number)))


@cache
def seeded() -> Path:
    path = Path(tempfile.mkdtemp(prefix="as-known-")) / "records.sqlite"
    engine = database.connect(f"sqlite:///{path}")
    database.upgrade(engine)
    directory.seed(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def fresh(folder: Path) -> Engine:
    shutil.copyfile(seeded(), folder / "records.sqlite")
    return database.connect(f"sqlite:///{folder / 'records.sqlite'}")
