"""Every way to alter records and files is found; where nothing was altered, nothing is."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.records.verify.attested import ATTESTED
from tests.records.verify.tampering import Tamperer
from tests.records.verify.verified_records import VerifiedRecords, verify

FEW, MANY = 60, 1000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in which nothing was altered."""
    with pytest.MonkeyPatch.context() as patch:
        yield VerifiedRecords(tmp_path_factory.mktemp("records"), patch).build()


def altered(data: Path, copy: Path, seed: int) -> str:
    """Copies the folder and alters the copy once; returns how."""
    shutil.copytree(data, copy)
    return Tamperer(copy, Random(seed)).alter()


def check(data: Path, folder: Path, seeds: range) -> None:
    missed = []
    for seed in seeds:
        copy = folder / str(seed)
        how = altered(data, copy, seed)
        if not verify(copy).findings:
            missed.append(f"{seed}: {how}")
        shutil.rmtree(copy)
    assert not missed, "\n".join(missed)


def test_nothing_is_found_where_nothing_was_altered(data: Path) -> None:
    report = verify(data)
    assert report.findings == []
    assert min(report.checked.values()) > 0, report.checked


def test_every_attested_column_is_one_of_its_table(data: Path) -> None:
    with closing(sqlite3.connect(data / "records.sqlite")) as db:
        actual = {table: {row[1] for row in db.execute(f"PRAGMA table_info({table})")} for table in ATTESTED}
    assert {table: set(columns) - actual[table] for table, columns in ATTESTED.items()} == {
        table: set() for table in ATTESTED
    }


def test_sixty_alterations_are_all_found(data: Path, tmp_path: Path) -> None:
    check(data, tmp_path, range(FEW))


@pytest.mark.slow
def test_a_thousand_alterations_are_all_found(data: Path, tmp_path: Path) -> None:
    check(data, tmp_path, range(FEW, FEW + MANY))
