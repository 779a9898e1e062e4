"""A log of many inspections, written in bulk: the rows that years of work leave, without the work.

Kinds, people and paragraphs come in the proportions of a rehearsed inspection. Hashes are made up: nothing verifies here."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from framework.inspection.limits import LIMITS as RULES
from framework.inspection.stages import MAIN_LINE
from framework.inspection.steps import STEPS
from records.database.columns import to_text
from records.database.connection import writing
from records.log import word_index
from records.log.hash_chain import canonical
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS, LIMITS
from records.tables.projections import LIMIT_HISTORY

BEGAN = datetime(2010, 11, 1, 9, tzinfo=UTC)
YEARS = 12
BATCH = 500
"""Inspections written in one transaction."""
LEADS = tuple(f"i.lead{number:02d}" for number in range(60))
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "so", "tu")
VOCABULARY = tuple(f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES)
"""A thousand words; the first are used often, the last hardly ever."""


RUNG = {"rung": -1, "due": "2010-11-09", "passed_over": []}


@dataclass(frozen=True, slots=True)
class Kind:
    """One event of the course: its kind, its actor, its paragraph and its texts."""

    kind: str
    by: str
    paragraph: int | None
    words: int = 0
    """How many words of text it has."""
    facts: Mapping[str, Any] | None = None


def _course() -> tuple[Kind, ...]:
    """Returns a hundred events in their order."""
    limits = [rule for rule in RULES if rule.owner]
    reminders = [
        pair
        for rule in limits[:13]
        for pair in (
            Kind(
                "reminder_sent",
                "system",
                rule.paragraph,
                facts={"to": "link.330", "rungs": [{"limit": rule.key, **RUNG}]},
            ),
            Kind("letter_accepted", "system", rule.paragraph, facts={"kind": "reminder", "attempts": 1}),
        )
    ]
    # A deferral would have statistics replay the inspection, whose events here hold no more than search needs.
    steps = [
        Kind(kind, "LEAD", rule.paragraph, 6)
        for rule in limits
        for kind in STEPS.meeting.get(rule.key, ())
        if kind != "deferred"
    ]
    grades = [Kind("heading_graded", "LEAD", 27, 40, {"grade": "good"}) for _ in range(22)]
    rendered = [Kind("document_rendered", "system", None, facts={"kind": "draft_report"}) for _ in range(8)]
    accepted = [Kind("letter_accepted", "system", rule.paragraph, facts={"kind": rule.key}) for rule in limits]
    first = [Kind("inspection_ordered", "c.marsh", 8), Kind("notification_issued", "system", 8)]
    middle = [Kind("notified", "system", 8, facts={"method": "email"}), *reminders[:12], *steps[:8], *reminders[12:]]
    end = [*steps[8:], Kind("step_refused", "LEAD", 11, 10), Kind("window_closed", "system", 65)]
    return (*first, *middle, *grades, *accepted, *rendered, *end)


COURSE = _course()


def fill(engine: Engine, events: int, inspections: int, seed: int = 1) -> None:
    """Writes so many events of so many inspections, evenly spread; the directory must be there. SQLite only."""
    chance = random.Random(seed)  # noqa: S311 - made-up data
    per_inspection = events // inspections
    with writing(engine) as session:
        codes = list(session.connection().execute(select(AUTHORITIES.c.code)).scalars())
    for start in range(0, inspections, BATCH):
        some = range(start, min(start + BATCH, inspections))
        lives = [_life(number, inspections, codes[number % len(codes)], chance) for number in some]
        with writing(engine) as session:
            connection = session.connection()
            connection.execute(insert(INSPECTIONS), [_row(life, per_inspection) for life in lives])
            connection.execute(insert(LIMITS), [row for life in lives for row in _limits(life, chance)])
            connection.execute(
                insert(LIMIT_HISTORY), [row for life in lives for row in _standings(life, per_inspection)]
            )
            _events(connection, lives, per_inspection, chance)


@dataclass(frozen=True, slots=True)
class _Life:
    number: int
    began: datetime
    stage: str
    authority: str
    lead: str

    @property
    def id(self) -> str:
        return _identifier(self.began, self.number)


def began(number: int, of: int) -> datetime:
    """Returns when an inspection began, of so many."""
    return BEGAN + timedelta(days=365 * YEARS) * number / of


def identifier(number: int, of: int) -> str:
    """Returns the identifier of an inspection, of so many."""
    return _identifier(began(number, of), number)


def _identifier(moment: datetime, number: int) -> str:
    return f"SLAC-{moment.year}-{number + 1:06d}"


def _life(number: int, of: int, authority: str, chance: random.Random) -> _Life:
    """Returns an inspection; the newest thirtieth is still open, at various stages."""
    is_open = number >= of - max(1, of // 30)
    stage = MAIN_LINE[number % (len(MAIN_LINE) - 1)].value if is_open else "closed"
    return _Life(number, began(number, of), stage, authority, chance.choice(LEADS))


def _row(life: _Life, per_inspection: int) -> dict[str, Any]:
    return {
        "id": life.id,
        "reference": life.id,
        "authority_code": life.authority,
        "scope": "joint",
        "edition": "2010-10",
        "order_json": {},
        "stage": life.stage,
        "started_at": life.began,
        "closed_at": life.began + timedelta(days=120) if life.stage == "closed" else None,
        "coordinator": "c.marsh",
        "lead": life.lead,
        "head_number": per_inspection,
        "people_json": {"lead_inspector": [life.lead]},
        "bookings_json": [],
        "first_people_json": {},
    } | dict.fromkeys(("head_hash", "calendar_version", "next_what"), "")


def _limits(life: _Life, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yields the limits of an inspection, of which one in fourteen was missed."""
    for rule in RULES:
        due = (life.began + timedelta(days=rule.count + 8)).date()
        state = "open" if life.stage != "closed" else "met" if chance.random() > 1 / 14 else "met_late"
        facts = {"inspection_id": life.id, "key": rule.key, "due": due, "state": state, "owner": rule.owner}
        missed = {"round": 1, "missed": state == "met_late", "settled_by": _SETTLED_BY.get(rule.key)}
        days = {"anchor_date": life.began.date(), "met_on": _met(due, state)}
        yield {**facts, **missed, **days, "paragraph": rule.paragraph}


