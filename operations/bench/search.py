"""Measures searches in a log of many years: a page for every filter, and single histories, with many different values."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from framework.calendar.london_time import london_day
from framework.inspection.event_kinds import EVENT_KINDS
from operations.bench import synthetic_log
from operations.bench.figures import Figures, milliseconds, say, timed
from records.database import connection
from records.database.connection import reading
from records.directory import directory
from records.log.criteria import EventFilter
from records.log.read import page
from records.queries.statistics import GROUPS, statistics

PAGE = 50
LONG, SHORT = 100, 30
"""Events per inspection; SHORT in a log of `LARGE_LOG` events or more."""
LARGE_LOG = 1_000_000


def measure(folder: Path, events: int, repetitions: int) -> Figures:
    """Returns milliseconds per page, from a synthetic log. `slowest` are the queries with the most processor time."""
    folder.mkdir(parents=True)
    engine = connection.connect(f"sqlite:///{folder / 'records.sqlite'}")
    inspections = events // (SHORT if events >= LARGE_LOG else LONG)
    begun = time.perf_counter()
    connection.upgrade(engine)
    directory.seed(engine)
    say(f"a log of {events} events in {inspections} inspections")
    synthetic_log.fill(engine, events, inspections)
    fill_seconds = time.perf_counter() - begun
    try:
        spent = _time_pages(engine, inspections, repetitions * 8)
        statistics_spent = _time_statistics(engine, inspections, repetitions * 2)
    finally:
        engine.dispose()
    single = spent.pop("single history")
    by_query = {name: milliseconds(row.processor for row in rows) for name, rows in spent.items()}
    slowest = sorted(by_query, key=lambda name: -float(by_query[name]["p95"]))[:5]
    return {
        "events": events,
        "inspections": inspections,
        "made_in_seconds": round(fill_seconds, 1),
        **_figures("page", (row for rows in spent.values() for row in rows)),
        **_figures("single_history", single),
        **_figures("statistics", statistics_spent),
        "slowest": {name: by_query[name] for name in slowest},
    }


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of the processor, which other processes on the machine influence less."""

    clock: float
    processor: float


def _clocked(work: Callable[[], object]) -> Spent:
    before = time.process_time()
    clock = timed(work)
    return Spent(clock, time.process_time() - before)


def _figures(name: str, spent: Iterable[Spent]) -> Figures:
    rows = list(spent)
    return {
        f"{name}_ms": milliseconds(row.clock for row in rows),
        f"{name}_processor_ms": milliseconds(row.processor for row in rows),
    }


def _time_pages(engine: Engine, inspections: int, rounds: int) -> dict[str, list[Spent]]:
    """Times every query once in each round; a first round, which warms the caches, is not counted."""
    spent: dict[str, list[Spent]] = {}
    for number in range(rounds + 1):
        for name, (inspection, criteria, after) in _queries(random.Random(number), inspections):  # noqa: S311 - synthetic
            size = synthetic_log.BATCH if inspection else PAGE
            with reading(engine) as session:
                row = _clocked(partial(page, session, inspection, criteria, size, after))
            if number:
                spent.setdefault(name, []).append(row)
    return spent


def _time_statistics(engine: Engine, inspections: int, rounds: int) -> list[Spent]:
    """Times statistics over all inspections, now and as known at past moments, with each grouping in turn."""
    spent = []
    for number in range(rounds + 1):
        last = number % 2 * (inspections - 1) // 2
        moment = synthetic_log.began(inspections - 1 - last, inspections)
        with reading(engine) as session:
            spent.append(_clocked(partial(statistics, session, GROUPS[number % len(GROUPS)], moment)))
    return spent[1:]


Query = tuple[str | None, EventFilter, str | None]
"""Inspection or None for all, filter, key of the page before."""


def _queries(chance: random.Random, inspections: int) -> Iterator[tuple[str, Query]]:
    """Yields each kind of query by name, with random values."""
    number = chance.randrange(inspections)
    inspection = synthetic_log.identifier(number, inspections)
    lead, kind = chance.choice(synthetic_log.LEADS), chance.choice(EVENT_KINDS)
    day = london_day(synthetic_log.began(number, inspections))
    code, word = f"{chance.randrange(301, 395)}", chance.choice(synthetic_log.VOCABULARY)
    other, paragraph = chance.choice(synthetic_log.VOCABULARY), chance.choice((8, 27, 42, 50, 51, 53, 65))
    yield "single history", (inspection, EventFilter(), None)
    criteria: dict[str, dict[str, Any]] = {
        "all": {},
        "by": {"person": lead},
        "by system": {"person": "system"},
        "kind": {"kind": kind},
        "paragraph": {"paragraph": paragraph},
        "authority": {"authority": code},
        "stage": {"stage": chance.choice(("closed", "drafting", "planned"))},
        "days": {"first": day, "last": day + timedelta(days=30)},
        "limit": {"limit": chance.choice(("draft_report", "case_lists", "factual_comments"))},
        "missed": {"missed": True},
        "one word": {"words": word},
        "two words": {"words": f"{word} {other}"},
        "beginning of a word": {"words": word[:4]},
        "by and kind": {"person": lead, "kind": kind},
        "system and paragraph": {"person": "system", "paragraph": paragraph},
        "authority and kind": {"authority": code, "kind": kind},
        "region": {"region": chance.choice(("London", "North West", "South East"))},
        "region and kind": {"region": "London", "kind": kind},
        "overrides": {"overrides": True},
        "grades after the draft": {"grades_after_draft": True},
        "late letters": {"late_letters": day},
        "missed by": {"missed": True, "person": lead},
        "word by": {"words": word, "person": lead},
        "word in days": {"words": word, "first": day},
    }
    for name, filters in criteria.items():
        yield name, (None, EventFilter(**filters), None)
    yield "a page in the middle", (None, EventFilter(), f"{inspection}/1")
