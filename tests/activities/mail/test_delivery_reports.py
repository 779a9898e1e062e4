"""What a report of the mail system says, and which messages are none."""

import pytest

from activities.mail.delivery_reports import DeliveryReport, delivery_report
from tests.activities.mail.reports import report

ID, ADDRESS = "<l-1@mail.inspectorate.example>", "Dcs@Council.example"


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_a_letter_that_did_not_arrive_is_known_by_its_message_id(returned: str) -> None:
    failed = {"dcs@council.example": "X-Postfix; no such mailbox"}
    assert delivery_report(report(ID, ADDRESS, returned=returned)) == DeliveryReport(ID, failed)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_letter_that_is_late_or_arrived_is_none(action: str) -> None:
    assert delivery_report(report(ID, ADDRESS, action=action)) is None


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"Subject: hello\r\n\r\nIs this the right place?\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\nno parts\r\n",
        report(ID, ADDRESS).replace(b"Message-ID:\n " + ID.encode(), b"X-Nothing: 1"),
        report(ID, ADDRESS).replace(b"multipart/report", b"multipart/mixed"),
        b"\xff\xfe\x00" * 40,
    ],
)
def test_any_other_message_is_none(message: bytes) -> None:
    assert delivery_report(message) is None
