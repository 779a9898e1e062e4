"""The ordinary joint inspection, rehearsed from order to close: what the requirements say must come of it, to the day.

The facts below are worked out by hand from the table of limits and the table of letters, not taken from a run."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdf
import pytest

from application.files.comments_form import read_comments_form
from application.runtime import dev_mailbox, rehearsal_marker
from tests.paths import EXAMPLES
from tests.permissions import COMMON_UMASK, names, open_to_others
from tests.rehearsal.run_rehearsal import Ran, inspections, inspections_raw, rehearse

ID = "SLAC-2010-001"
DCS, LINK = "dcs@birmingham.example", "link@birmingham.example"
LEAD, CQC = "i.ashdown@inspectorate.example", "h.dunmore@cqc.example"
BELLAMY, CHOUDHURY = "i.bellamy@inspectorate.example", "i.choudhury@inspectorate.example"
COORDINATOR = "c.marsh@inspectorate.example"
QA = "q.lindqvist@inspectorate.example"
TRUSTS = ["pct@birmingham.example", "pct2@birmingham.example"]
TOLD_OF_REPORT = ["member@birmingham.example", "lscb@birmingham.example", "chief@birmingham.example"]

LETTERS = [
    # kind                  day           to                      copies          para
    ("announcement",        "2010-11-03", [DCS],                  [LINK],         8),
    ("set_up_invitation",   "2010-11-03", [DCS, LINK, LEAD, CQC], [],             32),
    ("assignment",          "2010-11-03", [LEAD],                 [],             62),
    ("assignment",          "2010-11-03", [BELLAMY],              [],             62),
    ("assignment",          "2010-11-03", [CHOUDHURY],            [],             62),
    ("assignment",          "2010-11-03", [CQC],                  [],             62),
    ("assignment",          "2010-11-03", [QA],                   [],             62),
    ("first_cases",         "2010-11-08", [DCS, LINK],            [],             41),
    ("meeting_note",        "2010-11-09", [DCS, LINK, LEAD, CQC], [],             33),
    ("oral_feedback",       "2010-11-30", [DCS],                  [],             55),
    ("report_waiting",      "2010-12-09", [QA],                   [],             61),
    ("draft_report",        "2010-12-14", [DCS],                  TRUSTS,         50),
    ("comments_received",   "2010-12-20", [DCS],                  [],             51),
    ("report_waiting",      "2010-12-24", [QA],                   [],             61),
    ("final_report",        "2010-12-30", [DCS],                  TOLD_OF_REPORT, 52),
    ("publication",         "2011-01-07", [DCS],                  TOLD_OF_REPORT, 53),
    ("evaluation_request",  "2011-01-07", [DCS, LINK],            [],             60),
    ("window_closed",       "2011-02-07", [DCS],                  [],             65),
]  # fmt: skip
"""Every letter but the reminders. The window is open to the end of 6 February, the thirtieth day."""

REMINDERS = [
    # one letter a person and morning: rungs of the same morning are of one letter, none falls within a day of the letter that
    # asked, three days before only what has over five, and of an appointment one note on the day before
    ("case_lists",         LINK,        {0: "2010-11-05"}),
    ("set_up_meeting",     LEAD,        {-1: "2010-11-08"}),
    ("documents",          LINK,        {-1: "2010-11-08", 0: "2010-11-09"}),
    ("survey_invitations", LINK,        {-1: "2010-11-08", 0: "2010-11-09"}),
    ("first_cases_choice", LEAD,        {-1: "2010-11-08"}),
    ("fieldwork_starts",   LEAD,        {-1: "2010-11-16"}),
    ("case_audits",        LINK,        {-3: "2010-11-12"}),
    ("inspection_ends",    LEAD,        {-3: "2010-11-25", -1: "2010-11-29", 0: "2010-11-30"}),
    ("draft_report",       LEAD,        {-3: "2010-12-09"}),
    ("draft_report",       QA,          {-1: "2010-12-13"}),
    ("final_report",       LEAD,        {-3: "2010-12-23"}),
    ("factual_comments",   DCS,         {-1: "2010-12-20"}),
    ("publication",        COORDINATOR, {-3: "2011-01-04", -1: "2011-01-06", 0: "2011-01-07"}),
]  # fmt: skip

DOCUMENTS = {
    "announcement",
    "agenda",
    "first_cases_list",
    "indicative_timetable",
    "draft_report",
    "comments_form",
    "final_report",
    "comments_table",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsal") / "joint"


@pytest.fixture(scope="module")
def ran(data: Path) -> Ran:
    """The rehearsal, run by an account whose new files others can read, into a folder that others can read."""
    umask = os.umask(COMMON_UMASK)
    try:
        data.mkdir(mode=0o755)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("INSPECTIONS_REPORTS_URL", "https://reports.council.example/")
            return rehearse(EXAMPLES / "joint.yaml", data)
    finally:
        os.umask(umask)


@pytest.fixture(scope="module")
def answer(ran: Ran) -> dict[str, Any]:
    return ran.answer


def test_it_comes_to_its_close(answer: dict[str, Any]) -> None:
    assert (answer["id"], answer["stage"]) == (ID, "closed")
    assert answer["events"] > len(LETTERS)
    assert answer["seconds"] > 0


def test_each_letter_goes_to_whom_it_should_on_its_day(answer: dict[str, Any]) -> None:
    sent = [
        (letter["kind"], letter["sent"][:10], letter["to"], letter["cc"], letter["paragraph"])
        for letter in answer["letters"]
        if letter["kind"] != "reminder"
    ]
    assert sent == LETTERS


def test_the_letter_of_publication_links_to_where_the_setting_says_that_reports_stand(
    answer: dict[str, Any], data: Path
) -> None:
    (sent,) = [letter["message_id"] for letter in answer["letters"] if letter["kind"] == "publication"]
    (sent_letter,) = [letter for letter in dev_mailbox.letters(dev_mailbox.folder(data)) if letter.message_id == sent]
    body = dev_mailbox.message(dev_mailbox.folder(data), sent_letter.id).get_body(("plain",))
    file = f"{ID}-final-report.pdf"
    assert body
    assert f"\nhttps://reports.council.example/{file}\n" in body.get_content().replace("\r\n", "\n")
    assert (data / "published" / file).is_file()


def test_what_changed_after_the_draft_is_shown_in_the_final_letter_in_the_table_of_comments_and_to_quality_assurance(
    answer: dict[str, Any], data: Path
) -> None:
    summary = "1 word taken out, 1 put in"
    (sent,) = [letter["message_id"] for letter in answer["letters"] if letter["kind"] == "final_report"]
    (sent_letter,) = [letter for letter in dev_mailbox.letters(dev_mailbox.folder(data)) if letter.message_id == sent]
    body = dev_mailbox.message(dev_mailbox.folder(data), sent_letter.id).get_body(("plain",))
    assert body
    assert f"{summary}, after comment 1." in " ".join(body.get_content().split())
    table = next(document for document in answer["documents"] if document["kind"] == "comments_table")
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(table["path"]).pages)
    assert f"{summary.capitalize()}. Changed after comment 1." in " ".join(words.split())
    view = inspections("show", ID, "--as-of", "2010-12-28T10:00+00:00", "--data", str(data), "--json").answer
    (change,) = view["changes"]
    assert (change["words_out"], change["words_in"], change["comments"]) == (1, 1, [1])


def test_the_form_for_comments_that_went_out_can_be_filled_in_and_read_back(
    answer: dict[str, Any], data: Path, tmp_path: Path
) -> None:
    form = next(document for document in answer["documents"] if document["kind"] == "comments_form")
    writer = pypdf.PdfWriter(clone_from=form["path"])
    for page in writer.pages:
        writer.update_page_form_field_values(page, {"comment_1_where": "12", "comment_1_wrong": "Five, not four."})
    writer.write(tmp_path / "filled.pdf")
    read = read_comments_form(tmp_path / "filled.pdf", ID)
    assert read.data == {"comments": [{"where": "12", "text": "Five, not four."}]}


def test_each_reminder_goes_at_nine_on_its_rung_and_none_besides(answer: dict[str, Any]) -> None:
    sent = sorted(
        (reminder["limit"], reminder["rung"], reminder["sent"][:16], reminder["to"]) for reminder in answer["reminders"]
    )
    expected = [(limit, rung, f"{day}T09:00", [to]) for limit, to, rungs in REMINDERS for rung, day in rungs.items()]
    assert sent == sorted(expected)


def test_at_most_seventeen_of_its_letters_are_reminders_one_a_person_and_morning(answer: dict[str, Any]) -> None:
    sent = [(letter["sent"][:10], *letter["to"]) for letter in answer["letters"] if letter["kind"] == "reminder"]
    assert len(sent) == len(set(sent)) == 16


def test_what_was_pressed_twice_was_done_once(answer: dict[str, Any]) -> None:
    assert [letter["kind"] for letter in answer["letters"]].count("comments_received") == 1


def test_each_document_lies_where_it_says_with_the_hash_it_says(answer: dict[str, Any]) -> None:
    assert {document["kind"] for document in answer["documents"]} == DOCUMENTS
    for document in answer["documents"]:
        content = Path(document["path"]).read_bytes()
        assert content.startswith(b"%PDF-"), document
        assert sha256(content).hexdigest() == document["sha256"]


def test_every_letter_lies_in_the_mailbox_under_its_message_id(answer: dict[str, Any], data: Path) -> None:
    received = dev_mailbox.letters(dev_mailbox.folder(data))
    assert sorted(letter.message_id for letter in received) == sorted(
        letter["message_id"] for letter in answer["letters"]
    )
    assert all(letter.copies == 1 for letter in received)


def test_the_report_is_published_byte_for_byte_as_it_was_made(answer: dict[str, Any], data: Path) -> None:
    final = next(document for document in answer["documents"] if document["kind"] == "final_report")
    (published,) = (data / "published").glob("*.pdf")
    assert sha256(published.read_bytes()).hexdigest() == final["sha256"]


def test_the_folder_is_marked_and_holds_the_histories(answer: dict[str, Any], data: Path) -> None:
    marker = rehearsal_marker.find(data)
    assert marker is not None
    assert marker["state"] == "done"
    assert marker["result"]["id"] == ID
    assert all((data / document["path"]).is_file() for document in marker["result"]["documents"])
    assert (data / "history" / f"inspection-{ID}.json.gz").is_file()
    assert (data / "history" / f"delivery-{ID}.json.gz").is_file()


def test_the_folder_of_a_rehearsal_is_closed_to_other_accounts(answer: dict[str, Any], data: Path) -> None:
    assert {"records.sqlite", "mailbox", "documents", "published", "history", "checkpoints", "keys"} <= names(data)
    assert open_to_others(data) == []


def test_nothing_of_it_was_altered_and_all_of_it_is_attested(answer: dict[str, Any], data: Path) -> None:
    report = inspections("verify", "--data", str(data), "--json").answer
    assert (report["right"], report["found"], report["unwitnessed"]["events"]) == (True, [], 0)
    assert (report["witnesses"]["checkpoints"], report["witnesses"]["engine_histories"]) == (1, 1)
    assert report["checked"]["commands"] > 10


def test_its_progress_is_on_standard_error_in_the_days_of_the_script(ran: Ran) -> None:
    assert "Wed 3 Nov 2010 09:00    notification issued (by system)" in ran.err
    assert f"letter: draft report: to {DCS}; copied to {', '.join(TRUSTS)}" in ran.err
    assert "Traceback" not in ran.err
    assert "WARN" not in ran.err


@pytest.mark.parametrize("command", [["mailbox"], ["list", "--stage", "closed"], ["show", ID], ["history", ID]])
def test_reading_commands_work_on_the_folder_without_an_engine(
    command: list[str], answer: dict[str, Any], data: Path
) -> None:
    read = inspections(*command, "--data", str(data), "--json")
    assert (read.code, read.err) == (0, "")
    assert "birmingham" in read.out.lower() or ID in read.out


def test_every_letter_is_read_as_it_was_accepted_and_found_from_the_history(
    answer: dict[str, Any], data: Path, tmp_path: Path
) -> None:
    taken = {letter.message_id: letter for letter in dev_mailbox.letters(dev_mailbox.folder(data))}
    listed: Any = inspections("letter", ID, "--data", str(data), "--json").answer
    assert [letter["number"] for letter in listed] == list(range(1, len(answer["letters"]) + 1))
    events: Any = inspections("history", ID, "--kind", "letter_accepted", "--data", str(data), "--json").answer
    assert sorted(event["letters"][0] for event in events) == [event["number"] for event in listed]
    (draft,) = [letter for letter in listed if letter["kind"] == "draft_report"]
    number, path = str(draft["number"]), tmp_path / "draft.html"
    raw = inspections_raw("letter", ID, number, "--raw", "--data", str(data))
    assert raw == (data / "mailbox" / f"{int(taken[draft['message_id']].id):06}.eml").read_bytes()
    shown = inspections("letter", ID, number, "--data", str(data)).out
    assert "Subject: Birmingham: draft report, comments on the facts due by Tuesday 21" in " ".join(shown.split())
    assert f"Attached: {ID}-draft-report.pdf" in shown
    assert inspections("letter", ID, number, "--html", str(path), "--data", str(data)).code == 0
    assert "<h1>Birmingham: draft report" in path.read_text()


def test_for_every_reader_the_letters_of_the_inspection_are_one_thread(answer: dict[str, Any], data: Path) -> None:
    folder = dev_mailbox.folder(data)
    mailboxes: dict[str, list[Any]] = {}
    for letter in dev_mailbox.letters(folder):
        for address in (*letter.to, *letter.cc):
            mailboxes.setdefault(address, []).append(dev_mailbox.message(folder, letter.id))
    assert {DCS, LINK, LEAD, CQC, COORDINATOR, *TRUSTS, *TOLD_OF_REPORT} <= set(mailboxes)
    for address, (first, *later) in mailboxes.items():
        for message in later:
            assert first["Message-ID"] in str(message["References"]).split(), f"{address}: {message['Subject']}"


@pytest.mark.parametrize("personal", ["include", "leave-out"])
def test_the_record_can_be_taken_away_and_checked_elsewhere(
    personal: str, answer: dict[str, Any], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "record.zip"
    taken = inspections("export", ID, "--to", str(path), "--personal", personal, "--data", str(data), "--json")
    assert (taken.code, taken.err) == (0, "")
    assert taken.answer["letters_as_sent"] == (len(answer["letters"]) if personal == "include" else 0)
    assert taken.answer["engine_histories"]["files"] > 1
    checked = inspections("verify-export", str(path), "--key", str(data / "keys" / "checkpoint.pub"), "--json")
    assert (checked.code, checked.err) == (0, "")
    assert checked.answer["witnessed_to"] == checked.answer["events"] == answer["events"]
