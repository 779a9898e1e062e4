"""The rows of an edition's tables: a half of the report, and a heading in it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Half:
    """One half of a report: safeguarding, or services for looked after children."""

    key: str
    title: str
    paragraph: int
    """The paragraph of its evaluation schedule."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of the report (para 49)."""

    key: str
    """Half and heading, such as «looked_after.being_healthy»; unique in an edition."""
    title: str
    half: str
    graded: bool = True
    taking_into_account: tuple[str, ...] = ()
    """Points to weigh under the heading; they have no grade of their own."""
    schedule: str = ""
    """The title in the evaluation schedule (paras 23, 25), where it differs from the report's."""
    in_schedule: bool = True
    """Whether the evaluation schedule has it as a heading."""
    lists_areas: bool = False
    """Whether it lists areas for improvement rather than holding a text."""
    parent: str = ""
    """The key of the heading above it, where the report groups headings."""

    @property
    def schedule_title(self) -> str:
        """Returns the title in the evaluation schedule (paras 23, 25)."""
        return self.schedule or self.title

    @property
    def name(self) -> str:
        """Returns the key without its half: «being_healthy»."""
        return self.key.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of the reports of one scope, in their order."""

    opening: tuple[str, ...]
    """The keys of those before the halves."""
    titles: Mapping[str, str]
    """Key -> title, of every section."""
    full_titles: Mapping[str, str]
    """The same with the half, whose headings have titles in common."""
