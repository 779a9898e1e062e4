"""Settings and fixtures of all tests: profiles of hypothesis, the command line, a safe end after use of the engine's client."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.cli_harness import CliHarness

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("full", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_unconfigure() -> None:
    """Waits until the client's threads have ended: without the pause one run in twenty crashes after its last test."""
    if "temporalio.client" in sys.modules:
        time.sleep(0.3)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what explorations of a lifecycle saw, also where they ran in another process."""
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    calls = (report for report in reports if getattr(report, "when", "") == "call")
    for name, value in (entry for report in calls for entry in report.user_properties):
        if name == "explored":
            terminalreporter.write_line(str(value))


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """The command line on a fresh folder that is marked as a rehearsal, so that it can be read without an engine."""
    return CliHarness(tmp_path, monkeypatch)


@pytest.fixture
def cli_without_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """The command line on a fresh folder whose engine does not run."""
    return CliHarness(tmp_path, monkeypatch, marked=False)
