"""Records dumped from one database and loaded into another: the same rows, whichever of the two kinds each is."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select
from sqlmodel import SQLModel

from framework.common.errors import CheckFailed
from records.audit import restores
from records.audit.signing import signer
from records.database import connection, dump
from records.database.connection import reading, writing
from records.tables.inspections import TASKS
from tests.records.builders import ID, MOMENT, begin, event, limit, record, reminder, store, text_id


def same(_: str, row: dict[str, Any]) -> dict[str, Any]:
    return row


def fill(engine: Engine, folder: Path) -> None:
    """Writes rows of many kinds: text in other alphabets, moments, days, booleans, nulls, generated numbers."""
    begin(engine)
    store(engine, text_id(1), "Tŷ Gwyn — «zwei Zeilen»\n\U0001f600")
    events = (event(reason=text_id(1), data={"due": "2010-11-05", "many": 2**53 - 1}),)
    record(engine, "c1", 0, events, letters=(reminder(),), limits=(limit(),))
    row = {"inspection_id": ID, "kind": "k", "key": "k", "facts_json": {}, "opened_at": MOMENT, "event_number": 1}
    with writing(engine) as session:
        session.connection().execute(insert(TASKS), row)
        restores.save(session, {"superseded": [], "touched": []}, "seal", MOMENT, signer(folder))


def everything(engine: Engine) -> dict[str, list[Any]]:
    with reading(engine) as session:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in dump.REBUILT_TABLES]
        return {table.name: [tuple(row) for row in session.connection().execute(select(table))] for table in tables}


def copy(source: Engine, target: Engine) -> None:
    connection.upgrade(target)
    with reading(source) as there, writing(target) as here:
        for table in dump.tables(there.connection()):
            lines = list(dump.lines(there.connection(), table, same))
            assert dump.load(here.connection(), table, lines, same) == len(lines) - 1


def test_every_row_of_every_table_is_loaded(records: Engine, empty: Engine, tmp_path: Path) -> None:
    fill(records, tmp_path)
    copy(records, empty)
    before, after = everything(records), everything(empty)
    assert {name: sorted(map(str, rows)) for name, rows in before.items()} == {
        name: sorted(map(str, rows)) for name, rows in after.items()
    }
    assert before["events"]
    assert before["restores"]


def test_generated_numbers_continue_after_loaded_ones(records: Engine, empty: Engine, tmp_path: Path) -> None:
    fill(records, tmp_path)
    copy(records, empty)
    row = {"inspection_id": ID, "kind": "k", "key": "other", "facts_json": {}, "opened_at": MOMENT, "event_number": 1}
    with writing(empty) as session:
        session.connection().execute(insert(TASKS), row)
        numbers = list(session.connection().execute(select(TASKS.c.id)).scalars())
    assert len(set(numbers)) == len(numbers) >= 2


@pytest.mark.parametrize("lines", [[], [b"no json\n"], [b'["no_such_column"]\n'], [b'["id"]\n', b"[1]\n"]])
def test_lines_of_another_table_are_refused(sqlite: Engine, lines: list[bytes]) -> None:
    with pytest.raises(CheckFailed), writing(sqlite) as session:
        dump.load(session.connection(), "tasks", lines, same)
