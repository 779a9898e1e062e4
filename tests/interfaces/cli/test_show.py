"""`inspections show` and `history`: one inspection now and as it was known, and what happened."""

from pathlib import Path
from typing import Any

import pytest

from records.database.connection import writing
from records.outbox import states
from tests.cli_harness import ID, CliHarness, fits
from tests.records.verify.verified_records import VerifiedRecords

# One inspection ------------------------------------------------------------------------------------------------------


def limits(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {limit["key"]: limit for limit in shown["limits"]}


def test_one_inspection_is_shown_with_everything(cli: CliHarness) -> None:
    cli.notified()
    shown = cli.json("show", ID)
    assert (shown["id"], shown["stage"], shown["meeting"]["day"]) == (ID, "notified", "2010-11-09")
    assert limits(shown)["notification"]["state"] == "met"
    assert limits(shown)["case_lists"]["policy"] == "policy, not in the source"
    assert {"role": "dcs", "person": "dcs.330"}.items() <= next(
        p for p in shown["people"] if p["role"] == "dcs"
    ).items()
    kinds = [letter["kind"] for letter in shown["letters"]]
    assert kinds == ["announcement", "set_up_invitation", *["assignment"] * 5]
    assert all(letter["fate"] == "waits to be sent" for letter in shown["letters"])
    assert [document["kind"] for document in shown["documents"]] == ["announcement", "agenda"]
    assert "hold_set_up_meeting" in [step["step"] for step in shown["steps"]]


def test_limits_are_shown_in_words(cli: CliHarness) -> None:
    cli.on_site()
    output = " ".join(cli.run("show", ID).stdout.split())
    assert "Lists of cases Fri 5 Nov 2010 42* met LATE on Mon 8 Nov 2010" in output
    assert "Set-up meeting Tue 9 Nov 2010 32 met on Tue 9 Nov 2010" in output
    assert "Audits of the first cases Wed 17 Nov 2010 41 due today" in output
    cli.on("2010-11-19")
    assert "41 LATE by 2 working days" in " ".join(cli.run("show", ID).stdout.split())


def test_as_of_a_day_shows_it_as_it_was_known_at_its_end(cli: CliHarness) -> None:
    cli.on_site()
    then = cli.json("show", ID, "--as-of", "2010-11-03")
    assert (then["stage"], limits(then)["case_lists"]["state"]) == ("notified", "open")
    assert then["as_of"].startswith("2010-11-03T23:59:59")
    assert {letter["kind"] for letter in then["letters"]} == {"announcement", "set_up_invitation", "assignment"}
    assert cli.json("show", ID)["stage"] == "fieldwork"
    assert "as it was known at 3 Nov 2010 23:59" in cli.run("show", ID, "--as-of", "2010-11-03").stdout


def test_as_of_a_moment_before_an_event_was_recorded_does_not_know_it(cli: CliHarness) -> None:
    cli.notified()
    assert cli.json("show", ID, "--as-of", "2010-11-03T08:59+00:00")["stage"] == "planned"
    assert cli.json("show", ID, "--as-of", "2010-11-03T09:30")["stage"] == "notified"


@pytest.mark.parametrize(
    ("when", "expected"),
    [("soon", "must be a day"), ("2010-10-01", "was ordered on 1 Nov 2010"), ("2010-11-02", "has not come yet")],
)
def test_a_moment_that_cannot_be_is_wrong_input(cli: CliHarness, when: str, expected: str) -> None:
    cli.start()
    assert expected in cli.run("show", ID, "--as-of", when, code=2).stderr


def test_a_letter_that_failed_is_seen_with_its_reason(cli: CliHarness) -> None:
    cli.notified()
    letter = cli.json("show", ID)["letters"][1]["id"]
    with writing(cli.records) as session:
        states.mark_failed(session, letter, "550 no such mailbox", cli.now)
    assert cli.json("show", ID)["letters"][1]["fate"] == "refused for good: 550 no such mailbox"
    (task,) = cli.json("tasks", ID)
    assert (task["inspection"], task["kind"]) == (ID, "letter_failed")
    assert f"550 no such mailbox. Put it right, then send_again (letter={letter})" in task["words"]
    assert fits(cli.run("tasks").stdout)


def test_the_outcome_of_a_letter_is_shown_as_it_was_known(cli: CliHarness) -> None:
    cli.notified()
    letter = cli.json("show", ID)["letters"][1]["id"]
    with writing(cli.records) as session:
        states.mark_sending(session, letter, cli.on("2010-11-04").now)
        states.mark_failed(session, letter, "550 no such mailbox", cli.on("2010-11-05").now)
    cli.on("2010-11-08").take("send_again", "c.marsh", letter=letter)
    with writing(cli.records) as session:
        states.mark_sending(session, letter, cli.on("2010-11-09").now)
        states.mark_accepted(session, letter, cli.on("2010-11-10").now, refused={"x@y.example": "no"})

    def outcome(day: str) -> tuple[str, str]:
        shown = cli.json("show", ID, "--as-of", day)["letters"][1]
        return shown["status"], shown["fate"]

    assert outcome("2010-11-03") == ("queued", "waits to be sent")
    assert outcome("2010-11-05") == ("failed", "refused for good: 550 no such mailbox")
    assert outcome("2010-11-08") == ("queued", "waits to be sent")
    assert outcome("2010-11-09")[0] == "sending"
    assert outcome("2010-11-10") == ("accepted", "accepted 10 Nov 2010 09:00")
    failed = next(event for event in cli.json("history", ID) if event["kind"] == "letter_failed")
    assert failed["why"] == "550 no such mailbox"
    assert "550" not in str(failed["data"])


def test_documents_are_shown_as_far_as_they_were_made(cli: CliHarness) -> None:
    cli.notified()
    rendered, failed = (document["id"] for document in cli.json("show", ID)["documents"])
    hashes = {"html_path": "a.html", "html_sha256": "a" * 64, "pdf_path": "a.pdf", "pdf_sha256": "b" * 64}
    with writing(cli.records) as session:
        moment = cli.on("2010-11-05").now
        states.mark_document_failed(session, failed, "no font", moment)
        states.mark_rendered(session, rendered, moment=moment, template_version="1", **hashes)

    def seen(day: str) -> list[tuple[object, ...]]:
        shown = cli.json("show", ID, "--as-of", day)["documents"]
        return [(document["status"], document["sha256"], document["error"]) for document in shown]

    assert seen("2010-11-02") == []
    assert seen("2010-11-04") == [("wanted", None, None), ("wanted", None, None)]
    assert seen("2010-11-05") == [("rendered", "b" * 64, None), ("failed", None, "no font")]


# History -------------------------------------------------------------------------------------------------------------


def test_history_shows_who_did_what_when_as_what_and_under_which_paragraph(cli: CliHarness) -> None:
    cli.on_site()
    events = cli.json("history", ID)
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    lists = next(event for event in events if event["kind"] == "case_lists_received")
    assert (lists["on"], lists["by"], lists["role"], lists["paragraph"]) == (
        "2010-11-08",
        "link.330",
        "link_officer",
        42,
    )
    assert lists["recorded"].startswith("2010-11-08T09:00")
    output = " ".join(cli.run("history", ID, "--full").stdout.split())
    assert "Mon 8 Nov 2010 link.330 42 case lists received" in output
    assert "recorded 09:00 link officer" in output


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--by", "link.330"), {"case_lists_received"}),
        (("--kind", "fieldwork_started"), {"fieldwork_started"}),
        (("--paragraph", "42"), {"case_lists_received"}),
        (("--from", "2010-11-17"), {"fieldwork_started"}),
        (("--to", "2010-11-01"), {"inspection_ordered"}),
        (("--missed",), {"case_lists_received"}),
        (("--from", "2010-11-04", "--to", "2010-11-08"), {"case_lists_received"}),
    ],
)
def test_historys_filters(cli: CliHarness, words: tuple[str, ...], kinds: set[str]) -> None:
    cli.on_site()
    for of in ((), (ID,)):
        assert {event["kind"] for event in cli.json("history", *of, *words)} == kinds


