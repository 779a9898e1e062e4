"""Plain prose as blocks: what letters and reports are written in, before anything sets it.

The marks: a blank line ends a paragraph; «- » begins a point, «# » a heading, «| day | what» a line of a diary, «> »
a quotation, «=> » an address to open; a line that begins with a space goes on from the one before. What people typed into a
report knows paragraphs and points alone (`paragraphs`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

Kind = Literal["paragraph", "points", "heading", "diary", "quote", "link"]
Marks = tuple[tuple[str, Kind], ...]
_MARKS: Marks = (
    ("- ", "points"),
    ("# ", "heading"),
    ("| ", "diary"),
    ("> ", "quote"),
    ("=> ", "link"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a letter."""

    kind: Kind
    text: str = ""
    items: tuple[tuple[str, ...], ...] = ()
    """Points (one part each) or lines of a diary (day and what)."""
    inner: tuple["Block", ...] = field(default=())
    """The blocks of a quotation."""


def parse(prose: str) -> tuple[Block, ...]:
    """Returns the blocks of a letter's prose."""
    return _parse(prose, _MARKS)


def paragraphs(text: str) -> tuple[Block, ...]:
    """Returns free text, such as a report's, as paragraphs and points; every other mark is text as it was typed."""
    return _parse(text, _MARKS[:1])


def _parse(prose: str, marks: Marks) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for kind, run in groupby(_whole_lines(prose), key=lambda line: _kind_of(line, marks)):
        if kind is not None:
            blocks.extend(_block(kind, list(run)))
    return tuple(blocks)


def _whole_lines(prose: str) -> list[str]:
    """Returns the lines, each with its continuation: a line that begins with a space goes on from the one before."""
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
