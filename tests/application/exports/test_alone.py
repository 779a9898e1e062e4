"""The check stands alone: with the file and the key, in an empty home, without data, database, engine or network; and with
the few lines of Python that the README gives, without the product at all."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.application.exports.archives import Taken, members

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
    """A command in an empty home and folder, with nothing of this machine's settings but where the product is."""
    here = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(command, cwd=folder, env=here, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("keyed", [True, False])
def test_it_needs_the_file_and_the_key_and_leaves_nothing_behind(keyed: bool, taken: Taken, tmp_path: Path) -> None:
    key = ("--key", str(taken.key)) if keyed else ()
    ended = alone(tmp_path, sys.executable, "-c", WITHOUT_A_NETWORK, "verify-export", str(taken.full), *key)
    assert ended.returncode == 0, ended.stderr
    assert "Found wrong" in ended.stdout
    assert "(London) by c.marsh" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command_finds_what_was_altered(taken: Taken, tmp_path: Path) -> None:
    bent = bytearray(taken.full.read_bytes())
    bent[len(bent) // 2] ^= 1
    (tmp_path / "bent.zip").write_bytes(bent)
    ended = alone(tmp_path, COMMAND, "verify-export", "bent.zip", "--json")
    assert ended.returncode == 5
    assert '"right": false' in ended.stdout
    assert ended.stderr.count("\n") == 1


def unpacked(taken: Taken, folder: Path) -> str:
    """The full export, unpacked; answers the Python lines its README gives."""
    for name, content in members(taken.full).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    lines = re.findall(r"^       (import hashlib.*?print\(.*?\))$", (folder / "README.txt").read_text(), re.M | re.S)
    return "\n".join(line.removeprefix("       ") for line in lines[0].splitlines())


def test_the_readme_tells_how_to_check_it_by_hand(taken: Taken, tmp_path: Path) -> None:
    script = unpacked(taken, tmp_path)
    ended = alone(tmp_path, sys.executable, "-c", script)
    assert (ended.returncode, ended.stdout.split(":")[0]) == (0, "unaltered"), ended.stderr


@pytest.mark.parametrize("bent", ["events.jsonl", "chronology.html", "another.txt"])
def test_checked_by_hand_what_was_altered_is_named(bent: str, taken: Taken, tmp_path: Path) -> None:
    script = unpacked(taken, tmp_path)
    with (tmp_path / bent).open("ab") as file:
        file.write(b" ")
    ended = alone(tmp_path, sys.executable, "-c", script)
    assert ended.returncode == 1
    assert bent in ended.stderr.splitlines()[-1]


def test_the_readme_keeps_to_the_width_of_a_screen(taken: Taken) -> None:
    for archive in (taken.full, taken.spare):
        assert max(map(len, members(archive)["README.txt"].decode().splitlines())) <= 80
