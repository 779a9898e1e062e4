"""Engines for workflows: one with skipped time and one ordinary, each once a module; records and mail anew each test."""

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from activities.rendering.pdf_pool import PdfPool
from application.runtime.temporal_client import prepare
from records.database import connection
from records.directory import directory

BIN = Path(sys.executable).parent
ERRORS_ONLY = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))


async def skipping() -> WorkflowEnvironment:
    """The engine whose time can be skipped: one clock for all its workflows."""
    engine = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(BIN / "temporal-test-server"),
        data_converter=pydantic_data_converter,
        runtime=Runtime(telemetry=TelemetryConfig(logging=ERRORS_ONLY)),
    )
    await prepare(engine.client)
    return engine


async def ordinary() -> WorkflowEnvironment:
    """The engine as `up` runs it, but in memory."""
    engine = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(BIN / "temporal"),
        data_converter=pydantic_data_converter,
        dev_server_log_level="never",
    )
    await prepare(engine.client)
    return engine


@pytest_asyncio.fixture(loop_scope="module")
async def skipped() -> AsyncIterator[WorkflowEnvironment]:
    """An engine with skipped time for one test: what another left under way would hold its one clock for ever."""
    engine = await skipping()
    yield engine
    await engine.shutdown()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[skipping, ordinary])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[WorkflowEnvironment]:
    """Each kind of engine in turn."""
    engine: WorkflowEnvironment = await request.param()
    yield engine
    await engine.shutdown()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def usual() -> AsyncIterator[WorkflowEnvironment]:
    """One ordinary engine for the tests of a module."""
    engine = await ordinary()
    yield engine
    await engine.shutdown()


class AtOnce(PdfPool):
    """Makes no PDF, for tests to which it does not matter: the real ones take their time."""

    async def render(self, html: str) -> bytes:
        return b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(scope="module")
def pool() -> PdfPool:
    return AtOnce()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with tables, directory and calendar."""
    path = tmp_path_factory.mktemp("seeded") / "records.sqlite"
    records = connection.connect(f"sqlite:///{path}")
    connection.upgrade(records)
    directory.seed(records)
    records.dispose()
    return path


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    """A data folder with fresh records."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copyfile(seeded, folder / "records.sqlite")
    return folder
