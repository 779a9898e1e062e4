"""Reports of a mail system (RFC 3464), as postfix writes them."""

REPORT = """\
Return-Path: <>
Date: Wed,  3 Nov 2010 09:00:07 +0000 (GMT)
From: MAILER-DAEMON@mail.inspectorate.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: office@inspectorate.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B.1"

--B.1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B.1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.inspectorate.example
Arrival-Date: Wed,  3 Nov 2010 09:00:06 +0000 (GMT)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: X-Postfix; no such mailbox

--B.1
Content-Description: Undelivered Message{what}
Content-Type: {returned}

From: The office <office@inspectorate.example>
Subject: One
Message-ID:
 {message_id}

--B.1--
"""


def report(message_id: str, address: str, action: str = "failed", returned: str = "message/rfc822") -> bytes:
    """A report that the letter with this Message-ID did not (or: not yet) arrive at an address."""
    what = " Headers" if returned.startswith("text") else ""
    text = REPORT.format(address=address, action=action, what=what, returned=returned, message_id=message_id)
    return text.encode()
