"""The records that tests of `verify` copy and alter."""

from pathlib import Path

import pytest

from tests.records.verify.verified_records import VerifiedRecords


@pytest.fixture(scope="session")
def unaltered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which nothing was altered. Tests copy it before they alter anything."""
    with pytest.MonkeyPatch.context() as patch:
        return VerifiedRecords(tmp_path_factory.mktemp("records"), patch).build()
