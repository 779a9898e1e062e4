"""Restores are written down for good: signed, each naming the one before it, never changed or removed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from records.audit import restores
from records.audit.restores import Restore
from records.audit.signing import public_key, signer
from records.database.connection import reading, writing
from tests.records.builders import ID, MOMENT

SAID: dict[str, Any] = {"superseded": [[ID, 3, "f" * 64]], "touched": [ID]}
ATTACKS = {
    "changed": "UPDATE restores SET backup = 'another'",
    "removed": "DELETE FROM restores",
    "put over": "INSERT INTO restores SELECT * FROM restores",
}


def write(engine: Engine, folder: Path, backup: str = "seal") -> Restore:
    with writing(engine) as session:
        return restores.write_down(session, SAID, backup, MOMENT, signer(folder))


def found(engine: Engine, folder: Path) -> tuple[list[Restore], list[str]]:
    with reading(engine) as session:
        return restores.read(restores.rows(session.connection()), public_key(folder))


def test_each_names_the_one_before_it(records: Engine, tmp_path: Path) -> None:
    first, second = write(records, tmp_path), write(records, tmp_path)
    right, faults = found(records, tmp_path)
    assert [one.number for one in right] == [1, 2]
    assert faults == []
    assert second.said["previous"] == first.sha256
    assert restores.superseded(right) == {(ID, 3, "f" * 64)}
    assert restores.restored_inspections(right) == {ID}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_to_alter_them(records: Engine, tmp_path: Path, attack: str) -> None:
    write(records, tmp_path)
    with pytest.raises(DBAPIError), writing(records) as session:
        session.connection().execute(text(ATTACKS[attack]))
    assert len(found(records, tmp_path)[0]) == 1


def test_one_that_was_altered_past_the_guards_is_found(sqlite: Engine, tmp_path: Path) -> None:
    write(sqlite, tmp_path)
    write(sqlite, tmp_path)
    with writing(sqlite) as session:
        session.connection().execute(text("DROP TRIGGER restores_never_change"))
        session.connection().execute(text("UPDATE restores SET body = replace(body, '3', '4') WHERE number = 1"))
    right, faults = found(sqlite, tmp_path)
    assert len(faults) == 1
    assert "altered" in faults[0]
    assert [one.number for one in right] == [2]


def test_one_that_was_removed_past_the_guards_is_found(sqlite: Engine, tmp_path: Path) -> None:
    write(sqlite, tmp_path)
    write(sqlite, tmp_path)
    with writing(sqlite) as session:
        session.connection().execute(text("DROP TRIGGER restores_never_go"))
        session.connection().execute(text("DELETE FROM restores WHERE number = 1"))
    assert found(sqlite, tmp_path)[1]


def test_one_signed_by_somebody_else_counts_for_nothing(records: Engine, tmp_path: Path) -> None:
    write(records, tmp_path / "another")
    signer(tmp_path)
    right, faults = found(records, tmp_path)
    assert right == []
    assert "another key" in faults[0]


def test_the_newest_is_known_while_nothing_was_recorded_since(records: Engine, tmp_path: Path) -> None:
    write(records, tmp_path, "a")
    write(records, tmp_path, "b")
    with reading(records) as session:
        assert [restores.is_newest(session.connection(), backup) for backup in ("a", "b", "c")] == [False, True, False]
