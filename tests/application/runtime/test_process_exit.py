"""The exit guard: one line for each error, the exit code of its kind, and an immediate exit if the engine's client was used."""

import subprocess
import sys

import pytest

from application.runtime import process_exit
from framework.common.errors import BadInput, CheckFailed, FaultyFile, InspectionError, Refused, Unreachable


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (BadInput("no such step"), 2, "no such step"),
        (Refused("not yet", 50), 3, "not yet (para 50)"),
        (Unreachable("the engine is away"), 4, "the engine is away"),
        (CheckFailed("event 4"), 5, "event 4"),
        (InspectionError("something"), 1, "something"),
        (ValueError("odd"), 1, "unexpected error: ValueError: odd"),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_one_line(
    error: Exception, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert process_exit.print_error(error) == code
    assert capsys.readouterr().err == f"{line}\n"


def test_an_error_of_several_lines_is_printed_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    process_exit.print_error(ValueError("first\n  second"))
    assert capsys.readouterr().err.count("\n") == 1


def test_the_faults_of_a_file_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    process_exit.print_error(FaultyFile("the order is wrong", ("lead: missing", "scope: unknown")))
    assert capsys.readouterr().err.splitlines() == ["the order is wrong", "lead: missing", "scope: unknown"]


def test_other_faults_are_printed_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    process_exit.print_error(BadInput("the form has faults", ("lead: is missing", "scope: is missing")))
    assert capsys.readouterr().err == "the form has faults: lead: is missing; scope: is missing\n"


def process(body: str) -> "subprocess.CompletedProcess[str]":
    script = f"from application.runtime import process_exit\nasync def main():\n    {body}\nprocess_exit.run(main)\n"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20)


def test_a_process_ends_with_the_returned_code() -> None:
    assert process("return None").returncode == 0
    assert process("return 5").returncode == 5


def test_an_error_ends_the_process_with_its_code_and_no_traceback() -> None:
    ended = process("from framework.common.errors import Refused; raise Refused('not yet', 50)")
    assert ended.returncode == 3
    assert ended.stderr == "not yet (para 50)\n"


def test_a_process_that_loaded_the_client_exits_at_once_with_all_its_output() -> None:
    ended = process(
        "import atexit, temporalio.client; atexit.register(print, 'the slow way out'); print('answer'); return 5"
    )
    assert ended.returncode == 5
    assert ended.stdout == "answer\n"
