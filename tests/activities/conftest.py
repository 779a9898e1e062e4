"""Fresh records in a SQLite file, and one pool of processes for PDFs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from activities.rendering.pdf_pool import PdfPool
from records.database import connection as database
from records.directory import directory
from tests.activities.no_engine import RecordsHarness


@pytest.fixture(scope="session")
def seeded_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A records file with tables, directory and calendar; each test gets a copy."""
    path = tmp_path_factory.mktemp("seeded") / "records.sqlite"
    engine = database.connect(f"sqlite:///{path}")
    database.upgrade(engine)
    directory.seed(engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@pytest.fixture
def store(seeded_records: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "records.sqlite"
    shutil.copyfile(seeded_records, path)
    engine = database.connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def pool() -> Iterator[PdfPool]:
    with PdfPool(size=1) as pdf_pool:
        yield pdf_pool


@pytest.fixture
def harness(store: Engine, tmp_path: Path, pool: PdfPool) -> RecordsHarness:
    """A planned inspection of Birmingham; its files are in the folder of the test."""
    return RecordsHarness(store, tmp_path, pool)
