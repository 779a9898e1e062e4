"""The report of an edition: which sections and headings it has in each scope, and which take a grade."""

from collections.abc import Mapping
from dataclasses import dataclass

from framework.common.errors import BadInput
from framework.report.headings import Half, Heading, Outline

JOINT = "joint"


@dataclass(frozen=True, slots=True)
class ReportTables:
    """The tables of the report in one edition: its sections and headings (para 49), and its grades (para 27)."""

    edition: str
    """The key of the edition."""
    grades: tuple[str, ...]
    """Best first (para 27)."""
    grade_meanings: Mapping[str, str]
    """What each grade means, in our words."""
    opening: Mapping[str, str]
    """The sections before the halves, which have no grade: key -> title, in order (para 49)."""
    halves: tuple[Half, ...]
    all_headings: tuple[Heading, ...]

    def halves_in(self, scope: str) -> tuple[Half, ...]:
        """Returns the halves of a report of this scope (para 48). Raises `BadInput` for an unknown scope."""
        if scope == JOINT:
            return self.halves
        return (self.half(scope),)

    def headings(self, scope: str) -> tuple[Heading, ...]:
        """Returns the headings of a report of this scope, in order (para 49). Raises `BadInput` for an unknown scope."""
        keys = {half.key for half in self.halves_in(scope)}
        return tuple(heading for heading in self.all_headings if heading.half in keys)

    def sections(self, scope: str) -> tuple[str, ...]:
        """Returns the keys of all sections of a report of this scope, in order (para 49).

        Raises `BadInput` for an unknown scope."""
        return (*self.opening, *(heading.key for heading in self.headings(scope)))

    def outline(self, scope: str) -> Outline:
        """Returns the same with their titles."""
        keys = self.sections(scope)
        titles, full = ({key: name(key) for key in keys} for name in (self.title_of, self.full_title_of))
        return Outline(tuple(self.opening), titles, full)

    def graded(self, scope: str) -> tuple[Heading, ...]:
        """Returns the headings that have a grade: 10 for safeguarding, 12 for looked after children, 22 for both.

        Raises `BadInput` for an unknown scope."""
        return tuple(heading for heading in self.headings(scope) if heading.graded)

    def schedule(self, half: str) -> tuple[Heading, ...]:
        """Returns the headings of a half's evaluation schedule (paras 23, 25); their titles there are `schedule_title`.

        Raises `BadInput` for an unknown half."""
        return tuple(heading for heading in self.headings(self.half(half).key) if heading.in_schedule)

    def title_of(self, key: str) -> str:
        """Returns the title of the section with this key, such as «safeguarding.capacity»; `key` itself where none has."""
        return {**self.opening, **{heading.key: heading.title for heading in self.all_headings}}.get(key, key)

    def full_title_of(self, key: str) -> str:
        """Returns the title of a section with its half, «Capacity for improvement (Safeguarding)»: both halves share titles."""
        titles = {heading.key: f"{heading.title} ({self.half(heading.half).title})" for heading in self.all_headings}
        return titles.get(key) or self.title_of(key)

    def half(self, key: str) -> Half:
        """Returns a half by its key. Raises `BadInput` for an unknown one."""
        for half in self.halves:
            if half.key == key:
                return half
        known = ", ".join((JOINT, *(half.key for half in self.halves)))
        raise BadInput(f"edition {self.edition} has no scope «{key}»; choose one of {known}")
