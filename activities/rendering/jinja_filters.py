"""What templates may call: days, titles, lists and scope in words, and what keeps typed text from doing harm."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from activities.rendering.letter_markup import inline, wrap
from framework.calendar.london_time import say_day
from framework.common.prose import Block, paragraphs
from framework.correspondence import documents
from framework.editions import registry
from framework.editions.october_2010 import requests
from framework.report import areas
from framework.report.change_words import after_comments, change_summary
from framework.report.frozen import Report, numbered
from framework.vocabulary.roles import TITLES, Role

SCOPES = {
    "joint": "safeguarding and looked after children services",
    "safeguarding": "safeguarding services",
    "looked_after": "services for looked after children",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Verbatim(str):
    """Text whose line breaks are meant."""

    __slots__ = ()


class Absent(ValueError):
    """A template was given None where it needs a value: it may not write «None» to anybody."""


def on_one_line(value: Any) -> Any:
    """Every value a template writes passes here: typed text is flattened to one line, and None is refused."""
    if value is None:
        raise Absent("a value is None; the template must say what to write when it is not known")
    if type(value) is str:
        return " ".join(value.split())
    return value


def day(value: Any) -> str:
    """«Friday 5 November 2010» from a date or its ISO form."""
    if isinstance(value, Undefined):
        return str(value)
    if value is None:
        raise Absent("a day is None; the template must say what to write when it is not known")
    return say_day(value if isinstance(value, date) else date.fromisoformat(value))


def day_or_words(value: str) -> str:
    """A day in full when it is one, and otherwise the words as they stand."""
    return day(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else str(value)


def role_title(role: str) -> str:
    """A role's title; «the» goes before it in a sentence."""
    return TITLES[Role(role)]


def listed(items: Iterable[str]) -> str:
    """«a, b and c»."""
    words = [str(item) for item in items]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def number(count: int) -> str:
    """Small numbers as words."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


def count(amount: int, one: str, many: str = "") -> str:
    """«one comment», «three comments», «17 comments»."""
    return f"{number(amount)} {one if amount == 1 else many or one + 's'}"


def quoted(text: str | Sequence[str]) -> Verbatim:
    """What somebody wrote, marked line by line as a quotation of a letter (see `prose`)."""
    lines = text.strip().splitlines() if isinstance(text, str) else [f"- {' '.join(item.split())}" for item in text]
    return Verbatim("\n".join(f"> {line}".rstrip() for line in lines))


@pass_context
def dated_list(letter: Context, *entries: tuple[str | None, str]) -> Verbatim:
    """Days and what happens on them, as a diary of a letter: in order, a day once, without days that are over."""
    ahead = [(when, what) for when, what in by_day(*entries) if when >= letter["written_on"]]
    return Verbatim("\n".join(f"| {day(when)} | {sentence('; '.join(what))}" for when, what in ahead))


def by_day(*entries: tuple[str | None, str]) -> list[tuple[str, list[str]]]:
    """(day, what happens then) in order of days; unknown days and empty entries are left out."""
    days: dict[str, list[str]] = {}
    for when, what in entries:
        if when and what:
            days.setdefault(when, []).append(" ".join(what.split()))
    return sorted(days.items())


def weekdays(first: str, last: str) -> list[str]:
    """Monday to Friday from `first` to `last`, both included. It knows no holidays: who does gives the days as facts."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [one.isoformat() for one in days if one.weekday() < 5]


def sentence(words: str) -> str:
    """The words with a capital at the start and a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"


def lower_first(words: str) -> str:
    """The words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def people_named(recipients: Sequence[dict[str, str]]) -> str:
    """Whom a letter greets."""
    names = [person["name"] for person in recipients]
    return listed(names) if len(names) in (1, 2) else "colleagues"


def heading_title(key: str, edition: str) -> str:
    """A section of the report by its key, or the words as they stand."""
    return registry.edition(edition).title_of(key)


def by_half(rows: Sequence[dict[str, Any]], edition: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows with a `heading`, grouped under the titles of the report's halves; first, under "", what names no half."""
    table = registry.edition(edition)
    halves: dict[str, list[dict[str, Any]]] = {title: [] for title in ("", *(half.title for half in table.halves))}
    for row in rows:
        half = next((table.half(h.half).title for h in table.all_headings if h.key == row["heading"]), "")
        halves[half].append({**row, "heading": table.title_of(row["heading"])})
    return [(half, found) for half, found in halves.items() if found]


def grade_meanings(edition: str) -> list[tuple[str, str]]:
    """Each grade with what it means, best first."""
    table = registry.edition(edition)
    return [(grade, table.grade_meanings[grade]) for grade in table.grades]


def numbered_sections(report: Report, edition: str) -> dict[str, dict[str, list[tuple[int | None, Block]]]]:
    """Section -> part (text, areas by when, equality) -> its blocks, each paragraph with its number in the report."""
    found: dict[str, dict[str, list[tuple[int | None, Block]]]] = {}
    for key, part, number, block in numbered(report, tuple(registry.edition(edition).opening)):
        found.setdefault(key, {}).setdefault(part, []).append((number, block))
    return found


def typographic(html: str) -> str:
    """Apostrophes between letters as printers set them."""
    return re.sub(r"(?<=[A-Za-z])(?:'|&#39;)(?=[a-z\s.,;:)<])", "’", html)


FILTERS: dict[str, Any] = {
    "day": day,
    "day_or_words": day_or_words,
    "role_title": role_title,
    "listed": listed,
    "number": number,
    "said": quoted,
    "sentence": sentence,
    "lower_first": lower_first,
    "greeted": people_named,
    "heading_title": heading_title,
    "by_half": by_half,
    "wrap": lambda text, first="", rest="": Verbatim(wrap(text, first, rest)),
    "inline": inline,
    "paragraphs": paragraphs,
    "scope_words": lambda scope: SCOPES[scope],
    "numbered_sections": numbered_sections,
    "change_summary": change_summary,
    "after_comments": after_comments,
    "document_title": lambda kind: documents.document(kind).title,
}

GLOBALS: dict[str, Any] = {
    "diary": dated_list,
    "by_day": by_day,
    "weekdays": weekdays,
    "count": count,
    "documents_asked": requests.requested_documents,
    "lists_asked": requests.requested_lists,
    "in_scope": requests.in_scope,
    "grade_meanings": grade_meanings,
    "AREA_TITLES": areas.TITLES,
    "EVERY_CHILD": requests.EVERY_CHILD,
    "PLANS": requests.PLANS,
    "PLACEMENTS": requests.PLACEMENTS,
    "SURVEYS": requests.SURVEYS,
}

__all__ = ["FILTERS", "GLOBALS", "Absent", "Verbatim", "on_one_line", "typographic"]
