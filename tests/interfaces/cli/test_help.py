"""The command line as a whole: its help comes at once, its errors are one line."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from interfaces.cli.main import COMMANDS
from tests import cli_harness

HEAVY = {
    "temporalio",
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "rich",
    "weasyprint",
    "jinja2",
    "aiosmtpd",
    "asyncio",
    "transitions",
}


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(Path(sys.executable).parent / "inspections"), *words], capture_output=True, text=True, check=False
    )


def test_help_lists_every_command_with_a_line() -> None:
    output = run("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert re.search(rf"^  {re.escape(name)} +{re.escape(summary)}$", output, re.MULTILINE), name


def test_no_line_of_help_is_wider_than_a_screen() -> None:
    assert max(len(line) for line in run("--help").stdout.splitlines()) <= 80


def test_without_a_word_the_help_is_shown() -> None:
    assert run().stdout == run("--help").stdout


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import json, sys\nfrom interfaces.cli.main import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(json.loads(output.splitlines()[-1]))


@pytest.mark.parametrize("words", [["bake"], ["list", "--cake"], ["mailbox", "--html"], ["--cake"]])
def test_wrong_usage_is_reported_in_one_line_with_code_two(words: list[str]) -> None:
    ended = run(*words)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("inspections")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["list", "--due-within", "x"], "'--due-within': must be a whole number"),
        (["list", "--due-within", "-1"], "'--due-within': must be 0 or more"),
        (["up", "--port", "0"], "'--port': must be 1 or more"),
        (["up", "--port", "65536"], "'--port': must be 65535 or less"),
        (["history", "--paragraph", "70"], "'--paragraph': must be 69 or less"),
        (["bench", "--inspections", "many"], "'--inspections': must be a whole number"),
        (["lifecycle", "--format", "x"], "'--format': 'x' is not one of 'mermaid', 'svg', 'json'"),
    ],
    ids=str,
)
def test_a_value_an_option_does_not_take_is_reported_in_plain_words(words: list[str], expected: str) -> None:
    assert expected in cli_harness.run(*words).stderr


def test_a_wrong_setting_is_reported_by_name_with_code_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INSPECTIONS_SMTP_PORT", "many")
    ended = cli_harness.run("mailbox", "--data", str(tmp_path))
    assert ended.exit_code == 2
    assert "INSPECTIONS_SMTP_PORT" in ended.stderr


def test_it_says_which_version_it_is() -> None:
    assert run("--version").stdout == f"inspections {version('inspections')}\n"
