"""The real system on a folder of its own, made to stand still at a point, killed, and started again."""

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

from application.runtime import clock, data_lock, run_file
from application.runtime.run_file import Running
from framework.calendar.london_time import london_day

Found = TypeVar("Found")
INSPECTIONS = str(Path(sys.executable).parent / "inspections")
BOUND = 90.0
"""Seconds for anything waited for: the engine gives a worker that died up to twenty, on a machine that is busy."""


def until(condition: Callable[[], Found | None], what: str, bound: float = BOUND) -> Found:
    """Waits until the condition holds, and answers what it found."""
    give_up = time.monotonic() + bound
    while not (found := condition()):
        assert time.monotonic() < give_up, f"waited in vain: {what}"
        time.sleep(0.1)
    return found


@dataclass
class ProcessHarness:
    """One data folder, and the processes on it."""

    data: Path
    more: Mapping[str, str] = field(default_factory=dict)
    """Further settings."""
    up: "subprocess.Popen[bytes] | None" = None
    began: date = field(default_factory=lambda: london_day(clock.now()))
    """The London day on which it was first looked at: nothing on it is older."""

    def begin(self, point: str = "") -> Running:
        """Starts `up`, whose worker comes to a halt at the point, and waits until it is ready."""
        self.up = self._run(["up"], point)
        return self.ready()

    def ready(self, unlike: Callable[[Running], bool] = lambda _: False) -> Running:
        """What runs once it is ready, and not `unlike` what is waited for."""

        def found() -> Running | None:
            assert self.up
            assert self.up.poll() is None, "«up» has ended"
            now = run_file.find(self.data)
            return None if now is None or unlike(now) else now

        return until(found, "ready")

    def call(self, *arguments: str, point: str = "") -> "subprocess.Popen[bytes]":
        """Starts one command of the command line."""
        return self._run(list(arguments), point)

    def does(self, *arguments: str) -> str:
        """Runs one command, again while the engine is away or gives no answer; answers what it printed."""

        def done() -> str | None:
            process = self.call(*arguments)
            printed, _ = process.communicate(timeout=BOUND)
            assert process.returncode in (0, 4), f"{arguments} ended with {process.returncode}: {self.said()}"
            return printed.decode() or " " if process.returncode == 0 else None

        return until(done, " ".join(arguments))

    def reads(self, *arguments: str) -> Any:
        """What a reading command answers, as JSON."""
        process = self.call(*arguments, "--json")
        printed, _ = process.communicate(timeout=BOUND)
        return json.loads(printed)

    def held(self) -> int:
        """Waits until a process stands still at the point; answers its identifier."""
        marker = self._marker
        pid = int(until(lambda: marker.read_text() if marker.exists() else "", "the point is reached"))
        process = psutil.Process(pid)
        until(lambda: process.status() == psutil.STATUS_STOPPED, "it stands still")
        return pid

    def kill(self, victim: str) -> None:
        """Once a process stands at the point: kills it, or the engine, or `up`; the system then runs again."""
        pid = self.held()
        before = run_file.find(self.data)
        assert before
        if victim == "up":
            self._kill_up()
            self.begin()
        else:
            below = [child.pid for child in psutil.Process(before.worker).children(recursive=True)]
            psutil.Process(before.engine if victim == "engine" else pid).kill()
            self.ready(unlike=lambda now: now.worker == before.worker)
            until(lambda: all(map(is_gone, below)), "nothing of the worker is left")

    def stop(self) -> None:
        """Stops the system, and fails where it leaves a process behind."""
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
        """`up` and everything below it."""
        assert self.up
        return [self.up.pid, *(child.pid for child in psutil.Process(self.up.pid).children(recursive=True))]

    def said(self) -> str:
        """What the system and its parts wrote last."""
        logs = [*self.data.glob("log/*.log"), self.data / "said.log"]
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
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))}
        kept |= {"INSPECTIONS_DATA": str(self.data), **self.more}
        if point:
            kept["INSPECTIONS_KILL_AT"] = f"{point}:{self._marker}"
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "said.log").open("ab") as said:
            return subprocess.Popen([INSPECTIONS, *arguments], stdout=subprocess.PIPE, stderr=said, env=kept)


def is_gone(pid: int) -> bool:
    """Whether the process has ended (a zombie has)."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@contextmanager
def process_harness(data: Path, **more: str) -> Iterator[ProcessHarness]:
    """A house that is taken down at the end, whatever happened to it."""
    one = ProcessHarness(data, more)
    try:
        yield one
    finally:
        one.stop()