_SETTLED_BY = {
    rule.key: next(
        (position for position, kind in enumerate(COURSE, 1) if kind.kind in STEPS.meeting.get(rule.key, ())), None
    )
    for rule in RULES
}
"""Limit -> the number of the event of the course that meets it."""


def _met(due: date, state: str) -> date | None:
    return None if state == "open" else due + timedelta(days=state == "met_late")


def _standings(life: _Life, per_inspection: int) -> Iterator[dict[str, Any]]:
    """Yields the history of the limits: a row after each of sixteen changes."""
    anchor = life.began.date()
    for turn in range(16):
        number = (turn + 1) * per_inspection // 16
        moment = _moment(life, number - 1)
        limits = []
        for position, rule in enumerate(RULES[:16]):
            due = anchor + timedelta(days=rule.count + 8)
            state = ("met_late" if (life.number + position) % 14 == 0 else "met") if position <= turn else "open"
            met = _met(due, state)
            days = (anchor.isoformat(), met and met.isoformat())
            limits.append([rule.key, due.isoformat(), state, *days, 1, state == "met_late", None])
        facts = {"inspection_id": life.id, "number": number, "recorded_at": moment, "lead": life.lead}
        yield {**facts, "limits_json": limits}


def _moment(life: _Life, position: int) -> datetime:
    return life.began + timedelta(days=120) * position / len(COURSE) + timedelta(milliseconds=life.number)


_COLUMNS = tuple(column.name for column in EVENTS.c)
_INSERT = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - names of ours
_WORDS = "INSERT INTO event_word_index (inspection_id, number, words) VALUES (?, ?, ?)"


def _events(connection: Connection, lives: list[_Life], per_inspection: int, chance: random.Random) -> None:
    """Writes the events of a batch, in the order in which they would have been recorded."""
    rows = [rows for life in lives for rows in _of_life(life, per_inspection, chance)]
    rows.sort(key=lambda row: row[0])
    connection.exec_driver_sql(_INSERT, [row for _, row, _ in rows])
    connection.exec_driver_sql(_WORDS, [words for _, _, words in rows])


def _of_life(
    life: _Life, per_inspection: int, chance: random.Random
) -> Iterator[tuple[str, tuple[Any, ...], tuple[Any, ...]]]:
    course = COURSE if per_inspection >= len(COURSE) else COURSE[:: len(COURSE) // per_inspection]
    for position in range(per_inspection):
        kind = course[position % len(course)]
        moment = to_text(_moment(life, position))
        by = life.lead if kind.by == "LEAD" else kind.by
        role = "system" if by == "system" else "lead_inspector"
        data = canonical(kind.facts or {})
        hashes = (f"{position:064x}", f"{position + 1:064x}")
        command = f"c{position}"
        who = (by, role, "engine" if by == "system" else "command line", "tester")
        row = (life.id, position + 1, command, 0, kind.kind, moment[:10], moment, moment, *who, kind.paragraph, data)
        rungs = (kind.facts or {}).get("rungs")
        cause = f"limit:{rungs[0]['limit']}" if rungs else f"command:{command}"
        text = " ".join(_words(chance, kind.words)) if kind.words else ""
        indexed = word_index.indexed_text(kind.kind, kind.facts or {}, [text])
        yield moment, (*row, None, cause, *hashes), (life.id, position + 1, indexed)


def _words(chance: random.Random, count: int) -> list[str]:
    pick = partial(chance.betavariate, 1, 6)
    return [VOCABULARY[int(pick() * len(VOCABULARY))] for _ in range(count)]
