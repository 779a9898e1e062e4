"""Measures how fast chains and projections are verified, in events per second of a synthetic log."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from application.commands.start_inspection import first_row
from framework.editions.registry import begin_inspection
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.order import Order
from framework.messages.events import Event, system_event
from framework.vocabulary.roles import Role
from operations.bench.figures import Figures, median, say, timed
from records.calendars.versions import calendar_in_force
from records.database import connection
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import repository
from records.log.append import append
from records.projections.as_known import Calendars
from records.verify.chain_check import chains
from records.verify.findings import Report
from records.verify.projection_check import check_projections

INSPECTIONS, EACH = 50, 2000
PROJECTED = 5
"""The number of inspections whose projections are compared, too."""
MOMENT = datetime(2010, 11, 3, 9, tzinfo=UTC)
ORDER = {
    "authority": "330",
    "notify": "2010-11-03",
    "coordinator": "c.marsh",
    "manager": "m.okafor",
    "quality_assurance": "q.lindqvist",
    "team": [
        {"person": "i.ashdown", "role": "lead_inspector"},
        {"person": "i.bellamy", "role": "inspector"},
        {"person": "i.choudhury", "role": "inspector"},
        {"person": "h.dunmore", "role": "cqc_inspector"},
    ],
    "set_up_meeting": {"place": "Council House"},
}


def measure(folder: Path, repetitions: int) -> Figures:
    """Returns events per second for the chain alone and for the projections; the log is read from the file each time."""
    folder.mkdir(parents=True)
    records = connection.connect(f"sqlite:///{folder / 'records.sqlite'}")
    try:
        connection.upgrade(records)
        directory.seed(records)
        say(f"a log of {INSPECTIONS * EACH:,} events")
        for number in range(INSPECTIONS):
            _fill(records, f"BENCH-{number:03d}")
        report = Report()
        seconds, used = [], []
        for _ in range(repetitions):
            before = time.process_time()
            seconds.append(timed(lambda: _check(records, report)))
            used.append(time.process_time() - before)
        projected = [_project(records, report) for _ in range(repetitions)]
    finally:
        records.dispose()
    assert not report.findings
    count = INSPECTIONS * EACH
    return {
        "events": count,
        "events_a_second": round(count / median(seconds, 6)),
        "events_a_processor_second": round(count / median(used, 6)),
        "projected_events_a_processor_second": round(PROJECTED * EACH / median(projected, 6)),
    }


def _fill(records: Engine, identifier: str) -> None:
    order = Order.model_validate({"reference": identifier, **ORDER})
    with writing(records) as session:
        people = directory.people_of(session, order.authority)
        planned = begin_inspection(identifier, order, dict(people))
        start = first_row(planned, order, calendar_in_force(session), MOMENT)
        repository.create(session, identifier, replace(start, alone=False))
        ordering = Ordering(order.coordinator, Role.COORDINATOR, MOMENT, "engine", "bench")
        first = first_events(order, order.model_dump(mode="json"), planned.settings, people, ordering)
        append(session, identifier, "bench", [*first, *(_event(number) for number in range(1, EACH))], MOMENT)


def _event(number: int) -> Event:
    """Returns an event of typical length: a kind, a limit, a day, an identifier or two."""
    letter = f"028fee2d-1166-51fd-8ee2-{number:012d}"
    rung = {"limit": "case_lists", "due": "2010-11-05", "rung": -1, "passed_over": []}
    facts = {"to": "link.330", "rungs": [rung], "commitments": {letter: "0" * 64}}
    return system_event("reminder_sent", MOMENT, facts, "limit:case_lists", 42)


def _check(records: Engine, report: Report) -> None:
    with reading(records) as session:
        for _ in chains(session.connection(), report, claims=False):
            pass


def _project(records: Engine, report: Report) -> float:
    """Returns the processor seconds for the projections of `PROJECTED` inspections, without their chains."""
    with reading(records) as session:
        calendars, loaded = Calendars(session), []
        for number in range(PROJECTED):
            loaded += list(chains(session.connection(), report, f"BENCH-{number:03d}", claims=False))
        before = time.process_time()
        for chain in loaded:
            check_projections(session, calendars, chain, report)
        return time.process_time() - before
