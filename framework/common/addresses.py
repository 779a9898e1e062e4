"""Which e-mail addresses letters can be sent to: what RFC 5321 allows and every mail system takes."""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LONGEST = 254
"""Characters: a path of 256 in angle brackets (RFC 5321, 4.5.3.1.3)."""


def can_be_mailed(address: str) -> bool:
    """Returns whether a letter can be sent to it: ASCII without quotes, a domain of two labels or more."""
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None
