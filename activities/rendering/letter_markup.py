"""Formats the blocks of a letter (`framework.common.prose`) as text and as HTML.

`**bold**` is bold in HTML only. Values were flattened to one line before (`jinja_filters.on_one_line`), so no typed text
can begin a block of its own.
"""

import re
from textwrap import fill

from markupsafe import Markup, escape

from framework.common.prose import Block

WIDTH = 72
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_UNBROKEN = re.compile(r"\b[1-9]\d? [A-Z][a-z]+ \d{4}\b|\bparagraphs? \d+")
"""Days and paragraph numbers: lines are not broken inside them."""
_NO_BREAK = "\N{NO-BREAK SPACE}"


def as_text(blocks: tuple[Block, ...], indent: str = "") -> str:
    """Returns the blocks as plain text, wrapped at 72 columns."""
    return "\n\n".join(_text(block, indent) for block in blocks)


def _text(block: Block, indent: str) -> str:
    if block.kind == "quote":
        return as_text(block.inner, indent + "    ")
    if block.kind == "points":
        return "\n".join(wrap(item[0], indent + "- ", indent + "  ") for item in block.items)
    if block.kind == "diary":
        return "\n".join(
            f"{wrap(day, indent, indent)}\n{wrap(what, indent + '  ', indent + '  ')}" for day, what in block.items
        )
    if block.kind == "heading":
        return f"{indent}{block.text.upper()}"
    return wrap(block.text, indent, indent)


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """Wraps one paragraph at 72 columns; a longer word, such as a web address, is not broken."""
    wrapped = fill(
        _unbroken(_BOLD.sub(r"\1", text)),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.replace(_NO_BREAK, " ")


def inline(text: str) -> Markup:
    """Returns a line as HTML: escaped, with the text between ** in bold, and with days and paragraph numbers on one line each."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(_unbroken(text)))))  # noqa: S704  (escaped on this line)


def _unbroken(text: str) -> str:
    return _UNBROKEN.sub(lambda match: match[0].replace(" ", _NO_BREAK), text)
