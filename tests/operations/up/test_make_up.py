"""`make up` as it is stopped: SIGTERM to make reaches the system, and Ctrl-C reaches it once.

SIGINT to make alone does not: make takes it for a Ctrl-C, which the terminal gives to the whole group."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

STANDIN = f"""#!{sys.executable}
import signal, time
heard = []
for name in ("SIGINT", "SIGTERM"):
    signal.signal(signal.Signals[name], lambda number, frame: heard.append(signal.Signals(number).name))
print("up", flush=True)
give_up = time.monotonic() + 20
while not heard and time.monotonic() < give_up:
    time.sleep(0.05)
time.sleep(2)  # a second signal would not let it stop in peace
print(*heard, flush=True)
"""


@pytest.fixture
def make(tmp_path: Path) -> "subprocess.Popen[str]":
    """`make up` with a stand-in for the system, in a session of its own."""
    (tmp_path / "inspections").write_text(STANDIN)
    (tmp_path / "inspections").chmod(0o755)
    command = ["make", "--no-print-directory", "-o", "setup", "up", f"BIN={tmp_path}"]
    made = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert made.stdout
    assert made.stdout.readline() == "up\n"
    return made


def test_a_signal_to_make_alone_stops_the_system(make: "subprocess.Popen[str]") -> None:
    make.send_signal(signal.SIGTERM)
    assert make.communicate(timeout=20)[0] == "SIGTERM\n"


def test_ctrl_c_is_heard_once(make: "subprocess.Popen[str]") -> None:
    os.killpg(make.pid, signal.SIGINT)
    assert make.communicate(timeout=20)[0] == "SIGINT\n"
