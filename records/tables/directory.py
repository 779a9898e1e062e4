"""The tables of who is who and which days are holidays: authorities, people, their posts, versions of the calendar."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from records.database.columns import Moment
from records.tables.inspections import table_of


class AuthorityRow(SQLModel, table=True):
    """A local authority with children's services."""

    __tablename__ = "authorities"
    code: str = Field(primary_key=True)
    """The Department for Education's."""
    name: str
    region: str
    gss_code: str
    """The nine-character code in force in October 2010."""


class PersonRow(SQLModel, table=True):
    """A person who acts or is written to."""

    __tablename__ = "people"
    id: str = Field(primary_key=True)
    name: str
    email: str = ""
    organisation: str = ""
    active: bool = True


class PostRow(SQLModel, table=True):
    """A post that a person holds, or held: a replaced holder stays, as former."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_authority", "authority_code", "role"),
        Index("ix_posts_person", "person_id"),
        Index("uq_posts", "person_id", "role", text("coalesce(authority_code, '')"), unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="people.id")
    role: str
    authority_code: str | None = Field(default=None, foreign_key="authorities.code")
    """None for the posts of the inspectorate."""
    former: bool = False
    acting: bool = False
    """Whether the holder fills a vacant post for the time being; letters say so beside the name."""


class CalendarRow(SQLModel, table=True):
    """A version of the calendar. Versions are added, never changed; the newest is in force."""

    __tablename__ = "calendars"
    version: str = Field(primary_key=True)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str
    reason: str = ""
    first: date | None = None
    last: date | None = None


class HolidayRow(SQLModel, table=True):
    """A day that is not a working day, in one version of the calendar."""

    __tablename__ = "holidays"
    version: str = Field(primary_key=True, foreign_key="calendars.version")
    day: date = Field(primary_key=True)
    title: str


class CalendarCommandRow(SQLModel, table=True):
    """The command that made a version: the same command again is the same version."""

    __tablename__ = "calendar_commands"
    command_id: str = Field(primary_key=True)
    version: str = Field(foreign_key="calendars.version")


AUTHORITIES = table_of(AuthorityRow)
PEOPLE = table_of(PersonRow)
POSTS = table_of(PostRow)
CALENDARS = table_of(CalendarRow)
HOLIDAYS = table_of(HolidayRow)
CALENDAR_COMMANDS = table_of(CalendarCommandRow)
