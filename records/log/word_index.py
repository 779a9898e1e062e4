"""The words of events, so that they can be found: taken apart the same way when they are kept and when they are asked for."""

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
_SHORTEST_BEGINNING = 3
_UNTOLD = ("commitments",)
_ADD = insert(EVENT_WORD_INDEX)


def split(words: str) -> list[str]:
    """The words of a sentence, each once: lower case, without accents; «draft_sent» is two."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return list(dict.fromkeys(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))))


def parse_query(words: str) -> list[str]:
    """The words somebody looks for. Raises `BadInput` where there is none."""
    if found := split(words):
        return found
    raise BadInput(f"--words {words}: must hold a word or a number")


def save(connection: Connection, rows: Iterable[Mapping[str, Any] | RowMapping], bodies: Mapping[str, str]) -> None:
    """Keeps the words of events just written: rows of `events`, and the texts they name."""
    kept = [{"inspection_id": row["inspection_id"], "number": row["number"], "words": _of(row, bodies)} for row in rows]
    connection.execute(_ADD, kept)


def rebuild(connection: Connection, inspection: str) -> None:
    """Makes the words of one inspection's events anew from its events and texts: after a text was erased, for instance."""
    query = select(EVENTS).where(EVENTS.c.inspection_id == inspection).order_by(EVENTS.c.number)
    rows = connection.execute(query).mappings().all()
    named = {found for row in rows for found in text_ids((json.loads(row["data"]), row["reason_text"]))}
    connection.execute(EVENT_WORD_INDEX.delete().where(EVENT_WORD_INDEX.c.inspection_id == inspection))
    if rows:
        save(connection, rows, known_bodies(connection, named))


def forget(connection: Connection, inspection: str) -> None:
    """Makes them anew once texts were erased, so that the index over them does not hold them either."""
    rebuild(connection, inspection)
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO event_word_index_fts(event_word_index_fts) VALUES ('rebuild')"))


def fulltext_matches(connection: Connection, words: list[str]) -> Select[Any]:
    """The identifiers of the rows of `event_word_index` that hold every word, from the full-text index."""
    if connection.dialect.name == "postgresql":
        match = text("to_tsvector('simple', words) @@ to_tsquery('simple', :words)")
        query = " & ".join(f"{word}:*" if _begins(word) else word for word in words)
        return select(EVENT_WORD_INDEX.c.id).where(match.bindparams(bindparam("words", query)))
    query = " ".join(f'"{word}"*' if _begins(word) else f'"{word}"' for word in words)
    match = text("event_word_index_fts MATCH :words").bindparams(bindparam("words", query))
    return select(literal_column("rowid")).select_from(text("event_word_index_fts")).where(match)


def contains_words(words: list[str]) -> ColumnElement[bool]:
    """Whether the words of the event at hand hold every word, looked at one event after another."""
    mine = and_(
        EVENT_WORD_INDEX.c.inspection_id == EVENTS.c.inspection_id, EVENT_WORD_INDEX.c.number == EVENTS.c.number
    )
    said = EVENT_WORD_INDEX.c.words.concat(" ")
    each = [said.like(f"% {word}%" if _begins(word) else f"% {word} %") for word in words]
    return select(EVENT_WORD_INDEX.c.id).where(mine, *each).exists()


def _begins(word: str) -> bool:
    """Whether longer words that begin so are found, too: not for a letter or two, with which half of all begin."""
    return len(word) >= _SHORTEST_BEGINNING


def indexed_text(kind: str, data: Mapping[str, Any], bodies: Iterable[str]) -> str:
    """The words of one event, each with a space before it, so that the beginning of a word can be looked for."""
    facts = _told({name: value for name, value in data.items() if name not in _UNTOLD})
    return "".join(f" {word}" for word in split("\n".join((kind, *facts, *bodies))))


def _of(row: Mapping[str, Any] | RowMapping, bodies: Mapping[str, str]) -> str:
    data = json.loads(row["data"])
    named = sorted(text_ids((data, row["reason_text"])))
    return indexed_text(row["kind"], data, [bodies[one] for one in named if one in bodies])


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not text_ids(value) and not _HASH.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _told(item)
    elif isinstance(value, list):
        for item in value:
            yield from _told(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
