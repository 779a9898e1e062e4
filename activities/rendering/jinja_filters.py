"""Filters and functions of the templates: days, titles, lists and scope in words, and the flattening of typed text."""

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
from framework.editions.october_2010.conduct import CODE_OF_CONDUCT
from framework.inspection.limits import BY_KEY
from framework.report import areas
from framework.report.change_words import after_comments, change_summary
from framework.report.frozen import Report, numbered
from framework.vocabulary.authority_names import in_a_sentence
from framework.vocabulary.roles import Role, title_in_a_sentence

SCOPES = {
    "joint": "safeguarding and looked after children services",
    "safeguarding": "safeguarding services",
    "looked_after": "services for looked after children",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
ROUND_NUMBERS = {20: "twenty", 25: "twenty-five", 30: "thirty"}


class Verbatim(str):
    """Text whose line breaks are kept."""

    __slots__ = ()


class Absent(ValueError):
    """A template was given None where it needs a value: no letter may contain «None»."""


def on_one_line(value: Any) -> Any:
    """Returns a value as templates write it: text on one line, other values unchanged. Raises `Absent` for None."""
    if value is None:
        raise Absent("a value is None; the template must say what to write when it is not known")
    if type(value) is str:
        return " ".join(value.split())
    return value


def day(value: Any) -> str:
    """Returns «Friday 5 November 2010» for a date or its ISO form. Raises `Absent` for None."""
    if isinstance(value, Undefined):
        return str(value)
    if value is None:
        raise Absent("a day is None; the template must say what to write when it is not known")
    return say_day(value if isinstance(value, date) else date.fromisoformat(value))


def day_or_words(value: str) -> str:
    """Returns an ISO date as a day in words, and any other text unchanged."""
    return day(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else str(value)


def listed(items: Iterable[str]) -> str:
    """Returns the items as «a, b and c»."""
    words = [str(item) for item in items]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def number(count: int) -> str:
    """Returns a number up to twelve as a word, a larger one as digits."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else ROUND_NUMBERS.get(count, str(count))


def count(amount: int, singular: str, plural: str = "") -> str:
    """Returns «one comment», «three comments», «17 comments»; the plural is formed with -s unless it is given."""
    return f"{number(amount)} {singular if amount == 1 else plural or singular + 's'}"


def time_allowed(limit: str) -> str:
    """Returns how long a limit of the framework is, «ten working days», from the table of limits. Raises `KeyError`."""
    rule = BY_KEY[limit]
    return count(rule.count, rule.unit.removesuffix("s"))


def quoted(text: str | Sequence[str]) -> Verbatim:
    """Marks text line by line as a quotation (see `framework.common.prose`); a sequence becomes a list of points."""
    lines = text.strip().splitlines() if isinstance(text, str) else [f"- {' '.join(item.split())}" for item in text]
    return Verbatim("\n".join(f"> {line}".rstrip() for line in lines))


@pass_context
def dated_list(letter: Context, *entries: tuple[str | None, str]) -> Verbatim:
    """Returns days and their entries as the diary of a letter: sorted, each day once, without days before the letter's."""
    ahead = [(when, what) for when, what in by_day(*entries) if when >= letter["written_on"]]
    return Verbatim("\n".join(f"| {day(when)} | {sentence('; '.join(what))}" for when, what in ahead))


@pass_context
def is_over(letter: Context, when: str | None) -> bool:
    """Returns whether a day lies before the letter's own: what was due by then cannot be promised any more."""
    return bool(when) and str(when) < letter["written_on"]


def split_by_day(moved: Sequence[dict[str, Any]], written_on: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns (those whose new day is still ahead on the letter's day or falls on it, those whose new day is over)."""
    return [limit for limit in moved if limit["to"] >= written_on], [
        limit for limit in moved if limit["to"] < written_on
    ]


def by_day(*entries: tuple[str | None, str]) -> list[tuple[str, list[str]]]:
    """Groups entries by day, sorted; entries without a day or without text are left out."""
    days: dict[str, list[str]] = {}
    for when, what in entries:
        if when and what:
            days.setdefault(when, []).append(" ".join(what.split()))
    return sorted(days.items())


def weekdays(first: str, last: str) -> list[str]:
    """Returns Monday to Friday from `first` to `last`, both included, as ISO dates. Bank holidays are not left out."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day.isoformat() for day in days if day.weekday() < 5]


def sentence(words: str) -> str:
    """Returns the words with a capital at the start and a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"


def lower_first(words: str) -> str:
    """Returns the words with a small letter at the start, as inside a sentence."""
    return words[:1].lower() + words[1:]


def people_named(recipients: Sequence[dict[str, str]]) -> str:
    """Returns the names a letter greets: one or two by name, more as «colleagues»."""
    names = [person["name"] for person in recipients]
    return listed(names) if len(names) in (1, 2) else "colleagues"


def heading_title(key: str, edition: str) -> str:
    """Returns the title of a section of the report, or `key` unchanged if the edition has no such section."""
    return registry.edition(edition).report.title_of(key)


def by_half(rows: Sequence[dict[str, Any]], edition: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Groups rows by the title of the half of the report that their `heading` belongs to; "", for no half, comes first."""
    table = registry.edition(edition).report
    halves: dict[str, list[dict[str, Any]]] = {title: [] for title in ("", *(half.title for half in table.halves))}
    for row in rows:
        half = next((table.half(h.half).title for h in table.all_headings if h.key == row["heading"]), "")
        halves[half].append({**row, "heading": table.title_of(row["heading"])})
    return [(half, group) for half, group in halves.items() if group]


def grade_meanings(edition: str) -> list[tuple[str, str]]:
    """Returns each grade with its meaning, best first."""
    table = registry.edition(edition).report
    return [(grade, table.grade_meanings[grade]) for grade in table.grades]


def numbered_sections(report: Report, edition: str) -> dict[str, dict[str, list[tuple[int | None, Block]]]]:
    """Returns section -> part (text, areas by when, equality) -> blocks, each paragraph with its number in the report."""
    sections: dict[str, dict[str, list[tuple[int | None, Block]]]] = {}
    for key, part, number, block in numbered(report, tuple(registry.edition(edition).report.opening)):
        sections.setdefault(key, {}).setdefault(part, []).append((number, block))
    return sections


def typographic(html: str) -> str:
    """Replaces straight apostrophes after a letter by typographic ones."""
    return re.sub(r"(?<=[A-Za-z])(?:'|&#39;)(?=[a-z\s.,;:)<])", "’", html)


FILTERS: dict[str, Any] = {
    "day": day,
    "day_or_words": day_or_words,
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
    "split_by_day": split_by_day,
    "in_a_sentence": in_a_sentence,
    "role_words": lambda role: title_in_a_sentence(Role(role)),
    "scope_words": lambda scope: SCOPES[scope],
    "numbered_sections": numbered_sections,
    "change_summary": change_summary,
    "after_comments": after_comments,
    "document_title": lambda kind: documents.document(kind).title,
}

GLOBALS: dict[str, Any] = {
    "diary": dated_list,
    "is_over": is_over,
    "by_day": by_day,
    "weekdays": weekdays,
    "count": count,
    "time_allowed": time_allowed,
    "documents_asked": requests.requested_documents,
    "lists_asked": requests.requested_lists,
    "in_scope": requests.in_scope,
    "grade_meanings": grade_meanings,
    "AREA_TITLES": areas.TITLES,
    "CODE_OF_CONDUCT": CODE_OF_CONDUCT,
    "EVERY_CHILD": requests.EVERY_CHILD,
    "PLANS": requests.PLANS,
    "PLACEMENTS": requests.PLACEMENTS,
    "SURVEYS": requests.SURVEYS,
}

__all__ = ["FILTERS", "GLOBALS", "Absent", "Verbatim", "on_one_line", "typographic"]
