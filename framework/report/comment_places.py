"""Where in the draft a comment belongs: the sections its words name, by paragraph number or by title (para 51)."""

import re
from collections.abc import Iterator

from framework.report.frozen import Report, numbered
from framework.report.headings import Outline

_PARAGRAPHS = re.compile(r"\bpara(?:graph)?s?\b\.?|¶", re.IGNORECASE)
_ONLY_NUMBERS = re.compile(r"[\d\s,;&–-]*(?:(?:and|to)[\d\s,;&–-]*)*", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,4})(?:\s*(?:-|–|to)\s*(\d{1,4}))?")
"""A number, or a range of them."""


def sections_named(where: str, draft: Report, outline: Outline) -> tuple[str, ...]:
    """Returns the keys of the sections that the words of a comment name; none where they name none, or may mean several."""
    return tuple(dict.fromkeys(_by_number(where, draft, outline))) or _by_title(where, outline)


def _by_number(where: str, draft: Report, outline: Outline) -> Iterator[str]:
    marked = _PARAGRAPHS.search(where)
    if not marked and not _ONLY_NUMBERS.fullmatch(where):
        return
    places = {number: key for key, _, number, _ in numbered(draft, outline.opening) if number}
    for first, last in _RANGE.findall(where[marked.end() if marked else 0 :]):
        for number in range(int(first), min(int(last or first), len(places)) + 1):
            if number in places:
                yield places[number]


def _by_title(where: str, outline: Outline) -> tuple[str, ...]:
    words = _plain(where)
    titles = {key: _plain(title) for key, title in outline.titles.items()}
    full = {key: _plain(title) for key, title in outline.full_titles.items()}
    keys = [key for key, title in titles.items() if words in (title, full[key], _plain(key))]
    keys = keys or _longest({key: title for key, title in titles.items() if f" {title} " in f" {words} "})
    keys = keys or [key for key, title in titles.items() if " " in words and title.startswith(words)]
    keys = [key for key in keys if _half_words(key) in words] or keys
    return (keys[0],) if len(keys) == 1 else ()


def _longest(titles: dict[str, str]) -> list[str]:
    """Returns the keys of titles that are not part of another: without «Capacity» where «Capacity to improve» matches."""
    return [
        key for key, title in titles.items() if not any(title != other and title in other for other in titles.values())
    ]


def _half_words(key: str) -> str:
    return key.partition(".")[0].replace("_", " ")


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w]+|_", " ", words.casefold()).split())
