"""Fresh records in a SQLite file, and one process for PDFs."""

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


class CachingPool(PdfPool):
    """A pool that renders a page once and then returns the same PDF: equal pages give equal bytes (`test_documents.py`)."""

    def __init__(self) -> None:
        super().__init__(size=1)
        self._pdfs: dict[str, bytes] = {}

    async def render(self, html: str) -> bytes:
        """Returns the PDF of a page, as it was rendered for an earlier test where one had the same page."""
        if html not in self._pdfs:
            self._pdfs[html] = await super().render(html)
        return self._pdfs[html]


@pytest.fixture(scope="session")
def caching_pool() -> Iterator[CachingPool]:
    pool = CachingPool()
    with pool:
        yield pool


@pytest.fixture
def pool(caching_pool: CachingPool) -> PdfPool:
    """The pool of the test's activities. A test about rendering itself takes one of its own."""
    return caching_pool


@pytest.fixture
def harness(store: Engine, tmp_path: Path, pool: PdfPool) -> RecordsHarness:
    """A planned inspection of Birmingham; its files are in the folder of the test."""
    return RecordsHarness(store, tmp_path, pool)
