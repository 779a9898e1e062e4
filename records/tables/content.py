"""The tables of report content: sections under the headings of para 49, and comments on factual accuracy (para 51)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.database.columns import Json, Moment
from records.tables.inspections import table_of


class SectionRow(SQLModel, table=True):
    """What stands under one heading now; what stood there before is in the events."""

    __tablename__ = "sections"
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    heading: str = Field(primary_key=True)
    grade: str | None = None
    text_id: str | None = None
    areas_json: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)
    """Areas for improvement, each with `when` and the identifier of its `text`."""
    equality_text_id: str | None = None
    person: str
    changed_at: datetime = Field(sa_type=Moment)
    event_number: int


class CommentRow(SQLModel, table=True):
    """One comment on the draft, and its answer."""

    __tablename__ = "comments"
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    number: int = Field(primary_key=True)
    location_text_id: str
    """The identifier of the words that say where in the draft."""
    heading: str | None = None
    """The section it names by its key."""
    text_id: str
    late: bool = False
    used: bool | None = None
    """Whether it is to be answered: always when in time, by the lead's decision when late (None until decided)."""
    decision_text_id: str | None = None
    """The reason of that decision, where it came late."""
    accepted: bool | None = None
    answer_text_id: str | None = None
    sections_json: list[str] = Field(default_factory=list, sa_type=Json)
    """The sections its answer says it changed."""


class ExplanationRow(SQLModel, table=True):
    """The lead's word on a change from the draft to the final report that stands by now (para 51). It falls when its
    section is written again, or its comment answered again; what it was is in the events."""

    __tablename__ = "explanations"
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    subject: str = Field(primary_key=True)
    """The key of a section, or the name of a comment."""
    text_id: str
    event_number: int


SECTIONS = table_of(SectionRow)
COMMENTS = table_of(CommentRow)
EXPLANATIONS = table_of(ExplanationRow)
