"""What goes at the first look into the outbox, and what is left to attempts of their own."""

from datetime import timedelta

from framework.vocabulary.roles import Role
from tests.activities.faulty_smtp import SILENCE, misbehaving
from tests.activities.no_engine import RecordsHarness

TEAM = ["assignment"] * 5
NO_PORT = 1
"""A port without a server."""


async def invited(harness: RecordsHarness) -> str:
    """Announces and serves, so that an invitation is queued whose outcome no limit needs; returns its identifier."""
    await harness.announced()
    harness.do("record_service", "c.marsh", method="by_hand", proof="Handed to the secretary.")
    return str(harness.letters("set_up_invitation")[0]["id"])


async def test_an_ordinary_letter_goes_and_nothing_is_left(harness: RecordsHarness) -> None:
    invitation = await invited(harness)
    await harness.render()
    async with misbehaving() as faulty:
        left = await harness.send_at_once(faulty.port)
        again = await harness.send_at_once(faulty.port)
    assert harness.letter(invitation)["status"] == "accepted"
    assert harness.now <= harness.letter(invitation)["accepted_at"] < harness.now + timedelta(seconds=3)
    assert invitation not in [letter.id for letter in left.letters]
    assert left.outcomes[0].letter_id == invitation
    assert [outcome.kind for outcome in left.outcomes] == ["set_up_invitation", *TEAM]
    assert again.outcomes == ()
    assert len(faulty.taken) == len(left.outcomes)


async def test_a_letter_whose_outcome_a_limit_needs_is_left(harness: RecordsHarness) -> None:
    announcement = await harness.announced()
    async with misbehaving() as faulty:
        left = await harness.send_at_once(faulty.port)
    assert [letter.id for letter in left.letters] == [announcement]
    assert left.outcomes == ()
    assert faulty.heard == []


async def test_a_letter_waits_for_the_documents_that_go_with_it(harness: RecordsHarness) -> None:
    invitation = await invited(harness)
    async with misbehaving() as faulty:
        left = await harness.send_at_once(faulty.port)
        assert invitation in [letter.id for letter in left.letters]
        assert set(harness.letter(invitation)["attachments"]) <= set(left.documents)
        assert faulty.heard == []
        await harness.render()
        outcomes = (await harness.send_at_once(faulty.port)).outcomes
        assert [outcome.kind for outcome in outcomes] == ["set_up_invitation", *TEAM]


async def test_what_an_attempt_of_its_own_is_busy_with_is_left_to_it(harness: RecordsHarness) -> None:
    invitation = await invited(harness)
    await harness.render()
    async with misbehaving() as faulty:
        left = await harness.send_at_once(faulty.port, invitation)
    assert invitation in [letter.id for letter in left.letters]
    assert [outcome.kind for outcome in left.outcomes] == TEAM


async def test_a_mail_system_that_is_down_is_asked_once_and_all_letters_are_left(harness: RecordsHarness) -> None:
    await invited(harness)
    await harness.render()
    harness.do("change_contact", "c.marsh", role=Role.LINK_OFFICER, person="chief.330", reason="She is on leave.")
    queued = [letter.id for letter in harness.waiting().letters if not letter.reports_outcome]
    left = await harness.send_at_once(NO_PORT)
    assert [letter.id for letter in left.letters if not letter.reports_outcome] == queued
    assert left.outcomes == ()
    assert sum(harness.letter(letter)["attempts"] for letter in queued) == 1


async def test_a_mail_system_that_dawdles_gets_three_seconds_and_the_outcome_is_certain(
    harness: RecordsHarness,
) -> None:
    invitation = await invited(harness)
    await harness.render()
    async with misbehaving({"RCPT": SILENCE}) as faulty:
        left = await harness.send_at_once(faulty.port)
    assert invitation in [letter.id for letter in left.letters]
    assert harness.letter(invitation)["status"] == "queued"


async def test_a_letter_refused_for_good_is_settled_with_its_task(harness: RecordsHarness) -> None:
    invitation = await invited(harness)
    await harness.render()
    async with misbehaving({"RCPT": "550 unknown"}) as faulty:
        left = await harness.send_at_once(faulty.port)
    assert {outcome.accepted for outcome in left.outcomes} == {False}
    assert harness.letter(invitation)["status"] == "failed"
    assert ("letter_failed", f"letter:{invitation}") in harness.tasks()
