"""The documents agree with the code: commands run, names exist, tables have the same rows."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel
from typer.core import TyperGroup

from application.runtime import dev_mailbox
from framework.correspondence.documents import DOCUMENTS
from framework.correspondence.letters import LETTERS
from framework.editions.october_2010.paragraphs import TITLES
from framework.inspection.limit_days import ANCHORS
from framework.inspection.limits import BY_KEY, LIMITS
from framework.inspection.order import Gate
from framework.inspection.steps import STEPS
from interfaces.cli.lifecycle import mermaid
from interfaces.cli.main import LateCommands
from records.tables import checkpoints, content, directory, inspections, outbox, projections
from tests import cli_harness
from tests.operations import up_harness
from tests.paths import ROOT

README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
COVERAGE = (ROOT / "docs" / "framework-coverage.md").read_text()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PAGES = [path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if path.name != "LICENSE.md"]
BIN = Path(sys.executable).parent


def commands(text: str) -> list[str]:
    """Returns every line of the blocks of shell commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def rows(text: str, columns: int) -> list[list[str]]:
    """Returns the cells of every table row with so many columns, headings included."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns]


# Commands -----------------------------------------------------------------------------------------------------------

README_COMMANDS = [line for line in commands(README) if line.startswith("inspections ")]
FIRST_OF_REHEARSAL = next(
    index for index, line in enumerate(README_COMMANDS) if line.startswith("inspections rehearse")
)


def environment(data: Path) -> dict[str, str]:
    """Returns an environment with our commands on the path, this data folder, and no other setting of the system."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))}
    return {**others, "INSPECTIONS_DATA": str(data), "PATH": f"{BIN}:{os.environ['PATH']}"}


def begin(data: Path) -> "subprocess.Popen[str]":
    """Starts what `make up` runs."""
    return subprocess.Popen([BIN / "inspections", "up"], env=environment(data), stderr=subprocess.PIPE, text=True)


def run(line: str, folder: Path) -> None:
    """Runs one line of the README in a folder, as a process; it must end with its exit code."""
    words, env = shlex.split(line, comments=True), environment(folder / "var")
    result = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == exit_code(line), f"{line}\n{result.stdout}{result.stderr}"


def call(line: str) -> None:
    """Runs one line of the README in this process, which saves its imports; it must end with its exit code."""
    result = cli_harness.run(*shlex.split(line, comments=True)[1:])
    assert result.exit_code == exit_code(line), f"{line}\n{result.output}"


def exit_code(line: str) -> int:
    """Returns the exit code in the comment of a line of the README; 0 where there is none."""
    return int((re.findall(r"# refused: (\d)", line) or ["0"])[0])


def test_the_commands_of_the_readme_end_with_their_exit_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    data = tmp_path / "var"
    mailbox = dev_mailbox.folder(data)
    for name in os.environ.keys() - environment(data).keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("INSPECTIONS_DATA", str(data))
    monkeypatch.chdir(tmp_path)
    up = begin(data)
    try:
        asyncio.run(up_harness.ready(data))
        for line in README_COMMANDS[:FIRST_OF_REHEARSAL]:
            starts = line.startswith("inspections start") and "--dry-run" not in line
            run(line, tmp_path) if starts or exit_code(line) else call(line)
            if starts:
                asyncio.run(up_harness.until(lambda: len(dev_mailbox.letters(mailbox)) == 2, bound=60))
    finally:
        assert up_harness.stop(up) == 0


@pytest.mark.slow
def test_the_rehearsal_of_the_readme_runs_and_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for line in README_COMMANDS[FIRST_OF_REHEARSAL:]:
        run(line, tmp_path)


def our_commands() -> list[Any]:
    """Returns every line of shell commands in any document."""
    return [pytest.param(line, id=f"{path.name}: {line[:60]}") for path in PAGES for line in commands(path.read_text())]


