"""One letter against mail systems of every temper: taken, refused for good, or to be tried again; never given twice."""

import socket
import time

import pytest

from activities.mail.smtp import Accepted, MailServer, PermanentlyRefused, PossiblyAccepted, TryAgain, send
from tests.activities.faulty_smtp import CUT, CUT_BEFORE_DOT, HERE, SILENCE, FaultySmtp, misbehaving

TO = ["d.ross@council.example"]
CC = ["l.shah@council.example", "m.penn@council.example"]
MESSAGE = b"Subject: One\r\n\r\nDear Director,\r\n.a line that begins with a dot\r\n"


async def hand(faulty: FaultySmtp, seconds: float = 5.0, to: list[str] = TO, cc: list[str] = CC) -> Accepted:
    return await send(MailServer(HERE, faulty.port), "office@inspectorate.example", to, cc, MESSAGE, seconds)


async def test_a_letter_goes_to_every_recipient_once_and_whole() -> None:
    async with misbehaving() as faulty:
        assert await hand(faulty) == Accepted({})
    assert faulty.given_to == TO + CC
    assert len(faulty.taken) == 1
    assert b"\r\n..a line that begins with a dot\r\n" in faulty.taken[0]
    assert faulty.heard[-1] == "QUIT"


async def test_a_port_without_a_server_is_to_be_tried_again() -> None:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    with pytest.raises(TryAgain, match="onnect"):
        await send(MailServer(HERE, port), "office@inspectorate.example", TO, CC, MESSAGE, 5.0)


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_an_answer_that_may_pass_is_to_be_tried_again_whatever_it_answers_to(verb: str) -> None:
    answers = {verb: "451 not now"} | ({"HELO": "451 not now"} if verb == "EHLO" else {})
    async with misbehaving(answers) as faulty:
        with pytest.raises(TryAgain, match="451 not now") as caught:
            await hand(faulty)
        assert not isinstance(caught.value, PossiblyAccepted)


async def test_a_server_that_shuts_down_in_the_middle_is_to_be_tried_again() -> None:
    async with misbehaving({"RCPT": "421 shutting down"}) as faulty:
        with pytest.raises(TryAgain, match="421"):
            await hand(faulty)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
async def test_a_letter_refused_for_good_is_reported_as_that(verb: str) -> None:
    async with misbehaving({verb: "554 never"}) as faulty:
        with pytest.raises(PermanentlyRefused, match="554 never"):
            await hand(faulty)


@pytest.mark.parametrize("verb", ["GREETING", "EHLO"])
async def test_a_server_that_will_not_talk_to_us_has_refused_no_letter(verb: str) -> None:
    async with misbehaving({verb: "554 closed", "HELO": "554 closed"}) as faulty:
        with pytest.raises(TryAgain, match="554 closed"):
            await hand(faulty)
    assert not any(line.startswith("MAIL") for line in faulty.heard)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
async def test_a_server_that_wants_us_to_sign_in_has_refused_no_letter(verb: str) -> None:
    async with misbehaving({verb: "530 sign in first"}) as faulty:
        with pytest.raises(TryAgain, match="530"):
            await hand(faulty)


async def test_a_wrong_password_loses_no_letter() -> None:
    answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 wrong password"}
    async with misbehaving(answers) as faulty:
        server = MailServer(HERE, faulty.port, user="office", password="wrong")
        with pytest.raises(TryAgain, match="535"):
            await send(server, "office@inspectorate.example", TO, CC, MESSAGE, 5.0)


async def test_a_refused_copy_is_named_and_the_others_have_the_letter() -> None:
    async with misbehaving({f"RCPT {CC[0]}": "550 nobody of that name"}) as faulty:
        assert await hand(faulty) == Accepted({CC[0]: "550 nobody of that name"})
    assert faulty.given_to == [TO[0], CC[1]]
    assert len(faulty.taken) == 1


