"""The full-text index over events: splits facts and texts into words, stores them, and matches the words of a query."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, insert, literal_column, select, text
from sqlalchemy.sql import and_

from framework.common.errors import BadInput
from records.log.texts import known_bodies, text_ids
from records.tables.inspections import EVENTS
from records.tables.projections import EVENT_WORD_INDEX

_WORD = re.compile(r"[^\W_]+")
_HASH = re.compile(r"[0-9a-f]{64}")
_MIN_PREFIX_LENGTH = 3
_NOT_INDEXED = ("commitments",)
_INSERT = insert(EVENT_WORD_INDEX)


def split(words: str) -> list[str]:
    """Returns the words of a text, each once, in lower case and without accents; «draft_sent» is two words."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return list(dict.fromkeys(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))))


def parse_query(query: str) -> list[str]:
    """Returns the words of a query. Raises `BadInput` where it has none."""
    if words := split(query):
        return words
    raise BadInput(f"{query}: must hold a word or a number", field="words")


def save(connection: Connection, rows: Iterable[Mapping[str, Any] | RowMapping], bodies: Mapping[str, str]) -> None:
    """Stores the words of new rows of `events`; `bodies` are the texts that they name, by identifier."""
    entries = [
        {"inspection_id": row["inspection_id"], "number": row["number"], "words": _words_of(row, bodies)}
        for row in rows
    ]
    connection.execute(_INSERT, entries)


def rebuild(connection: Connection, inspection: str) -> None:
    """Rebuilds the words of an inspection's events from its events and texts."""
    query = select(EVENTS).where(EVENTS.c.inspection_id == inspection).order_by(EVENTS.c.number)
    rows = connection.execute(query).mappings().all()
    texts = {identifier for row in rows for identifier in text_ids((json.loads(row["data"]), row["reason_text"]))}
    connection.execute(EVENT_WORD_INDEX.delete().where(EVENT_WORD_INDEX.c.inspection_id == inspection))
    if rows:
        save(connection, rows, known_bodies(connection, texts))


def purge(connection: Connection, inspection: str) -> None:
    """Rebuilds the words of an inspection whose texts were erased, and on SQLite the full-text index over them."""
    rebuild(connection, inspection)
    if connection.dialect.name == "sqlite":
        # FTS5 only marks entries as deleted: without a rebuild the erased words stay in its pages.
        connection.execute(text("INSERT INTO event_word_index_fts(event_word_index_fts) VALUES ('rebuild')"))


def fulltext_matches(connection: Connection, words: list[str]) -> Select[Any]:
    """Selects the identifiers of the rows of `event_word_index` that hold every word, by the full-text index."""
    if connection.dialect.name == "postgresql":
        match = text("to_tsvector('simple', words) @@ to_tsquery('simple', :words)")
        query = " & ".join(f"{word}:*" if _is_prefix(word) else word for word in words)
        return select(EVENT_WORD_INDEX.c.id).where(match.bindparams(bindparam("words", query)))
    query = " ".join(f'"{word}"*' if _is_prefix(word) else f'"{word}"' for word in words)
    match = text("event_word_index_fts MATCH :words").bindparams(bindparam("words", query))
    return select(literal_column("rowid")).select_from(text("event_word_index_fts")).where(match)


def contains_words(words: list[str]) -> ColumnElement[bool]:
    """Matches a row of `events` whose words hold every word, without the full-text index: event by event."""
    same_event = and_(
        EVENT_WORD_INDEX.c.inspection_id == EVENTS.c.inspection_id, EVENT_WORD_INDEX.c.number == EVENTS.c.number
    )
    indexed = EVENT_WORD_INDEX.c.words.concat(" ")
    clauses = [indexed.like(f"% {word}%" if _is_prefix(word) else f"% {word} %") for word in words]
    return select(EVENT_WORD_INDEX.c.id).where(same_event, *clauses).exists()


def _is_prefix(word: str) -> bool:
    """Returns whether longer words that begin with `word` match too: not for one or two letters, which match too many."""
    return len(word) >= _MIN_PREFIX_LENGTH


def indexed_text(kind: str, data: Mapping[str, Any], bodies: Iterable[str]) -> str:
    """Returns the words of one event, each after a space, so that LIKE can match the beginning of a word."""
    facts = _facts({name: value for name, value in data.items() if name not in _NOT_INDEXED})
    return "".join(f" {word}" for word in split("\n".join((kind, *facts, *bodies))))


def _words_of(row: Mapping[str, Any] | RowMapping, bodies: Mapping[str, str]) -> str:
    data = json.loads(row["data"])
    texts = sorted(text_ids((data, row["reason_text"])))
    return indexed_text(row["kind"], data, [bodies[text] for text in texts if text in bodies])


def _facts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not text_ids(value) and not _HASH.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _facts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _facts(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
