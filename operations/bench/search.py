"""Searching a log of many years: every filter's page, and single histories, each many times with other values."""

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
"""Events an inspection; the shorter histories where there are a million or more."""
MANY = 1_000_000


def measure(folder: Path, events: int, repetitions: int) -> Figures:
    """Milliseconds a page, from a log made for it. `slowest` are the questions that cost the processor most."""
    folder.mkdir(parents=True)
    engine = connection.connect(f"sqlite:///{folder / 'records.sqlite'}")
    inspections = events // (SHORT if events >= MANY else LONG)
    begun = time.perf_counter()
    connection.upgrade(engine)
    directory.seed(engine)
    say(f"a log of {events} events in {inspections} inspections")
    synthetic_log.fill(engine, events, inspections)
    made = time.perf_counter() - begun
    try:
        seconds = _asked(engine, inspections, repetitions * 8)
        counted = _counted(engine, inspections, repetitions * 2)
    finally:
        engine.dispose()
    single = seconds.pop("single history")
    each = {name: milliseconds(one.processor for one in found) for name, found in seconds.items()}
    slowest = sorted(each, key=lambda name: -float(each[name]["p95"]))[:5]
    return {
        "events": events,
        "inspections": inspections,
        "made_in_seconds": round(made, 1),
        **_figures("page", (one for found in seconds.values() for one in found)),
        **_figures("single_history", single),
        **_figures("statistics", counted),
        "slowest": {name: each[name] for name in slowest},
    }


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of the processor: on a shared machine only the second is ours."""

    clock: float
    processor: float


def _clocked(work: Callable[[], object]) -> Spent:
    before = time.process_time()
    clock = timed(work)
    return Spent(clock, time.process_time() - before)


def _figures(name: str, spent: Iterable[Spent]) -> Figures:
    kept = list(spent)
    return {
        f"{name}_ms": milliseconds(one.clock for one in kept),
        f"{name}_processor_ms": milliseconds(one.processor for one in kept),
    }


def _asked(engine: Engine, inspections: int, times: int) -> dict[str, list[Spent]]:
    """Every question so many times, in turns; the first round, which warms the caches, is not counted."""
    seconds: dict[str, list[Spent]] = {}
    for turn in range(times + 1):
        for name, (of, wanted, after) in _questions(random.Random(turn), inspections):  # noqa: S311 - made-up questions
            size = synthetic_log.BATCH if of else PAGE
            with reading(engine) as session:
                spent = _clocked(partial(page, session, of, wanted, size, after))
            if turn:
                seconds.setdefault(name, []).append(spent)
    return seconds


def _counted(engine: Engine, inspections: int, times: int) -> list[Spent]:
    """Statistics over all, now and as they were known at past moments, each way of grouping in turn."""
    seconds = []
    for turn in range(times + 1):
        last = turn % 2 * (inspections - 1) // 2
        moment = synthetic_log.began(inspections - 1 - last, inspections)
        with reading(engine) as session:
            seconds.append(_clocked(partial(statistics, session, GROUPS[turn % len(GROUPS)], moment)))
    return seconds[1:]


Question = tuple[str | None, EventFilter, str | None]


def _questions(chance: random.Random, inspections: int) -> Iterator[tuple[str, Question]]:
    """One of each kind of question, about something else each time."""
    number = chance.randrange(inspections)
    life = synthetic_log.identifier(number, inspections)
    lead, kind = chance.choice(synthetic_log.LEADS), chance.choice(EVENT_KINDS)
    day = london_day(synthetic_log.began(number, inspections))
    code, word = f"{chance.randrange(301, 395)}", chance.choice(synthetic_log.VOCABULARY)
    other, paragraph = chance.choice(synthetic_log.VOCABULARY), chance.choice((8, 27, 42, 50, 51, 53, 65))
    yield "single history", (life, EventFilter(), None)
    asked: dict[str, dict[str, Any]] = {
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
        "missed by": {"missed": True, "person": lead},
        "word by": {"words": word, "person": lead},
        "word in days": {"words": word, "first": day},
    }
    for name, filters in asked.items():
        yield name, (None, EventFilter(**filters), None)
    yield "a page in the middle", (None, EventFilter(), f"{life}/1")
