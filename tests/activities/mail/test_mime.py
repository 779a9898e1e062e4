"""The message that carries a letter: its parts, its headers, and what must not get into them."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from activities.mail.mime import Attachment, CalendarEntry, Sender, compose
from activities.rendering.templates import render_letter, signer
from framework.common.errors import BadInput
from framework.correspondence.documents import file_name
from tests.activities.letter_data import letter_data

SENDER = Sender("Inspections", "inspections@office.example")
MOMENT = datetime(2010, 7, 1, 8, 0, tzinfo=UTC)


def sent(data: dict[str, Any], **more: Any) -> EmailMessage:
    """Returns the message as its recipient's program reads it."""
    message = compose(data, render_letter(data["kind"], data), SENDER, "l-1@inspections.example", MOMENT, **more)
    return message_from_bytes(message.as_bytes(), policy=default)


def test_a_letter_carries_text_and_html_and_its_documents_as_pdf() -> None:
    data = letter_data("draft_report")
    pdf = Attachment(file_name("draft_report", "SLAC-2010-001"), b"%PDF-1.7 x")
    message = sent(data, attachments=[pdf])
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    [attached] = message.iter_attachments()
    assert attached.get_filename() == "SLAC-2010-001-draft-report.pdf"
    assert attached.get_content() == pdf.content


def test_text_and_html_say_what_was_rendered() -> None:
    data = letter_data("publication")
    rendered, message = render_letter("publication", data), sent(data)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == rendered.text
    assert html.get_content().replace("\r\n", "\n").strip() == rendered.html.strip()


def test_headers_are_those_fixed_beforehand() -> None:
    data = letter_data("final_report")
    message = sent(data, reply_to=signer("final_report", data))
    assert message["Message-ID"] == "<l-1@inspections.example>"
    assert message["Date"].datetime == MOMENT
    assert str(message["Date"]).endswith("+0100")
    assert message["To"].addresses[0].addr_spec == "dcs@people.example"
    assert len(message["Cc"].addresses) == 3
    assert message["Reply-To"].addresses[0].display_name == "Lena Hartley"
    assert message["Subject"] == render_letter("final_report", data).subject


def test_a_letter_without_copies_has_no_cc() -> None:
    assert sent(letter_data("oral_feedback"))["Cc"] is None


def test_an_invitation_goes_as_a_calendar_request() -> None:
    message = sent(
        letter_data("set_up_invitation"), calendar=CalendarEntry("REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    )
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert part.get_content().startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("name", ["Caine, Dr Dorothea", 'Dorothea "Dot" Caine', "Zoë Ångström", "Caine; x@y.example"])
def test_any_name_stays_one_name_of_one_recipient(name: str) -> None:
    data = letter_data("oral_feedback")
    data["to"][0]["name"] = name
    [address] = sent(data)["To"].addresses
    assert address.display_name == name
    assert address.addr_spec == "dcs@people.example"


def test_a_line_break_in_a_name_begins_no_header() -> None:
    data = letter_data("oral_feedback")
    data["to"][0]["name"] = "Caine\r\nBcc: all@people.example\n\nbody"
    data["inspection"]["authority"] = "Birmingham\r\nBcc: all@people.example"
    message = sent(data)
    assert message["Bcc"] is None
    assert message["To"].addresses[0].display_name == "Caine Bcc: all@people.example body"
    assert message["Subject"].startswith("Birmingham Bcc: all@people.example: note")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a b@people.example",
        "a@people.example\nBcc: b@x.example",
        "a@localhost",
        "é@people.example",
        "a@b.example, c@d.example",
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_and_names_whose_it_is(email: str) -> None:
    data = letter_data("oral_feedback")
    data["to"][0]["email"] = email
    with pytest.raises(BadInput, match="Dr Dorothea Caine has no address"):
        sent(data)


def test_the_same_letter_is_the_same_bytes() -> None:
    data = letter_data("draft_report")
    rendered, more = render_letter("draft_report", data), [Attachment("a.pdf", b"%PDF-1.7")]
    messages = [compose(data, rendered, SENDER, "l-1@x.example", MOMENT, more).as_bytes() for _ in range(2)]
    assert messages[0] == messages[1]
