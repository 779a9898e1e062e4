"""Sets the blocks of a letter (`framework.common.prose`) as text and as HTML.

`**bold**` stands out in HTML. Values are flattened to one line before they get here (see `jinja_filters.on_one_line`), so
nothing that was typed can begin a block of its own.
"""

import re
from textwrap import fill

from markupsafe import Markup, escape

from framework.common.prose import Block

WIDTH = 72
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_WHOLE = re.compile(r"\b[1-9]\d? [A-Z][a-z]+ \d{4}\b|\bparagraphs? \d+")
"""Days and paragraph numbers: no line breaks inside one."""
_HELD = "\N{NO-BREAK SPACE}"


def as_text(blocks: tuple[Block, ...], indent: str = "") -> str:
    """The blocks as a plain letter, wrapped at 72."""
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
    """One paragraph at 72 columns; an address longer than that is left whole."""
    plain = _WHOLE.sub(lambda whole: whole[0].replace(" ", _HELD), _BOLD.sub(r"\1", text))
    wrapped = fill(
        plain, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapped.replace(_HELD, " ")


def inline(text: str) -> Markup:
    """A line as HTML: escaped, with what stands between ** set bold."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704  (escaped on this line)
