"""Child processes that end when their parent dies."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from application.runtime import parent_death

PROGRAM = [sys.executable, parent_death.__file__]


def test_a_tied_process_becomes_its_command() -> None:
    assert subprocess.check_output(parent_death.with_parent_death(["echo", "here"]), text=True) == "here\n"


def test_a_process_whose_parent_has_died_already_ends_at_once(tmp_path: Path) -> None:
    somebody_else = 1
    ended = subprocess.run([*PROGRAM, str(somebody_else), "touch", str(tmp_path / "mark")], check=False, timeout=10)
    assert ended.returncode == -signal.SIGKILL
    assert not (tmp_path / "mark").exists()


def test_a_tied_process_dies_with_its_parent() -> None:
    script = (
        "import subprocess\nfrom application.runtime.parent_death import with_parent_death\n"
        "print(subprocess.Popen(with_parent_death(['sleep', '60'])).pid, flush=True)\ninput()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = Path("/proc") / parent.stdout.readline().strip()
    # Killed before the child is tied or after: it must not matter.
    parent.kill()
    parent.communicate()
    give_up = time.monotonic() + 10
    while child.exists() and "zombie" not in (child / "status").read_text():
        assert time.monotonic() < give_up
        time.sleep(0.02)
