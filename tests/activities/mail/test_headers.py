"""Display names in headers, however long or hostile: exactly the intended addresses parse, with two parsers (E4)."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis.strategies import lists, sampled_from, text

from activities.mail.mime import Sender, compose
from activities.rendering.templates import render_letter
from tests.activities.letter_data import letter_data
from tests.activities.mail.test_mime import MOMENT, SENDER

ADDRESSES = ("dcs@council.example", "link.officer@council.example", f"{'x' * 64}@{'y' * 60}.council.example")
LONG = "Dr " + "A" * 60 + ", x@other.example, " + "B" * 40
SIGNS = "aZ é\N{HANGUL SYLLABLE GAG}\N{GRINNING FACE}\"\\,;:<>@()[].'=?_\r\n\t\x00\u202e\u200b"
PIECES = (" <x@other.example>, ", "=?utf-8?q?x?=", "x@other.example", "word " * 8, "B" * 80)
HOSTILE = lists(sampled_from((*SIGNS, *PIECES)), max_size=40).map("".join)


def composed(names: list[str], **more: Sender) -> bytes:
    """The message of a letter to one person of each name, and with copies to the same."""
    people = [{"name": name, "email": email} for name, email in zip(names, ADDRESSES, strict=False)]
    data = {**letter_data("oral_feedback"), "cc": letter_data("oral_feedback")["to"]}
    rendered = render_letter("oral_feedback", data)
    to = {**data, "to": people, "cc": people}
    return compose(to, rendered, more.get("sender", SENDER), "l-1@x.example", MOMENT, reply_to=people[0]).as_bytes()


def parsed(message: bytes, header: str) -> tuple[list[str], list[str]]:
    """The addresses of a header as the parser of RFC 5322 reads them, and as the older one does."""
    new, old = message_from_bytes(message, policy=policy.default), message_from_bytes(message, policy=policy.compat32)
    return [address.addr_spec for address in new[header].addresses], [
        email for _, email in getaddresses([str(old[header])])
    ]


@given(lists(HOSTILE | text(max_size=120), min_size=1, max_size=3))
@example([LONG])
@example(["Caine, Dorothea", "A" * 200, LONG])
def test_exactly_the_intended_addresses_parse_whatever_the_names_are(names: list[str]) -> None:
    message, addresses = composed(names), list(ADDRESSES[: len(names)])
    assert parsed(message, "To") == (addresses, addresses)
    assert parsed(message, "Cc") == (addresses, addresses)
    assert parsed(message, "Reply-To") == (addresses[:1], addresses[:1])


@given(HOSTILE | text(max_size=200))
def test_the_office_s_own_name_is_written_the_same_way(name: str) -> None:
    message = composed(["Dorothea Caine"], sender=Sender(name, "office@inspectorate.example"))
    assert parsed(message, "From") == (["office@inspectorate.example"], ["office@inspectorate.example"])


@given(HOSTILE | text(max_size=200))
@example(LONG)
def test_a_name_reads_as_it_is_in_the_directory_on_lines_of_78_characters(name: str) -> None:
    message = composed([name])
    ((phrase, _),) = getaddresses([str(message_from_bytes(message, policy=policy.compat32)["To"])])
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    assert str(make_header(decode_header(phrase))) == shown
    head = message.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert head.isascii()


@pytest.mark.parametrize("name", [LONG, "Caine\r\nBcc: x@other.example"])
def test_no_name_begins_a_header_of_its_own(name: str) -> None:
    usual = message_from_bytes(composed(["Dorothea Caine"]), policy=policy.default).keys()
    assert message_from_bytes(composed([name]), policy=policy.default).keys() == usual
