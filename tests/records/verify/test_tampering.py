"""Every way to alter records and files is found; where nothing was altered, nothing is."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.records.verify.attested import ATTESTED
from tests.records.verify.tampering import Tamperer
from tests.records.verify.verified_records import verify

FEW, MANY = 60, 1000


def altered(unaltered: Path, copy: Path, seed: int) -> str:
    """Copies the folder and alters the copy once; returns how."""
    shutil.copytree(unaltered, copy)
    return Tamperer(copy, Random(seed)).alter()


def check(unaltered: Path, folder: Path, seeds: range) -> None:
    missed = []
    for seed in seeds:
        copy = folder / str(seed)
        how = altered(unaltered, copy, seed)
        if not verify(copy).findings:
            missed.append(f"{seed}: {how}")
        shutil.rmtree(copy)
    assert not missed, "\n".join(missed)


def test_nothing_is_found_where_nothing_was_altered(unaltered: Path) -> None:
    report = verify(unaltered)
    assert report.findings == []
    assert min(report.checked.values()) > 0, report.checked


def test_every_attested_column_is_one_of_its_table(unaltered: Path) -> None:
    with closing(sqlite3.connect(unaltered / "records.sqlite")) as db:
        actual = {table: {row[1] for row in db.execute(f"PRAGMA table_info({table})")} for table in ATTESTED}
    assert {table: set(columns) - actual[table] for table, columns in ATTESTED.items()} == {
        table: set() for table in ATTESTED
    }


def test_sixty_alterations_are_all_found(unaltered: Path, tmp_path: Path) -> None:
    check(unaltered, tmp_path, range(FEW))


@pytest.mark.slow
def test_a_thousand_alterations_are_all_found(unaltered: Path, tmp_path: Path) -> None:
    check(unaltered, tmp_path, range(FEW, FEW + MANY))
