"""The shapes an edition's tables are made of: a half of the report, and a heading in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Half:
    """One half of a report: safeguarding, or services for looked after children."""

    key: str
    title: str
    paragraph: int
    """Where its evaluation schedule stands."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of the report (para 49)."""

    key: str
    """Half and heading, such as «looked_after.being_healthy»: unique in an edition."""
    title: str
    half: str
    graded: bool = True
    taking_into_account: tuple[str, ...] = ()
    """Points to weigh under the heading; they take no grade of their own."""
    schedule: str = ""
    """The evaluation schedule's words (paras 23, 25), where they are not those of the report."""
    in_schedule: bool = True
    """Whether the evaluation schedule has it as a heading."""
    parent: str = ""
    """The key of the heading it stands under, where the report groups them."""

    @property
    def schedule_title(self) -> str:
        """What the evaluation schedule calls it."""
        return self.schedule or self.title

    @property
    def name(self) -> str:
        """The key without its half: «being_healthy»."""
        return self.key.partition(".")[2]
