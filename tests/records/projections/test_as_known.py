"""Random inspections with corrections, deferrals and new holidays: a past moment is known later as it was known then."""

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

from application.caller import Caller
from application.queries.inspection_view import inspection_view
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Refused
from framework.inspection.limit_days import limit_statuses_on
from framework.inspection.stages import Stage
from framework.lifecycle.decide import Decision, build_commit
from framework.lifecycle.limit_status import limit_statuses
from framework.messages.commit import Committed
from records.calendars import versions
from records.database import connection as database
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import commit as recordings
from records.inspections import repository
from records.inspections.repository import Start
from records.projections import limit_history
from records.queries.statistics import GROUPS, Statistics, statistics
from records.tables.projections import LIMIT_HISTORY
from tests.framework.in_memory import AUTHORITY_PEOPLE, InMemoryInspection
from tests.framework.ordinary_path import REASON, get_on
from tests.records.builders import append_order

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
"""Letters and documents need real texts; their states as known are tested at the command line."""


class RecordedInspection(InMemoryInspection):
    """An inspection in memory that is also committed to the records."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        limits = tuple(status.row() for status in limit_statuses(self.inspection, self.calendar))
        with writing(engine) as session:
            start = Start(self.inspection.order, AUTHORITY_PEOPLE, self.now, limits=limits)
            repository.create(session, self.inspection.id, start)
        append_order(engine, self.now)
        self.now += TICK

    def commit(self, decision: Decision) -> Decision:
        decision_commit, _ = build_commit(decision, f"r{self.head}", self.now, self.head, self.calendar)
        with writing(self.engine) as session:
            result = recordings.commit(session, decision_commit.model_copy(update=UNSENT))
            assert isinstance(result, Committed)
            assert result.head == self.head + len(decision.events)
        self.now += TICK
        return super().commit(decision)

    def proclaim(self, day: date) -> None:
        """Makes a version of the calendar with another holiday, in force at once."""
        with writing(self.engine) as session:
            days = {**self.calendar.holidays, day: "A wedding"}
            version = versions.add_version(session, days, self.now, "c.marsh", "proclaimed")
        self.calendar = Calendar(**version.model_dump())
        self.now += TICK


@dataclass
class Snapshot:
    """What is known at a moment, read at that moment."""

    moment: Any
    state: Any
    limits: Any
    calendar: str
    figures: dict[str, Statistics]


def take_snapshot(inspection: RecordedInspection) -> Snapshot:
    today = inspection.now.date()
    with reading(inspection.engine) as session:
        figures = {by: statistics(session, by, inspection.now) for by in GROUPS}
    limits = limit_statuses_on(inspection.inspection, inspection.calendar, today)
    return Snapshot(inspection.now, inspection.inspection.after(()), limits, inspection.calendar.version, figures)


LEADS = ("i.bellamy", "i.ashdown")


def correct(inspection: RecordedInspection, chance: Random, day: date) -> None:
    if inspection.inspection.log:
        inspection.do("correct", "c.marsh", day, event=chance.choice(list(inspection.inspection.log)), **REASON)


def defer(inspection: RecordedInspection, chance: Random, day: date) -> None:
    if inspection.inspection.stage is not Stage.PLANNED:
        inspection.do("defer", "m.okafor", **REASON)


ACTIONS: tuple[tuple[int, Callable[[RecordedInspection, Random, date], object]], ...] = (
    (5, lambda inspection, chance, day: get_on(inspection, chance.choice((0, 0, 1)))),
    (
        3,
        lambda inspection, chance, day: inspection.until(inspection.now + timedelta(days=chance.choice((1, 2, 5, 12)))),
    ),
    (3, correct),
    (1, defer),
    (2, lambda inspection, chance, day: inspection.do("resume", "c.marsh", fieldwork=day.isoformat())),
    (1, lambda inspection, chance, day: inspection.do("change_lead", "c.marsh", person=chance.choice(LEADS), **REASON)),
    (1, lambda inspection, chance, day: inspection.proclaim(day)),
)
"""Weight and action."""


def act(inspection: RecordedInspection, chance: Random) -> None:
    """Takes the next step, or lets time pass, corrects, defers, changes the lead or proclaims a holiday."""
    (action,) = chance.choices([action for _, action in ACTIONS], [weight for weight, _ in ACTIONS])
    with suppress(Refused, BadInput):
        action(inspection, chance, inspection.now.date() + timedelta(days=chance.randint(-6, 12)))


@given(seed=integers(0, 10**9))
@settings(max_examples=150 if MANY else 8, deadline=None)
def test_a_past_moment_is_known_later_as_it_was_known_then(seed: int) -> None:
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh(Path(folder))
        inspection, seen = RecordedInspection(engine), []
        for _ in range(30):
            act(inspection, chance)
            if chance.random() < 0.4:
                inspection.now += TICK
                seen.append(take_snapshot(inspection))
                inspection.now += TICK
        context = AppContext(Settings(INSPECTIONS_DATA=Path(folder)), engine, now=lambda: inspection.now)
        with reading(engine) as session:
            for then in seen:
                assert repository.state(session, inspection.inspection.id, then.moment) == then.state
                view = inspection_view(Caller(), context, inspection.inspection.id, then.moment)
                assert view.calendar.version == then.calendar
                assert limit_statuses_on(view.state, view.calendar, view.today) == then.limits
                for by, figures in then.figures.items():
                    assert statistics(session, by, then.moment) == figures, by
        before = rows(engine)
        with writing(engine) as session:
            limit_history.rebuild(session, inspection.inspection.id)
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
