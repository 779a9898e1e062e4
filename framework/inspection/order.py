"""The order to inspect: what a coordinator writes to start one inspection (paras 2, 4, 8, 10, 11, 15).

Only shape and field rules stand here; what the framework asks of an order is in `gates`."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)

from framework.common.forms import Strict
from framework.common.free_text import FreeText, Reason
from framework.common.validation import Location, written
from framework.vocabulary.roles import Role

_PERSON, _REFERENCE, _AUTHORITY = r"[a-z0-9][a-z0-9.\-]{0,39}", r"[A-Za-z0-9][A-Za-z0-9\-]{2,39}", r"[0-9]{3}"

PersonId = Annotated[
    str,
    written(_PERSON, "an identifier like i.ashdown: small letters, digits, dots, hyphens"),
    Field(json_schema_extra={"pattern": f"^{_PERSON}$"}),
]
Reference = Annotated[
    str,
    written(_REFERENCE, "3 to 40 letters, digits and hyphens, like SLAC-2010-001"),
    Field(json_schema_extra={"pattern": f"^{_REFERENCE}$"}),
]
AuthorityCode = Annotated[
    str,
    written(_AUTHORITY, "a code of three digits, like 330"),
    Field(json_schema_extra={"pattern": f"^{_AUTHORITY}$"}),
]


def _day_or_now(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        raise ValueError("must be a day like 2010-11-03, or now") from None


DayOrNow = Annotated[date | Literal["now"], WrapValidator(_day_or_now)]
"""One fault where it is neither, instead of one for each."""


class Scope(StrEnum):
    """Which halves an inspection covers (para 15)."""

    JOINT = "joint"
    SAFEGUARDING = "safeguarding"
    LOOKED_AFTER = "looked_after"


class Notice(StrEnum):
    """How much notice the authority has (para 8): full is ten working days."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"


class Gate(StrEnum):
    """What is usual, and may be departed from by a manager with a reason."""

    SCOPE = "scope"
    NOTICE = "notice"
    TEAM = "team"
    CASES = "cases"
    PUBLICATION_HOLD = "publication_hold"
    """The manager's decision to hold publication back (para 53)."""
    CASE_LISTS = "case_lists"
    CASE_AUDITS = "case_audits"


GATE_PARAGRAPHS: dict[Gate, int] = {
    Gate.SCOPE: 15,
    Gate.NOTICE: 8,
    Gate.TEAM: 11,
    Gate.CASES: 41,
    Gate.CASE_LISTS: 42,
    Gate.CASE_AUDITS: 41,
    Gate.PUBLICATION_HOLD: 53,
}
"""The paragraph under which each is usual."""


class Ground(StrEnum):
    """Why a separate inspection, or less notice: the source's two examples, and others."""

    JUDGED_INADEQUATE = "judged_inadequate"
    SERIOUS_CONCERNS = "serious_concerns"
    OTHER = "other"


class Member(Strict):
    """One of the team, with what paras 57 and 62 ask to be known of them (T2)."""

    person: PersonId
    role: Literal["lead_inspector", "inspector", "cqc_inspector"]
    experience: FreeText | None = None
    connection: FreeText | None = None
    """A declared connection with the authority; it holds the assignment until a named person decides."""
    undermines_objectivity: bool = False


class Override(Strict):
    """A departure from what is usual, by a named person with a reason."""

    gate: Gate
    by: PersonId
    reason: Reason


class Meeting(Strict):
    """A proposed or agreed set-up meeting (para 32)."""

    day: date | None = None
    """The day agreed; by default the fourth working day after notification."""
    at: time = time(10, 0)
    place: str = Field(min_length=1, max_length=200)


class Order(Strict):
    """Everything needed to start one inspection."""

    reference: Reference
    """The office's own; the same reference again is the same inspection."""
    authority: AuthorityCode
    """The Department for Education's code."""
    scope: Scope = Scope.JOINT
    scope_ground: Ground | None = None
    scope_reason: Reason | None = None
    notify: DayOrNow
    service: Literal["email", "by_hand"] = "email"
    """By hand: a person delivers the announcement and records it; the system sends none."""
    notice: Notice = Notice.FULL
    notice_ground: Ground | None = None
    notice_reason: Reason | None = None
    fieldwork: date | None = None
    """The agreed first day on site; by default ten working days after notification."""
    coordinator: PersonId
    manager: PersonId
    quality_assurance: PersonId
    team: tuple[Member, ...] = Field(min_length=1)
    set_up_meeting: Meeting
    overrides: tuple[Override, ...] = ()
    beside_reason: Reason | None = None
    """Why it runs beside an inspection of the same authority that is still open (paras 2, 15)."""
    private_fostering: bool = False
    edition: str = "2010-10"

    @field_validator("team")
    @classmethod
    def _people_are_told_apart(cls, team: tuple[Member, ...]) -> tuple[Member, ...]:
        if messages := [message for _, message in team_faults(team)]:
            raise ValueError("; ".join(messages))
        return team

    @field_validator("overrides")
    @classmethod
    def _each_gate_once(cls, overrides: tuple[Override, ...]) -> tuple[Override, ...]:
        if len({override.gate for override in overrides}) < len(overrides):
            raise ValueError("must name each gate once")
        if Gate.PUBLICATION_HOLD in {override.gate for override in overrides}:
            raise ValueError("publication_hold is overridden once publication is held back, not in an order")
        return overrides

    @property
    def lead(self) -> str:
        """Returns the lead inspector's identifier."""
        return next(member.person for member in self.team if member.role == Role.LEAD_INSPECTOR.value)


def team_faults(team: Sequence[Member]) -> Iterator[tuple[Location, str]]:
    """Yields the faults of the team as a whole, each with its index in the list: a person named twice, or not exactly one lead."""
    people, leads = set[str](), 0
    for index, member in enumerate(team):
        if member.person in people:
            yield (index, "person"), f"{member.person} is named more than once"
        people.add(member.person)
        leads += member.role == Role.LEAD_INSPECTOR.value
        if leads > 1 and member.role == Role.LEAD_INSPECTOR.value:
            yield (index, "role"), "exactly one lead_inspector is needed, and there is one above"
    if not leads:
        yield (), "exactly one lead_inspector is needed, found 0"