@pytest.mark.parametrize("words", [("--from", "soon"), ("--to", "1/2/3"), ("--paragraph", "70")])
def test_a_filter_of_history_that_cannot_be_is_wrong_input(cli: CliHarness, words: tuple[str, ...]) -> None:
    assert words[0] in cli.run("history", *words, code=2).stderr


def test_a_past_moment_has_the_grades_comments_and_answers_of_then(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        records = VerifiedRecords(tmp_path, patch)
        records.build()
        cli = records.cli
        moments = dict(tuple(row) for row in cli.rows("SELECT kind, max(recorded_at) FROM events GROUP BY kind"))
        answered = [at for (at,) in cli.rows("SELECT recorded_at FROM events WHERE kind = 'comment_answered'")]

        def then(moment: str) -> Any:
            return cli.json("show", ID, "--as-of", moment)

        assert (then("2010-11-16")["sections"], then("2010-11-16")["comments"]) == ([], [])
        first = then(moments["fieldwork_ended"])
        assert {section["grade"] for section in first["sections"]} == {"good", None}
        assert then(moments["draft_sent"])["comments"] == []
        assert [comment["accepted"] for comment in then(moments["comments_returned"])["comments"]] == [None, None]
        assert [comment["accepted"] for comment in then(answered[0])["comments"]] == [True, None]
        assert [comment["text"] for comment in then(answered[0])["comments"]] == [
            "Nine posts, not eight.",
            "Since May.",
        ]
        assert cli.json("show", ID)["comments"] == then(moments["published"])["comments"]


def test_addresses_of_today_are_not_shown_as_those_of_then(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        records = VerifiedRecords(tmp_path, patch)
        records.build()
        cli = records.cli
        now, then = cli.json("show", ID), cli.json("show", ID, "--as-of", "2010-11-17")
        (again,) = [letter for letter in then["letters"] if letter["to"] is None]
        assert again["to_people"]
        assert again["id"] == records.failed[0]
        assert {person["email"] for person in then["people"]} == {None}
        assert all("new." not in address for letter in then["letters"] for address in letter["to"] or ())
        assert any("new." in address for letter in now["letters"] for address in letter["to"])
        printed = cli.run("show", ID, "--as-of", "2010-11-17").stdout
        assert "Addresses of then are not kept" in printed
        assert "@" not in printed


# What was erased ------------------------------------------------------------------------------------------------------


def test_what_was_erased_is_marked_as_erased_and_not_shown_as_nothing(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        records = VerifiedRecords(tmp_path, patch)
        records.build()
        cli = records.cli
        cli.on("2011-07-11").take("close_window")
        before = cli.json("show", ID)
        cli.on("2018-01-08").run("erase", ID, "--by", "m.okafor", "--reason", "Its time is over")
        shown, printed = cli.json("show", ID), cli.run("show", ID).stdout
    assert (before["erased_on"], shown["erased_on"]) == (None, "2018-01-08")
    for name in ("letters", "documents", "comments"):
        assert {row["erased"] for row in before[name]} == {False}, name
        assert {row["erased"] for row in shown[name]} == {True}, name
    assert {(letter["to"], letter["cc"], letter["to_people"], letter["cc_people"]) for letter in shown["letters"]} == {
        (None,) * 4
    }
    assert {document["path"] for document in shown["documents"]} == {None}
    assert [document["sha256"] for document in shown["documents"]] == [
        document["sha256"] for document in before["documents"]
    ]
    assert {(comment["where"], comment["text"]) for comment in shown["comments"]} == {(None, None)}
    assert "  1. erased\n" in printed
    assert ".pdf" not in printed
    assert printed.count("erased") >= len(shown["letters"]) + len(shown["documents"])
    assert fits(printed)
