"""Characters that do not stand in a text but act on whatever shows it: a terminal, a letter, a calendar.

What comes in may not hold them; what is printed has them replaced, since an older directory or another system may."""

import re

_ACTING = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for the tab and the end of a line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # marks that turn the direction of writing
    "\u2028\u2029"  # ends of a line that are none for some readers
    "\ufeff\ufff9-\ufffb"  # byte order mark, interlinear annotations
    "\ud800-\udfff"  # halves of a character, which cannot be written as UTF-8
    "\U000e0000-\U000e007f"  # tags: letters that nothing shows
)
ACTING = re.compile(f"[{_ACTING}]")
"""One such character. The tab and the end of a line are none, where a text has several lines."""
_ACTING_IN_A_LINE = re.compile(f"[{_ACTING}\t\n]")


def fault_of(text: str, lines: bool = False) -> str | None:
    """Returns what a text must not hold, in words that follow its name; None where it holds nothing of the kind.

    `lines` says that it may have several lines and tabs. The words name the character and never repeat the text."""
    match = (ACTING if lines else _ACTING_IN_A_LINE).search(text)
    if match is None:
        return None
    if match[0] in "\n\r\t" and not lines:
        return f"must be one line: character {match.start() + 1} ends it" if match[0] != "\t" else "must not hold a tab"
    where = f"character {match.start() + 1} is U+{ord(match[0]):04X}"
    return f"must not hold characters that nothing shows or that turn the direction of writing: {where}"


def plain(text: str, lines: bool = False) -> str:
    """Returns the text with its line ends as `\\n`. Raises `ValueError` for one that holds what it must not."""
    text = text.replace("\r\n", "\n")
    if fault := fault_of(text, lines):
        raise ValueError(fault)
    return text


def shown(text: str) -> str:
    """Returns the text as a screen may show it: what would act on the screen is replaced by a mark."""
    return ACTING.sub("\N{REPLACEMENT CHARACTER}", text)