@pytest.mark.parametrize("line", our_commands())
def test_every_command_in_the_documents_exists_with_its_options(line: str) -> None:
    first, *words = shlex.split(line, comments=True)
    if first == "make":
        assert all(re.search(rf"^{word}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE) for word in words)
    elif first == "inspections":
        name, *words = words
        command = LateCommands()[name]
        while isinstance(command, TyperGroup):
            name, *words = words
            command = command.commands[name]  # type: ignore[assignment]
        command.make_context(name, list(words))
    else:
        assert first == "source"


# Names and links ------------------------------------------------------------------------------------------------------

ROOTS = (
    "framework|records|activities|workflows|application|rehearsal|operations|interfaces|templates|examples|docs|tests"
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text()
    named = [ROOT / name for name in re.findall(rf"`((?:{ROOTS})/[\w./-]*)`", text)]
    linked = [path.parent / name for name in re.findall(r"\]\((?!https?:|#)([^)#]+)", text)]
    assert [str(file) for file in (*named, *linked) if not file.exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_name_that_a_document_gives_with_its_file_stands_there(path: Path) -> None:
    named = re.findall(r"`(\w+)` in `([\w/]+\.py)`", path.read_text())
    assert [(name, file) for name, file in named if name not in (ROOT / file).read_text()] == []


def test_the_readme_lists_every_folder() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in tracked.splitlines() if "/" in line and not line.startswith(".")}
    assert {folder for folder in folders if f"| `{folder}/` |" not in README} == set()


# Architecture ---------------------------------------------------------------------------------------------------------


def test_the_state_diagram_is_the_one_of_the_table() -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", ARCHITECTURE, re.DOTALL)
    assert drawn
    without_notes = re.sub(r" *note right of .*?end note\n?", "", "\n".join(mermaid()), flags=re.DOTALL)
    assert drawn[1] == without_notes.rstrip("\n")


def test_every_table_of_the_records_is_explained() -> None:
    assert all((inspections, content, directory, outbox, projections, checkpoints))
    named = re.findall(r"`(\w+)`", "".join(row[0] for row in rows(ARCHITECTURE.partition("## Records")[2], 2)))
    assert set(SQLModel.metadata.tables) <= set(named)


# Coverage of the framework --------------------------------------------------------------------------------------------

PARAGRAPHS = {int(row[0]): row[1:] for row in rows(COVERAGE, 4) if row[0].isdigit()}
NOT_STARTED = {key for key, rule in BY_KEY.items() if rule.anchor not in (*BY_KEY, *ANCHORS)}
"""Limits in the table whose anchor no event sets yet."""


def test_every_paragraph_is_there_once_and_in_order() -> None:
    assert [int(row[0]) for row in rows(COVERAGE, 4) if row[0].isdigit()] == list(TITLES)
    assert {state for _, state, _ in PARAGRAPHS.values()} == {"does", "part", "to come", "nothing"}


def test_what_the_tables_do_is_claimed() -> None:
    done = {step.paragraph for step in STEPS} | {rule.paragraph for rule in DOCUMENTS}
    done |= {rule.paragraph for rule in LETTERS if rule.paragraph}
    done |= {rule.paragraph for rule in LIMITS if rule.key not in NOT_STARTED}
    assert {number for number in done if PARAGRAPHS[number][1] not in ("does", "part")} == set()
    assert {PARAGRAPHS[BY_KEY[key].paragraph][1] for key in NOT_STARTED} == {"to come"}


@pytest.mark.parametrize("number", TITLES)
def test_a_paragraph_is_claimed_by_what_exists(number: int) -> None:
    _, state, where = PARAGRAPHS[number]
    to_come = state != "nothing" and re.search(r"\b[A-Z]\d\b", where)
    assert bool(to_come) == (state in ("part", "to come")), "what is to come has a requirement's ID"
    known = {*STEPS.names, *BY_KEY, *Gate, *(rule.kind for rule in LETTERS), *(rule.kind for rule in DOCUMENTS)}
    names = set(re.findall(r"`([a-z_]+)`", where)) - {"schedule", "signed_by"}
    assert names <= known


# Decisions ------------------------------------------------------------------------------------------------------------


def test_decisions_are_numbered_dated_complete_and_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = path.read_text()
        assert re.match(rf"# {path.name[:4]} .+\n\n\d{{4}}-\d\d-\d\d\n", text), path.name
        parts = ("**Context.**", "**Decision.**", "**Reason.**", "**What would change it.**")
        assert [part for part in parts if part not in text] == [], path.name
        assert f"({path.name})" in index


def test_every_dependency_has_its_reason_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    text = next(path for path in DECISIONS if "dependencies" in path.name).read_text()
    reasons = {row[0] for row in rows(text, 3)} - {"to run", "to develop", "---"}
    assert reasons == {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in declared}
