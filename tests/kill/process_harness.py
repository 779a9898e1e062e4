"""The real system on a data folder: its processes can be stopped at a fault point, killed, and started again."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from typer.testing import Result

from application.runtime import clock, data_lock, run_file
from application.runtime.run_file import Running
from framework.calendar.london_time import london_day
from tests import cli_harness

Value = TypeVar("Value")
INSPECTIONS = str(Path(sys.executable).parent / "inspections")
COMMANDS_LOG = "commands.log"
"""The file in the data folder that holds the standard error of all commands."""
BOUND = 90.0
"""Seconds for any wait: the engine waits up to twenty for a worker that died, and the machine may be busy."""


def until(condition: Callable[[], Value | None], what: str, bound: float = BOUND) -> Value:
    """Waits until the condition returns a true value, and returns it. Fails after `bound` seconds."""
    give_up = time.monotonic() + bound
    while not (value := condition()):
        assert time.monotonic() < give_up, f"waited in vain: {what}"
        time.sleep(0.1)
    return value


@dataclass
class ProcessHarness:
    """One data folder, and the processes that use it."""

    data: Path
    more: Mapping[str, str] = field(default_factory=dict)
    """Further settings."""
    up: "subprocess.Popen[bytes] | None" = None
    began: date = field(default_factory=lambda: london_day(clock.now()))
    """The London day on which the harness was made: nothing in the folder is older."""

    def begin(self, point: str = "") -> Running:
        """Starts `up` and waits until it is ready; a worker that reaches the fault point stops there."""
        self.up = self._run(["up"], point)
        return self.ready()

    def ready(self, unlike: Callable[[Running], bool] = lambda _: False) -> Running:
        """Waits until the system is ready; one for which `unlike` is true does not count. Returns its run file."""

        def running() -> Running | None:
            assert self.up
            assert self.up.poll() is None, "«up» has ended"
            now = run_file.find(self.data)
            return None if now is None or unlike(now) else now

        return until(running, "ready")

    def call(self, *arguments: str, point: str = "") -> "subprocess.Popen[bytes]":
        """Starts one command of the command line, which stops at the fault point."""
        return self._run(list(arguments), point)

    def does(self, *arguments: str) -> str:
        """Runs one command in this process, again while it ends with 4; returns its output."""

        def output() -> str | None:
            result = self._run_here(*arguments)
            assert result.exit_code in (0, 4), f"{arguments} ended with {result.exit_code}: {result.output}"
            return result.stdout or " " if result.exit_code == 0 else None

        return until(output, " ".join(arguments))

    def reads(self, *arguments: str) -> Any:
        """Runs a reading command with `--json` in this process; returns its answer."""
        return json.loads(self._run_here(*arguments, "--json").stdout)

    def stopped_process(self) -> int:
        """Waits until a process is stopped at the fault point; returns its process identifier."""
        marker = self._marker
        pid = int(until(lambda: marker.read_text() if marker.exists() else "", "the point is reached"))
        process = psutil.Process(pid)
        until(lambda: process.status() == psutil.STATUS_STOPPED, "it is stopped")
        return pid

    def kill(self, victim: str) -> None:
        """Waits until a process is stopped at the fault point; kills it, or the engine, or `up`, until the system runs again."""
        pid = self.stopped_process()
        before = run_file.find(self.data)
        assert before
        if victim == "up":
            self._kill_up()
            self.begin()
        else:
            children = [child.pid for child in psutil.Process(before.worker).children(recursive=True)]
            psutil.Process(before.engine if victim == "engine" else pid).kill()
            self.ready(unlike=lambda now: now.worker == before.worker)
            until(lambda: all(map(is_gone, children)), "nothing of the worker is left")

    def stop(self) -> None:
        """Stops the system; fails if a process is left behind."""
        if self.up is None or self.up.poll() is not None:
            return
        family = self.family()
        self.up.terminate()
        try:
            self.up.wait(BOUND)
            until(lambda: all(map(is_gone, family)), "nothing of it is left")
        finally:
            for pid in family:
                with suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).kill()

    def family(self) -> list[int]:
        """Returns the process identifiers of `up` and of all its descendants."""
        assert self.up
        return [self.up.pid, *(child.pid for child in psutil.Process(self.up.pid).children(recursive=True))]

    def log_tail(self) -> str:
        """Returns the last lines of all log files."""
        logs = [*self.data.glob("log/*.log"), self.data / COMMANDS_LOG]
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs if log.exists())

    @property
    def _marker(self) -> Path:
        return self.data / "reached"

    def _kill_up(self) -> None:
        family = self.family()
        assert self.up
        self.up.kill()
        self.up.wait()
        until(lambda: all(map(is_gone, family)), "no orphan is left")
        until(lambda: not data_lock.is_held(self.data), "the lock is free")

    def _run(self, arguments: list[str], point: str) -> "subprocess.Popen[bytes]":
        env = self._environment()
        if point:
            env["INSPECTIONS_KILL_AT"] = f"{point}:{self._marker}"
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / COMMANDS_LOG).open("ab") as log:
            return subprocess.Popen([INSPECTIONS, *arguments], stdout=subprocess.PIPE, stderr=log, env=env)

    def _run_here(self, *arguments: str) -> Result:
        """Runs one command with the environment and the umask that its own process would have."""
        umask = os.umask(0)
        os.umask(umask)
        env = self._environment()
        try:
            with pytest.MonkeyPatch.context() as patch:
                for name in os.environ.keys() - env.keys():
                    patch.delenv(name)
                for name in env.keys() - os.environ.keys():
                    patch.setenv(name, env[name])
                return cli_harness.run(*arguments)
        finally:
            os.umask(umask)

    def _environment(self) -> dict[str, str]:
        """Returns the environment of this process with the settings of the harness and no others of the system."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))}
        return env | {"INSPECTIONS_DATA": str(self.data), **self.more}


def is_gone(pid: int) -> bool:
    """Returns whether the process has ended; a zombie has."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@contextmanager
def process_harness(data: Path, **more: str) -> Iterator[ProcessHarness]:
    """Yields a harness whose system is stopped at the end."""
    harness = ProcessHarness(data, more)
    try:
        yield harness
    finally:
        harness.stop()
