"""docs/rehearsals.md explains every part of a script, and its script can be read."""

import re
from pathlib import Path

import pytest

from rehearsal.script import Entry, Expected, ReportFill, Script
from rehearsal.script_reader import read
from tests.paths import ROOT
from tests.workflows.kept_histories import REHEARSALS

PAGE = (ROOT / "docs" / "rehearsals.md").read_text()


@pytest.mark.parametrize("model", [Script, Entry, Expected, ReportFill])
def test_every_part_is_explained(model: type[Script | Entry | Expected | ReportFill]) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()]
    missing = [name for name in names if not re.search(rf"^\|[^|]*`{name}[`:]", PAGE, re.MULTILINE)]
    assert not missing


def test_its_script_reads_without_fault(tmp_path: Path) -> None:
    match = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert match
    path = tmp_path / "page.yaml"
    path.write_text(match[1])
    assert len(read(path).script.steps) == 4


@pytest.mark.parametrize("name", REHEARSALS)
def test_every_example_is_listed(name: str) -> None:
    assert f"`examples/{name}.yaml`" in PAGE
