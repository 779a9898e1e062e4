"""A workflow's own file stays light: the sandbox imports it anew for every run, and pays for all it pulls in."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "weasyprint",
    "jinja2",
    "aiosmtplib",
    "aiosmtpd",
    "typer",
    "rich",
    "yaml",
    "sqlite3",
)
OURS = ("records", "application", "rehearsal", "operations", "interfaces", "worker")
LIGHT_ACTIVITIES = {"activities", "activities.names"}

ASK = "import json, sys; import {module}; print(json.dumps(sorted(sys.modules)))"


def imported_by(module: str) -> set[str]:
    """What is loaded in a fresh process once `module` is."""
    command = [sys.executable, "-c", ASK.format(module=module)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(ended.stdout))


@pytest.mark.parametrize("module", ["workflows.inspection", "workflows.delivery"])
def test_a_workflow_pulls_in_nothing_heavy(module: str) -> None:
    loaded = {name.partition(".")[0] for name in imported_by(module)}
    assert loaded.isdisjoint({*HEAVY, *OURS}), sorted(loaded & {*HEAVY, *OURS})


@pytest.mark.parametrize("module", ["workflows.inspection", "workflows.delivery"])
def test_a_workflow_knows_activities_by_name_only(module: str) -> None:
    names = {name for name in imported_by(module) if name.partition(".")[0] == "activities"}
    assert names <= LIGHT_ACTIVITIES


def test_the_test_would_see_what_is_heavy() -> None:
    assert "sqlalchemy" in imported_by("records.tables.inspections")
