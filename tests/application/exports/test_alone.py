"""The check needs only the file and the key: no data folder, database, engine or network; and the few lines of Python in the
README need no product."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.application.exports.archives import Exports, members

COMMAND = str(Path(sys.executable).parent / "inspections")
WITHOUT_A_NETWORK = """
import socket, sys
def refused(*_, **__):
    raise OSError("there is no network here")
socket.socket.connect = socket.getaddrinfo = refused
from interfaces.cli.main import main
sys.argv = ["inspections", *sys.argv[1:]]
main()
"""


def alone(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command in an empty home and folder, with no environment but the path of the product."""
    env = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("keyed", [True, False])
def test_the_check_needs_the_file_and_the_key_and_writes_nothing(keyed: bool, exports: Exports, tmp_path: Path) -> None:
    key = ("--key", str(exports.key)) if keyed else ()
    result = alone(tmp_path, sys.executable, "-c", WITHOUT_A_NETWORK, "verify-export", str(exports.full), *key)
    assert result.returncode == 0, result.stderr
    assert "Found wrong" in result.stdout
    assert "(London) by c.marsh" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command_finds_what_was_altered(exports: Exports, tmp_path: Path) -> None:
    altered = bytearray(exports.full.read_bytes())
    altered[len(altered) // 2] ^= 1
    (tmp_path / "altered.zip").write_bytes(altered)
    result = alone(tmp_path, COMMAND, "verify-export", "altered.zip", "--json")
    assert result.returncode == 5
    assert '"right": false' in result.stdout
    assert result.stderr.count("\n") == 1


def unpacked(exports: Exports, folder: Path) -> str:
    """Unpacks the full export; returns the Python lines in its README."""
    for name, content in members(exports.full).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    lines = re.findall(r"^       (import hashlib.*?print\(.*?\))$", (folder / "README.txt").read_text(), re.M | re.S)
    return "\n".join(line.removeprefix("       ") for line in lines[0].splitlines())


def test_the_script_in_the_readme_checks_the_export(exports: Exports, tmp_path: Path) -> None:
    script = unpacked(exports, tmp_path)
    result = alone(tmp_path, sys.executable, "-c", script)
    assert (result.returncode, result.stdout.split(":")[0]) == (0, "unaltered"), result.stderr


@pytest.mark.parametrize("altered", ["events.jsonl", "chronology.html", "another.txt"])
def test_the_script_in_the_readme_names_an_altered_member(altered: str, exports: Exports, tmp_path: Path) -> None:
    script = unpacked(exports, tmp_path)
    with (tmp_path / altered).open("ab") as file:
        file.write(b" ")
    result = alone(tmp_path, sys.executable, "-c", script)
    assert result.returncode == 1
    assert altered in result.stderr.splitlines()[-1]


def test_the_readme_fits_the_width_of_a_terminal(exports: Exports) -> None:
    for archive in (exports.full, exports.spare):
        assert max(map(len, members(archive)["README.txt"].decode().splitlines())) <= 80
