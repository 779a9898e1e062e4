"""A changed section in words, alike on screens, in letters and in documents. Takes what `ChangeReview.data` gives."""

from collections.abc import Mapping, Sequence
from typing import Any

Change = Mapping[str, Any]


def change_summary(change: Change) -> str:
    """Returns how a section differs: «grade from good to inadequate; 3 words taken out, 5 put in»."""
    parts = []
    if change["grade_was"] != change["grade_now"]:
        parts.append(f"grade from {change['grade_was'] or 'none'} to {change['grade_now'] or 'none'}")
    if change["words_out"] or change["words_in"]:
        parts.append(_words(change["words_out"], change["words_in"]))
    return "; ".join(parts) or "the same words in other paragraphs"


def _words(out: int, put_in: int) -> str:
    if not put_in:
        return f"{_counted(out)} taken out"
    return f"{_counted(out)} taken out, {put_in} put in" if out else f"{_counted(put_in)} put in"


def _counted(count: int) -> str:
    return f"{count} word{'' if count == 1 else 's'}"


def after_comments(numbers: Sequence[int]) -> str:
    """Returns «after comment 1», «after comments 1 and 3»."""
    listed = ", ".join(map(str, numbers[:-1]))
    return f"after comments {listed} and {numbers[-1]}" if listed else f"after comment {numbers[0]}"
