"""Statements about restores: signed, each with the hash of the one before it, never changed or removed."""

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

CONTENT: dict[str, Any] = {"superseded": [[ID, 3, "f" * 64]], "touched": [ID]}
ATTACKS = {
    "changed": "UPDATE restores SET backup = 'another'",
    "removed": "DELETE FROM restores",
    "put over": "INSERT INTO restores SELECT * FROM restores",
}


def write(engine: Engine, folder: Path, backup: str = "seal") -> Restore:
    with writing(engine) as session:
        return restores.save(session, CONTENT, backup, MOMENT, signer(folder))


def read(engine: Engine, folder: Path) -> tuple[list[Restore], list[str]]:
    with reading(engine) as session:
        return restores.read(restores.rows(session.connection()), public_key(folder))


def test_each_statement_holds_the_hash_of_the_one_before_it(records: Engine, tmp_path: Path) -> None:
    first, second = write(records, tmp_path), write(records, tmp_path)
    statements, faults = read(records, tmp_path)
    assert [statement.number for statement in statements] == [1, 2]
    assert faults == []
    assert second.content["previous"] == first.sha256
    assert restores.superseded(statements) == {(ID, 3, "f" * 64)}
    assert restores.restored_inspections(statements) == {ID}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_to_alter_them(records: Engine, tmp_path: Path, attack: str) -> None:
    write(records, tmp_path)
    with pytest.raises(DBAPIError), writing(records) as session:
        session.connection().execute(text(ATTACKS[attack]))
    assert len(read(records, tmp_path)[0]) == 1


def test_a_statement_altered_without_its_triggers_is_found(sqlite: Engine, tmp_path: Path) -> None:
    write(sqlite, tmp_path)
    write(sqlite, tmp_path)
    with writing(sqlite) as session:
        session.connection().execute(text("DROP TRIGGER restores_never_change"))
        session.connection().execute(text("UPDATE restores SET body = replace(body, '3', '4') WHERE number = 1"))
    statements, faults = read(sqlite, tmp_path)
    assert len(faults) == 1
    assert "altered" in faults[0]
    assert [statement.number for statement in statements] == [2]


def test_a_statement_removed_without_its_triggers_is_found(sqlite: Engine, tmp_path: Path) -> None:
    write(sqlite, tmp_path)
    write(sqlite, tmp_path)
    with writing(sqlite) as session:
        session.connection().execute(text("DROP TRIGGER restores_never_go"))
        session.connection().execute(text("DELETE FROM restores WHERE number = 1"))
    assert read(sqlite, tmp_path)[1]


def test_a_statement_signed_with_another_key_is_not_accepted(records: Engine, tmp_path: Path) -> None:
    write(records, tmp_path / "another")
    signer(tmp_path)
    statements, faults = read(records, tmp_path)
    assert statements == []
    assert "another key" in faults[0]


def test_the_last_backup_restored_is_known_while_nothing_was_recorded_since(records: Engine, tmp_path: Path) -> None:
    write(records, tmp_path, "a")
    write(records, tmp_path, "b")
    with reading(records) as session:
        assert [restores.is_newest(session.connection(), backup) for backup in ("a", "b", "c")] == [False, True, False]
