"""The tables of report content: sections under the headings of para 49, and comments on factual accuracy (para 51)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.database.columns import Moment
from records.tables.inspections import table_of


class SectionRow(SQLModel, table=True):
    """What stands under one heading now; what stood there before is in the events."""

    __tablename__ = "sections"
    inspection_id: str = Field(primary_key=True, foreign_key="inspections.id")
    heading: str = Field(primary_key=True)
    grade: str | None = None
    text_id: str | None = None
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
    text_id: str
    late: bool = False
    used: bool | None = None
    """Whether it is to be answered: always when in time, by the lead's decision when late (None until decided)."""
    accepted: bool | None = None
    answer_text_id: str | None = None
    change_text_id: str | None = None


SECTIONS = table_of(SectionRow)
COMMENTS = table_of(CommentRow)
