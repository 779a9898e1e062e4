"""`inspections concern`: what was raised with the team, how it was settled, and where that is seen (para 64)."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from records.exports.format import EVENTS
from tests.application.exports.archives import members
from tests.cli_harness import ID, CliHarness, fits, run

LEAD = ("--by", "i.ashdown")
RAISED = ("--set", "raised_by=parent_or_carer", "--set", "text=The waiting room was cold and loud.")
HOW = ("--set", "text=Another room was found the same day.")


def add_concern(cli: CliHarness, *more: str, code: int = 0) -> str:
    return cli.run("concern", "add", ID, *RAISED, *more, code=code).output


def settle_concern(cli: CliHarness, number: int, *more: str, code: int = 0) -> str:
    return cli.run("concern", "settle", ID, str(number), *HOW, *more, code=code).output


def concerns(cli: CliHarness, *more: str) -> list[dict[str, Any]]:
    return list(cli.json("show", ID, *more)["concerns"])


@pytest.fixture
def settled(cli: CliHarness) -> CliHarness:
    """On site: a concern of the 18th, settled on the 19th, and one that is not."""
    cli.on_site().on("2010-11-18")
    add_concern(cli, *LEAD)
    cli.on("2010-11-19")
    settle_concern(cli, 1, "--by", "c.marsh")
    cli.on("2010-11-22")
    add_concern(cli, "--by", "i.bellamy", "--on", "2010-11-19")
    return cli


# Adding and settling --------------------------------------------------------------------------------------------------


def test_a_concern_is_added_and_settled_and_shown_with_both(settled: CliHarness) -> None:
    first, second = concerns(settled)
    assert first == {
        "number": 1,
        "on": "2010-11-18",
        "raised_by": "parent_or_carer",
        "by": "i.ashdown",
        "text": "The waiting room was cold and loud.",
        "settled": {"on": "2010-11-19", "by": "c.marsh", "text": "Another room was found the same day."},
        "erased": False,
    }
    assert (second["number"], second["on"], second["by"], second["settled"]) == (2, "2010-11-19", "i.bellamy", None)


def test_the_answer_names_the_number_of_the_concern(cli: CliHarness) -> None:
    cli.on_site()
    assert f"{ID}: concern raised: 1, by a parent or carer on Wed 17 Nov 2010" in add_concern(cli, *LEAD)
    assert f"{ID}: concern settled: 1 on Wed 17 Nov 2010" in settle_concern(cli, 1, *LEAD)


def test_the_same_steps_are_taken_with_do(cli: CliHarness) -> None:
    cli.on_site()
    cli.run("do", ID, "add_concern", *RAISED, *LEAD)
    cli.run("do", ID, "settle_concern", "--set", "number=1", *HOW, *LEAD)
    (concern,) = concerns(cli)
    assert concern["settled"]["by"] == "i.ashdown"


def test_the_listing_of_open_steps_names_who_may_have_raised_one(cli: CliHarness) -> None:
    printed = cli.on_site().run("do", ID, *LEAD).stdout
    words = " ".join(printed.split())
    assert "add_concern (para 64) fields: raised_by* (user_of_services | parent_or_carer | young_person" in words
    assert "settle_concern (para 64) fields: number*, text*" in words
    assert fits(printed)


def test_the_words_are_taken_from_a_file_as_do_takes_them(cli: CliHarness, tmp_path: Path) -> None:
    cli.on_site()
    file = tmp_path / "concern.yaml"
    file.write_text("raised_by: partner_agency\ntext: |\n  Two lines\n  of it.\n")
    cli.run("concern", "add", ID, "--with", str(file), *LEAD)
    (concern,) = concerns(cli)
    assert (concern["raised_by"], concern["text"]) == ("partner_agency", "Two lines\nof it.")
    file.write_text("raised_by: partner_agency\nname: Jamie Example\n")
    fault = cli.run("concern", "add", ID, "--with", str(file), *LEAD, code=2).stderr
    assert f"{file.name}:2:" in fault
    assert "text: is missing" in fault


def test_a_concern_of_any_stage_from_the_notification_on_is_kept_and_none_before(cli: CliHarness) -> None:
    cli.start()
    assert "add_concern is taken from notified, set_up" in add_concern(cli, *LEAD, code=3)
    cli.on("2010-11-03").take("notify")
    cli.take("record_service", method="email")
    add_concern(cli, *LEAD)
    cli.take("defer", "m.okafor", reason="The roads are closed")
    settle_concern(cli, 1, *LEAD)
    assert [concern["settled"]["on"] for concern in concerns(cli)] == ["2010-11-03"]


def test_a_repeat_with_the_same_command_adds_nothing(cli: CliHarness) -> None:
    cli.on_site()
    add_concern(cli, *LEAD, "--command", "first")
    add_concern(cli, *LEAD, "--command", "first")
    assert len(concerns(cli)) == 1


@pytest.mark.parametrize(
    ("raised_by", "text", "more"),
    [
        ("other", "The room was cold.", LEAD),
        ("parent_or_carer", "Other words.", LEAD),
        ("parent_or_carer", "The room was cold.", (*LEAD, "--on", "2010-11-16")),
        ("parent_or_carer", "The room was cold.", ("--by", "i.bellamy")),
    ],
)
def test_something_else_under_the_same_command_is_a_fault_and_not_dropped_in_silence(
    cli: CliHarness, raised_by: str, text: str, more: tuple[str, ...]
) -> None:
    def command(raised_by: str, text: str, *more: str, code: int = 0) -> str:
        fields = ("--set", f"raised_by={raised_by}", "--set", f"text={text}")
        return cli.run("concern", "add", ID, *fields, *more, "--command", "first", code=code).output

    cli.on_site()
    command("parent_or_carer", "The room was cold.", *LEAD)
    assert "command" in command(raised_by, text, *more, code=2)
    cli.on("2010-11-18")
    command("parent_or_carer", "The room was cold.", *LEAD)  # the same, a day later
    assert [(concern["on"], concern["text"]) for concern in concerns(cli)] == [("2010-11-17", "The room was cold.")]


# What is wrong, and what is refused -----------------------------------------------------------------------------------


def test_a_name_is_not_asked_for_and_not_taken(cli: CliHarness) -> None:
    cli.on_site()
    fault = cli.run("concern", "add", ID, "--set", "raised_by=Jamie Example", *RAISED[2:], *LEAD, code=2).stderr
    assert "raised_by: must say in general terms who raised it, never a name: one of user_of_services, " in fault
    assert "Jamie" not in fault
    unknown = cli.run("concern", "add", ID, *RAISED, "--set", "name=Jamie Example", *LEAD, code=2).stderr
    assert "name: there is no such field" in unknown
    assert "Jamie" not in unknown
    assert concerns(cli) == []
    assert cli.rows("SELECT count(*) FROM events WHERE kind = 'step_refused'") == [(0,)]


def test_the_help_says_that_no_name_belongs_there(cli: CliHarness) -> None:
    shown = " ".join(run("concern", "add", "--help").stdout.split())
    assert "one of user_of_services, parent_or_carer, young_person, staff_of_authority, partner_agency" in shown
    assert "never by name" in shown


def test_a_concern_that_does_not_exist_is_a_fault_that_names_those_that_do(cli: CliHarness) -> None:
    cli.on_site()
    assert "there is no concern 1; none was raised in this inspection" in settle_concern(cli, 1, *LEAD, code=2)
    add_concern(cli, *LEAD)
    assert "there is no concern 2; those of this inspection are 1" in settle_concern(cli, 2, *LEAD, code=2)
    assert "N" in settle_concern(cli, 0, *LEAD, code=2)
    assert cli.rows("SELECT count(*) FROM events WHERE kind IN ('step_refused', 'concern_settled')") == [(0,)]


def test_settling_twice_is_refused_with_the_paragraph_and_the_refusal_is_recorded(settled: CliHarness) -> None:
    refused = settle_concern(settled, 1, *LEAD, code=3)
    assert "concern 1 was settled on 2010-11-19 by c.marsh already" in refused
    assert "(para 64)" in refused
    (event,) = settled.json("history", ID, "--kind", "step_refused")
    assert (event["by"], event["paragraph"]) == ("i.ashdown", 64)
    assert concerns(settled)[0]["settled"]["by"] == "c.marsh"


def test_a_concern_is_not_settled_before_it_was_raised(settled: CliHarness) -> None:
    fault = settle_concern(settled, 2, *LEAD, "--on", "2010-11-18", code=2)
    assert "concern 2 was raised on 2010-11-19: it was not settled before, on 2010-11-18" in fault
    settle_concern(settled, 2, *LEAD, "--on", "2010-11-19")


def test_the_number_is_given_once(settled: CliHarness) -> None:
    for given in ("number=2", "number=1"):
        fault = settle_concern(settled, 2, *LEAD, "--set", given, code=2)
        assert f"--set number: leave it out: the concern is named behind {ID} already" in fault
    assert concerns(settled)[1]["settled"] is None


@pytest.mark.parametrize(("by", "code"), [("i.bellamy", 3), ("m.okafor", 3), ("link.330", 3), ("dcs.331", 2)])
def test_others_than_the_lead_and_the_coordinator_do_not_settle(settled: CliHarness, by: str, code: int) -> None:
    settle_concern(settled, 2, "--by", by, code=code)
    assert concerns(settled)[1]["settled"] is None


# Where it is seen -----------------------------------------------------------------------------------------------------


def test_show_prints_each_with_how_it_was_settled_and_which_are_not(settled: CliHarness) -> None:
    printed = settled.run("show", ID).stdout
    assert "Concerns raised during the inspection: 2; still to settle: 2\n" in printed
    words = " ".join(printed.split())
    assert "1. Thu 18 Nov 2010, by a parent or carer: The waiting room was cold and loud." in words
    assert "Settled Fri 19 Nov 2010 by c.marsh: Another room was found the same day." in words
    assert "2. Fri 19 Nov 2010, by a parent or carer: The waiting room was cold and loud. What can be" in words
    assert fits(printed)
    settle_concern(settled, 2, *LEAD)
    assert "Concerns raised during the inspection: 2; all settled\n" in settled.run("show", ID).stdout


def test_an_inspection_without_a_concern_shows_none(cli: CliHarness) -> None:
    cli.on_site()
    assert "Concerns" not in cli.run("show", ID).stdout
    assert concerns(cli) == []


def test_a_past_moment_has_the_concerns_as_they_were_known_then(settled: CliHarness) -> None:
    assert concerns(settled, "--as-of", "2010-11-17") == []
    (known,) = concerns(settled, "--as-of", "2010-11-18")
    assert (known["number"], known["settled"]) == (1, None)
    # Raised on the 19th, recorded on the 22nd: on the 19th it was not known.
    (known,) = concerns(settled, "--as-of", "2010-11-19")
    assert known["settled"]["on"] == "2010-11-19"
    assert concerns(settled, "--as-of", "2010-11-22") == concerns(settled)


def test_history_names_the_concern_and_who_raised_it_and_finds_its_words(settled: CliHarness) -> None:
    printed = settled.run("history", ID).stdout
    assert "concern raised: 1, by a parent or carer" in printed
    assert "concern settled: 1" in printed
    events = settled.json("history", ID, "--words", "waiting room")
    assert [event["kind"] for event in events] == ["concern_raised", "concern_raised"]
    assert {event["kind"] for event in settled.json("history", ID, "--paragraph", "64")} == {
        "concern_raised",
        "concern_settled",
    }


def test_the_words_are_in_no_event_and_in_no_submission(settled: CliHarness) -> None:
    for table in ("events", "submissions", "access_log"):
        rows = "\n".join(map(str, settled.rows(f"SELECT * FROM {table}")))
        assert "waiting room" not in rows, table
        assert "Another room" not in rows, table


def test_words_that_were_altered_are_found(settled: CliHarness) -> None:
    settled.run("verify", ID)
    settled.records.dispose()
    with closing(sqlite3.connect(settled.data / "records.sqlite")) as records, records:
        records.execute("UPDATE texts SET body = 'The waiting room was warm.' WHERE body LIKE 'The waiting%'")
    assert "was altered" in settled.run("verify", ID, code=5).output


# Taken away, and erased -----------------------------------------------------------------------------------------------


def test_an_export_has_them_in_its_chronology_and_can_be_checked(settled: CliHarness, tmp_path: Path) -> None:
    full, spare = tmp_path / "full.zip", tmp_path / "spare.zip"
    for path, personal in ((full, "include"), (spare, "leave-out")):
        settled.run("export", ID, "--to", str(path), "--personal", personal, "--by", "c.marsh")
        assert run("verify-export", str(path)).exit_code == 0
    page, named = chronology(full), members(spare)
    assert "Concern 1 was raised by a parent or carer." in page
    assert "Concern 1 was settled." in page
    assert "The waiting room was cold and loud." in page
    assert "Another room was found the same day." in page
    assert "Concern 1 was raised by a parent or carer." in chronology(spare)
    assert [name for name, content in named.items() if b"waiting room" in content or b"Another room" in content] == []
    kinds = [json.loads(line)["kind"] for line in named[EVENTS].splitlines()]
    assert (kinds.count("concern_raised"), kinds.count("concern_settled")) == (2, 1)


def chronology(archive: Path) -> str:
    with zipfile.ZipFile(archive) as opened:
        return " ".join(opened.read("chronology.html").decode().split())


def test_what_was_raised_is_erased_with_the_inspection(settled: CliHarness) -> None:
    settled.take("cancel", "m.okafor", reason="The roads are closed")
    settled.on("2017-11-22").records.dispose()
    settled.run("erase", ID, "--by", "m.okafor", "--reason", "Its time is over")
    first, second = concerns(settled)
    assert (first["text"], first["settled"]["text"], first["erased"], second["erased"]) == (None, None, True, True)
    assert (first["raised_by"], first["settled"]["on"]) == ("parent_or_carer", "2010-11-19")
    assert "by a parent or carer: erased" in " ".join(settled.run("show", ID).stdout.split())
    assert settled.json("history", ID, "--words", "waiting room") == []
    settled.run("verify", ID)
    assert b"waiting room" not in b"".join(path.read_bytes() for path in settled.data.rglob("*") if path.is_file())


# Who sees them, and when ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "seen"), [("link.330", 0), ("dcs.330", 0), ("i.bellamy", 2), ("c.marsh", 2)])
def test_the_authority_s_own_people_do_not_see_what_others_raised_about_it(
    settled: CliHarness, monkeypatch: pytest.MonkeyPatch, person: str, seen: int
) -> None:
    monkeypatch.setenv("INSPECTIONS_PERSON", person)
    assert len(concerns(settled)) == seen


def test_what_a_cancelled_inspection_leaves_open_can_still_be_settled(settled: CliHarness) -> None:
    settled.take(
        "cancel", "m.okafor", reason="The offices have burnt down.", explanation="The offices have burnt down."
    )
    add_concern(settled, *LEAD, code=3)
    settle_concern(settled, 2, *LEAD)
    assert [concern["settled"] is not None for concern in concerns(settled)] == [True, True]


def test_another_step_under_the_command_of_a_concern_is_a_fault_and_changes_nothing(cli: CliHarness) -> None:
    cli.on_site()
    add_concern(cli, *LEAD, "--command", "c-1")
    fault = "sent before and said something else"
    assert fault in settle_concern(cli, 1, *LEAD, "--command", "c-1", code=2)
    written = ("--set", "heading=about", "--set", "text=The waiting room was cold and loud.")
    assert fault in cli.run("do", ID, "write_section", *LEAD, *written, "--command", "c-1", code=2).output
    assert fault in cli.run("do", ID, "receive_documents", *LEAD, "--command", "c-1", code=2).output


def test_a_concern_under_the_command_of_another_step_is_a_fault_and_is_not_dropped(cli: CliHarness) -> None:
    cli.on_site()
    taken = cli.rows("SELECT command_id FROM events WHERE kind = 'fieldwork_started'")[0][0]
    assert "said something else" in add_concern(cli, *LEAD, "--command", taken, code=2)
    assert concerns(cli) == []
