"""Stopping `make up`: SIGTERM to make reaches the system, and Ctrl-C reaches it once.

SIGINT to make alone does not reach it: make treats it as a Ctrl-C, which a terminal sends to the whole process group."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

STANDIN = f"""#!{sys.executable}
import signal, time
received = []
for name in ("SIGINT", "SIGTERM"):
    signal.signal(signal.Signals[name], lambda number, frame: received.append(signal.Signals(number).name))
print("up", flush=True)
give_up = time.monotonic() + 20
while not received and time.monotonic() < give_up:
    time.sleep(0.05)
time.sleep(2)  # time for a second signal, which must not come
print(*received, flush=True)
"""


@pytest.fixture
def make(tmp_path: Path) -> "subprocess.Popen[str]":
    """Starts `make up` with a stand-in for the system, in a session of its own."""
    (tmp_path / "inspections").write_text(STANDIN)
    (tmp_path / "inspections").chmod(0o755)
    command = ["make", "--no-print-directory", "-o", "setup", "up", f"BIN={tmp_path}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def test_a_signal_to_make_alone_stops_the_system(make: "subprocess.Popen[str]") -> None:
    make.send_signal(signal.SIGTERM)
    assert make.communicate(timeout=20)[0] == "SIGTERM\n"


def test_ctrl_c_reaches_the_system_once(make: "subprocess.Popen[str]") -> None:
    os.killpg(make.pid, signal.SIGINT)
    assert make.communicate(timeout=20)[0] == "SIGINT\n"
