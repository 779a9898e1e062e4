"""Rehearsals for tests: scripts written in a line or two, and the command as a user runs it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rehearsal.script_reader import Rehearsal, read
from tests import cli_harness
from tests.paths import ROOT

BOUND = 300
"""Seconds; an ordinary rehearsal takes a twentieth of that."""

HEAD = """\
begins: 2010-11-01 08:00
order:
  reference: SLAC-2010-001
  authority: "330"
  notify: 2010-11-03
  coordinator: c.marsh
  manager: m.okafor
  quality_assurance: q.lindqvist
  team:
    - {person: i.ashdown, role: lead_inspector}
    - {person: i.bellamy, role: inspector}
    - {person: i.choudhury, role: inspector}
    - {person: h.dunmore, role: cqc_inspector}
  set_up_meeting: {place: Council House}
"""
FIRST_LINE = HEAD.count("\n") + 1
"""The line on which what is added to the head begins."""


def a_script(folder: Path, rest: str = "", head: str = HEAD) -> Path:
    """Writes a script of the order above and the rest as given; returns its file."""
    path = folder / "script.yaml"
    path.write_text(head + rest, encoding="utf-8")
    return path


def reading(folder: Path, rest: str = "", head: str = HEAD) -> Rehearsal:
    """Reads that script."""
    return read(a_script(folder, rest, head))


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @cached_property
    def answer(self) -> dict[str, Any]:
        """Returns what it printed with --json; fails if it did not end with 0."""
        assert self.code == 0, self.err[-3000:]
        result: dict[str, Any] = json.loads(self.out)
        return result


def rehearse(script: Path, data: Path) -> Ran:
    """Runs `inspections rehearse SCRIPT --to DATA --json` in a process of its own; returns how it ended."""
    command = [COMMAND, "rehearse", str(script), "--to", str(data), "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BOUND, check=False)
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def rehearse_here(script: Path, data: Path) -> Ran:
    """Runs the same command in this process, which saves its imports; returns how it ended."""
    return inspections("rehearse", str(script), "--to", str(data), "--json")


COMMAND = str(Path(sys.executable).parent / "inspections")


def inspections(*arguments: str) -> Ran:
    """Runs one command that needs no engine, in this process; returns how it ended."""
    result = cli_harness.run(*arguments)
    return Ran(result.exit_code, result.stdout, result.stderr)


def inspections_raw(*arguments: str) -> bytes:
    """Runs one command in this process, which must end with 0; returns the bytes that it printed."""
    result = cli_harness.run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes
