"""Suggestions for an unknown name: the known names most similar to it."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile

ALIKE = 0.5
"""The least similarity of two names, between 0 and 1, for a suggestion."""
AT_MOST = 3


def near(name: str, known: Iterable[str]) -> str:
    """Returns «; nearest: a, b» for the end of a sentence, the most similar first; empty if no known name is similar."""
    rated = [(SequenceMatcher(None, name, other).ratio(), _common_prefix(name, other), other) for other in known]
    rated.sort(key=lambda row: (-row[0], -row[1]))
    close = [other for similarity, _, other in rated if similarity >= ALIKE]
    return f"; nearest: {', '.join(close[:AT_MOST])}" if close else ""


def _common_prefix(name: str, other: str) -> int:
    """Returns the number of characters with which both names begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False)))
