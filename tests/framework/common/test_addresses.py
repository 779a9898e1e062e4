"""Which addresses letters can be sent to."""

from email import policy
from email.headerregistry import Address
from email.parser import Parser

import pytest
from hypothesis import assume, given
from hypothesis.strategies import emails

from framework.common.addresses import can_be_mailed


@pytest.mark.parametrize("address", ["dcs@birmingham.gov.example", "o'brien+x@a-b.example", f"{'x' * 64}@a.example"])
def test_an_ordinary_address_can_be_mailed(address: str) -> None:
    assert can_be_mailed(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "dcs", "dcs@", "@a.example", "dcs@town", "d cs@a.example", "dcs@a..example", "a..b@a.example", ".a@a.example",
        "a.@a.example", "dcs@-a.example", "dcs@a_b.example", "dcs@[127.0.0.1]", '"d c"@a.example', "dçs@a.example",
        "dcs@münchen.example", "a@b@c.example", "dcs@a.example\n", "dcs@a.example,x@b.example", "<dcs@a.example>",
        f"{'x' * 65}@a.example", f"dcs@{'x' * 64}.example", f"dcs@{'a.' * 130}example", "dcs\u202e@a.example", "dcs@a.example\x00",
    ],
)  # fmt: skip
def test_an_address_that_a_mail_system_refuses_cannot_be_mailed(address: str) -> None:
    assert not can_be_mailed(address)


@given(emails())
def test_an_address_that_can_be_mailed_is_one_address_to_a_parser_of_headers(address: str) -> None:
    assume(can_be_mailed(address))
    header = Parser(policy=policy.default).parsestr(f"To: {Address('Someone', addr_spec=address)}\n\n")["To"]
    assert [address.addr_spec for address in header.addresses] == [address]
