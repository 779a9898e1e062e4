"""Editions of the framework: the headings of the report (para 49) and the evaluation schedules (paras 22 to 27).

An inspection carries the key of its edition for life: another edition is another table in `EDITIONS`, never a change
of this one. The tables themselves stand in modules of their own, as `edition_2010_10`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from framework.common.errors import BadInput
from framework.editions.october_2010.headings import GRADES, HALVES, HEADINGS, OPENING
from framework.report.headings import Half, Heading

JOINT = "joint"


@dataclass(frozen=True, slots=True)
class Edition:
    """One published framework: its grades, and its headings in the order of the report."""

    key: str
    title: str
    grades: tuple[str, ...]
    """Best first (para 27)."""
    opening: Mapping[str, str]
    """The sections before the halves, which take no grade: title by key, in their order (para 49)."""
    halves: tuple[Half, ...]
    all_headings: tuple[Heading, ...]

    def halves_in(self, scope: str) -> tuple[Half, ...]:
        """The halves a report of this scope has (para 48). Raises `BadInput` for an unknown scope."""
        if scope == JOINT:
            return self.halves
        return (self.half(scope),)

    def headings(self, scope: str) -> tuple[Heading, ...]:
        """The headings of a report of this scope, in the order of para 49."""
        keys = {half.key for half in self.halves_in(scope)}
        return tuple(heading for heading in self.all_headings if heading.half in keys)

    def sections(self, scope: str) -> tuple[str, ...]:
        """The keys of everything that is written in a report of this scope, in the order of para 49."""
        return (*self.opening, *(heading.key for heading in self.headings(scope)))

    def graded(self, scope: str) -> tuple[Heading, ...]:
        """Those that take a grade: 10 for safeguarding, 12 for looked after children, 22 in a joint inspection."""
        return tuple(heading for heading in self.headings(scope) if heading.graded)

    def schedule(self, half: str) -> tuple[Heading, ...]:
        """The headings of one half's evaluation schedule (paras 23 and 25), to be shown by their `schedule_title`."""
        return tuple(h for h in self.headings(self.half(half).key) if h.in_schedule)

    def title_of(self, key: str) -> str:
        """What a section is called, such as «safeguarding.capacity»; words that are no section's key, as they stand."""
        return {**self.opening, **{heading.key: heading.title for heading in self.all_headings}}.get(key, key)

    def full_title_of(self, key: str) -> str:
        """The same with its half, whose headings have titles in common: «Capacity for improvement (Safeguarding)»."""
        titles = {one.key: f"{one.title} ({self.half(one.half).title})" for one in self.all_headings}
        return titles.get(key) or self.title_of(key)

    def half(self, key: str) -> Half:
        """One half by its key. Raises `BadInput` for an unknown one."""
        for half in self.halves:
            if half.key == key:
                return half
        known = ", ".join((JOINT, *(half.key for half in self.halves)))
        raise BadInput(f"edition {self.key} has no scope «{key}»; choose one of {known}")


EDITIONS: dict[str, Edition] = {
    "2010-10": Edition("2010-10", "Framework of October 2010", GRADES, OPENING, HALVES, HEADINGS),
}


def edition(key: str) -> Edition:
    """An edition by its key. Raises `BadInput` for one the product does not have."""
    try:
        return EDITIONS[key]
    except KeyError:
        raise BadInput(f"there is no edition «{key}» of the framework; there is {', '.join(EDITIONS)}") from None
