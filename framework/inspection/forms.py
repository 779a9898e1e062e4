"""The form of each step: its fields, and the rules of one field. Conditions of the step are guards."""

from datetime import date, time
from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator, model_validator

from framework.common.forms import Strict
from framework.common.free_text import FreeText, Reason
from framework.inspection.case_identifiers import CaseIdentifiers
from framework.inspection.order import Gate, PersonId
from framework.vocabulary.roles import AuthorityRole


class DeferralGround(StrEnum):
    """Why a deferral is asked for; para 9 does not normally take the first two."""

    STAFF_ABSENCE = "staff_absence"
    STAFF_SHORTAGE = "staff_shortage"
    OTHER = "other"


def is_refused_by_default(ground: str) -> bool:
    """Returns whether a deferral on this ground is not normally granted (para 9), so that nothing waits for a manager."""
    return ground != DeferralGround.OTHER


class Nothing(Strict):
    """No field."""


class Note(Strict):
    """An optional note."""

    note: FreeText | None = None


class HandIn(Strict):
    """The receipt of something from the authority."""

    note: FreeText | None = None
    proof: FreeText | None = None
    """The proof of an earlier day that the office enters: what came, from whom, and how."""


class ReasonOnly(Strict):
    """A reason, which is required."""

    reason: Reason


class Cancel(Strict):
    """The office's own reason, which stays on the record, and the explanation in the letter to the authority."""

    reason: Reason
    explanation: Reason | None = None
    """The words for the Director of Children's Services; the reason is not for them."""


class ArrangeMeeting(Strict):
    """When and where the set-up meeting is."""

    day: date
    at: time = time(10, 0)
    place: str = Field(min_length=1, max_length=200)


class ArrangeFieldwork(Strict):
    """The agreed first day on site."""

    starts: date
    reason: Reason | None = None
    """Why the day is changed."""


class HoldMeeting(Strict):
    """The attendees and decisions of the set-up meeting."""

    attendees: FreeText
    decisions: FreeText


class ChooseFirstCases(Strict):
    """The first cases, by the child's unique identifier, without names (para 41); no child is in both halves."""

    safeguarding: CaseIdentifiers = ()
    looked_after: CaseIdentifiers = ()

    @field_validator("safeguarding", "looked_after")
    @classmethod
    def _each_once(cls, cases: CaseIdentifiers) -> CaseIdentifiers:
        if len(set(map(str.casefold, cases))) < len(cases):
            raise ValueError("must name each case once")
        return cases

    @model_validator(mode="after")
    def _in_one_half(self) -> "ChooseFirstCases":
        safeguarding = {case.casefold(): index for index, case in enumerate(self.safeguarding)}
        for index, case in enumerate(self.looked_after):
            if (other := safeguarding.get(case.casefold())) is not None:
                raise ValueError(
                    f"safeguarding.{other} and looked_after.{index} are the same case: a case is of one half"
                )
        return self


class EndFieldwork(Strict):
    """The end of fieldwork, with the confirmations that para 38 requires."""

    spoke_with_children: bool
    sought_views_of_parents: bool
    reason: Reason | None = None
    """Why the team was on site for more than ten working days, or why oral feedback was not on the last two of them."""


class OralFeedback(Strict):
    """The headings of the feedback to the Director of Children's Services."""

    headings: FreeText
    reason: Reason | None = None
    """Why it is given before the last two days on site, if it is to count although it is early (para 55)."""


class RequestDeferral(Strict):
    """What the authority asks, and why."""

    ground: DeferralGround
    reason: Reason
    proof: FreeText | None = None
    """As for `HandIn`."""


class Defer(Strict):
    """A deferral granted; while planned, the new day of notification."""

    reason: Reason
    ground: DeferralGround = DeferralGround.OTHER
    notify: date | None = None


class Resume(Strict):
    """A new first day on site; the authority is notified anew."""

    fieldwork: date


class ChangeLead(Strict):
    """Another lead inspector, with the connection they declare (T2)."""

    person: PersonId
    reason: Reason
    stays: bool = False
    """Who led before stays in the team as an inspector: where an inspector of the team takes the lead, the two change places."""
    connection: FreeText | None = None
    undermines_objectivity: bool = False


class ChangeContact(Strict):
    """A person takes one of the authority's roles, or gives it up.

    A role with one holder passes from the one to the other; to a role that several hold a person is added."""

    role: AuthorityRole
    person: PersonId
    leaves: bool = False
    """The person gives the role up. A role is never left without a holder."""
    instead_of: PersonId | None = None
    """Who gives the role up for them, where several hold it."""
    reason: Reason

    @model_validator(mode="after")
    def _takes_or_gives_up(self) -> "ChangeContact":
        if self.leaves and self.instead_of:
            raise ValueError("instead_of: goes with a person who takes the role, not with leaves=true")
        return self


class ChangeTeam(Strict):
    """A person joins or leaves the team."""

    person: PersonId
    role: Literal["inspector", "cqc_inspector", "quality_assurance_manager"]
    leaves: bool = False
    connection: FreeText | None = None
    undermines_objectivity: bool = False


class DecideConnection(Strict):
    """A named person's decision on a declared connection (T2)."""

    person: PersonId
    allowed: bool
    override: bool = False
    """Allow a connection that is barred: a departure from what para 62 asks."""
    reason: Reason

    @model_validator(mode="after")
    def _only_what_is_allowed_departs(self) -> "DecideConnection":
        if self.override and not self.allowed:
            raise ValueError("override: goes with allowed=true alone")
        return self


class OverrideGate(Strict):
    """A departure from what is usual, with the reason."""

    gate: Gate
    reason: Reason


class WaiveLimit(Strict):
    """A limit that is late and is asked for no more, with the reason."""

    limit: str = Field(min_length=1, max_length=60)
    """Its key, as `explain` shows it."""
    reason: Reason


class SendAgain(Strict):
    """A letter whose sending was stopped, once the cause is corrected."""

    letter: str = Field(min_length=1, max_length=60)


class Withdraw(Strict):
    """A step that was taken by mistake."""

    event: int | None = Field(default=None, ge=1)
    """The number of its event; the newest step where it is not given."""
    reason: Reason


class Correct(Strict):
    """The right day of an event that was entered wrongly."""

    event: int = Field(ge=1)
    reason: Reason
    proof: FreeText | None = None
    """What proves that the authority handed something in before the day it was received: as for `HandIn`."""
