"""Records carried as lines from one database into another: the same rows, whichever of the two kinds each is."""

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
from tests.records.builders import ID, MOMENT, begin, event, keep, limit, record, reminder, text_id


def same(_: str, row: dict[str, Any]) -> dict[str, Any]:
    return row


def lived(engine: Engine, folder: Path) -> None:
    """Rows of many kinds: words in other alphabets, moments, days, truths, nothing, and numbers the database gives."""
    begin(engine)
    keep(engine, text_id(1), "Tŷ Gwyn — «zwei Zeilen»\n\U0001f600")
    events = (event(reason=text_id(1), data={"due": "2010-11-05", "many": 2**53 - 1}),)
    record(engine, "c1", 0, events, letters=(reminder(),), limits=(limit(),))
    row = {"inspection_id": ID, "kind": "k", "key": "k", "facts_json": {}, "opened_at": MOMENT, "event_number": 1}
    with writing(engine) as session:
        session.connection().execute(insert(TASKS), row)
        restores.write_down(session, {"superseded": [], "touched": []}, "seal", MOMENT, signer(folder))


def everything(engine: Engine) -> dict[str, list[Any]]:
    with reading(engine) as session:
        tables = [one for one in SQLModel.metadata.sorted_tables if one.name not in dump.REBUILT_TABLES]
        return {one.name: [tuple(row) for row in session.connection().execute(select(one))] for one in tables}


def carry(source: Engine, target: Engine) -> None:
    connection.upgrade(target)
    with reading(source) as there, writing(target) as here:
        for table in dump.tables(there.connection()):
            lines = list(dump.lines(there.connection(), table, same))
            assert dump.load(here.connection(), table, lines, same) == len(lines) - 1


def test_every_row_of_every_table_comes_over(records: Engine, empty: Engine, tmp_path: Path) -> None:
    lived(records, tmp_path)
    carry(records, empty)
    before, after = everything(records), everything(empty)
    assert {name: sorted(map(str, rows)) for name, rows in before.items()} == {
        name: sorted(map(str, rows)) for name, rows in after.items()
    }
    assert before["events"]
    assert before["restores"]


def test_numbers_that_the_database_gives_go_on_after_those_that_came(
    records: Engine, empty: Engine, tmp_path: Path
) -> None:
    lived(records, tmp_path)
    carry(records, empty)
    row = {"inspection_id": ID, "kind": "k", "key": "other", "facts_json": {}, "opened_at": MOMENT, "event_number": 1}
    with writing(empty) as session:
        session.connection().execute(insert(TASKS), row)
        numbers = list(session.connection().execute(select(TASKS.c.id)).scalars())
    assert len(set(numbers)) == len(numbers) >= 2


@pytest.mark.parametrize("lines", [[], [b"no json\n"], [b'["no_such_column"]\n'], [b'["id"]\n', b"[1]\n"]])
def test_lines_that_are_no_table_are_refused(sqlite: Engine, lines: list[bytes]) -> None:
    with pytest.raises(CheckFailed), writing(sqlite) as session:
        dump.load(session.connection(), "tasks", lines, same)
