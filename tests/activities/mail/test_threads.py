"""B8: every letter of an inspection is one thread in the mail program of every recipient."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.activities.faulty_smtp import misbehaving
from tests.activities.mail.test_letters import undotted
from tests.activities.no_engine import RecordsHarness


def read(message: bytes) -> EmailMessage:
    parsed = message_from_bytes(undotted(message), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def named(message: EmailMessage) -> list[str]:
    return str(message["References"] or "").split()


async def notified(harness: RecordsHarness, refusing: dict[str, str] | None = None) -> list[EmailMessage]:
    """The announcement and the invitation, as they arrived."""
    await harness.announced()
    async with misbehaving(refusing or {}) as faulty:
        await harness.send(faulty.port, str(harness.letters("announcement")[0]["id"]))
        harness.now += timedelta(minutes=1)
        harness.do("record_service", method="email")
        await harness.render()
        faulty.answers.clear()
        await harness.send(faulty.port, str(harness.letters("set_up_invitation")[0]["id"]))
    return [read(letter) for letter in faulty.taken]


async def moved(harness: RecordsHarness) -> EmailMessage:
    """A letter to the director, copied to link officer and lead."""
    harness.now += timedelta(minutes=1)
    harness.do("override", "m.okafor", gate="notice", reason="Agreed with the director.")
    harness.do("arrange_fieldwork", "c.marsh", starts="2010-11-16", reason="Agreed.")
    async with misbehaving() as faulty:
        await harness.send(faulty.port, str(harness.letters("changed_dates")[0]["id"]))
    return read(faulty.taken[0])


async def test_the_first_letter_follows_none_and_the_next_one_follows_it(harness: RecordsHarness) -> None:
    announcement, invitation = await notified(harness)
    assert (announcement["References"], announcement["In-Reply-To"]) == (None, None)
    assert invitation["In-Reply-To"] == announcement["Message-ID"]
    assert named(invitation) == [announcement["Message-ID"]]


async def test_for_each_recipient_it_names_the_first_letter_that_reached_them_oldest_first(
    harness: RecordsHarness,
) -> None:
    announcement, invitation = await notified(harness)
    later = await moved(harness)
    assert named(later) == [announcement["Message-ID"], invitation["Message-ID"]]
    assert later["In-Reply-To"] == announcement["Message-ID"]


async def test_a_letter_that_a_recipient_never_received_is_not_named_for_their_sake(harness: RecordsHarness) -> None:
    announcement, invitation = await notified(harness, {"RCPT link@birmingham.example": "550 unknown"})
    assert named(invitation) == [announcement["Message-ID"]]
    letter = await first_cases_to_another_director(harness)
    async with misbehaving() as faulty:
        await harness.send(faulty.port, letter["id"])
    assert named(read(faulty.taken[0])) == [invitation["Message-ID"]]


async def first_cases_to_another_director(harness: RecordsHarness) -> dict[str, str]:
    """A letter to the link officer and to a director who received none before."""
    harness.do("change_contact", "c.marsh", role="dcs", person="chief.330", reason="A new director.")
    harness.do(
        "choose_first_cases", "i.ashdown", safeguarding=["S1", "S2", "S3", "S4"], looked_after=["L1", "L2", "L3", "L4"]
    )
    await harness.render()
    return dict(harness.letters("first_cases")[0])


async def test_automatic_letters_say_so_and_can_be_sorted_by_inspection(harness: RecordsHarness) -> None:
    for message in await notified(harness):
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Id"] == "<slac-2010-001.inspections.inspectorate.example>"


async def test_every_identifier_stands_whole_on_a_line(harness: RecordsHarness) -> None:
    await notified(harness)
    later = (await moved(harness)).as_bytes()
    head = later.partition(b"\n\n")[0].decode()
    assert "=?" not in head.partition("References:")[2].partition("List-Id")[0]
    assert head.count("@mail.inspectorate.example>") == 4
