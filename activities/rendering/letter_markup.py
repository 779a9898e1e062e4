"""Letters are written once, as plain prose, and set twice: as text and as HTML.

The marks: a blank line ends a paragraph; «- » begins a point, «# » a heading, «| day | what» a line of a diary, «> »
what somebody wrote, «=> » an address to open; a line that begins with a space goes on from the one before. `**bold**`
stands out in HTML. Values are flattened to one line before they get here (see `filters.on_one_line`), so nothing
anybody typed can begin a block of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import fill
from typing import Literal

from markupsafe import Markup, escape

WIDTH = 72
Kind = Literal["paragraph", "points", "heading", "diary", "quote", "link"]
Marks = tuple[tuple[str, Kind], ...]
_MARKS: Marks = (
    ("- ", "points"),
    ("# ", "heading"),
    ("| ", "diary"),
    ("> ", "quote"),
    ("=> ", "link"),
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_WHOLE = re.compile(r"\b[1-9]\d? [A-Z][a-z]+ \d{4}\b|\bparagraphs? \d+")
"""Days and paragraph numbers: no line breaks inside one."""
_HELD = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a letter."""

    kind: Kind
    text: str = ""
    items: tuple[tuple[str, ...], ...] = ()
    """Points (one part each) or lines of a diary (day and what)."""
    inner: tuple["Block", ...] = field(default=())
    """What a quotation holds."""


def parse(prose: str) -> tuple[Block, ...]:
    """The blocks of a letter's prose."""
    return _parse(prose, _MARKS)


def paragraphs(text: str) -> tuple[Block, ...]:
    """Free text, such as a report's, as paragraphs and points: every other mark is something somebody typed."""
    return _parse(text, _MARKS[:1])


def _parse(prose: str, marks: Marks) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for kind, run in groupby(_whole_lines(prose), key=lambda line: _kind_of(line, marks)):
        if kind is not None:
            blocks.extend(_block(kind, list(run)))
    return tuple(blocks)


def _whole_lines(prose: str) -> list[str]:
    """The lines, each with its continuation: a line that begins with a space goes on from the one before."""
    lines: list[str] = []
    for line in prose.strip().splitlines():
        if line.startswith((" ", "\t")) and lines and lines[-1]:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return lines


def _kind_of(line: str, marks: Marks) -> Kind | None:
    if not line:
        return None
    return next((kind for mark, kind in marks if f"{line} ".startswith(mark)), "paragraph")


def _block(kind: Kind, run: list[str]) -> Iterator[Block]:
    if kind == "paragraph":
        yield Block(kind, " ".join(run))
    elif kind == "points":
        yield Block(kind, items=tuple((line[2:].strip(),) for line in run))
    elif kind == "diary":
        yield Block(kind, items=tuple(tuple(part.strip() for part in line[2:].split(" | ", 1)) for line in run))
    elif kind == "quote":
        yield Block(kind, inner=paragraphs("\n".join(line[2:] for line in run)))
    else:
        yield from (Block(kind, line.split(" ", 1)[1].strip()) for line in run)


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
