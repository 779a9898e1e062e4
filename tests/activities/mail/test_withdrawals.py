"""B5: all who were invited to the set-up meeting get its withdrawal; all who had a letter are notified of changes."""

from email.message import EmailMessage
from typing import Any

import pytest
import vobject

from tests.activities.faulty_smtp import misbehaving
from tests.activities.mail.test_threads import read
from tests.activities.no_engine import RecordsHarness

DCS, LINK = "dcs@birmingham.example", "link@birmingham.example"
LEAD, CQC = "i.ashdown@inspectorate.example", "h.dunmore@cqc.example"
TOLD = {DCS, LINK, LEAD, CQC}
WHY = {"reason": "The hall is flooded."}


def invited(harness: RecordsHarness) -> RecordsHarness:
    """Notified on 3 November; invited to the meeting of 9 November."""
    harness.do("notify")
    harness.do("record_service", method="email")
    return harness


async def sent(harness: RecordsHarness, kind: str) -> EmailMessage:
    """The newest letter of a kind, as it arrived."""
    await harness.render()
    async with misbehaving() as server:
        await harness.send(server.port, harness.letters(kind)[-1]["id"])
    return read(server.taken[0])


def addressed(letter: dict[str, Any]) -> set[str]:
    return {person["email"] for person in (*letter["to"], *letter["cc"])}


def entry(message: EmailMessage) -> Any:
    """The calendar entry of a message, opened by a reader that did not write it."""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = vobject.readOne(part.get_content())
    assert calendar.method.value == part.get_param("method")
    return calendar


@pytest.mark.parametrize(
    ("step", "letter"), [("defer", "deferral_granted"), ("cancel", "cancellation")], ids=["deferral", "cancelling"]
)
async def test_the_invitation_is_withdrawn_under_its_uid_with_the_next_sequence(
    harness: RecordsHarness, step: str, letter: str
) -> None:
    invitation = entry(await sent(invited(harness), "set_up_invitation"))
    harness.do(step, "m.okafor", **WHY)
    message = await sent(harness, letter)
    withdrawal = entry(message)
    assert withdrawal.method.value == "CANCEL"
    assert withdrawal.vevent.status.value == "CANCELLED"
    assert withdrawal.vevent.uid.value == invitation.vevent.uid.value
    assert withdrawal.vevent.dtstart.value == invitation.vevent.dtstart.value
    assert (invitation.vevent.sequence.value, withdrawal.vevent.sequence.value) == ("0", "1")
    assert {attendee.value for attendee in withdrawal.vevent.attendee_list} == {f"mailto:{email}" for email in TOLD}
    body = message.get_body(("plain",))
    assert body is not None
    assert "The set-up meeting, which was to be on Tuesday 9 November 2010 at 10:00, does not take place." in " ".join(
        body.get_content().split()
    )


async def test_the_withdrawal_comes_from_who_invited_also_after_a_change_of_lead(harness: RecordsHarness) -> None:
    invitation = entry(await sent(invited(harness), "set_up_invitation"))
    harness.do("change_lead", "c.marsh", person="i.edgar", **WHY)
    harness.do("defer", "m.okafor", **WHY)
    withdrawal = entry(await sent(harness, "deferral_granted"))
    assert withdrawal.vevent.organizer.value == invitation.vevent.organizer.value == f"mailto:{LEAD}"


@pytest.mark.parametrize(
    ("step", "letter"), [("defer", "deferral_granted"), ("cancel", "cancellation")], ids=["deferral", "cancelling"]
)
def test_a_former_holder_who_had_a_letter_is_notified_too(harness: RecordsHarness, step: str, letter: str) -> None:
    invited(harness)
    harness.do("change_contact", "c.marsh", role="link_officer", person="chief.330", **WHY)
    harness.do(step, "m.okafor", **WHY)
    assert addressed(harness.letters(letter)[0]) == {*TOLD, "chief@birmingham.example"}


def test_a_resumption_goes_to_all_who_had_a_letter_and_invites_anew_under_the_next_sequence(
    harness: RecordsHarness,
) -> None:
    invited(harness).do("change_contact", "c.marsh", role="link_officer", person="chief.330", **WHY)
    harness.do("defer", "m.okafor", **WHY)
    harness.on("2011-01-10").do("resume", "m.okafor", fieldwork="2011-01-24")
    assert addressed(harness.letters("resumption")[0]) == {*TOLD, "chief@birmingham.example"}
    harness.do("record_service", method="email", letter=harness.letters("resumption")[0]["id"])
    assert harness.letters("set_up_invitation")[-1]["data"]["facts"]["meeting"]["sequence"] == 2


def test_nothing_is_withdrawn_twice_or_after_the_meeting_was_held(harness: RecordsHarness) -> None:
    invited(harness).do("defer", "m.okafor", **WHY)
    harness.do("cancel", "m.okafor", **WHY)
    assert "withdrawn" not in harness.letters("cancellation")[0]["data"]["facts"]


async def test_a_held_meeting_stays_in_the_calendars(harness: RecordsHarness) -> None:
    invited(harness).do("hold_set_up_meeting", "i.ashdown", attendees="All", decisions="None")
    harness.do("cancel", "m.okafor", **WHY)
    message = await sent(harness, "cancellation")
    assert "text/calendar" not in [part.get_content_type() for part in message.walk()]


async def test_a_new_day_moves_the_entry_of_those_who_are_invited_again(harness: RecordsHarness) -> None:
    first = entry(await sent(invited(harness), "set_up_invitation"))
    harness.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", place="Town Hall")
    moved = entry(await sent(harness, "set_up_invitation"))
    assert (moved.method.value, moved.vevent.sequence.value) == ("REQUEST", "1")
    assert moved.vevent.uid.value == first.vevent.uid.value
    assert harness.letters("invitation_withdrawn") == []


async def test_a_new_day_withdraws_the_entry_of_those_who_are_invited_no_more(harness: RecordsHarness) -> None:
    first = entry(await sent(invited(harness), "set_up_invitation"))
    harness.do("change_contact", "c.marsh", role="link_officer", person="chief.330", **WHY)
    harness.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", place="Town Hall")
    (letter,) = harness.letters("invitation_withdrawn")
    assert addressed(letter) == {LINK}
    withdrawal = entry(await sent(harness, "invitation_withdrawn"))
    assert (withdrawal.method.value, withdrawal.vevent.sequence.value) == ("CANCEL", "1")
    assert withdrawal.vevent.uid.value == first.vevent.uid.value
    assert [attendee.value for attendee in withdrawal.vevent.attendee_list] == [f"mailto:{LINK}"]
    assert addressed(harness.letters("set_up_invitation")[-1]) == {DCS, LEAD, CQC, "chief@birmingham.example"}
    harness.do("arrange_set_up_meeting", "c.marsh", day="2010-11-05", place="Town Hall")
    assert len(harness.letters("invitation_withdrawn")) == 1, "their calendar no longer holds it"


async def test_a_recipient_the_mail_system_refused_does_not_count_as_notified(harness: RecordsHarness) -> None:
    harness.do("notify")
    await harness.render()
    async with misbehaving({f"RCPT {LINK}": "550 unknown"}) as server:
        await harness.send(server.port, harness.letters("announcement")[0]["id"])
    harness.do("change_contact", "c.marsh", role="link_officer", person="chief.330", **WHY)
    harness.do("record_service", method="email")
    harness.do("defer", "m.okafor", **WHY)
    assert LINK not in addressed(harness.letters("deferral_granted")[0])
