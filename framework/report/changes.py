"""What changed between two frozen reports: grades, sections and words, worked out from the reports themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, pairwise

from framework.common.prose import paragraphs
from framework.report.frozen import Report, Section, sections

CONTEXT = 4
"""Words shown on either side of a changed passage. Changes with fewer unchanged words than this between them are one passage."""
LARGEST_COMPARISON = 1_000_000
"""Words before times words after, up to which a passage is compared word by word; a larger one is shown as a whole, since
the comparison takes quadratic time."""

Span = tuple[int, int, int, int]
"""First and last word of a change before, and after."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stood in one place before, and those that stand there now, with a few words around them."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """How one section differs."""

    heading: str
    grade_was: str | None
    grade_now: str | None
    words_out: int
    words_in: int
    passages: tuple[Passage, ...]

    @property
    def regraded(self) -> bool:
        """Returns whether the grade differs."""
        return self.grade_was != self.grade_now


def changed_sections(before: Report, after: Report, opening: tuple[str, ...]) -> tuple[SectionChange, ...]:
    """Returns the sections that differ in grade, words or paragraphs, in the order of the page."""
    old = {section.key: section for section in sections(before, opening)}
    pairs = ((old.get(section.key, _nothing(section)), section) for section in sections(after, opening))
    return tuple(change for was, now in pairs if (change := _change(was, now)) is not None)


def _nothing(section: Section) -> Section:
    return Section(section.key, None, ())


def _change(was: Section, now: Section) -> SectionChange | None:
    before, after = ({name: _lines(text) for name, text in section.parts} for section in (was, now))
    if (was.grade, before) == (now.grade, after):
        return None
    passages, words_out, words_in = [], 0, 0
    runs = (_differing(before.get(part, []), after.get(part, [])) for part in dict.fromkeys((*before, *after)))
    for old, new in chain.from_iterable(runs):
        spans = list(_spans(old, new))
        words_out += sum(i2 - i1 for i1, i2, _, _ in spans)
        words_in += sum(j2 - j1 for _, _, j1, j2 in spans)
        passages += [_passage(old, new, span) for span in _joined(spans)]
    return SectionChange(now.key, was.grade, now.grade, words_out, words_in, tuple(passages))


def _lines(text: str) -> list[str]:
    """Returns each paragraph and each point on one line, whatever its line breaks."""
    lines = (line for block in paragraphs(text) for line in (block.text, *(item[0] for item in block.items)))
    return [" ".join(line.split()) for line in lines if line]


def _differing(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yields the words of each run of paragraphs that differs."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield " ".join(before[i1:i2]).split(), " ".join(after[j1:j2]).split()


def _spans(old: list[str], new: list[str]) -> Iterator[Span]:
    if len(old) * len(new) > LARGEST_COMPARISON:
        yield 0, len(old), 0, len(new)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield i1, i2, j1, j2


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Yields the spans, those close to each other as one."""
    if not spans:
        return
    start = spans[0]
    for span, following in pairwise([*spans, None]):
        assert span is not None
        if following is None or following[0] - span[1] >= CONTEXT:
            yield start[0], span[1], start[2], span[3]
            start = following or start


def _passage(old: list[str], new: list[str], span: Span) -> Passage:
    i1, i2, j1, j2 = span
    return Passage(_excerpt(old, i1, i2), _excerpt(new, j1, j2))


def _excerpt(words: list[str], first: int, last: int) -> str:
    start, end = max(0, first - CONTEXT), min(len(words), last + CONTEXT)
    return f"{'… ' if start else ''}{' '.join(words[start:end])}{' …' if end < len(words) else ''}"
