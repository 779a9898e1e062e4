"""The forms of the steps on the report: judgements, sections, comments on the facts, and what changed (paras 24 to 27, 49 to 51)."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from framework.common.forms import Strict
from framework.common.free_text import FreeText, Reason, ShortText
from framework.report.areas import When


class Grade(StrEnum):
    """The four-point scale of para 27."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    ADEQUATE = "adequate"
    INADEQUATE = "inadequate"


class GradeHeading(Strict):
    """A judgement under one graded heading of para 49, with its note on equality and diversity (paras 24, 26)."""

    heading: str
    grade: Grade
    text: FreeText
    equality: FreeText


class Area(Strict):
    """One area for improvement."""

    when: When
    text: FreeText


class WriteSection(Strict):
    """The content of a heading that takes no grade (para 49): a text, or areas for improvement."""

    heading: str
    text: FreeText | None = None
    areas: tuple[Area, ...] = ()
    """Under «Areas for improvement», in place of the text: what is to be done by when."""
    equality: FreeText | None = None


class Comment(Strict):
    """One comment on factual accuracy."""

    where: ShortText
    """Where in the draft: the number of a paragraph, or a heading."""
    heading: str | None = None
    """The section by its key, where it is chosen rather than described."""
    text: FreeText


class ReturnComments(Strict):
    """The draft back from the authority: with comments, or without any."""

    comments: tuple[Comment, ...] = ()
    signed: FreeText | None = None
    """Who returned it, as the form for comments says it: name, post and day. A statement of the authority, which dates nothing."""
    proof: FreeText | None = None
    """As for `HandIn`."""


class DecideLateComments(Strict):
    """Whether comments that came late are used."""

    use: bool
    reason: Reason


class SubmitFinal(Strict):
    """The final report on its way to quality assurance, which assures it as it will leave."""

    issue_on: date | None = None
    """The day of issue that its title page names; it then goes on that day and no other. Without it the title page names the
    last day of para 52."""


class AnswerComment(Strict):
    """The answer to one comment. What changed is worked out from the reports; the answer may say where."""

    number: int = Field(ge=1)
    accepted: bool
    reason: Reason
    sections: tuple[str, ...] = ()
    """The sections it changed, by key, where they are others than the one the comment names."""

    @model_validator(mode="after")
    def _only_what_is_accepted_changes(self) -> "AnswerComment":
        if self.sections and not self.accepted:
            raise ValueError("sections: go with accepted=true alone")
        return self


class ExplainChange(Strict):
    """The lead's word on a change that no comment asked for, or on an accepted comment for which nothing changed."""

    heading: str | None = None
    comment: int | None = Field(default=None, ge=1)
    reason: Reason

    @model_validator(mode="after")
    def _one_subject(self) -> "ExplainChange":
        if (self.heading is None) == (self.comment is None):
            raise ValueError("heading, comment: name one of them")
        return self
