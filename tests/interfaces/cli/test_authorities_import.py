"""`inspections authorities import`: who may bring people in, and what the access log keeps of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli_harness import CliHarness

HEADER = "person,name,email,organisation,role,authority"
NEW_DCS = "new.dcs,Nora New,new.dcs@birmingham.example,Birmingham council,dcs,330"


def _file(cli: CliHarness, *rows: str) -> str:
    path = cli.data / "people.csv"
    path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    return str(path)


def _log(cli: CliHarness) -> list[dict[str, Any]]:
    return [entry for entry in cli.json("access") if entry["command"] == "authorities import"]


def _is_former(cli: CliHarness, person: str) -> bool:
    people = cli.json("authorities", "show", "330")["people"]
    return bool(next(row for row in people if row["person"] == person)["former"])


@pytest.mark.parametrize("by", ["c.marsh", "m.okafor"])
def test_people_who_are_brought_in_take_the_place_of_those_before(cli: CliHarness, by: str) -> None:
    assert cli.json("authorities", "import", _file(cli, NEW_DCS), "--by", by) == {"rows": 1}
    assert (_is_former(cli, "new.dcs"), _is_former(cli, "dcs.330")) == (False, True)


def test_the_access_log_says_who_brought_people_in_and_what_changed(cli: CliHarness) -> None:
    cli.run("authorities", "import", _file(cli, NEW_DCS), "--by", "c.marsh")
    cli.run("authorities", "import", _file(cli, NEW_DCS.replace("Nora", "Nan")), "--by", "m.okafor")
    second, first = _log(cli)
    assert (first["person"], second["person"]) == ("c.marsh", "m.okafor")
    assert first["asked"] == {
        "file": "people.csv",
        "rows": 1,
        "people_added": ["new.dcs"],
        "posts_begun": ["dcs of 330: new.dcs"],
        "posts_ended": ["dcs of 330: dcs.330"],
        "outcome": "made",
    }
    assert second["asked"]["people_changed"] == {"new.dcs": ["name"]}
    assert "Nora" not in str(first) + str(second)


def test_the_command_prints_what_changed(cli: CliHarness) -> None:
    file = _file(cli, NEW_DCS)
    output = cli.run("authorities", "import", file, "--by", "c.marsh").stdout
    assert "Posts ended: dcs of 330: dcs.330" in output
    assert "Nothing changed." in cli.run("authorities", "import", file, "--by", "c.marsh").stdout


@pytest.mark.parametrize(
    ("by", "code", "expected"),
    [("dcs.330", 3, "the directory is changed by"), ("i.ashdown", 3, "neither"), ("c.mrash", 2, "c.marsh")],
)
def test_a_person_without_the_post_imports_nothing_and_the_access_log_records_it(
    cli: CliHarness, by: str, code: int, expected: str
) -> None:
    assert expected in cli.run("authorities", "import", _file(cli, NEW_DCS), "--by", by, code=code).stderr
    assert not _is_former(cli, "dcs.330")
    (entry,) = _log(cli)
    assert (entry["person"], entry["asked"]["outcome"]) == (by, "refused")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"person,name\n", "row 1: the columns must be"),
        (HEADER.encode() + b"\nx,X,no-address,Y,dcs,330\n", "row 2, column email"),
        (HEADER.encode() + b"\nx,X,x@y.example,Y,dcs,330\nz,Z,a b@y.example,Y,link_officer,330\n", "row 3, column"),
    ],
)
def test_a_faulty_file_names_its_fault_and_nothing_is_imported(cli: CliHarness, content: bytes, expected: str) -> None:
    file = cli.data / "people.csv"
    file.write_bytes(content)
    assert expected in cli.run("authorities", "import", str(file), "--by", "c.marsh", code=2).stderr
    assert not _is_former(cli, "dcs.330")
    assert [entry["asked"]["outcome"] for entry in _log(cli)] == ["refused"]


@pytest.mark.parametrize(
    ("name", "content", "expected"), [("nothing.csv", None, "nothing.csv"), ("x.csv", b"\xff", "UTF-8")]
)
def test_a_file_that_cannot_be_read_is_wrong_input(
    cli: CliHarness, tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert expected in cli.run("authorities", "import", str(tmp_path / name), "--by", "c.marsh", code=2).stderr


def test_an_import_needs_to_be_by_a_person(cli: CliHarness) -> None:
    assert "--by" in cli.run("authorities", "import", _file(cli, NEW_DCS), code=2).output