async def test_a_copy_that_may_be_taken_later_holds_the_letter_back_from_all() -> None:
    async with misbehaving({f"RCPT {CC[1]}": "452 mailbox full"}) as faulty:
        with pytest.raises(TryAgain, match="452"):
            await hand(faulty)
    assert faulty.taken == []


async def test_without_the_person_it_is_addressed_to_the_letter_is_not_sent() -> None:
    async with misbehaving({f"RCPT {TO[0]}": "550 nobody of that name"}) as faulty:
        with pytest.raises(PermanentlyRefused, match="addressed to was refused: 550"):
            await hand(faulty)
    assert faulty.taken == []


async def test_a_person_named_twice_has_it_once() -> None:
    async with misbehaving() as faulty:
        await hand(faulty, to=TO, cc=[*TO, CC[0], CC[0]])
    assert faulty.given_to == [TO[0], CC[0]]


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_a_line_that_is_cut_is_to_be_tried_again(verb: str) -> None:
    async with misbehaving({verb: CUT}) as faulty:
        with pytest.raises(TryAgain):
            await hand(faulty)


async def test_a_line_cut_before_the_final_dot_is_to_be_tried_again_and_nothing_was_taken() -> None:
    async with misbehaving({"DATA": CUT_BEFORE_DOT}) as faulty:
        with pytest.raises(PossiblyAccepted):
            await hand(faulty)
    assert faulty.taken == []


@pytest.mark.parametrize("ending", [CUT, SILENCE])
async def test_no_answer_after_the_final_dot_is_to_be_tried_again_although_it_may_have_been_taken(ending: str) -> None:
    async with misbehaving({"DOT": ending}) as faulty:
        with pytest.raises(PossiblyAccepted):
            await hand(faulty, seconds=0.5)
    assert len(faulty.taken) == 1


@pytest.mark.parametrize("ending", [CUT, "421 too late", "500 what?"])
async def test_a_letter_that_was_taken_stays_taken_however_the_conversation_ends(ending: str) -> None:
    async with misbehaving({"QUIT": ending}) as faulty:
        assert await hand(faulty) == Accepted({})


async def test_silence_after_goodbye_is_not_waited_for() -> None:
    async with misbehaving({"QUIT": SILENCE}) as faulty:
        began = time.monotonic()
        assert await hand(faulty, seconds=30.0) == Accepted({})
        assert time.monotonic() - began < 4


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_silence_is_waited_for_no_longer_than_the_bound(verb: str) -> None:
    async with misbehaving({verb: SILENCE}) as faulty:
        began = time.monotonic()
        with pytest.raises(TryAgain):
            await hand(faulty, seconds=0.3)
        assert time.monotonic() - began < 2


async def test_a_slow_server_within_the_bound_is_waited_for() -> None:
    async with misbehaving(pause=0.05) as faulty:
        assert await hand(faulty, seconds=2.0) == Accepted({})


async def test_a_server_that_dawdles_over_every_answer_is_given_up_before_the_engine_tries_again() -> None:
    async with misbehaving(pause=0.25) as faulty:
        began = time.monotonic()
        with pytest.raises(TryAgain):
            await hand(faulty, seconds=0.4, cc=[f"copy{number}@council.example" for number in range(9)])
        assert time.monotonic() - began < 2
    assert faulty.taken == []


async def test_a_server_that_cannot_encrypt_gets_nothing_where_encryption_is_required() -> None:
    async with misbehaving() as faulty:
        server = MailServer(HERE, faulty.port, starttls=True)
        with pytest.raises(TryAgain, match="STARTTLS"):
            await send(server, "office@inspectorate.example", TO, CC, MESSAGE, 5.0)
    assert not any(line.startswith(("MAIL", "AUTH")) for line in faulty.heard)


async def test_an_answer_that_makes_no_sense_is_to_be_tried_again() -> None:
    async with misbehaving({"DOT": "hello"}) as faulty:
        with pytest.raises(TryAgain):
            await hand(faulty)
