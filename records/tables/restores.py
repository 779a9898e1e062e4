"""The table of restores: each time the records were put back from a backup. It can only be added to."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.database.columns import Moment
from records.tables.inspections import table_of


class RestoreRow(SQLModel, table=True):
    """One restore, signed like a list of heads."""

    __tablename__ = "restores"
    __table_args__ = ({"sqlite_with_rowid": False},)
    number: int = Field(primary_key=True)
    """1, 2, 3 without a gap."""
    restored_at: datetime = Field(sa_type=Moment)
    backup: str
    """The seal of the backup that was put back."""
    body: str
    """What `records.audit.restores` writes, in the canonical form of `chain`."""
    sha256: str
    """Of the body."""
    signature: str
    """Ed25519 over the body's UTF-8 bytes, as hexadecimal."""
    public_key: str


RESTORES = table_of(RestoreRow)
