"""One finished life, exported twice, for all tests of exports in a process."""

import pytest

from tests.application.exports.archives import Taken
from tests.cli_harness import ID, run
from tests.records.verify.verified_records import VerifiedRecords


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = tmp_path_factory.mktemp("taken")
    with pytest.MonkeyPatch.context() as patch:
        data = VerifiedRecords(folder, patch).build()
    found = Taken(data, folder / "full.zip", folder / "spare.zip")
    for path, personal in ((found.full, "include"), (found.spare, "leave-out")):
        ended = run("export", ID, "--to", str(path), "--personal", personal, "--by", "c.marsh", "--data", str(data))
        assert ended.exit_code == 0, ended.output
    return found
