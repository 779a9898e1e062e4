"""Two exports of one finished inspection, made once per process."""

import pytest

from tests.application.exports.archives import Exports
from tests.cli_harness import ID, run
from tests.records.verify.verified_records import VerifiedRecords


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    folder = tmp_path_factory.mktemp("exports")
    with pytest.MonkeyPatch.context() as patch:
        data = VerifiedRecords(folder, patch).build()
    result = Exports(data, folder / "full.zip", folder / "spare.zip")
    for path, personal in ((result.full, "include"), (result.spare, "leave-out")):
        command = run("export", ID, "--to", str(path), "--personal", personal, "--by", "c.marsh", "--data", str(data))
        assert command.exit_code == 0, command.output
    return result
