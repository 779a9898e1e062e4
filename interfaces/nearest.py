"""What somebody may have meant: the known names nearest to an unknown one."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from os.path import commonprefix

ALIKE = 0.5
"""How much of two names must agree before one is suggested for the other."""
AT_MOST = 3


def near(wanted: str, known: Iterable[str]) -> str:
    """«; nearest: a, b», the nearest first, for the end of a sentence; nothing where nothing is like it."""
    rated = [(SequenceMatcher(None, wanted, one).ratio(), len(commonprefix((wanted, one))), one) for one in known]
    close = [one for rate, _, one in sorted(rated, key=lambda found: (-found[0], -found[1])) if rate >= ALIKE]
    return f"; nearest: {', '.join(close[:AT_MOST])}" if close else ""
