"""Reads and writes which engine and namespace own the records; refuses the use of another engine.

A worker makes its engine the owner of records that have none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import Session

from framework.common.errors import Unreachable
from records.database.upserts import insert_new
from records.tables.engine_owner import ENGINE_OWNER

EMBEDDED = "embedded:"
"""The prefix of the name of an embedded engine; the identifier of its data folder follows."""


@dataclass(frozen=True, slots=True)
class EngineName:
    """An engine and namespace, as records and settings name them."""

    engine: str
    """The address of a Temporal Service; of an embedded engine `EMBEDDED` and the identifier of its data folder."""
    namespace: str
    folder: str = ""
    """The data folder of an embedded engine, for messages: the folder may be moved."""

    def __str__(self) -> str:
        embedded = f"the engine of the data folder {self.folder} ({self.engine})"
        return f"{embedded if self.folder else f'the engine at {self.engine}'}, namespace {self.namespace}"

    def is_same(self, other: "EngineName") -> bool:
        """Returns whether both name the same engine and namespace."""
        return (self.engine, self.namespace) == (other.engine, other.namespace)


def owner(connection: Connection) -> EngineName | None:
    """Returns the engine that owns the records; None if no worker has claimed them yet."""
    row = connection.execute(select(ENGINE_OWNER)).first()
    return EngineName(row.engine, row.namespace, row.place) if row else None


def claim(session: Session, name: EngineName, moment: datetime) -> None:
    """Makes this engine the owner of records that have none. Raises `Unreachable` if another engine owns them."""
    connection = session.connection()
    connection.execute(insert_new(connection, ENGINE_OWNER), _row(name, moment))
    require(connection, name)


def require(connection: Connection, name: EngineName) -> None:
    """Raises `Unreachable`, naming both, if another engine or namespace than `name` owns the records."""
    owned_by = owner(connection)
    if owned_by is not None and not owned_by.is_same(name):
        raise Unreachable(
            f"the records belong to {owned_by}, and the settings name {name}: correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, "
            "DATABASE_URL or the data folder; a backup that is restored with other settings belongs to their engine"
        )


def hand_over(session: Session, name: EngineName, moment: datetime) -> None:
    """Makes this engine the owner in place of the previous one, for a restore."""
    connection = session.connection()
    connection.execute(delete(ENGINE_OWNER))
    connection.execute(insert(ENGINE_OWNER), _row(name, moment))


def _row(name: EngineName, moment: datetime) -> dict[str, object]:
    return {"id": 1, "engine": name.engine, "namespace": name.namespace, "place": name.folder, "since": moment}
