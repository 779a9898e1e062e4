"""The table that says which engine the records belong to: one row at most."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.database.columns import Moment
from records.tables.inspections import table_of


class EngineOwnerRow(SQLModel, table=True):
    """The engine and namespace in which the inspections of these records have their workflows."""

    __tablename__ = "engine_owner"
    id: int | None = Field(default=None, primary_key=True)
    """Always 1."""
    engine: str
    """The address of a Temporal Service; of an embedded engine «embedded:» and the identifier of its data folder."""
    namespace: str
    place: str
    """The data folder that an embedded engine ran on, for messages; empty for a service."""
    since: datetime = Field(sa_type=Moment)


ENGINE_OWNER = table_of(EngineOwnerRow)
