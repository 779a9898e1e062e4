"""What somebody may have meant: the known names nearest to an unknown one."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile

ALIKE = 0.5
"""How much of two names must agree before one is suggested for the other."""
AT_MOST = 3


def near(wanted: str, known: Iterable[str]) -> str:
    """«; nearest: a, b», the nearest first, for the end of a sentence; nothing where nothing is like it."""
    rated = [(SequenceMatcher(None, wanted, one).ratio(), _agreeing(wanted, one), one) for one in known]
    close = [one for rate, _, one in sorted(rated, key=lambda found: (-found[0], -found[1])) if rate >= ALIKE]
    return f"; nearest: {', '.join(close[:AT_MOST])}" if close else ""


def _agreeing(one: str, other: str) -> int:
    """How many letters they begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
