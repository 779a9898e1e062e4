"""Whatever the records or the mailbox hold, no command prints what acts on a terminal."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import update

from application.runtime import dev_mailbox
from framework.common.plain_text import ACTING
from records.database.connection import writing
from records.tables.directory import AUTHORITIES, PEOPLE
from records.tables.inspections import INSPECTIONS, TASKS, TEXTS
from tests.cli_harness import ID, CliHarness

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2066 \x9b31m"
READING = [
    ("authorities", "list"),
    ("authorities", "show", "330"),
    ("tasks",),
    ("tasks", ID),
    ("list",),
    ("agenda",),
    ("show", ID),
    ("history",),
    ("history", ID),
    ("history", ID, "--full"),
    ("history", "--format", "jsonl"),
    ("history", "--format", "csv"),
    ("explain", ID),
    ("statistics",),
    ("do", ID),
    ("access",),
    ("mailbox",),
    ("mailbox", "1"),
    ("what-if", ID, "--fieldwork", "2010-11-18"),
]


@pytest.fixture
def hostile(cli: CliHarness) -> CliHarness:
    """A folder whose directory, texts, tasks and letters hold what older systems may have let in."""
    cli.on_site()
    cli.take("give_oral_feedback", "i.ashdown", headings="As discussed")
    with writing(cli.records) as session:
        connection = session.connection()
        connection.execute(update(PEOPLE).values(name=f"Name {HOSTILE}", organisation=HOSTILE))
        connection.execute(update(AUTHORITIES).values(name=f"Town {HOSTILE}"))
        connection.execute(update(TEXTS).values(body=HOSTILE))
        connection.execute(update(TASKS).values(facts_json={"why": HOSTILE, "letter": HOSTILE, "kind": HOSTILE}))
        connection.execute(update(INSPECTIONS).values(next_what=HOSTILE))
    box = dev_mailbox.folder(cli.data)
    box.mkdir()
    (box / "000001.eml").write_bytes(letter().as_bytes())
    return cli


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "someone@example.com"
    message["To"] = "=?utf-8?q?=1B[2J_=E2=80=AEdirector?= <dcs@birmingham.example>"
    message["Subject"] = "=?utf-8?q?=1B]0;owned=07_=E2=80=AEtxt?="
    message.set_content(f"Dear Director {HOSTILE}\n")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="\u202efdp.exe")
    return message


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("shape", [(), ("--json",)], ids=["text", "json"])
def test_no_command_prints_what_acts_on_a_terminal(
    hostile: CliHarness, words: tuple[str, ...], shape: tuple[str, ...]
) -> None:
    if "--format" in words and shape:
        return
    printed = hostile.run(*words, *shape)
    assert printed.stdout
    assert ACTING.findall(printed.stdout.replace("\r\n", "\n") + printed.stderr) == []


def test_json_holds_the_very_text_for_programs(hostile: CliHarness) -> None:
    people = hostile.json("authorities", "show", "330")["people"]
    assert {person["name"] for person in people} == {f"Name {HOSTILE}"}


def test_an_error_that_repeats_what_was_typed_is_escaped(hostile: CliHarness, tmp_path: Path) -> None:
    order = tmp_path / "order.yaml"
    order.write_text(json.dumps({"reference": "\x1b[2J"}))
    printed = hostile.run("start", str(order), "--dry-run", code=2)
    assert ACTING.findall(printed.stderr) == []


@pytest.mark.parametrize(
    "words",
    [
        ("show", "\x1b[2J"),
        ("do", ID, "cancel", "--by", "c.marsh", "--set", "reason=\u202eabc"),
        ("erase", ID, "--by", "m.okafor", "--reason", "\u202eabc"),
        ("list", "--as", "\udcff"),
    ],
)
def test_a_word_of_the_command_line_that_acts_on_a_terminal_is_wrong_input(
    cli: CliHarness, words: tuple[str, ...]
) -> None:
    printed = cli.run(*words, code=2)
    assert "of the command line must not hold" in printed.stderr
    assert ACTING.findall(printed.stderr) == []


def test_an_attachment_is_saved_under_a_name_that_reads_as_it_is(hostile: CliHarness, tmp_path: Path) -> None:
    hostile.run("mailbox", "1", "--attachments", str(tmp_path / "saved"))
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["\N{REPLACEMENT CHARACTER}fdp.exe"]
